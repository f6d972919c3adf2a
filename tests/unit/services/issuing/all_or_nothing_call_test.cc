// SPDX-License-Identifier: Apache-2.0
// Calls that issue all or nothing, from the request to the verdicts.
#include "services/issuing/issue_look.h"
#include "tests/unit/services/issuing/campaign_fixture.h"

#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class AllOrNothingCallTest : public CampaignTest {
 protected:
  static constexpr int kPeople = 1'200;
  static constexpr std::uint64_t kBadRow = 700;

  // The member of that row.
  std::string MemberOf(std::uint64_t row) {
    v1::ListRowsRequest request;
    request.set_name("campaigns/spring");
    request.set_page_size(1'000);
    const auto rows = ListRows(kHr, request);
    EXPECT_OK(rows);
    return rows.ok() ? rows->rows(static_cast<int>(row)).member() : "";
  }
  void Suspend(const std::string& member) {
    v1::SuspendMemberRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(member);
    ASSERT_OK(Ask(*members_, &v1::MemberService::Stub::SuspendMember, kHr, request));
  }
  void Reinstate(const std::string& member) {
    v1::ReinstateMemberRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(member);
    ASSERT_OK(Ask(*members_, &v1::MemberService::Stub::ReinstateMember, kHr, request));
  }
  v1::IssueCampaignRequest Wish() {
    v1::IssueCampaignRequest request = IssueWish();
    request.set_all_or_nothing(true);
    return request;
  }
  // Its run's timer is due at the time of the record, and the clock stands still.
  void GoOn() {
    clock_.Advance(absl::Seconds(1));
    ledger_.engine->WakeTimers();
  }
  v1::IssueProgress AwaitPause() {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (true) {
      const auto campaign = Get(kHr);
      EXPECT_OK(campaign);
      if (!campaign.ok()) return {};
      const bool late = std::chrono::steady_clock::now() > give_up;
      EXPECT_FALSE(late);
      if (late || campaign->progress().paused()) return campaign->progress();
      std::this_thread::yield();
    }
  }
};

TEST_F(AllOrNothingCallTest, OneBadRowAmongManyLeavesEverythingAsItWas) {
  MakeApproved(kPeople);
  const std::string member = MemberOf(kBadRow);
  ASSERT_NO_FATAL_FAILURE(Suspend(member));
  const Sequence before = LastRecord();
  const v1::IssueCampaignRequest wish = Wish();
  const auto refused = Issue(kHr, wish);
  ASSERT_THAT(refused, Refuses(Reason::kRowWouldBeRefused));
  EXPECT_THAT(ledger::RefusalOf(refused.status())->metadata,
              UnorderedElementsAre(Pair("row", "700"), Pair("reason", "MEMBER_NOT_ACTIVE"),
                                   Pair("rows", "1")));
  EXPECT_EQ(LastRecord(), before);
  ASSERT_OK_AND_ASSIGN(const v1::Campaign campaign, Get(kHr));
  EXPECT_EQ(campaign.state(), v1::CAMPAIGN_STATE_APPROVED);

  // Mended, the same request issues; repeated, it has its answer whatever became of anybody since.
  ASSERT_NO_FATAL_FAILURE(Reinstate(member));
  ASSERT_OK_AND_ASSIGN(const v1::IssueCampaignResponse started, Issue(kHr, wish));
  EXPECT_EQ(started.campaign().state(), v1::CAMPAIGN_STATE_ISSUING);
  EXPECT_TRUE(started.campaign().progress().all_or_nothing());
  GoOn();
  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kHr));
  EXPECT_EQ(progress.back().progress().rows_granted(), std::uint64_t{kPeople});
  ASSERT_NO_FATAL_FAILURE(Suspend(member));
  ASSERT_OK_AND_ASSIGN(const v1::IssueCampaignResponse again, Issue(kHr, wish));
  EXPECT_EQ(again.SerializeAsString(), started.SerializeAsString());
  v1::IssueCampaignRequest other = wish;
  other.set_all_or_nothing(false);
  EXPECT_THAT(Issue(kHr, other), Refuses(Reason::kRequestIdReused));
}

TEST_F(AllOrNothingCallTest, WithoutItTheOthersGoOn) {
  MakeApproved(3);
  ASSERT_NO_FATAL_FAILURE(Suspend(MemberOf(1)));
  ASSERT_OK_AND_ASSIGN(const v1::IssueCampaignResponse started, Issue(kHr, IssueWish()));
  EXPECT_FALSE(started.campaign().progress().all_or_nothing());
  GoOn();
  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kHr));
  EXPECT_EQ(progress.back().progress().rows_refused(), 1U);
}

