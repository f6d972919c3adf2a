// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_ahead.h"

#include "issuing/app/plan_commands.h"
#include "issuing/app/tables.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/arena.h"
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace puhui::issuing {
namespace {

constexpr std::size_t kCacheBytes = 1 << 20;
constexpr int kMembers = 6;

MemberId Member(int i) { return {7, static_cast<std::uint64_t>(i)}; }

// Every second member has a wallet of as many lots as its number, and received something.
class PlanAheadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < kMembers; i += 2) {
      ledger::PutRow(rows_, ledger::kWalletTable, Member(i),
                     ledger::Wallet{.lots_ever = static_cast<std::uint32_t>(i)});
      ledger::PutRow(rows_, kReceivedTable, ReceivedIn(Member(i), kDay),
                     ReceivedRow{.occasions = {{.points = Points::FromStored(i + 1)}}});
    }
    ASSERT_OK(store_.Commit(rows_, ledger::Durability::kView));
    // Not in the order in which they are stored.
    for (const int i : {5, 0, 3, 4, 2, 1}) {
      AppendPlanRow(Member(i), Points::FromStored(1), &plan_);
    }
  }

  void EmptyTheStore() {
    ledger::WriteBatch gone;
    for (const auto& row : rows_.changes()) gone.Delete(row.family, row.key);
    ASSERT_OK(store_.Commit(gone, ledger::Durability::kView));
  }

  static constexpr absl::CivilDay kDay{2027, 2, 6};

  ledger::MemoryStore store_;
  ledger::WriteBatch rows_;
  ledger::TableSet set_{&store_};
  PlanAhead::Wallets wallets_{&set_, ledger::kWalletTable, kCacheBytes};
  PlanAhead::Received received_{&set_, kReceivedTable, kCacheBytes};
  std::string plan_;
};

TEST_F(PlanAheadTest, PiecesFindWhatTheyWantWithoutTheStore) {
  PlanAhead ahead(&wallets_, &received_, kDay);
  ahead.Read(PlanRowsView(plan_));
  EmptyTheStore();
  for (const auto& [from, rows] : {std::pair<std::size_t, std::size_t>(0, 4), {4, 2}}) {
    const PlanRowsView piece(
        absl::string_view(plan_).substr(from * kPlanRowBytes, rows * kPlanRowBytes));
    PieceAhead of = ahead.Take(piece);
    EXPECT_EQ(of.wallets.rows.size(), piece.size());
    EXPECT_EQ(of.received.rows.size(), piece.size());
    wallets_.Adopt(std::move(of.wallets));
    received_.Adopt(std::move(of.received));
  }
  for (int i = 0; i < kMembers; ++i) {
    SCOPED_TRACE(i);
    const ledger::Wallet* const wallet = wallets_.Find(Member(i));
    const ReceivedRow* const received = received_.Find(ReceivedIn(Member(i), kDay));
    ASSERT_EQ(wallet != nullptr, i % 2 == 0);
    ASSERT_EQ(received != nullptr, i % 2 == 0);
    if (wallet == nullptr) continue;
    EXPECT_EQ(wallet->lots_ever, static_cast<std::uint32_t>(i));
    EXPECT_EQ(received->occasions.at(0).points, Points::FromStored(i + 1));
  }
}

TEST_F(PlanAheadTest, ASweepWantsWalletsAlone) {
  PlanAhead ahead(&wallets_);
  ahead.Read(PlanRowsView(plan_));
  const PieceAhead of = ahead.Take(PlanRowsView(plan_));
  EXPECT_EQ(of.wallets.keys.size(), std::size_t{kMembers});
  EXPECT_TRUE(of.received.keys.empty());
}

// Its process ends, and the next start folds the views anew; a chore that failed would begin again
// and again.
TEST_F(PlanAheadTest, WhatCannotBeReadIsLeftToTheWriter) {
  ledger::WriteBatch damage;
  damage.Put(ledger::Family::kState, ledger::EncodeKey(ledger::kWalletTable.id, Member(3)), "\xFF");
  ASSERT_OK(store_.Commit(damage, ledger::Durability::kView));
  PlanAhead ahead(&wallets_, &received_, kDay);
  ahead.Read(PlanRowsView(plan_));
  const PieceAhead of = ahead.Take(PlanRowsView(plan_));
  EXPECT_TRUE(of.wallets.keys.empty());
  EXPECT_EQ(of.received.keys.size(), std::size_t{kMembers});
  EXPECT_DEATH(wallets_.Find(Member(3)), "the writer cannot read");
}

