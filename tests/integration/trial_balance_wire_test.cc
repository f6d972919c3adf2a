// SPDX-License-Identifier: Apache-2.0
// The trial balance of unions and of what is below them, now and of the past, beside what all
// records come to.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;

// A federation with an enterprise below it, and a union that has nothing to do with them.
class TrialBalanceWireTest : public ::testing::Test {
 protected:
  using Stub = v1::AuditService::Stub;
  using Totals = std::map<std::pair<int, std::string>, std::int64_t>;

  static constexpr char kFederation[] = "unions/zgh-1";
  static constexpr char kEnterprise[] = "unions/fh-1";
  static constexpr char kOther[] = "unions/gz-2";

  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    Stage federation(&deployment_, "zgh-1", &random_);
    ASSERT_OK(federation.FoundUnion());
    ASSERT_OK(federation.Fund(9'000));
    ASSERT_OK_AND_ASSIGN(const Scene scene, Scene::Set(deployment_, {}, &random_));
    MoveBelow(scene, kFederation);
    Allocate(kFederation, kEnterprise, 4'000);
    ASSERT_OK(Scene::Set(deployment_, Scene::Wish::Another(), &random_));
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene.terminal_identity));
    ASSERT_OK(Ask(*till, &v1::PosService::Stub::Purchase, scene.Purchase(1, 250, random_)));
  }

  void MoveBelow(const Scene& scene, const std::string& parent) {
    const auto founder = v1::UnionService::NewStub(deployment_.Connect("/operator/people/o-1"));
    v1::MoveUnionRequest move;
    move.set_request_id(NewRequestId(random_));
    move.set_name(absl::StrCat("unions/", scene.ids.union_id));
    move.set_parent(parent);
    ASSERT_OK(Ask(*founder, &v1::UnionService::Stub::MoveUnion, move));
  }
  void Allocate(const std::string& from, const std::string& child, std::int64_t points) {
    const auto finance =
        v1::UnionService::NewStub(deployment_.Connect(absl::StrCat("/finance/", from)));
    v1::AllocateBudgetRequest allocate;
    allocate.set_request_id(NewRequestId(random_));
    allocate.set_union_(from);
    allocate.set_child(child);
    allocate.set_points(points);
    ASSERT_OK(Ask(*finance, &v1::UnionService::Stub::AllocateBudget, allocate));
  }