TEST_F(AllOrNothingCallTest, ARunThatBeginsLaterPausesWithTheRowInItsProgress) {
  MakeApproved(3);
  ASSERT_NO_FATAL_FAILURE(Suspend(MemberOf(1)));
  v1::IssueCampaignRequest wish = Wish();
  wish.mutable_start_time()->set_seconds(absl::ToUnixSeconds(clock_.Now() + absl::Hours(1)));
  ASSERT_OK(Issue(kHr, wish));
  clock_.Advance(absl::Hours(2));
  ledger_.engine->WakeTimers();
  const v1::IssueProgress paused = AwaitPause();
  EXPECT_TRUE(paused.all_or_nothing());
  EXPECT_EQ(paused.stopped_by().row(), 1U);
  EXPECT_EQ(paused.stopped_by().reason(), "MEMBER_NOT_ACTIVE");
  EXPECT_EQ(paused.stopped_by().rows(), 1U);
  EXPECT_EQ(paused.rows_done(), 0U);

  v1::ResumeIssueRunRequest resume;
  resume.set_without_all_or_nothing(true);
  ASSERT_OK(Change(&Stub::ResumeIssueRun, kHr, resume));
  GoOn();
  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kHr));
  const v1::IssueProgress& last = progress.back().progress();
  EXPECT_EQ(last.state(), v1::CAMPAIGN_STATE_ISSUED);
  EXPECT_EQ(last.rows_granted(), 2U);
  EXPECT_EQ(last.rows_refused(), 1U);
  EXPECT_FALSE(last.has_stopped_by());
  EXPECT_FALSE(last.all_or_nothing());
}

TEST_F(AllOrNothingCallTest, ALookEndsWithTheCallsDeadline) {
  MakeApproved(3);
  const std::unique_ptr<ledger::Readable> store = ledger_.engine->Read();
  ASSERT_OK_AND_ASSIGN(const auto found, issuing::FindCampaign(*store, "spring"));
  IssueLook look(ledger_.engine.get());
  const absl::Time now = ledger_.engine->Now();
  EXPECT_THAT(look.Run(MakeCallContext(Rpc::kIssueCampaign, Principal(), now), *store, *found),
              Refuses(Reason::kDeadlineExceeded));
  const CallContext patient =
      MakeCallContext(Rpc::kIssueCampaign, Principal(), now + absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const auto seen, look.Run(patient, *store, *found));
  EXPECT_EQ(seen.changed, found->row.changed);
  EXPECT_EQ(seen.refused.rows, 0U);
  // What is not approved the command refuses, whatever its rows are like.
  issuing::FoundCampaign draft = *found;
  draft.row.state = issuing::CampaignState::kDraft;
  ASSERT_OK_AND_ASSIGN(const auto nothing, look.Run(patient, *store, std::move(draft)));
  EXPECT_EQ(nothing.changed, 0U);
}

// Calls `read` whenever a row is looked up.
class ObservedStore final : public ledger::Readable {
 public:
  ObservedStore(const ledger::Readable* from, std::function<void()> read)
      : from_(*from), read_(std::move(read)) {}

  absl::StatusOr<absl::optional<std::string>> Get(ledger::Family family,
                                                  absl::string_view key) const override {
    read_();
    return from_.Get(family, key);
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      ledger::Family family, absl::Span<const std::string> keys) const override {
    return from_.MultiGet(family, keys);
  }
  std::unique_ptr<ledger::Cursor> NewCursor(ledger::Family family,
                                            ledger::CursorUse use) const override {
    return from_.NewCursor(family, use);
  }

 private:
  const ledger::Readable& from_;
  const std::function<void()> read_;
};

TEST_F(AllOrNothingCallTest, LooksLeaveWorkersToOthers) {
  MakeApproved(3);
  const std::unique_ptr<ledger::Readable> store = ledger_.engine->Read();
  ASSERT_OK_AND_ASSIGN(const auto found, issuing::FindCampaign(*store, "spring"));
  IssueLook look(ledger_.engine.get());
  const CallContext call = MakeCallContext(Rpc::kIssueCampaign, Principal());
  // Each look begins another amid its own.
  std::vector<absl::Status> ended;
  int begun = 0;
  const std::function<void()> begin = [&] {
    if (begun > IssueLook::kAtOnceMax) return;
    ++begun;
    const ObservedStore observed(store.get(), begin);
    ended.push_back(look.Run(call, observed, *found).status());
  };
  begin();
  ASSERT_GT(ended.size(), std::size_t{IssueLook::kAtOnceMax});
  EXPECT_THAT(ended.front(), Refuses(Reason::kOverloaded));
  EXPECT_OK(ended.back());
  EXPECT_OK(look.Run(call, *store, *found));  // They have left.
}

}  // namespace
}  // namespace puhui::services
