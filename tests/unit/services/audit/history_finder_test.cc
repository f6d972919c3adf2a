// SPDX-License-Identifier: Apache-2.0
#include "services/audit/history_finder.h"

#include "issuing/app/tables.h"
#include "ledger/engine/period_rows.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/bank_account_rows.h"
#include "merchant/app/device_rows.h"
#include "merchant/app/mall_rows.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/order_rows.h"
#include "merchant/app/payout_rows.h"
#include "merchant/app/rows.h"
#include "services/ledger/reference.h"
#include "tests/support/refusal_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace puhui::services::history_finder_test {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr UnionNumber kCity{1};
constexpr UnionNumber kHarbour{3};
constexpr MerchantNumber kGrocer{7};
constexpr TerminalNumber kTill{9};
const MemberId kWorker(1, 1);  // Of the city.
const MemberId kDocker(1, 2);  // Of the harbour.

class OneUnionTree final : public UnionTree {
 public:
  bool Covers(const UnionId& ancestor, const UnionId& union_id) const override {
    return ancestor == union_id;
  }
};

Principal AuditorOf(absl::string_view scope) {
  return *ParseSpiffeUri(absl::StrCat("spiffe://d/auditor", scope), "d");
}

// Two unions with the same things each, a merchant, and what belongs to the whole ledger.
class HistoryFinderTest : public ::testing::Test {
 protected:
  HistoryFinderTest() {
    AddUnion(kCity, "city", kWorker, 10);
    AddUnion(kHarbour, "harbour", kDocker, 30);
    ledger::WriteBatch batch;
    ledger::PutRow(batch, merchant::kMerchantIdTable, std::string("m-1"), kGrocer);
    ledger::PutRow(batch, merchant::kMerchantTable, kGrocer, merchant::MerchantRow{.id = "m-1"});
    ledger::PutRow(batch, merchant::kTerminalIdTable, merchant::PlaceKey{kGrocer, "t-1"}, kTill);
    ledger::PutRow(batch, merchant::kBankAccountTable, merchant::BankAccountKey{kGrocer, 1},
                   merchant::BankAccountRow{});
    ledger::PutRow(batch, merchant::kMallTable, kGrocer, merchant::MallRow{});
    ledger::PutRow(batch, merchant::kPayoutRunTable, std::uint32_t{4},
                   merchant::PayoutRunRow{.create_time = absl::FromUnixSeconds(100)});
    ledger::PutRow(batch, merchant::kPaymentTable, merchant::PaymentKey{4, 1},
                   merchant::PaymentRow{});
    ledger::PutRow(batch, merchant::kNoticeTable, merchant::NoticeNumber{99},
                   merchant::NoticeRow{});
    ledger::PutRow(batch, issuing::kMandateTable, std::string("people/a-1"), issuing::MandateRow{});
    ledger::PutRow(batch, issuing::kRulePackTable, issuing::RulePackName{"hubei", 2},
                   issuing::RulePackRow{.load_time = absl::FromUnixSeconds(50)});
    ledger::PutRow(batch, issuing::kRulePackVersionsTable, std::string("hubei"),
                   issuing::RulePackVersions{});
    ledger::PutRow(batch, ledger::kPeriodStandTable, std::uint8_t{0},
                   ledger::PeriodStandRow{.first_period = 202'601, .period = 202'611});
    EXPECT_OK(store_.Commit(batch, ledger::Durability::kView));
  }
  // With a campaign and its claw-back, an application, a device, an order and a notice, which are
  // numbered from `first` on.
  void AddUnion(UnionNumber number, const std::string& id, const MemberId& member,
                std::uint32_t first) {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, issuing::kUnionIdTable, id, number);
    ledger::PutRow(batch, issuing::kUnionTable, number, issuing::UnionRow{.id = id});
    ledger::PutRow(batch, issuing::kMemberTable, member,
                   issuing::MemberRow{.union_number = number});
    const CampaignNumber campaign{first};
    ledger::PutRow(batch, issuing::kCampaignIdTable, absl::StrCat("c-", first), campaign);
    ledger::PutRow(batch, issuing::kCampaignTable, campaign,
                   issuing::CampaignRow{.id = absl::StrCat("c-", first), .union_number = number});
    ledger::PutRow(batch, issuing::kClawBackTable, Sequence{first + 1},
                   issuing::ClawBackRow{.campaign = campaign});
    ledger::PutRow(batch, issuing::kApplicationTable, Sequence{first + 2},
                   issuing::ApplicationRow{.union_number = number});
    ledger::PutRow(batch, merchant::kDeviceTable, first + 3, merchant::DeviceRow{.member = member});
    ledger::PutRow(batch, merchant::kOrderTable, Sequence{first + 4},
                   merchant::OrderRow{.merchant = kGrocer,
                                      .member = member,
                                      .voucher = merchant::OrderVoucher{.holder = member}});
    ledger::PutRow(batch, merchant::kNoticeTable, merchant::NoticeNumber{first + 5},
                   merchant::NoticeRow{.union_number = number});
    EXPECT_OK(store_.Commit(batch, ledger::Durability::kView));
  }
  // What has a name and belongs to one of the two unions.
  static std::vector<std::string> Of(const std::string& id, const MemberId& member,
                                     std::uint32_t first) {
    const std::string person = absl::StrCat("members/", member.ToString());
    return {absl::StrCat("unions/", id),
            absl::StrCat("unions/", id, "/applications/", first + 2),
            person,
            absl::StrCat(person, "/devices/000000", first + 3),
            absl::StrCat("campaigns/c-", first),
            absl::StrCat("campaigns/c-", first, "/clawBacks/", first + 1),
            FormatOrderName(Sequence{first + 4}),
            absl::StrCat(FormatOrderName(Sequence{first + 4}), "/voucher"),
            absl::StrCat("notices/", first + 5)};
  }
  absl::StatusOr<HistoryOf> Find(const Principal& principal, const std::string& name) {
    return HistoryFinder(&principal, &store_, &tree_).Find(name);
  }
  static bool Has(const HistoryOf& of, jv1::Record::BodyCase body) {
    for (const audit::RecordKind& kind : of.filter.kinds) {
      if (kind.body == body) return true;
    }
    return false;
  }

  ledger::MemoryStore store_;
  OneUnionTree tree_;
};

