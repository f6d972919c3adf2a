// SPDX-License-Identifier: Apache-2.0
// What an auditor of one union sees of a merchant at whose tills members of two spend their points.
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "puhui/v1/payout_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/settlement_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/two_scenes.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class MerchantBooksWireTest : public TwoScenesTest {
 protected:
  using BooksStub = v1::AuditService::Stub;

  static constexpr char kOwn[] = "unions/fh-1";
  static constexpr char kOther[] = "unions/gz-2";

  static void SetUpTestSuite() {
    Begin(1'212);
    if (other_ == nullptr) return;
    Buy(*own_, own_->cards.front(), 250);
    Buy(*own_, other_->cards.front(), 400);
    Buy(*own_, own_->cards.front(), 30);
    Buy(*other_, other_->cards.front(), 70);
  }
  static void TearDownTestSuite() {
    trace_number_ = 0;
    End();
  }

  // At the till of `shop`.
  static void Buy(const Scene& shop, const std::string& card, std::int64_t points) {
    const auto till = v1::PosService::NewStub(deployment_->Connect(shop.terminal_identity));
    v1::PurchaseRequest request = shop.Purchase(++trace_number_, points, *random_);
    request.set_card_number(card);
    ASSERT_OK(Ask(*till, &v1::PosService::Stub::Purchase, request));
  }
  static std::unique_ptr<BooksStub> Auditor(const std::string& path) {
    return v1::AuditService::NewStub(deployment_->Connect(path));
  }
  static absl::StatusOr<v1::GetAccountResponse> Account(BooksStub& auditor,
                                                        const std::string& owner,
                                                        const std::string& origin = "") {
    v1::GetAccountRequest request;
    request.set_kind(v1::ACCOUNT_KIND_PAYABLE);
    request.set_owner(owner);
    request.set_origin(origin);
    return Ask(auditor, &BooksStub::GetAccount, request);
  }
  static absl::StatusOr<v1::GetAccountStatementResponse> Statement(BooksStub& auditor,
                                                                   const std::string& owner,
                                                                   const std::string& origin = "") {
    v1::GetAccountStatementRequest request;
    request.set_kind(v1::ACCOUNT_KIND_PAYABLE);
    request.set_owner(owner);
    request.set_origin(origin);
    return Ask(auditor, &BooksStub::GetAccountStatement, request);
  }
  static absl::StatusOr<v1::GetHistoryResponse> History(BooksStub& auditor,
                                                        const std::string& name) {
    v1::GetHistoryRequest request;
    request.set_name(name);
    return Ask(auditor, &BooksStub::GetHistory, request);
  }
  // By kind, who did it.
  static std::multimap<std::string, std::string> Callers(const v1::GetHistoryResponse& history) {
    std::multimap<std::string, std::string> callers;
    for (const auto& entry : history.entries()) callers.emplace(entry.kind(), entry.caller());
    return callers;
  }

  // Sees of the first shop what its own two purchases came to, and of the second nothing.
  static void ExpectOwnBooks(BooksStub& auditor) {
    ASSERT_OK_AND_ASSIGN(const auto all, Account(*Auditor("/auditor"), own_->merchant));
    std::map<std::string, std::int64_t> by_origin;
    for (const auto& line : all.lines()) by_origin[line.origin()] = line.points();
    ASSERT_EQ(by_origin.size(), 2U);
    const std::int64_t own = by_origin[kOwn];

    ASSERT_OK_AND_ASSIGN(const auto account, Account(auditor, own_->merchant));
    ASSERT_EQ(account.lines_size(), 1);
    EXPECT_EQ(account.lines(0).origin(), kOwn);
    EXPECT_EQ(account.points(), own);
    ASSERT_OK_AND_ASSIGN(const auto statement, Statement(auditor, own_->merchant));
    EXPECT_EQ(statement.lines_size(), 2);
    EXPECT_EQ(statement.opening_points(), 0);
    EXPECT_EQ(statement.closing_points(), own);
    EXPECT_EQ(statement.lines(1).points_after(), own);

    ASSERT_OK_AND_ASSIGN(const auto of_other, Account(auditor, own_->merchant, kOther));
    EXPECT_THAT(of_other.lines(), IsEmpty());
    EXPECT_EQ(of_other.points(), 0);
    ASSERT_OK_AND_ASSIGN(const auto lines, Statement(auditor, own_->merchant, kOther));
    EXPECT_THAT(lines.lines(), IsEmpty());
    EXPECT_EQ(lines.closing_points(), 0);
    EXPECT_THAT(Account(auditor, other_->merchant), Refuses(Reason::kNotFound));
    EXPECT_THAT(Statement(auditor, other_->merchant), Refuses(Reason::kNotFound));
  }

  static std::uint32_t trace_number_;
};
std::uint32_t MerchantBooksWireTest::trace_number_ = 0;

TEST_F(MerchantBooksWireTest, AnAuditorOfAUnionReadsOfItsMoneyAlone) {
  ExpectOwnBooks(*Auditor(absl::StrCat("/auditor/", kOwn)));
  const auto whole = Auditor("/auditor");
  ASSERT_OK_AND_ASSIGN(const auto statement, Statement(*whole, own_->merchant));
  EXPECT_EQ(statement.lines_size(), 3);
  EXPECT_OK(Account(*whole, other_->merchant));
  const auto others = Auditor(absl::StrCat("/auditor/", kOther));
  ASSERT_OK_AND_ASSIGN(const auto both, Statement(*others, own_->merchant));
  EXPECT_EQ(both.lines_size(), 1);
  EXPECT_OK(Account(*others, other_->merchant));
}

