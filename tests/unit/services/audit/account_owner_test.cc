// SPDX-License-Identifier: Apache-2.0
#include "services/audit/account_owner.h"

#include "ledger/engine/activity.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/refusal_matchers.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ledger::AccountKind;

const MemberId kMember(1, 1);
constexpr std::uint32_t kOrigin = 3;

// A wallet that `movements` records have added a point to, each in a segment of its own.
void Fill(Sequence movements, ledger::Store* store) {
  ledger::WriteBatch segments;
  ledger::WriteBatch views;
  std::string packed;
  for (Sequence sequence = 1; sequence <= movements; ++sequence) {
    journal::v1::Record record;
    record.set_sequence(sequence);
    journal::v1::Posting& posting = *record.mutable_entry()->add_postings();
    posting.set_kind(journal::v1::ACCOUNT_KIND_WALLET);
    posting.set_member(kMember.ToBytes());
    posting.set_origin(kOrigin);
    posting.set_points(1);
    ledger::SegmentBuilder segment(0, 1, sequence);
    segment.Add(record.SerializeAsString());
    const ledger::SealedSegment sealed = segment.Seal(ledger::EmptyRoot());
    segments.Put(ledger::Family::kJournal, ledger::SegmentKey(sealed.first), sealed.bytes);
    ledger::PackActivity({.sequence = sequence, .kind = ledger::ActivityKind::kGrant}, &packed);
    if (sequence % ledger::kActivityPerRow != 0) continue;
    ledger::PutRow(views, ledger::kActivityTable, ledger::ActivityKey{kMember, sequence},
                   std::exchange(packed, {}));
  }
  ledger::PutRow(views, ledger::kWalletTable, kMember, ledger::Wallet{.recent_activity = packed});
  ASSERT_OK(store->Commit(segments, ledger::Durability::kSynced));
  ASSERT_OK(store->Commit(views, ledger::Durability::kView));
}

TEST(BalancesOfTest, AWalletThatMovedTooOftenIsRefusedByTheFieldThatHelps) {
  ledger::MemoryStore store;
  ASSERT_NO_FATAL_FAILURE(Fill(ledger::kActivityMax + 1, &store));
  const AccountOwner owner{.kind = AccountKind::kWallet, .member = kMember};
  EXPECT_THAT(BalancesOf(owner, ledger::kActivityMax + 1, store),
              Refuses(ledger::Reason::kInvalidField, "as_of_sequence"));
  ASSERT_OK_AND_ASSIGN(const ledger::BalanceByOrigin balances,
                       BalancesOf(owner, ledger::kActivityMax, store));
  EXPECT_EQ(balances.at(UnionNumber{kOrigin}), static_cast<std::int64_t>(ledger::kActivityMax));
}

}  // namespace
}  // namespace puhui::services
