// SPDX-License-Identifier: Apache-2.0
#include "services/audit/account_owner.h"

#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/rows.h"
#include "tests/support/refusal_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::services::account_owner_test {
namespace {

using ledger::AccountKind;

const MemberId kMember(1, 1);
constexpr UnionNumber kCity{1};
constexpr UnionNumber kWorks{2};  // Below the city.
constexpr UnionNumber kHarbour{3};
constexpr MerchantNumber kGrocer{7};

class CityTree final : public UnionTree {
 public:
  bool Covers(const UnionId& ancestor, const UnionId& union_id) const override {
    return ancestor == union_id || (ancestor.text() == "city" && union_id.text() == "works");
  }
};

Principal AuditorOf(absl::string_view scope) {
  return *ParseSpiffeUri(absl::StrCat("spiffe://d/auditor", scope), "d");
}
Principal WithMandateFor(const char* union_id, Principal auditor) {
  auditor.mandate = Mandate{
      .in_force = true, .union_id = *UnionId::Parse(union_id, "id"), .end = absl::InfiniteFuture()};
  return auditor;
}

// Three unions and a merchant.
class AccountOwnerTest : public ::testing::Test {
 protected:
  AccountOwnerTest() {
    ledger::WriteBatch batch;
    for (const auto& [number, id] : std::vector<std::pair<UnionNumber, std::string>>{
             {kCity, "city"}, {kWorks, "works"}, {kHarbour, "harbour"}}) {
      ledger::PutRow(batch, issuing::kUnionTable, number, issuing::UnionRow{.id = id});
    }
    ledger::PutRow(batch, merchant::kMerchantIdTable, std::string("m-1"), kGrocer);
    ledger::PutRow(batch, merchant::kMerchantTable, kGrocer, merchant::MerchantRow{.id = "m-1"});
    Commit(batch);
  }
  void Commit(const ledger::WriteBatch& batch) {
    EXPECT_OK(store_.Commit(batch, ledger::Durability::kView));
  }
  // What the merchant has of the union's money.
  void Hold(AccountKind kind, UnionNumber origin, std::int64_t points) {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, ledger::kAccountTable,
                   ledger::AccountKey{kind, static_cast<std::uint64_t>(kGrocer), origin}, points);
    Commit(batch);
  }

  absl::StatusOr<AccountOwner> Find(const Principal& principal, v1::AccountKind kind,
                                    const std::string& owner, Sequence last = UINT64_MAX) {
    v1::GetAccountRequest request;
    request.set_kind(kind);
    request.set_owner(owner);
    PUHUI_ASSIGN_OR_RETURN(const AccountOwner found,
                           FindAccountOwner(principal, request, store_, tree_));
    Names names(&store_);
    ToldOrigins told({.principal = &principal, .tree = &tree_, .kind = found.kind}, &names);
    PUHUI_RETURN_IF_ERROR(CheckIsTold(found, last, store_, &told));
    return found;
  }
  // What `auditor` is told of 1 point of the city, 20 of the works and 300 of the harbour.
  std::int64_t Told(const Principal& auditor, AccountKind kind, absl::string_view origin = "") {
    Names names(&store_);
    ToldOrigins told({.principal = &auditor, .tree = &tree_, .kind = kind, .origin = origin},
                     &names);
    const std::vector<audit::OriginBalance> points = {
        {.origin = kCity, .points = 1},
        {.origin = kWorks, .points = 20},
        {.origin = kHarbour, .points = 300},
    };
    const absl::StatusOr<std::int64_t> sum = told.SumOf(points);
    EXPECT_OK(sum);
    return sum.ok() ? *sum : -1;
  }

  ledger::MemoryStore store_;
  CityTree tree_;
};

