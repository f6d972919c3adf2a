// SPDX-License-Identifier: Apache-2.0
#include "services/audit/account_walk.h"

#include "audit/index/audit_index.h"
#include "issuing/app/tables.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/index/test_journal.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services::account_walk_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint32_t kGrocer = 7;
constexpr std::uint32_t kCity = 1;
constexpr std::uint32_t kHarbour = 2;

class CityAlone final : public UnionTree {
 public:
  bool Covers(const UnionId& ancestor, const UnionId& union_id) const override {
    return ancestor == union_id;
  }
};

// A merchant's payable, which each record adds to.
class AccountWalkTest : public ::testing::Test {
 protected:
  AccountWalkTest() {
    ledger::WriteBatch unions;
    ledger::PutRow(unions, issuing::kUnionTable, UnionNumber{kCity},
                   issuing::UnionRow{.id = "city"});
    ledger::PutRow(unions, issuing::kUnionTable, UnionNumber{kHarbour},
                   issuing::UnionRow{.id = "harbour"});
    EXPECT_OK(journal_.store().Commit(unions, ledger::Durability::kView));
  }

  // `times` records of so many points each, that `caller` asked for.
  void Pay(std::uint32_t origin, std::int64_t points, int times,
           const std::string& caller = "/operator") {
    std::vector<journal::v1::Record> records(static_cast<std::size_t>(times));
    for (journal::v1::Record& record : records) {
      for (const auto& [kind, change] : {std::pair(journal::v1::ACCOUNT_KIND_PAYABLE, points),
                                         std::pair(journal::v1::ACCOUNT_KIND_FEE, -points)}) {
        journal::v1::Posting& posting = *record.mutable_entry()->add_postings();
        posting.set_kind(kind);
        posting.set_owner(kGrocer);
        posting.set_origin(origin);
        posting.set_points(change);
      }
    }
    journal_.Append(caller, std::move(records));
  }
  audit::IndexMoment Moment() {
    EXPECT_OK(index_.Follow());
    absl::StatusOr<audit::IndexMoment> moment = index_.Read(absl::ZeroDuration());
    EXPECT_OK(moment);
    return *std::move(moment);
  }
  // All of the money, or that of one union.
  absl::StatusOr<Sequence> Walk(const audit::IndexMoment& moment, AccountWalk walk,
                                absl::string_view origin = "",
                                absl::FunctionRef<absl::Status()> go_on = absl::OkStatus) {
    walk.account = {.kind = ledger::AccountKind::kPayable, .owner = kGrocer};
    walk.last = moment.last;
    page_.Clear();
    Names names(moment.journal.get());
    ToldOrigins told({.principal = &auditor_, .tree = nullptr, .kind = {}, .origin = origin},
                     &names);
    return AddMovements(moment, walk, &told, go_on, &page_);
  }
  // Where the next page begins.
  Sequence NextOf(const audit::IndexMoment& moment, const AccountWalk& walk,
                  absl::string_view origin = "") {
    const absl::StatusOr<Sequence> next = Walk(moment, walk, origin);
    EXPECT_OK(next);
    return next.value_or(UINT64_MAX);
  }
  std::vector<Sequence> Told() const {
    std::vector<Sequence> sequences;
    for (const auto& line : page_.lines()) sequences.push_back(line.sequence());
    return sequences;
  }

  const TempDir directory_;
  const Principal auditor_ = *ParseSpiffeUri("spiffe://d/auditor", "d");
  audit::TestJournal journal_;
  audit::AuditIndex index_{&journal_.store(),
                           {.directory = directory_.path(), .open = [](const std::string&) {
                              return std::make_unique<ledger::MemoryStore>();
                            }}};
  v1::GetAccountStatementResponse page_;
};

TEST_F(AccountWalkTest, APageEndsWithTheLinesThatItHas) {
  Pay(kCity, 10, 3);
  const audit::IndexMoment moment = Moment();
  EXPECT_EQ(NextOf(moment, {.held = 5, .lines_max = 2}), 3U);
  EXPECT_THAT(Told(), ElementsAre(1, 2));
  EXPECT_EQ(page_.lines(0).points(), 10);
  EXPECT_EQ(page_.lines(0).points_after(), 15);
  EXPECT_EQ(page_.lines(1).points_after(), 25);
  EXPECT_EQ(NextOf(moment, {.first = 3, .held = 25, .lines_max = 2}), 0U);
  EXPECT_THAT(Told(), ElementsAre(3));
  EXPECT_EQ(page_.lines(0).points_after(), 35);
}

TEST_F(AccountWalkTest, OthersMovementsCountAsLookedAt) {
  Pay(kHarbour, 10, 6);
  Pay(kCity, 1, 1);
  Pay(kHarbour, 10, 2);
  const audit::IndexMoment moment = Moment();
  AccountWalk walk{.lines_max = 50, .movements_max = 4};
  EXPECT_EQ(NextOf(moment, walk, "unions/city"), 5U);
  EXPECT_THAT(Told(), IsEmpty());
  walk.first = 5;
  EXPECT_EQ(NextOf(moment, walk, "unions/city"), 9U);
  EXPECT_THAT(Told(), ElementsAre(7));
  walk.first = 9;
  EXPECT_EQ(NextOf(moment, walk, "unions/city"), 0U);
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(AccountWalkTest, GoesOnWhileSomebodyWaits) {
  for (int i = 0; i < 30; ++i) Pay(kHarbour, 10, 20);
  const audit::IndexMoment moment = Moment();
  int asked = 0;
  const auto twice = [&asked] {
    return ++asked <= 2 ? absl::OkStatus() : absl::CancelledError("nobody waits");
  };
  EXPECT_THAT(Walk(moment, {.lines_max = 50}, "unions/city", twice),
              HasCode(absl::StatusCode::kCancelled));
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(NextOf(moment, {.lines_max = 50}, "unions/city"), 0U);
}

TEST_F(AccountWalkTest, WhoOfAnotherUnionMovedAMerchantsAccountIsNotTold) {
  constexpr char kFinanceOfHarbour[] = "/finance/unions/harbour/people/fin-9";
  const std::vector<std::string> callers = {"/finance/unions/city/people/fin-1", kFinanceOfHarbour,
                                            "/terminal/merchants/m-1/terminals/t-1",
                                            "/operator/people/op-1", kFinanceOfHarbour};
  for (const std::string& caller : callers) Pay(kCity, 10, 1, caller);
  const audit::IndexMoment moment = Moment();
  const auto told_to = [&](absl::string_view path, ledger::AccountKind kind) {
    const Principal reader = *ParseSpiffeUri(absl::StrCat("spiffe://d", path), "d");
    const CityAlone tree;
    Names names(moment.journal.get());
    ToldOrigins told({.principal = &reader, .tree = &tree, .kind = kind}, &names);
    EXPECT_EQ(NextOf(moment, {.lines_max = 50}), 0U);
    EXPECT_OK(TellRecords(moment, &told, &page_));
    std::vector<std::string> names_told;
    for (const auto& line : page_.lines()) {
      names_told.push_back(line.caller());
      EXPECT_EQ(line.kind(), "entry");
    }
    return names_told;
  };
  EXPECT_THAT(told_to("/auditor/unions/city", ledger::AccountKind::kPayable),
              ElementsAre(callers[0], "", callers[2], callers[3], ""));
  EXPECT_EQ(told_to("/auditor", ledger::AccountKind::kPayable), callers);
  EXPECT_EQ(told_to("/auditor/unions/city", ledger::AccountKind::kBudget), callers)
      << "a union's own account is its business";
}

}  // namespace
}  // namespace puhui::services::account_walk_test
