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
#include <vector>

namespace puhui::services {
namespace {

using ledger::AccountKind;

const MemberId kMember(1, 1);
constexpr std::uint32_t kOrigin = 3;

// Records that moved the member's wallet, each in a segment of its own.
void Write(const std::vector<journal::v1::Record>& records, ledger::Store* store) {
  ledger::WriteBatch segments;
  ledger::WriteBatch views;
  std::string packed;
  for (const journal::v1::Record& record : records) {
    ledger::SegmentBuilder segment(0, 1, record.sequence());
    segment.Add(record.SerializeAsString());
    const ledger::SealedSegment sealed = segment.Seal(ledger::EmptyRoot());
    segments.Put(ledger::Family::kJournal, ledger::SegmentKey(sealed.first), sealed.bytes);
    ledger::PackActivity({.sequence = record.sequence(), .kind = ledger::ActivityKind::kGrant},
                         &packed);
    if (ledger::CountActivity(packed) < ledger::kActivityPerRow) continue;
    ledger::PutRow(views, ledger::kActivityTable, ledger::ActivityKey{kMember, record.sequence()},
                   std::exchange(packed, {}));
  }
  ledger::PutRow(views, ledger::kWalletTable, kMember, ledger::Wallet{.recent_activity = packed});
  ASSERT_OK(store->Commit(segments, ledger::Durability::kSynced));
  ASSERT_OK(store->Commit(views, ledger::Durability::kView));
}

// A wallet that `movements` records have added a point to.
void Fill(Sequence movements, ledger::Store* store) {
  std::vector<journal::v1::Record> records;
  for (Sequence sequence = 1; sequence <= movements; ++sequence) {
    journal::v1::Record& record = records.emplace_back();
    record.set_sequence(sequence);
    journal::v1::Posting& posting = *record.mutable_entry()->add_postings();
    posting.set_kind(journal::v1::ACCOUNT_KIND_WALLET);
    posting.set_member(kMember.ToBytes());
    posting.set_origin(kOrigin);
    posting.set_points(1);
  }
  Write(records, store);
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

// No tree is asked about an auditor without a scope.
class NoTree final : public UnionTree {
 public:
  bool Covers(const UnionId& /*ancestor*/, const UnionId& /*union_id*/) const override {
    return false;
  }
};

TEST(FindAccountOwnerTest, HeldPointsBelongToTheMember) {
  ledger::MemoryStore store;
  Principal auditor;
  auditor.role = Role::kAuditor;
  v1::GetAccountRequest request;
  request.set_kind(v1::ACCOUNT_KIND_HELD);
  request.set_owner("unions/u-1");
  EXPECT_THAT(FindAccountOwner(auditor, request, store, NoTree()),
              Refuses(ledger::Reason::kInvalidField, "owner"));
  request.set_owner("members/" + kMember.ToString());
  EXPECT_THAT(FindAccountOwner(auditor, request, store, NoTree()),
              Refuses(ledger::Reason::kNotFound));
  request.set_kind(v1::ACCOUNT_KIND_AID);
  EXPECT_THAT(FindAccountOwner(auditor, request, store, NoTree()),
              Refuses(ledger::Reason::kInvalidField, "kind"));
}

TEST(BalancesOfTest, KeepsWhatIsHeldApartFromWhatIsAvailable) {
  ledger::MemoryStore store;
  journal::v1::Record record;
  record.set_sequence(1);
  for (const auto& [kind, points] : {std::pair(journal::v1::ACCOUNT_KIND_WALLET, -40),
                                     std::pair(journal::v1::ACCOUNT_KIND_HELD, 40)}) {
    journal::v1::Posting& posting = *record.mutable_entry()->add_postings();
    posting.set_kind(kind);
    posting.set_member(kMember.ToBytes());
    posting.set_origin(kOrigin);
    posting.set_points(points);
  }
  ASSERT_NO_FATAL_FAILURE(Write({record}, &store));
  for (const auto& [kind, points] :
       {std::pair(AccountKind::kWallet, -40), std::pair(AccountKind::kHeld, 40)}) {
    ASSERT_OK_AND_ASSIGN(const ledger::BalanceByOrigin balances,
                         BalancesOf({.kind = kind, .member = kMember}, 1, store));
    EXPECT_EQ(balances.at(UnionNumber{kOrigin}), points);
  }
}

}  // namespace
}  // namespace puhui::services