TEST_F(HistoryFinderTest, WhatIsAnotherUnionsIsNotThere) {
  const Principal city = AuditorOf("/unions/city");
  const Principal whole = AuditorOf("");
  for (const std::string& name : Of("city", kWorker, 10)) {
    EXPECT_OK(Find(city, name)) << name;
    EXPECT_OK(Find(whole, name)) << name;
  }
  const absl::Status missing = Find(city, "unions/nowhere").status();
  for (const std::string& name : Of("harbour", kDocker, 30)) {
    EXPECT_OK(Find(whole, name)) << name;
    const absl::Status refused = Find(city, name).status();
    EXPECT_THAT(refused, Refuses(Reason::kNotFound)) << name;
    EXPECT_EQ(refused, missing) << name;
  }
}

// Nor under the name of one's own.
TEST_F(HistoryFinderTest, WhatBelongsElsewhereIsNotThereUnderAnotherName) {
  const Principal whole = AuditorOf("");
  for (const std::string& name : std::vector<std::string>{
           "unions/city/applications/32", "campaigns/c-10/clawBacks/31",
           absl::StrCat("members/", kWorker.ToString(), "/devices/00000033")}) {
    EXPECT_THAT(Find(whole, name), Refuses(Reason::kNotFound)) << name;
  }
}

TEST_F(HistoryFinderTest, WhatIsOfAllUnionsIsForWhoSeesThemAll) {
  for (const std::string& name : std::vector<std::string>{
           "payoutRuns/4", "payoutRuns/4/payments/1", "merchants/m-1/bankAccounts/1", "people/a-1",
           "periods/2026-01", "notices/99",
           absl::StrCat("members/", kWorker.ToString(), "/malls/m-1")}) {
    EXPECT_OK(Find(AuditorOf(""), name)) << name;
    EXPECT_THAT(Find(AuditorOf("/unions/city"), name), Refuses(Reason::kNotFound)) << name;
  }
  for (const std::string& name :
       std::vector<std::string>{"merchants/m-1", "merchants/m-1/mall", "rulePacks/hubei",
                                "rulePacks/hubei/versions/2", "merchants/m-1/terminals/t-1"}) {
    EXPECT_OK(Find(AuditorOf("/unions/city"), name)) << name;
  }
}

TEST_F(HistoryFinderTest, WhatIsNotThereAndWhatIsNoName) {
  for (const std::string& name : std::vector<std::string>{
           "payoutRuns/5", "payoutRuns/4/payments/2", "merchants/m-1/bankAccounts/2", "people/a-2",
           "periods/2025-12", "periods/2026-12", "notices/98", "orders/000000000001",
           "rulePacks/anhui", "rulePacks/hubei/versions/3", "merchants/m-1/statements/2026-11-28",
           "merchants/m-2/mall"}) {
    EXPECT_THAT(Find(AuditorOf(""), name), Refuses(Reason::kNotFound)) << name;
  }
  for (const std::string& name : std::vector<std::string>{
           "payoutRuns/x", "payoutRuns/04", "orders/14", "orders/000000000000",
           "orders/000000000014/vouchers", "orders/000000000014/x/1",
           "merchants/m-1/statements/today", "merchants/m-1/statements/2026-11-28/disputes/x",
           "members/x/devices/00000013", "people/A b", "periods/2026", "rulePacks/hubei/versions",
           "notices/-1", "merchants/m-1/malls", "things/1", "unions/city/"}) {
    EXPECT_THAT(Find(AuditorOf(""), name), Refuses(Reason::kInvalidField, "name")) << name;
  }
}

