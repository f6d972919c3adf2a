// SPDX-License-Identifier: Apache-2.0
// The ledger's looks at itself, over a store on a disk.
#include "services/admin/self_check.h"

#include "ledger/engine/ledger_rows.h"
#include "services/admin/scratch_directory.h"
#include "tests/unit/services/admin/self_check_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using IndexState = audit::IndexReport::State;

TEST_F(SelfCheckTest, AVerificationCountsWhatItDidAndFoundNothing) {
  ASSERT_OK(CreateUnion(1));
  SelfCheck check(Parts());
  EXPECT_EQ(check.figures().verified, absl::InfinitePast());
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
  EXPECT_TRUE(ResultOf(*run).ok());
  const SelfCheck::Figures figures = check.figures();
  EXPECT_FALSE(figures.verifying);
  EXPECT_EQ(figures.verify_findings, 0U);
  EXPECT_GT(figures.verified, absl::InfinitePast());
  EXPECT_TRUE(alerts_.empty());
}

TEST_F(SelfCheckTest, ADifferenceIsNamedCountedAndSaidAndBlocksNothing) {
  ASSERT_OK(CreateUnion(1));
  Put(ledger::Family::kIndex, "\x08nobody", "wrote this");
  SelfCheck check(Parts());
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
  const ledger::VerifyReport report = ResultOf(*run);
  ASSERT_EQ(report.differences.size(), 1U);
  EXPECT_EQ(report.differences[0].table, 8);
  EXPECT_EQ(report.differences[0].key, "086e6f626f6479");
  EXPECT_EQ(report.differences[0].sequence, 1U);
  EXPECT_EQ(check.figures().verify_findings, 1U);
  ASSERT_EQ(alerts_.size(), 1U);
  EXPECT_THAT(alerts_[0], HasSubstr("row 086e6f626f6479 of index, table 0x08"));
  EXPECT_OK(CreateUnion(2));
}

TEST_F(SelfCheckTest, OneVerificationRunsAtATimeAndEndsWithWhoWatches) {
  for (int number = 0; number < 100; ++number) ASSERT_OK(CreateUnion(number));
  SelfCheck check(Parts());
  // A record in a second: it would take minutes.
  ASSERT_OK_AND_ASSIGN(auto first, check.Verify(1));
  ASSERT_OK_AND_ASSIGN(auto second, check.Verify(0));
  EXPECT_EQ(first, second);
  EXPECT_TRUE(check.figures().verifying);
  second = nullptr;
  EXPECT_FALSE(first->result().has_value());
  first = nullptr;  // Waits for its thread, and so for nothing long.
  EXPECT_FALSE(check.figures().verifying);
  EXPECT_TRUE(alerts_.empty());
  ASSERT_OK_AND_ASSIGN(const auto next, check.Verify(0));
  EXPECT_TRUE(ResultOf(*next).ok());
}

TEST_F(SelfCheckTest, TheIndexIsGoneOverWhenItIsAskedFor) {
  for (int number = 0; number < 3; ++number) ASSERT_OK(CreateUnion(number));
  {
    SelfCheck without(Parts());
    ASSERT_OK_AND_ASSIGN(const auto run, without.Verify(0, /*indexes=*/true));
    EXPECT_TRUE(ResultOf(*run).ok());
    ASSERT_TRUE(run->index_report().has_value());
    EXPECT_EQ(run->index_report()->state, IndexState::kMissing);
  }
  FollowIndex();
  SelfCheck check(Parts());
  {
    ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0));
    EXPECT_TRUE(ResultOf(*run).ok());
    EXPECT_FALSE(run->index_report().has_value());
  }
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0, /*indexes=*/true));
  EXPECT_TRUE(ResultOf(*run).ok());
  ASSERT_TRUE(run->index_report().has_value());
  EXPECT_EQ(run->index_report()->state, IndexState::kCompared);
  EXPECT_EQ(run->index_report()->records, 3U);
  EXPECT_EQ(run->progress().done, 6U);
  EXPECT_EQ(run->progress().all, 6U);
  EXPECT_EQ(index_->figures().rebuilds, 0U);
  EXPECT_THAT(ScratchDirectories(), IsEmpty());
}

TEST_F(SelfCheckTest, AnIndexThatDiffersIsNamedSaidAndBuiltAnewAndBlocksNothing) {
  for (int number = 0; number < 3; ++number) ASSERT_OK(CreateUnion(number));
  FollowIndex();
  AddPosting(*index_store_);
  SelfCheck check(Parts());
  {
    ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0, /*indexes=*/true));
    const ledger::VerifyReport report = ResultOf(*run);
    ASSERT_THAT(report.differences, SizeIs(1));
    EXPECT_EQ(report.differences[0].family, "audit-index");
    EXPECT_EQ(report.differences[0].table, 0x91);
    EXPECT_EQ(report.differences[0].sequence, kStrangerAt);
    EXPECT_EQ(report.differences[0].key,
              ledger::ToHex(ledger::EncodeKey(audit::kPostingsTable.id, kStranger)));
    EXPECT_EQ(check.figures().verify_findings, 1U);
    ASSERT_THAT(alerts_, SizeIs(1));
    EXPECT_THAT(alerts_[0], HasSubstr("of audit-index, table 0x91, record 2"));
  }
  EXPECT_OK(CreateUnion(9));
  FollowIndex();
  EXPECT_EQ(index_->figures().rebuilds, 1U);
  ASSERT_OK_AND_ASSIGN(const auto run, check.Verify(0, /*indexes=*/true));
  EXPECT_TRUE(ResultOf(*run).ok());
}

