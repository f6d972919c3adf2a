// SPDX-License-Identifier: Apache-2.0
// From approval to the last verdict.
#include "issuing/app/tables.h"
#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"
#include "tests/unit/services/issuing/campaign_fixture.h"

#include <chrono>
#include <functional>
#include <thread>

namespace puhui::services {
namespace {

using ledger::Reason;

class IssueRunTest : public CampaignTest {
 protected:
  // Lets the run begin: its timer is due at the time of the record, and the clock stands still.
  void IssueAndGoOn() {
    ASSERT_OK(Issue(kHr, IssueWish()));
    clock_.Advance(absl::Seconds(1));
    ledger_.engine->WakeTimers();
  }
  // Waits for what the timers are about to do.
  static void AwaitTrue(const std::function<bool()>& condition) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::yield();
    }
  }
  v1::Campaign Campaign() {
    const auto campaign = Get(kHr);
    EXPECT_OK(campaign);
    return campaign.ok() ? *campaign : v1::Campaign();
  }
  v1::Figures Figures() {
    v1::GetCampaignReportRequest ask;
    ask.set_name("campaigns/spring");
    const auto report = Ask(*campaigns_, &Stub::GetCampaignReport, kHr, ask);
    EXPECT_OK(report);
    return report.ok() ? report->report().figures() : v1::Figures();
  }
  static v1::ListRowsRequest RowsWish(int page_size = 0, const std::string& token = "") {
    v1::ListRowsRequest request;
    request.set_name("campaigns/spring");
    request.set_page_size(page_size);
    request.set_page_token(token);
    return request;
  }
};