TEST_F(HistoryFinderTest, WhereAMerchantIsPaidToAndWhichMallsAreLinkedIsNotToldToScopes) {
  const std::string member = absl::StrCat("members/", kWorker.ToString());
  for (const auto& [scope, told] :
       std::vector<std::pair<std::string, bool>>{{"", true}, {"/unions/city", false}}) {
    ASSERT_OK_AND_ASSIGN(const HistoryOf shop, Find(AuditorOf(scope), "merchants/m-1"));
    EXPECT_EQ(Has(shop, jv1::Record::kBankAccountProposed), told);
    EXPECT_EQ(Has(shop, jv1::Record::kBankAccountDecided), told);
    EXPECT_TRUE(Has(shop, jv1::Record::kLimitsChanged));
    ASSERT_OK_AND_ASSIGN(const HistoryOf person, Find(AuditorOf(scope), member));
    EXPECT_EQ(Has(person, jv1::Record::kMallLinked), told);
    EXPECT_TRUE(Has(person, jv1::Record::kDeviceEnrolled));
    EXPECT_TRUE(Has(person, jv1::Record::kLimitsChanged));
  }
}

// The index names a terminal's merchant with each of its records.
TEST_F(HistoryFinderTest, LimitsOfATerminalAreNotItsMerchants) {
  ASSERT_OK_AND_ASSIGN(const HistoryOf shop, Find(AuditorOf(""), "merchants/m-1"));
  jv1::Record limits;
  limits.mutable_limits_changed()->set_number(static_cast<std::uint32_t>(kTill));
  limits.mutable_limits_changed()->set_subject(1);  // A terminal.
  EXPECT_FALSE(shop.changed(limits));
  limits.mutable_limits_changed()->set_subject(2);
  EXPECT_TRUE(shop.changed(limits));
  ASSERT_OK_AND_ASSIGN(const HistoryOf till, Find(AuditorOf(""), "merchants/m-1/terminals/t-1"));
  EXPECT_TRUE(Has(till, jv1::Record::kLimitsChanged));
  EXPECT_THAT(till.filter.terminals, ElementsAre(kTill));
}

// What goes on from a record is found by it, without the others of its union or member.
TEST_F(HistoryFinderTest, ThingsThatARecordBeganAreFoundByIt) {
  for (const auto& [name, record] :
       std::vector<std::pair<std::string, Sequence>>{{"orders/000000000014", 14},
                                                     {"campaigns/c-10/clawBacks/11", 11},
                                                     {"unions/city/applications/12", 12}}) {
    ASSERT_OK_AND_ASSIGN(const HistoryOf of, Find(AuditorOf(""), name));
    EXPECT_EQ(of.begins, record) << name;
    EXPECT_THAT(of.filter.about, ElementsAre(record)) << name;
    EXPECT_THAT(of.filter.members, IsEmpty()) << name;
  }
  ASSERT_OK_AND_ASSIGN(const HistoryOf run, Find(AuditorOf(""), "payoutRuns/4"));
  EXPECT_EQ(run.filter.start, absl::FromUnixSeconds(100)) << "nothing before it is looked at";
}

TEST_F(HistoryFinderTest, OthersAreNotNamed) {
  const Principal city = AuditorOf("/unions/city");
  HistoryFinder finder(&city, &store_, &tree_);
  ASSERT_OK_AND_ASSIGN(const bool own, finder.TellsMember(kWorker));
  EXPECT_TRUE(own);
  ASSERT_OK_AND_ASSIGN(const bool other, finder.TellsMember(kDocker));
  EXPECT_FALSE(other);
  EXPECT_TRUE(finder.TellsWho(absl::StrCat("/member/members/", kWorker.ToString())));
  EXPECT_FALSE(finder.TellsWho(absl::StrCat("/member/members/", kDocker.ToString())));
  EXPECT_FALSE(finder.TellsWho("/hr/unions/harbour/people/zhang-3"));
  EXPECT_TRUE(finder.TellsWho("/operator"));
  const Principal whole = AuditorOf("");
  HistoryFinder all(&whole, &store_, &tree_);
  EXPECT_TRUE(all.TellsWho(absl::StrCat("/member/members/", kDocker.ToString())));
}

}  // namespace
}  // namespace puhui::services::history_finder_test
