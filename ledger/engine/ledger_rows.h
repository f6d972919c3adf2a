// SPDX-License-Identifier: Apache-2.0
// The rows of the ledger's own views, and the tables they stand in. Readers use these with
// typed_reads.h.
#ifndef PUHUI_LEDGER_ENGINE_LEDGER_ROWS_H_
#define PUHUI_LEDGER_ENGINE_LEDGER_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/tables.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <array>
#include <cstdint>
#include <utility>

namespace puhui::ledger {

using Tag = std::array<std::uint8_t, 16>;  // The first half of a hash, as a key.

// Requires: bytes.size() == 16 (checked).
Tag TagFromBytes(absl::string_view bytes);
inline absl::string_view TagBytes(const Tag& tag) {
  return {reinterpret_cast<const char*>(tag.data()), tag.size()};
}

// The key of a request: the same caller and id always give the same.
Tag RequestKeyOf(absl::string_view caller, absl::string_view request_id, Sha256& sha256);

// Which records answered a request id, and to which body.
struct RequestRow {
  // The cause of a first record that is no entry, and yet something happened at a till by it that
  // nothing undoes: a voucher was redeemed. No entry has that cause.
  static constexpr std::uint8_t kRedemption = 255;

  Sequence first = 0;
  std::uint32_t records = 0;
  Tag digest{};
  absl::Time time{};
  // Of the first record, journal.v1.Entry.CauseCase; 0: not an entry, unless it is kRedemption.
  std::uint8_t cause = 0;

  template <class F>
  void Fields(F& f) {
    f(first, records, digest, time, cause);
  }
};

// How far requests have been forgotten.
struct ForgottenRow {
  Sequence next = 0;  // The first record whose request may still be there.
  absl::Time due{};   // When there is more to forget.

  template <class F>
  void Fields(F& f) {
    f(next, due);
  }
};

struct TotalKey {
  AccountKind kind{};
  UnionNumber origin{};

  template <class F>
  void Fields(F& f) {
    f(kind, origin);
  }
  friend bool operator==(const TotalKey&, const TotalKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const TotalKey& key) {
    return H::combine(std::move(hash), key.kind, key.origin);
  }
};

enum class CardState : std::uint8_t { kActive = 1, kBlocked = 2 };

// Rows of cards that were never blocked may hold the member alone.
struct CardRow {
  MemberId member{};
  CardState state = CardState::kActive;

  template <class F>
  void Fields(F& f) {
    f(member, state);
  }
  friend bool operator==(const CardRow&, const CardRow&) = default;
};

// What an account held after the segment that ends with `sequence`. Written for segments that
// changed it only.
struct HistoryKey {
  AccountKey account{};
  Sequence sequence = 0;

  template <class F>
  void Fields(F& f) {
    f(account, sequence);
  }
};

struct ActivityKey {
  MemberId member{};
  Sequence last = 0;  // Of the records that the row is about.

  template <class F>
  void Fields(F& f) {
    f(member, last);
  }
};

// Why a wallet changed. Stored.
enum class ActivityKind : std::uint8_t {
  kGrant = 1,
  kPurchase = 2,
  kRefund = 3,
  kReversal = 4,
  kExpiry = 5,
  kAuthorization = 6,
  kCapture = 7,
  kVoid = 8,
  kAuthorizationExpiry = 9,
  kReturn = 10,
  kClawBack = 11,
};

// What one record did to a wallet. Stored several in a row (activity.h).
struct Activity {
  Sequence sequence = 0;
  ActivityKind kind{};
  absl::Time time{};
  std::int64_t points = 0;         // Positive: came in.
  std::int64_t points_after = 0;   // In the wallet, held points included.
  std::uint32_t counterparty = 0;  // The campaign, or the merchant.
  std::int64_t held = 0;           // Positive: reserved, negative: no longer.

  template <class F>
  void Fields(F& f) {
    f(sequence, kind, time, points, points_after, counterparty, held);
  }
};

// Work that is due at a time. The row goes when a record says that the work is done.
struct TimerKey {
  absl::Time due{};
  std::uint8_t kind = 0;
  std::uint64_t reference = 0;

  template <class F>
  void Fields(F& f) {
    f(due, kind, reference);
  }
};
inline constexpr std::uint8_t kTimerForgetting = 0;  // In no row; the reference is a sequence.
inline constexpr std::uint8_t kTimerIssueRun = 1;    // The reference is a campaign.
inline constexpr std::uint8_t kTimerExpiry = 2;      // The reference is a campaign.
// No reference: for all authorisations that expire then.
inline constexpr std::uint8_t kTimerAuthorizations = 3;
inline constexpr std::uint8_t kTimerApprovals = 4;     // The reference is a campaign.
inline constexpr std::uint8_t kTimerClawBack = 5;      // The reference is a claw-back.
inline constexpr std::uint8_t kTimerBusinessDay = 6;   // The reference is a day and a merchant.
inline constexpr std::uint8_t kTimerKeyRotation = 10;  // The reference is the key's number.

inline constexpr TypedTable<std::uint8_t, Sequence> kAppliedTable{Table::kApplied, Family::kMeta,
                                                                  "applied"};
inline constexpr TypedTable<Tag, RequestRow> kRequestTable{Table::kRequests, Family::kState,
                                                           "requests"};
inline constexpr TypedTable<AccountKey, std::int64_t> kAccountTable{Table::kAccounts,
                                                                    Family::kState, "accounts"};
inline constexpr TypedTable<TotalKey, std::int64_t> kTotalTable{Table::kTotals, Family::kState,
                                                                "totals"};
inline constexpr TypedTable<MemberId, Wallet> kWalletTable{Table::kWallets, Family::kState,
                                                           "wallets"};
inline constexpr TypedTable<Tag, CardRow> kCardTable{Table::kCards, Family::kState, "cards"};
inline constexpr TypedTable<CampaignNumber, Terms> kTermsTable{Table::kTerms, Family::kState,
                                                               "terms"};
inline constexpr TypedTable<HistoryKey, std::int64_t> kHistoryTable{
    Table::kAccountHistory, Family::kIndex, "account history"};
inline constexpr TypedTable<ActivityKey, std::string> kActivityTable{Table::kActivity,
                                                                     Family::kIndex, "activity"};
inline constexpr TypedTable<TimerKey, bool> kTimerTable{Table::kTimers, Family::kIndex, "timers"};
// One row, of key 0.
inline constexpr TypedTable<std::uint8_t, ForgottenRow> kForgottenTable{
    Table::kForgotten, Family::kState, "forgotten requests"};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_LEDGER_ROWS_H_