  std::unique_ptr<Stub> AuditorAs(const std::string& path) const {
    return v1::AuditService::NewStub(deployment_.Connect(path));
  }
  std::vector<v1::RecordView> AllRecords() const {
    v1::ListRecordsRequest request;
    request.set_page_size(1'000);
    auto page = Ask(*AuditorAs("/auditor"), &Stub::ListRecords, request);
    EXPECT_OK(page);
    if (!page.ok()) return {};
    EXPECT_EQ(page->next_page_token(), "") << "all of it was read";
    return {page->records().begin(), page->records().end()};
  }
  // Compares the trial balance of `in_union`, or of everything, with the sums of `records`.
  static void ExpectSums(Stub& auditor, v1::GetTrialBalanceRequest request,
                         const std::vector<v1::RecordView>& records,
                         const std::set<std::string>& origins) {
    ASSERT_OK_AND_ASSIGN(const auto balance, Ask(auditor, &Stub::GetTrialBalance, request));
    Totals wanted;
    for (const v1::RecordView& record : records) {
      if (record.sequence() > balance.as_of_sequence()) break;
      for (const v1::PostingView& posting : record.postings()) {
        if (!origins.empty() && !origins.contains(posting.origin())) continue;
        wanted[{posting.kind(), posting.origin()}] += posting.points();
      }
    }
    std::erase_if(wanted, [](const auto& total) { return total.second == 0; });
    Totals told;
    for (const v1::TrialBalanceLine& line : balance.lines()) {
      if (line.points() != 0) told[{line.kind(), line.origin()}] = line.points();
    }
    EXPECT_EQ(told, wanted) << request.ShortDebugString();
    EXPECT_TRUE(balance.balanced());
    EXPECT_EQ(balance.sum(), 0);
  }

  SeededRandom random_{8};
  Deployment deployment_;
};

TEST_F(TrialBalanceWireTest, OfASubtreeIsWhatItsRecordsComeTo) {
  const std::vector<v1::RecordView> records = AllRecords();
  const auto auditor = AuditorAs("/auditor");
  const std::map<std::string, std::set<std::string>> subtrees = {
      {"", {}},
      {kFederation, {kFederation, kEnterprise}},
      {kEnterprise, {kEnterprise}},
      {kOther, {kOther}}};
  for (const auto& [in_union, origins] : subtrees) {
    v1::GetTrialBalanceRequest request;
    request.set_in_union(in_union);
    ExpectSums(*auditor, request, records, origins);
    for (const v1::RecordView& record : records) {
      request.set_as_of_sequence(record.sequence());
      ExpectSums(*auditor, request, records, origins);
    }
    request.clear_as_of_sequence();
    *request.mutable_as_of_time() = records[records.size() / 2].time();
    ExpectSums(*auditor, request, records, origins);
  }
}

// As docs/operations.md says: its money is that of the federation, and is found there and in its
// own accounts.
TEST_F(TrialBalanceWireTest, OfAUnionThatPaidInNothingIsEmptyWhateverItWasHanded) {
  constexpr char kFed[] = "unions/fed-3";
  Stage fed(&deployment_, "fed-3", &random_);
  ASSERT_OK(fed.FoundUnion(kFederation));
  Allocate(kFederation, kFed, 1'500);
  const auto own = AuditorAs(absl::StrCat("/auditor/", kFed));
  v1::GetTrialBalanceRequest request;
  request.set_in_union(kFed);
  ASSERT_OK_AND_ASSIGN(const auto balance, Ask(*own, &Stub::GetTrialBalance, request));
  EXPECT_EQ(balance.lines_size(), 0);
  EXPECT_EQ(balance.sum(), 0);
  EXPECT_TRUE(balance.balanced());
  v1::GetAccountRequest budget;
  budget.set_kind(v1::ACCOUNT_KIND_BUDGET);
  budget.set_owner(kFed);
  ASSERT_OK_AND_ASSIGN(const auto account, Ask(*own, &Stub::GetAccount, budget));
  ASSERT_EQ(account.lines_size(), 1);
  EXPECT_EQ(account.lines(0).origin(), kFederation);
  EXPECT_EQ(account.lines(0).points(), 1'500);
  v1::QueryRecordsRequest handed;
  handed.mutable_filter()->set_in_union(kFed);
  handed.mutable_filter()->add_kinds("entry/allocation");
  ASSERT_OK_AND_ASSIGN(const auto found, Ask(*own, &Stub::QueryRecords, handed));
  EXPECT_EQ(found.records_size(), 1);
  // Among all budgets that hold the federation's money.
  request.set_in_union(kFederation);
  ASSERT_OK_AND_ASSIGN(const auto whole,
                       Ask(*AuditorAs("/auditor"), &Stub::GetTrialBalance, request));
  std::int64_t budgets = 0;
  for (const v1::TrialBalanceLine& line : whole.lines()) {
    const bool counts = line.kind() == v1::ACCOUNT_KIND_BUDGET && line.origin() == kFederation;
    budgets += counts ? line.points() : 0;
  }
  EXPECT_EQ(budgets, 9'000);
}

TEST_F(TrialBalanceWireTest, IsOfTheScopeOfWhoeverAsks) {
  const auto own = AuditorAs(absl::StrCat("/auditor/", kEnterprise));
  v1::GetTrialBalanceRequest request;
  request.set_in_union(kEnterprise);
  EXPECT_OK(Ask(*own, &Stub::GetTrialBalance, request));
  for (const char* other : {kFederation, kOther, "unions/nowhere"}) {
    request.set_in_union(other);
    EXPECT_THAT(Ask(*own, &Stub::GetTrialBalance, request), Refuses(Reason::kNotFound)) << other;
  }
  request.set_in_union("fh-1");
  EXPECT_THAT(Ask(*own, &Stub::GetTrialBalance, request),
              Refuses(Reason::kInvalidField, "in_union"));
}

}  // namespace
}  // namespace puhui
