// SPDX-License-Identifier: Apache-2.0
// The chart of accounts (docs/domain.md): double entry, where every entry sums to zero, for each
// origin too.
#ifndef PUHUI_LEDGER_CORE_ACCOUNT_H_
#define PUHUI_LEDGER_CORE_ACCOUNT_H_

#include "ledger/base/id.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <compare>
#include <cstdint>
#include <utility>

namespace puhui::ledger {

// Numbers are those of puhui.journal.v1.AccountKind.
enum class AccountKind : std::uint8_t {
  kFunding = 1,
  kBudget = 2,
  kCampaign = 3,
  kWallet = 4,
  kHeld = 5,
  kPayable = 6,
  kFee = 7,
  kPayout = 8,
  kExpired = 9,
  kAid = 10,
};
inline constexpr std::uint8_t kAccountKinds = 10;

absl::string_view AccountKindName(AccountKind kind);

// Accounts whose owner is a member: they live in the wallet (wallet.h).
constexpr bool IsMemberAccount(AccountKind kind) {
  return kind == AccountKind::kWallet || kind == AccountKind::kHeld;
}

// Which way an account may go. The balance of a funding account is minus what the union has paid
// in.
enum class AccountBound { kNeverAboveZero, kNeverBelowZero, kAny };
AccountBound BoundOf(AccountKind kind);
bool WithinBound(AccountKind kind, std::int64_t balance);

// An account of one origin that is not a member's.
struct AccountKey {
  AccountKind kind{};
  std::uint64_t owner = 0;  // The number of the union, campaign or merchant.
  UnionNumber origin{};     // Whose money it is.

  template <class F>
  void Fields(F& f) {
    f(kind, owner, origin);
  }
  friend auto operator<=>(const AccountKey&, const AccountKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const AccountKey& key) {
    return H::combine(std::move(hash), key.kind, key.owner, key.origin);
  }
};

// One line of an entry. Positive adds to the account.
struct Posting {
  AccountKind kind{};
  std::uint64_t owner = 0;  // Unless it is a member's account.
  MemberId member{};        // If it is a member's account.
  UnionNumber origin{};
  std::int64_t points = 0;
};

// Invariant 1. Fails: kInternal, saying what is wrong, unless there are 2 to kPostingsPerEntryMax
// postings, none zero or beyond Points::kMax, that sum to zero for each origin.
absl::Status CheckBalanced(absl::Span<const Posting> postings);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_ACCOUNT_H_