TEST_F(MerchantBooksWireTest, SoItDoesOfAMerchantsStatements) {
  const auto listed = [](const std::string& path, const std::string& merchant) {
    v1::ListStatementsRequest request;
    request.set_parent(merchant);
    auto response = Ask(*v1::SettlementService::NewStub(deployment_->Connect(path)),
                        &v1::SettlementService::Stub::ListStatements, request);
    EXPECT_OK(response);
    std::int64_t purchases = 0;  // Perhaps of two days: the test may run at midnight.
    for (const v1::Statement& statement : response->statements()) {
      EXPECT_EQ(statement.partial(), statement.digest().empty()) << statement.DebugString();
      purchases += statement.figures().purchase_points();
    }
    return purchases;
  };
  EXPECT_EQ(listed("/auditor", own_->merchant), 680);
  EXPECT_EQ(listed(absl::StrCat("/auditor/", kOwn), own_->merchant), 280);
  EXPECT_EQ(listed(absl::StrCat("/auditor/", kOther), own_->merchant), 400);
  EXPECT_EQ(listed("/auditor", other_->merchant), 70);
  EXPECT_EQ(listed(absl::StrCat("/auditor/", kOther), other_->merchant), 70);
  EXPECT_EQ(listed(absl::StrCat("/auditor/", kOwn), other_->merchant), 0);
}

TEST_F(MerchantBooksWireTest, SoDoesOneWithAMandateForAUnion) {
  const auto supervisor =
      v1::AccessService::NewStub(deployment_->Connect("/supervisor/people/s-1"));
  v1::GrantMandateRequest grant;
  grant.set_request_id(NewRequestId(*random_));
  v1::Mandate& mandate = *grant.mutable_mandate();
  mandate.set_auditor("people/a-1");
  mandate.set_in_union(kOwn);
  mandate.mutable_from_time()->set_seconds(1);
  mandate.mutable_until_time()->set_seconds(4'000'000'000);
  mandate.mutable_valid_until_time()->set_seconds(4'000'000'000);
  ASSERT_OK(Ask(*supervisor, &v1::AccessService::Stub::GrantMandate, grant));
  ExpectOwnBooks(*Auditor("/auditor/people/a-1"));
}

TEST_F(MerchantBooksWireTest, WhatIsPublicOfAMerchantIsSoWhoeverSpendsThere) {
  const auto own = Auditor(absl::StrCat("/auditor/", kOwn));
  for (const std::string& name : {other_->merchant, other_->store, other_->terminal}) {
    ASSERT_OK_AND_ASSIGN(const auto seen, History(*own, name));
    ASSERT_OK_AND_ASSIGN(const auto all, History(*Auditor("/auditor"), name));
    ASSERT_EQ(seen.entries_size(), all.entries_size()) << name;
    EXPECT_EQ(seen.entries(0).SerializeAsString(), all.entries(0).SerializeAsString());
  }
}

TEST_F(MerchantBooksWireTest, WhoAppliedForAMerchantIsTheirUnionsBusiness) {
  constexpr char kApplicant[] = "/union-admin/unions/gz-2/people/adm-9";
  v1::ApplyMerchantRequest apply;
  apply.set_request_id(NewRequestId(*random_));
  apply.set_merchant_id("m-3");
  apply.set_display_name("新店");
  apply.set_category("5411");
  ASSERT_OK(Ask(*v1::MerchantService::NewStub(deployment_->Connect(kApplicant)),
                &v1::MerchantService::Stub::ApplyMerchant, apply));
  for (const auto& [path, caller] :
       std::map<std::string, std::string>{{"/auditor", kApplicant},
                                          {absl::StrCat("/auditor/", kOther), kApplicant},
                                          {absl::StrCat("/auditor/", kOwn), ""}}) {
    ASSERT_OK_AND_ASSIGN(const auto history, History(*Auditor(path), "merchants/m-3"));
    EXPECT_THAT(Callers(history), ElementsAre(Pair("merchant_applied", caller))) << path;
    EXPECT_EQ(history.entries(0).person(), caller.empty() ? "" : "people/adm-9") << path;
    EXPECT_THAT(history.entries(0).changes(), Not(IsEmpty()));
  }
}

TEST_F(MerchantBooksWireTest, WhereAMerchantIsPaidToIsNotForAuditorsOfUnions) {
  const auto merchant = v1::PayoutService::NewStub(
      deployment_->Connect(absl::StrCat("/merchant/", own_->merchant, "/people/li-1")));
  v1::ProposeBankAccountRequest propose;
  propose.set_request_id(NewRequestId(*random_));
  propose.set_parent(own_->merchant);
  propose.set_account_number("6222020200112233445");
  propose.set_holder_name("Grocer");
  propose.set_bank_code("102521000009");
  ASSERT_OK_AND_ASSIGN(const auto proposed,
                       Ask(*merchant, &v1::PayoutService::Stub::ProposeBankAccount, propose));
  v1::RejectBankAccountRequest reject;
  reject.set_request_id(NewRequestId(*random_));
  reject.set_name(proposed.bank_account().name());
  reject.set_reason("not ours");
  ASSERT_OK(Ask(*merchant, &v1::PayoutService::Stub::RejectBankAccount, reject));
  ASSERT_OK_AND_ASSIGN(const auto all, History(*Auditor("/auditor"), own_->merchant));
  EXPECT_THAT(Callers(all), Contains(::testing::Key("bank_account_decided")));
  ASSERT_OK_AND_ASSIGN(const auto seen,
                       History(*Auditor(absl::StrCat("/auditor/", kOwn)), own_->merchant));
  EXPECT_THAT(Callers(seen), Not(Contains(::testing::Key("bank_account_decided"))));
}

}  // namespace
}  // namespace puhui