TEST_F(AccountOwnerTest, ANarrowedAuditorIsToldOfItsUnionsInAMerchantsAccounts) {
  for (const AccountKind kind : {AccountKind::kPayable, AccountKind::kFee, AccountKind::kPayout}) {
    EXPECT_EQ(Told(AuditorOf(""), kind), 321);
    EXPECT_EQ(Told(AuditorOf("/unions/city"), kind), 21);
    EXPECT_EQ(Told(AuditorOf("/unions/harbour"), kind), 300);
    EXPECT_EQ(Told(WithMandateFor("works", AuditorOf("")), kind), 20);
    EXPECT_EQ(Told(WithMandateFor("works", AuditorOf("/unions/city")), kind), 20);
    EXPECT_EQ(Told(WithMandateFor("harbour", AuditorOf("/unions/city")), kind), 0);
  }
  // What a union's own account holds of others' money is its business.
  EXPECT_EQ(Told(AuditorOf("/unions/works"), AccountKind::kBudget), 321);
  EXPECT_EQ(Told(AuditorOf("/unions/works"), AccountKind::kWallet), 321);
}

TEST_F(AccountOwnerTest, WhoeverAsksForOneOriginIsToldOfNoOther) {
  EXPECT_EQ(Told(AuditorOf(""), AccountKind::kPayable, "unions/harbour"), 300);
  EXPECT_EQ(Told(AuditorOf(""), AccountKind::kBudget, "unions/works"), 20);
  EXPECT_EQ(Told(AuditorOf("/unions/city"), AccountKind::kPayable, "unions/works"), 20);
  EXPECT_EQ(Told(AuditorOf("/unions/city"), AccountKind::kPayable, "unions/harbour"), 0);
  EXPECT_EQ(Told(AuditorOf(""), AccountKind::kPayable, "unions/nowhere"), 0);
}