TEST_F(IssueRunTest, AnApprovedCampaignIsIssuedAndWatchedToItsEnd) {
  const std::string hash = MakeApproved(1'200);
  const v1::IssueCampaignRequest wish = IssueWish();
  ASSERT_OK_AND_ASSIGN(const v1::IssueCampaignResponse started, Issue(kHr, wish));
  EXPECT_EQ(started.campaign().state(), v1::CAMPAIGN_STATE_ISSUING);
  EXPECT_EQ(started.campaign().plan().hash(), hash);
  EXPECT_EQ(started.campaign().plan().rows(), 1'200U);
  EXPECT_EQ(started.campaign().progress().rows_done(), 0U);
  clock_.Advance(absl::Seconds(1));
  ledger_.engine->WakeTimers();

  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kAuditor));
  ASSERT_FALSE(progress.empty());
  for (std::size_t i = 1; i < progress.size(); ++i) {
    EXPECT_GE(progress[i].progress().rows_done(), progress[i - 1].progress().rows_done());
    EXPECT_NE(progress[i].SerializeAsString(), progress[i - 1].SerializeAsString());
  }
  const v1::IssueProgress& last = progress.back().progress();
  EXPECT_EQ(last.state(), v1::CAMPAIGN_STATE_ISSUED);
  EXPECT_EQ(last.rows(), 1'200U);
  EXPECT_EQ(last.rows_done(), 1'200U);
  EXPECT_EQ(last.rows_granted(), 1'200U);
  EXPECT_EQ(last.points_granted(), 600'000);

  ASSERT_OK_AND_ASSIGN(const v1::Campaign campaign, Get(kHr));
  EXPECT_EQ(campaign.state(), v1::CAMPAIGN_STATE_ISSUED);
  EXPECT_EQ(campaign.progress().SerializeAsString(), last.SerializeAsString());
  // The first answer stands, and nothing is granted again.
  ASSERT_OK_AND_ASSIGN(const v1::IssueCampaignResponse again, Issue(kHr, wish));
  EXPECT_EQ(started.SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(Issue(kHr, IssueWish()), Refuses(Reason::kCampaignState));
  EXPECT_THAT(Upload({ByNumber("E1")}), Refuses(Reason::kCampaignState));
  EXPECT_THAT(Upload({ByNumber("nobody")}), Refuses(Reason::kCampaignState));
}

TEST_F(IssueRunTest, AWatchThatComesLateSeesTheEnd) {
  MakeApproved(3);
  IssueAndGoOn();
  ASSERT_OK(Watch(kHr));
  ASSERT_OK_AND_ASSIGN(const auto late, Watch(kApprover));
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].progress().state(), v1::CAMPAIGN_STATE_ISSUED);
}

TEST_F(IssueRunTest, RowsAreListedInPagesOfThePlan) {
  MakeApproved(5);
  v1::ListRowsRequest wish = RowsWish(2);
  std::vector<std::uint64_t> rows;
  for (int pages = 1;; ++pages) {
    ASSERT_OK_AND_ASSIGN(const v1::ListRowsResponse page, ListRows(kHr, wish));
    for (const v1::RowVerdict& row : page.rows()) {
      EXPECT_EQ(row.outcome(), v1::RowVerdict::OUTCOME_PENDING);
      rows.push_back(row.row());
    }
    wish.set_page_token(page.next_page_token());
    if (page.next_page_token().empty()) {
      EXPECT_EQ(pages, 3);
      break;
    }
  }
  EXPECT_THAT(rows, ::testing::ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(ListRows(kHr, RowsWish(-1)), Refuses(Reason::kInvalidField, "page_size"));
  EXPECT_THAT(ListRows(kHr, RowsWish(0, "x")), Refuses(Reason::kInvalidField, "page_token"));
}

TEST_F(IssueRunTest, ATokenIsOfOnePlanAndOneFilter) {
  MakeApproved(5);
  ASSERT_OK_AND_ASSIGN(const v1::ListRowsResponse page, ListRows(kHr, RowsWish(2)));
  v1::ListRowsRequest refused = RowsWish(2, page.next_page_token());
  refused.set_refused_only(true);
  EXPECT_THAT(ListRows(kHr, refused), Refuses(Reason::kInvalidField, "page_token"));
  ASSERT_OK(Upload({ByNumber("E1"), ByNumber("E2")}));
  EXPECT_THAT(ListRows(kHr, RowsWish(2, page.next_page_token())),
              Refuses(Reason::kInvalidField, "page_token"));
}

// Time in the ledger never goes back: what an hour ahead has begun, goes on.
TEST_F(IssueRunTest, AClockThatJumpsAnHourEitherWayGrantsEveryRowOnce) {
  constexpr int kPeople = 3 * static_cast<int>(kIssueChunkRows);
  v1::CreateCampaignRequest short_lived = CampaignWish();
  const absl::Time began = clock_.Now();
  const absl::Time ends = began + absl::Hours(24);
  short_lived.mutable_terms()->mutable_expire_time()->set_seconds(absl::ToUnixSeconds(ends));
  MakeApproved(kPeople, short_lived);
  v1::IssueCampaignRequest wish = IssueWish();
  wish.mutable_start_time()->set_seconds(absl::ToUnixSeconds(began + absl::Hours(2)));
  ASSERT_OK(Issue(kHr, wish));

  // An hour behind: not yet, whatever is asked.
  clock_.Set(began - absl::Hours(1));
  ledger_.engine->WakeTimers();
  EXPECT_EQ(Campaign().progress().rows_done(), 0U);
  // An hour ahead it begins; then back again, amid the run or after it.
  clock_.Set(began + absl::Hours(3));
  ledger_.engine->WakeTimers();
  ASSERT_NO_FATAL_FAILURE(AwaitTrue([this] { return Campaign().progress().rows_done() > 0; }));
  clock_.Set(began + absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kHr));
  EXPECT_EQ(progress.back().progress().rows_granted(), std::uint64_t{kPeople});
  EXPECT_EQ(progress.back().progress().rows_refused(), 0U);

  // The same with the sweep of what expired.
  clock_.Set(ends + absl::Hours(1));
  ledger_.engine->WakeTimers();
  ASSERT_NO_FATAL_FAILURE(AwaitTrue([this] { return Figures().expired_points() > 0; }));
  clock_.Set(ends - absl::Hours(1));
  EXPECT_GT(ledger_.engine->Now(), ends);  // Nothing that expired can be spent any more.
  clock_.Set(ends + absl::Hours(2));
  ledger_.engine->WakeTimers();
  ASSERT_NO_FATAL_FAILURE(AwaitTrue([this] { return Figures().available_points() == 0; }));
  const v1::Figures figures = Figures();
  EXPECT_EQ(figures.expired_points(), std::int64_t{kPeople} * 500);
  EXPECT_EQ(figures.expired_points(), figures.granted_points());
}

TEST_F(IssueRunTest, ARunWhosePlanCannotBeReadIsCountedAndGoesOnOnceItCan) {
  MakeApproved(3);
  ASSERT_OK_AND_ASSIGN(const auto chunks,
                       ledger::List(ledger_.store, issuing::kPlanChunkTable, {}, 10));
  ASSERT_EQ(chunks.size(), 1U);
  ledger::WriteBatch lost;
  ledger::DeleteRow(lost, issuing::kPlanChunkTable, chunks[0].key);
  ASSERT_OK(ledger_.store.Commit(lost, ledger::Durability::kView));
  IssueAndGoOn();
  ASSERT_NO_FATAL_FAILURE(AwaitTrue([this] { return ledger_.engine->chore_failures() > 0; }));
  ASSERT_OK_AND_ASSIGN(const v1::Campaign campaign, Get(kHr));
  EXPECT_EQ(campaign.state(), v1::CAMPAIGN_STATE_ISSUING);
  EXPECT_EQ(campaign.progress().rows_done(), 0U);
  ledger::WriteBatch found;
  ledger::PutRow(found, issuing::kPlanChunkTable, chunks[0].key, chunks[0].value);
  ASSERT_OK(ledger_.store.Commit(found, ledger::Durability::kView));
  EXPECT_EQ(ledger_.engine->chore_failures(), 1U);  // It rests while the clock stands still.
  clock_.Advance(absl::Minutes(5));
  ledger_.engine->WakeTimers();
  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kHr));
  EXPECT_EQ(progress.back().progress().rows_granted(), 3U);
}

TEST_F(IssueRunTest, RefusedRowsCanBeListedAlone) {
  v1::CreateCampaignRequest short_lived = CampaignWish();
  short_lived.mutable_terms()->mutable_expire_time()->set_seconds(
      absl::ToUnixSeconds(clock_.Now() + absl::Hours(1)));
  MakeApproved(4, short_lived);
  ASSERT_OK(Issue(kHr, IssueWish()));
  // Spending has ended before the run comes to its rows.
  clock_.Advance(absl::Hours(2));
  ledger_.engine->WakeTimers();
  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kHr));
  EXPECT_EQ(progress.back().progress().rows_refused(), 4U);
  v1::ListRowsRequest wish = RowsWish(3);
  wish.set_refused_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::ListRowsResponse first, ListRows(kHr, wish));
  ASSERT_EQ(first.rows_size(), 3);
  EXPECT_EQ(first.rows(2).row(), 2U);
  EXPECT_EQ(first.rows(2).outcome(), v1::RowVerdict::OUTCOME_REFUSED);
  EXPECT_EQ(first.rows(2).reason(), "CAMPAIGN_EXPIRED");
  wish.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListRowsResponse second, ListRows(kHr, wish));
  ASSERT_EQ(second.rows_size(), 1);
  EXPECT_EQ(second.rows(0).row(), 3U);
  EXPECT_EQ(second.next_page_token(), "");
}

}  // namespace
}  // namespace puhui::services
