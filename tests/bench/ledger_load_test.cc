// SPDX-License-Identifier: Apache-2.0
// Small versions of what deploy/bench.sh measures, to prove that they do what they say. No time is
// asserted.
#include "issuing/app/queries.h"
#include "ledger/engine/account_queries.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/limit_rows.h"
#include "merchant/app/queries.h"
#include "services/admin/verification.h"
#include "services/server/config.h"
#include "tests/bench/bulk_issue.h"
#include "tests/bench/busy_day.h"
#include "tests/bench/connections.h"
#include "tests/bench/echo_calls.h"
#include "tests/bench/filler.h"
#include "tests/bench/holiday_load.h"
#include "tests/bench/journal_alone.h"
#include "tests/bench/ledger_on_disk.h"
#include "tests/bench/load.h"
#include "tests/bench/order_calls.h"
#include "tests/bench/proof_load.h"
#include "tests/bench/purchase_calls.h"
#include "tests/bench/restart.h"
#include "tests/bench/roster_load.h"
#include "tests/bench/statement_load.h"
#include "tests/bench/till_rules.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wire/deployment.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::bench {
namespace {

constexpr std::size_t kMembers = 300;
constexpr std::int64_t kPoints = 1'000'000;
constexpr std::size_t kMerchants = 3;
constexpr std::size_t kConnections = 2;
constexpr std::uint32_t kBatch = 1'700'000'000;  // As wide as what the load client takes: a time.
// Only so that something broken fails instead of hanging.
constexpr absl::Duration kPatience = absl::Minutes(2);

struct FillWish {
  std::size_t sales = 0;  // With any, m-0 has had a business day
  absl::Time day_end{};   // that ended then.
  bool ruled = false;     // As of the program `fill`.
  std::size_t devices = 0;
};

class LedgerLoadTest : public ::testing::Test {
 protected:
  LedgerLoadTest() {
    for (std::size_t i = 0; i < kConnections; ++i) {
      deployment_.WriteIdentity(
          MerchantOf(i), deployment_.Identity(absl::StrCat("/merchant/merchants/", MerchantOf(i))));
    }
  }
  absl::StatusOr<std::unique_ptr<LedgerOnDisk>> Open(
      absl::Duration behind = absl::ZeroDuration()) const {
    PUHUI_ASSIGN_OR_RETURN(const auto config, services::ReadConfig(deployment_.config_path()));
    return LedgerOnDisk::Open(config, behind);
  }
  // A union, its members with a wallet each, and merchants.
  absl::StatusOr<Accounts> Fill(const FillWish& wish = {}) const {
    const bool busy = wish.sales > 0;
    PUHUI_ASSIGN_OR_RETURN(const auto ledger, Open(busy ? kBusyDayLate : absl::ZeroDuration()));
    Filler filler(ledger.get(),
                  wish.ruled ? RuledTerms(Points::FromStored(kPoints)) : PlainTerms());
    PUHUI_RETURN_IF_ERROR(filler.FoundUnion(kPoints * kMembers));
    if (wish.ruled) PUHUI_RETURN_IF_ERROR(SetHighLimits(ledger.get()));
    MerchantWish merchants{
        .merchants = kMerchants, .selling = kConnections, .terminals = 2, .fee = wish.ruled};
    if (busy) merchants.time_zone = ZoneOfBusyDay(wish.day_end);
    PUHUI_RETURN_IF_ERROR(filler.OpenMerchants(merchants));
    PUHUI_RETURN_IF_ERROR(filler.EnrolMembers(kMembers, kMembers));
    PUHUI_RETURN_IF_ERROR(filler.EnrolDevices(wish.devices, "77"));
    PUHUI_RETURN_IF_ERROR(filler.ApproveCampaign(KnownId<CampaignId>("c-0"), kPoints));
    PUHUI_RETURN_IF_ERROR(filler.Issue(KnownId<CampaignId>("c-0")));
    if (busy) {
      PUHUI_RETURN_IF_ERROR(SellAtFirstMerchant(wish.sales, filler.accounts(), ledger.get()));
    }
    PUHUI_RETURN_IF_ERROR(ledger->Close());
    return filler.accounts();
  }
  // Buys exactly so many times, on connections that are closed again; half of it by code, while
  // there are codes, if they come at a pace. Says how many.
  PurchaseCalls::Codes BuyWithLoad(const Accounts& accounts, std::uint64_t purchases,
                                   double per_second = 0) const {
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (std::size_t i = 0; i < kConnections; ++i) {
      auto channel = Connect(deployment_.port(), directory(), MerchantOf(i));
      EXPECT_OK(channel);
      channels.push_back(*std::move(channel));
    }
    PurchaseCalls calls(channels, &accounts,
                        {.batch = kBatch, .code_every = per_second > 0 ? 2U : 0U});
    LoadOptions options{.connections = kConnections, .in_flight = 16, .calls_max = purchases};
    options.duration = kPatience;
    options.calls_per_second = per_second;
    const LoadReport report = RunLoad(options, &calls);
    EXPECT_EQ(report.answered, purchases) << report.first_failure;
    // The echo stands for this on the wire, between a card and a code, which is longer by three.
    // Here terminals and trace numbers have fewer digits.
    EXPECT_NEAR(static_cast<double>(report.request_bytes), kPurchaseRequestBytes, 5);
    EXPECT_NEAR(static_cast<double>(report.answer_bytes), kPurchaseAnswerBytes, 8);
    return calls.codes();
  }
  // The sum of what is in all accounts of one kind.
  static std::int64_t Total(LedgerOnDisk& ledger, ledger::AccountKind kind) {
    const auto totals = ledger::Totals(ledger.engine().Latest());
    EXPECT_OK(totals);
    std::int64_t sum = 0;
    for (const auto& [key, points] : *totals) sum += key.kind == kind ? points : 0;
    return sum;
  }
  void ExpectVerifies() const {
    ASSERT_OK_AND_ASSIGN(const auto report,
                         services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
    EXPECT_TRUE(report.findings.empty());
  }

  const std::string& directory() const { return deployment_.directory().path(); }

  Deployment deployment_;
};

TEST_F(LedgerLoadTest, AHolidayIsIssuedToEverybody) {
  ASSERT_OK(deployment_.Start());
  {
    const RosterChannels roster{
        .its_operator = deployment_.Connect("/operator/people/bench"),
        .hr = deployment_.Connect("/hr/unions/bench/people/hr"),
    };
    const HolidayChannels channels{
        .hr = roster.hr,
        .approver = deployment_.Connect("/approver/unions/bench/people/approver"),
        .maker = deployment_.Connect("/finance/unions/bench/people/maker"),
        .checker = deployment_.Connect("/finance/unions/bench/people/checker"),
    };
    constexpr std::size_t kPeople = 1'234;
    ASSERT_OK(ImportRoster(roster, MakeRoster(kPeople)).status());
    ASSERT_OK_AND_ASSIGN(const HolidayReport report, RunHoliday(channels, kPeople, 500));
    EXPECT_EQ(report.rows, kPeople);
    EXPECT_THAT(report.ToJson(), ::testing::HasSubstr(R"("rows":1234)"));
    ASSERT_OK_AND_ASSIGN(const std::string campaign, PrepareHoliday(channels, 700, absl::Hours(1)));
    ASSERT_OK_AND_ASSIGN(const HolidayStand before, StandOf(channels, campaign));
    EXPECT_EQ(before.ToJson(), R"({"rows_left":0,"available":0,"expired":0})");
    ASSERT_OK(BeginIssue(channels, campaign, kPeople));
    ASSERT_OK_AND_ASSIGN(const HolidayStand after, StandOf(channels, campaign));
    EXPECT_EQ(after.ToJson(), R"({"rows_left":0,"available":863800,"expired":0})");
  }
  ASSERT_OK(deployment_.Stop());
}

TEST_F(LedgerLoadTest, EverybodyOfARosterIsThere) {
  ASSERT_OK(deployment_.Start());
  {
    const RosterChannels channels{
        .its_operator = deployment_.Connect("/operator/people/bench"),
        .hr = deployment_.Connect("/hr/unions/bench/people/hr"),
    };
    constexpr std::size_t kPeople = 3'210;
    ASSERT_OK_AND_ASSIGN(const RosterReport report,
                         RunRoster(channels, MakeRoster(kPeople), /*lookups=*/200));
    EXPECT_EQ(report.created, kPeople);
    EXPECT_THAT(report.ToJson(), ::testing::HasSubstr(R"("created":3210)"));
  }
  ASSERT_OK(deployment_.Stop());
}

TEST_F(LedgerLoadTest, EveryOrderOfALoadIsOnTheLedger) {
  constexpr std::uint64_t kOrders = 300;
  Accounts accounts;
  {
    ASSERT_OK_AND_ASSIGN(const auto ledger, Open());
    Filler filler(ledger.get());
    ASSERT_OK(filler.FoundUnion(kPoints * kMembers));
    const MerchantWish merchants{.merchants = 2, .selling = kConnections, .terminals = 1};
    ASSERT_OK(filler.OpenMerchants(merchants));
    ASSERT_OK(filler.EnrolMembers(kMembers, 1));
    ASSERT_OK(filler.ApproveCampaign(KnownId<CampaignId>("c-0"), kPoints));
    ASSERT_OK(filler.Issue(KnownId<CampaignId>("c-0")));
    ASSERT_OK(filler.PublishOffers(5, merchants));
    ASSERT_OK(ledger->Close());
    accounts = filler.accounts();
  }
  ASSERT_EQ(accounts.members.size(), kConnections);
  ASSERT_OK(deployment_.Start());
  for (const bool hot : {false, true}) {
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (std::size_t i = 0; i < kConnections; ++i) {
      deployment_.WriteIdentity(
          BuyerOf(i), deployment_.Identity(absl::StrCat("/member/", accounts.members[i])));
      ASSERT_OK_AND_ASSIGN(channels.emplace_back(),
                           Connect(deployment_.port(), directory(), BuyerOf(i)));
    }
    OrderCalls calls(channels, &accounts, hot);
    LoadOptions options{.connections = kConnections, .in_flight = 16, .calls_max = kOrders};
    options.duration = kPatience;
    const LoadReport report = RunLoad(options, &calls);
    EXPECT_EQ(report.answered, kOrders) << report.first_failure;
  }
  ASSERT_OK(deployment_.Stop());
  ExpectVerifies();
  ASSERT_OK_AND_ASSIGN(const auto ledger, Open());
  EXPECT_EQ(Total(*ledger, ledger::AccountKind::kPayable), std::int64_t{2 * kOrders});
}

TEST_F(LedgerLoadTest, EveryPurchaseOfALoadIsOnTheLedger) {
  ASSERT_OK_AND_ASSIGN(const Accounts accounts, Fill());
  EXPECT_EQ(accounts.cards.size(), kMembers);
  EXPECT_EQ(accounts.terminals.size(), kConnections * 2);
  constexpr std::int64_t kPurchases = 500;
  ASSERT_OK(deployment_.Start());
  BuyWithLoad(accounts, kPurchases);
  // Nobody is connected any more, so the server has nobody to wait for.
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK_AND_ASSIGN(const auto ledger, Open());
  constexpr std::int64_t kSpent = kPurchases * kPurchasePoints;
  EXPECT_EQ(Total(*ledger, ledger::AccountKind::kPayable), kSpent);
  EXPECT_EQ(Total(*ledger, ledger::AccountKind::kWallet),
            kPoints * static_cast<std::int64_t>(kMembers) - kSpent);
  ASSERT_OK(ledger->Close());
  ExpectVerifies();
}

TEST_F(LedgerLoadTest, FeeTermsLimitsAndCodesAreInEveryPurchaseOfARuledLoad) {
  constexpr std::size_t kDevices = 5;
  ASSERT_OK_AND_ASSIGN(const Accounts accounts, Fill({.ruled = true, .devices = kDevices}));
  EXPECT_EQ(accounts.devices.size(), kMembers * kDevices);
  constexpr std::int64_t kPurchases = 200;
  ASSERT_OK(deployment_.Start());
  // Fifty devices have a turn in a second, and the load takes half of one.
  const PurchaseCalls::Codes codes = BuyWithLoad(accounts, kPurchases, 400);
  ASSERT_OK(deployment_.Stop());
  EXPECT_GE(codes.wanted, kPurchases / 2 - kConnections);
  EXPECT_GT(codes.used, 0U);
  EXPECT_LE(codes.used, codes.wanted);
  ASSERT_OK_AND_ASSIGN(const auto ledger, Open());
  // A point each; the hundredths stay with the merchant.
  EXPECT_EQ(Total(*ledger, ledger::AccountKind::kFee), kPurchases);
  EXPECT_EQ(Total(*ledger, ledger::AccountKind::kPayable), kPurchases * (kPurchasePoints - 1));
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> records,
                       CopyRecords(ledger->log(), 1, ledger->engine().durable().sequence));
  std::uint64_t by_code = 0;
  for (const std::string& bytes : records) {
    journal::v1::Record record;
    ASSERT_TRUE(record.ParseFromString(bytes));
    if (record.entry().purchase().has_code()) ++by_code;
    if (!record.has_campaign_created()) continue;
    const journal::v1::Terms& terms = record.campaign_created().terms();
    EXPECT_GT(terms.categories_size(), 0);
    EXPECT_GT(terms.day_cap(), 0);
    EXPECT_GT(terms.earmark().basis_points(), 0U);
  }
  EXPECT_EQ(by_code, codes.used);
  // What is paid is counted while there are limits, and only then.
  ASSERT_OK_AND_ASSIGN(const auto found,
                       merchant::FindMerchant(ledger->engine().Latest(), MerchantOf(0)));
  ASSERT_TRUE(found.has_value());
  ASSERT_OK_AND_ASSIGN(
      const auto paid,
      ledger::Find(ledger->engine().Latest(), merchant::kVelocityTable,
                   merchant::LimitKey{.subject = merchant::LimitSubject::kMerchant,
                                      .number = static_cast<std::uint32_t>(found->number)}));
  EXPECT_TRUE(paid.has_value());
  ASSERT_OK(ledger->Close());
  ExpectVerifies();
}

TEST_F(LedgerLoadTest, ABusyDayIsCutAndItsStatementReadToTheLastLine) {
  constexpr std::size_t kSales = 1'700;  // More than one message has.
  const absl::Time day_end = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  ASSERT_OK_AND_ASSIGN(const Accounts accounts, Fill({.sales = kSales, .day_end = day_end}));
  ASSERT_OK(deployment_.Start());
  {
    const auto channel = deployment_.Connect("/operator/people/bench");
    const std::string statement = StatementOfBusyDay(day_end);
    BuyWithLoad(accounts, 100);  // Of the next day, whether that one is cut.
    ASSERT_OK_AND_ASSIGN(StatementReport report, CutStatement(channel, statement));
    ASSERT_OK(ReadStatement(channel, statement, &report));
    EXPECT_EQ(report.lines, kSales);
    EXPECT_THAT(report.ToJson(), ::testing::HasSubstr(R"({"lines":1700,)"));
  }
  ASSERT_OK(deployment_.Stop());
  ExpectVerifies();
}

TEST_F(LedgerLoadTest, EveryProofOfALoadIsAsLongAsTheTreeIsHigh) {
  ASSERT_OK(Fill());
  ASSERT_OK(deployment_.Start());
  {
    const auto channel = deployment_.Connect("/operator/people/bench");
    ASSERT_OK_AND_ASSIGN(const ProofReport report, AskForProofs(channel, 200));
    EXPECT_EQ(report.proofs, 200U);
    EXPECT_GT(report.records, kMembers);  // At least a grant for each.
    EXPECT_GT(report.hashes_max, 8U);
    EXPECT_LE(report.hashes_max, 16U);
  }
  ASSERT_OK(deployment_.Stop());
}

TEST(BusyDayTest, EndsAtMidnightOfItsZone) {
  for (const std::int64_t seconds : {0, 1, 43'199, 43'200, 43'201, 86'399, 1'795'696'496}) {
    const absl::Time end = absl::FromUnixSeconds(seconds);
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(ZoneOfBusyDay(end), &zone));
    EXPECT_EQ(absl::FromCivil(absl::ToCivilDay(end, zone), zone), end) << seconds;
  }
}

TEST_F(LedgerLoadTest, AServerKilledUnderLoadAnswersAgainAndKeepsWhatItAnswered) {
  ASSERT_OK_AND_ASSIGN(const Accounts accounts, Fill());
  RestartWish wish{.server = deployment_.wish(), .certificates = directory(), .purchases = 200};
  wish.connections = kConnections;
  wish.in_flight = 16;
  ASSERT_OK_AND_ASSIGN(const RestartReport report, KillAndRestart(wish, accounts));
  EXPECT_GE(report.answered, 200U);
  EXPECT_GE(report.seconds_to_answer, report.seconds_to_port);
  ASSERT_OK_AND_ASSIGN(const auto ledger, Open());
  // What was in flight may or may not have happened.
  const std::int64_t spent = Total(*ledger, ledger::AccountKind::kPayable);
  const auto answered = static_cast<std::int64_t>(report.answered) + 1;
  EXPECT_GE(spent, answered * kPurchasePoints);
  EXPECT_LE(spent, (answered + 16) * kPurchasePoints);
  ASSERT_OK(ledger->Close());
  ExpectVerifies();
}

TEST_F(LedgerLoadTest, BulkIssueGrantsEveryRowAndItsPeerWritesTheSameRecords) {
  ASSERT_OK_AND_ASSIGN(const auto ledger, Open());
  std::vector<BulkIssueRound> rounds;
  BulkIssueWish wish{.members = 3'000, .campaigns = 2, .points = 5, .scratch = directory()};
  ASSERT_OK(RunBulkIssue(wish, ledger.get(),
                         [&rounds](const BulkIssueRound& round) { rounds.push_back(round); }));
  ASSERT_EQ(rounds.size(), wish.campaigns);
  for (const BulkIssueRound& round : rounds) {
    EXPECT_EQ(round.grants, wish.members);
    // A record for each grant, and those of the run's beginning and end.
    EXPECT_EQ(round.journal_records, wish.members + 2);
    EXPECT_GT(round.journal_bytes, round.journal_records);
  }
  EXPECT_EQ(Total(*ledger, ledger::AccountKind::kWallet), 3'000 * 2 * 5);
  ASSERT_OK(ledger->Close());
  ExpectVerifies();
}

TEST_F(LedgerLoadTest, TheJournalAloneHoldsTheRecordsThatWereCopied) {
  ASSERT_OK_AND_ASSIGN(const Accounts accounts, Fill());
  ASSERT_OK_AND_ASSIGN(const auto ledger, Open());
  const Sequence last = ledger->engine().durable().sequence;
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> records,
                       CopyRecords(ledger->log(), 3, last - 1));
  ASSERT_EQ(records.size(), last - 3);
  const TempDir scratch;
  const std::string path = scratch.Join("alone");
  ASSERT_OK_AND_ASSIGN(const JournalAlone alone, TimeJournalAlone(records, path));
  EXPECT_GT(alone.taken, absl::ZeroDuration());
  ASSERT_OK_AND_ASSIGN(const auto store, ledger::RocksStore::Open({.path = path}));
  ASSERT_OK_AND_ASSIGN(const auto log, ledger::LocalLog::Open(store.get()));
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> kept, CopyRecords(*log, 1, records.size()));
  EXPECT_EQ(kept, records);
  ASSERT_OK(ledger->Close());
}

}  // namespace
}  // namespace puhui::bench