TEST_F(AccountOwnerTest, AMerchantThatTookNothingOfOnesUnionsHasNoAccounts) {
  const Principal city = AuditorOf("/unions/city");
  Hold(AccountKind::kPayable, kHarbour, 300);
  const absl::StatusOr<AccountOwner> hidden = Find(city, v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1");
  EXPECT_THAT(hidden, Refuses(ledger::Reason::kNotFound));
  EXPECT_EQ(hidden.status(), Find(city, v1::ACCOUNT_KIND_PAYABLE, "merchants/m-2").status());
  EXPECT_OK(Find(AuditorOf(""), v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"));
  EXPECT_OK(Find(AuditorOf("/unions/harbour"), v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"));
  EXPECT_THAT(Find(WithMandateFor("works", AuditorOf("")), v1::ACCOUNT_KIND_FEE, "merchants/m-1"),
              Refuses(ledger::Reason::kNotFound));
  // All of it was paid out since.
  Hold(AccountKind::kPayable, kWorks, 0);
  for (const auto kind :
       {v1::ACCOUNT_KIND_PAYABLE, v1::ACCOUNT_KIND_FEE, v1::ACCOUNT_KIND_PAYOUT}) {
    ASSERT_OK_AND_ASSIGN(const AccountOwner owner, Find(city, kind, "merchants/m-1"));
    EXPECT_EQ(owner.number, static_cast<std::uint64_t>(kGrocer));
  }
}

// The city's money came with record 8.
TEST_F(AccountOwnerTest, WhatAMerchantTookLaterIsNotThereYet) {
  const Principal city = WithMandateFor("city", AuditorOf(""));
  Hold(AccountKind::kPayable, kCity, 30);
  const ledger::AccountKey account{AccountKind::kPayable, static_cast<std::uint64_t>(kGrocer),
                                   kCity};
  ledger::WriteBatch batch;
  ledger::PutRow(batch, ledger::kAppliedTable, std::uint8_t{0}, Sequence{8});
  ledger::PutRow(batch, ledger::kHistoryTable, ledger::HistoryKey{account, 8}, std::int64_t{30});
  Commit(batch);
  EXPECT_OK(Find(city, v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"));
  EXPECT_OK(Find(city, v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1", 8));
  const absl::StatusOr<AccountOwner> early =
      Find(city, v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1", 7);
  EXPECT_THAT(early, Refuses(ledger::Reason::kNotFound));
  EXPECT_EQ(early.status(), Find(city, v1::ACCOUNT_KIND_PAYABLE, "merchants/m-2", 7).status());
}

TEST_F(AccountOwnerTest, WhatCameAfterAMandatesTimeIsNotThere) {
  const absl::Time end = absl::FromUnixSeconds(1'000);
  Principal auditor = WithMandateFor("city", AuditorOf(""));
  auditor.mandate->end = end;
  ledger::WriteBatch batch;
  int number = 0;
  for (const auto& [id, time] :
       {std::pair("before", end - absl::Microseconds(1)), std::pair("after", end)}) {
    ++number;
    const CampaignNumber campaign{static_cast<std::uint32_t>(number)};
    ledger::PutRow(batch, issuing::kCampaignIdTable, std::string(id), campaign);
    ledger::PutRow(batch, issuing::kCampaignTable, campaign,
                   issuing::CampaignRow{.id = id, .union_number = kCity, .create_time = time});
    const MemberId member(7, static_cast<std::uint64_t>(number));
    ledger::PutRow(batch, issuing::kMemberTable, member,
                   issuing::MemberRow{.union_number = kCity, .create_time = time});
  }
  ledger::PutRow(batch, issuing::kUnionTable, kWorks,
                 issuing::UnionRow{.id = "works", .create_time = end});
  ledger::PutRow(batch, issuing::kUnionIdTable, std::string("works"), kWorks);
  ledger::PutRow(batch, issuing::kUnionIdTable, std::string("city"), kCity);
  Commit(batch);
  const auto member = [](std::uint64_t low) { return "members/" + MemberId(7, low).ToString(); };
  EXPECT_OK(Find(auditor, v1::ACCOUNT_KIND_BUDGET, "unions/city"));
  EXPECT_OK(Find(auditor, v1::ACCOUNT_KIND_CAMPAIGN, "campaigns/before"));
  EXPECT_OK(Find(auditor, v1::ACCOUNT_KIND_WALLET, member(1)));
  for (const auto& [kind, later, unknown] :
       {std::tuple(v1::ACCOUNT_KIND_BUDGET, std::string("unions/works"),
                   std::string("unions/nowhere")),
        std::tuple(v1::ACCOUNT_KIND_CAMPAIGN, std::string("campaigns/after"),
                   std::string("campaigns/nowhere")),
        std::tuple(v1::ACCOUNT_KIND_HELD, member(2), member(9))}) {
    const absl::StatusOr<AccountOwner> found = Find(auditor, kind, later);
    EXPECT_THAT(found, Refuses(ledger::Reason::kNotFound)) << later;
    EXPECT_EQ(found.status(), Find(auditor, kind, unknown).status()) << later;
    EXPECT_OK(Find(AuditorOf(""), kind, later));
  }
}

// To whom a mandate of a time alone opens all merchants' accounts.
TEST_F(AccountOwnerTest, AMerchantThatCameAfterAMandatesTimeIsNotThere) {
  Principal auditor = AuditorOf("");
  auditor.mandate = Mandate{.in_force = true, .end = absl::FromUnixSeconds(1'000)};
  ledger::WriteBatch batch;
  ledger::PutRow(batch, merchant::kMerchantIdTable, std::string("later"), MerchantNumber{8});
  ledger::PutRow(batch, merchant::kMerchantTable, MerchantNumber{8},
                 merchant::MerchantRow{.id = "later", .create_time = absl::FromUnixSeconds(1'000)});
  Commit(batch);
  EXPECT_OK(Find(auditor, v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"));
  const absl::StatusOr<AccountOwner> later =
      Find(auditor, v1::ACCOUNT_KIND_PAYABLE, "merchants/later");
  EXPECT_THAT(later, Refuses(ledger::Reason::kNotFound));
  EXPECT_EQ(later.status(), Find(auditor, v1::ACCOUNT_KIND_PAYABLE, "merchants/m-2").status());
  EXPECT_OK(Find(AuditorOf(""), v1::ACCOUNT_KIND_PAYABLE, "merchants/later"));
}

TEST_F(AccountOwnerTest, HeldPointsBelongToTheMember) {
  const Principal auditor = AuditorOf("");
  EXPECT_THAT(Find(auditor, v1::ACCOUNT_KIND_HELD, "unions/u-1"),
              Refuses(ledger::Reason::kInvalidField, "owner"));
  const std::string member = "members/" + kMember.ToString();
  EXPECT_THAT(Find(auditor, v1::ACCOUNT_KIND_HELD, member), Refuses(ledger::Reason::kNotFound));
  EXPECT_THAT(Find(auditor, v1::ACCOUNT_KIND_AID, member),
              Refuses(ledger::Reason::kInvalidField, "kind"));
}

}  // namespace
}  // namespace puhui::services::account_owner_test