// All are members of union 1, whose campaign 1 has an upload under way.
class UploadAheadTest : public PlanAheadTest {
 protected:
  static constexpr CampaignNumber kCampaign{1};

  void SetUp() override {
    PlanAheadTest::SetUp();
    ledger::PutRow(rows_, kUnionTable, UnionNumber{1}, UnionRow{});
    ledger::PutRow(rows_, kCampaignTable, kCampaign,
                   CampaignRow{.union_number = UnionNumber{1}, .upload = PlanUpload{.version = 2}});
    for (int i = 0; i < kMembers; ++i) {
      ledger::PutRow(rows_, kMemberTable, Member(i), MemberRow{.union_number = UnionNumber{1}});
    }
    ASSERT_OK(store_.Commit(rows_, ledger::Durability::kView));
    ASSERT_TRUE(tables_.FindCampaign(kCampaign).has_value());
    ASSERT_TRUE(tables_.UnionOf(UnionNumber{1}).open());
  }
  absl::Status DecideWith(UploadAhead ahead) {
    AddPlanRowsCommand command(
        &tables_, {.campaign = kCampaign, .version = 2, .rows = plan_, .ahead = std::move(ahead)});
    google::protobuf::Arena arena;
    ledger::Decision decision(&arena);
    const auto refusal = command.Decide({}, decision);
    return refusal.has_value() ? ToStatus(*refusal) : absl::OkStatus();
  }
  UploadAhead Read() { return ReadForUpload(tables_, kCampaign, PlanRowsView(plan_)); }

  ledger::TableSet upload_set_{&store_};
  Tables tables_{&upload_set_};
};

TEST_F(UploadAheadTest, APieceFindsItsMembersWithoutTheStore) {
  UploadAhead ahead = Read();
  EmptyTheStore();
  EXPECT_OK(DecideWith(std::move(ahead)));
}

TEST_F(UploadAheadTest, APieceFindsWhoIsInThePlanWithoutTheStore) {
  ledger::PutRow(rows_, kPlanMemberTable, PlanMemberKey{kCampaign, Member(4)},
                 PlanPlace{.version = 2});
  ASSERT_OK(store_.Commit(rows_, ledger::Durability::kView));
  UploadAhead ahead = Read();
  EmptyTheStore();
  EXPECT_THAT(DecideWith(std::move(ahead)),
              Refuses(ledger::Reason::kDuplicateMemberInPlan, "rows[3].member"));
}

TEST_F(UploadAheadTest, WithoutItAPieceReadsForItself) { EXPECT_OK(DecideWith({})); }

TEST_F(UploadAheadTest, WhatCannotBeReadIsLeftToTheWriter) {
  ledger::WriteBatch damage;
  damage.Put(kMemberTable.family, ledger::EncodeKey(kMemberTable.id, Member(3)), "\xFF");
  ASSERT_OK(store_.Commit(damage, ledger::Durability::kView));
  EXPECT_TRUE(Read().members.keys.empty());
  EXPECT_EQ(Read().places.keys.size(), std::size_t{kMembers});
  EXPECT_DEATH(DecideWith(Read()).IgnoreError(), "the writer cannot read");
}

TEST_F(PlanAheadTest, EachReadingStandsForItself) {
  PlanAhead ahead(&wallets_);
  const absl::string_view first = absl::string_view(plan_).substr(0, 2 * kPlanRowBytes);
  const absl::string_view second = absl::string_view(plan_).substr(2 * kPlanRowBytes);
  ahead.Read(PlanRowsView(first));
  ahead.Read(PlanRowsView(second));
  EXPECT_EQ(ahead.Take(PlanRowsView(second)).wallets.keys.size(), 4U);
  EXPECT_DEATH(ahead.Take(PlanRowsView(first)), "members_");
}

}  // namespace
}  // namespace puhui::issuing