TEST_F(SelfCheckTest, AClosedIndexIsVerifiedAsFarAsItIs) {
  for (int number = 0; number < 3; ++number) ASSERT_OK(CreateUnion(number));
  EXPECT_EQ(VerifyClosedIndex().state, IndexState::kMissing);
  FollowIndex();
  index_ = nullptr;
  audit::IndexReport report = VerifyClosedIndex();
  EXPECT_EQ(report.state, IndexState::kCompared);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.last, 3U);
  ASSERT_OK(CreateUnion(9));
  report = VerifyClosedIndex();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.last, 3U);
  EXPECT_EQ(report.journal_last, 4U);
  {
    const auto opened = OpenStore(*audit::StoredIndexPath(AuditIndexPath(directory_.path())));
    AddPosting(*opened);
    ASSERT_OK(opened->Close());
  }
  report = VerifyClosedIndex();
  ASSERT_THAT(report.differences, SizeIs(1));
  EXPECT_EQ(report.differences[0].sequence, kStrangerAt);
  const std::string place = *audit::StoredIndexPath(AuditIndexPath(directory_.path()));
  std::filesystem::remove(place + "/CURRENT");
  report = VerifyClosedIndex();
  EXPECT_FALSE(report.ok());
  EXPECT_FALSE(report.damage.empty());
}

TEST_F(SelfCheckTest, AnIndexThatCannotBeComparedTakesNoFindingAway) {
  const absl::StatusOr<audit::IndexReport> unread = absl::UnavailableError("no room");
  ledger::VerifyReport report;
  EXPECT_THAT(AddIndexFindings(unread, &report), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(report.ok());
  report.Add("record 7 differs");
  EXPECT_OK(AddIndexFindings(unread, &report));
  EXPECT_THAT(report.findings,
              ::testing::ElementsAre("record 7 differs",
                                     "the index of auditors could not be compared: no room"));
  EXPECT_THAT(AddIndexFindings(absl::CancelledError("enough"), &report),
              HasCode(absl::StatusCode::kCancelled));
  ledger::VerifyReport damaged;
  EXPECT_OK(AddIndexFindings(absl::DataLossError("record 3 is gone"), &damaged));
  EXPECT_THAT(damaged.findings, SizeIs(1));
}

// A ledger that has no more takes no writes.
TEST_F(SelfCheckTest, AnIndexIsNotRebuiltOnTheReserveOfTheDisk) {
  for (int number = 0; number < 3; ++number) ASSERT_OK(CreateUnion(number));
  FollowIndex();
  SelfCheck::Parts parts = Parts();
  parts.disk_reserve_bytes = UINT64_MAX / 2;
  SelfCheck check(parts);
  ASSERT_OK_AND_ASSIGN(auto run, check.Verify(0, /*indexes=*/true));
  while (!run->result().has_value()) std::this_thread::yield();
  EXPECT_THAT(run->result()->status(), HasCode(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(ScratchDirectories(), IsEmpty());
  EXPECT_EQ(index_->figures().rebuilds, 0U);
  ASSERT_OK_AND_ASSIGN(run, check.Verify(0));
  EXPECT_TRUE(ResultOf(*run).ok());
}

// As when a verification was killed; one that goes on keeps its own.
TEST_F(SelfCheckTest, WhatAKilledVerificationLeftIsRemovedAndWhatIsInUseIsNot) {
  ASSERT_OK(CreateUnion(1));
  std::filesystem::create_directories(directory_.Join("puhui-verify-killed/below"));
  EXPECT_EQ(VerifyClosedIndex().state, IndexState::kMissing);
  std::filesystem::create_directories(directory_.Join("puhui-verify-killed/below"));
  ASSERT_OK_AND_ASSIGN(auto ours, ScratchDirectory::Make(directory_.path()));
  const std::string name = std::filesystem::path(ours->path()).filename().string();
  ScratchDirectory::RemoveLeft(directory_.path());
  EXPECT_THAT(ScratchDirectories(), ::testing::ElementsAre(name));
  ours = nullptr;
  EXPECT_THAT(ScratchDirectories(), IsEmpty());
}

TEST(WaitForTest, IsWhatTheWorkMayTakeLessWhatItTook) {
  EXPECT_EQ(WaitFor(1'000, absl::ZeroDuration(), 1'000), absl::Seconds(1));
  EXPECT_EQ(WaitFor(1'000, absl::Milliseconds(400), 1'000), absl::Milliseconds(600));
  EXPECT_EQ(WaitFor(1'000, absl::Seconds(2), 1'000), absl::ZeroDuration());
  EXPECT_EQ(WaitFor(1'000, absl::ZeroDuration(), 0), absl::ZeroDuration());
}

}  // namespace
}  // namespace puhui::services
