// SPDX-License-Identifier: Apache-2.0
// The rows of authorisations, and the tables they stand in.
#ifndef PUHUI_MERCHANT_APP_AUTHORIZATION_ROWS_H_
#define PUHUI_MERCHANT_APP_AUTHORIZATION_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/core/wallet.h"
#include "ledger/storage/tables.h"
#include "merchant/core/authorization.h"

#include "absl/time/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::merchant {

// By the sequence of its record. That is the one reference a till has to keep: it names the
// authorisation to capture or void, and from the capture on the purchase to refund, which stands
// under the same sequence.
struct AuthorizationRow {
  MerchantNumber merchant{};
  TerminalNumber terminal{};
  std::uint32_t batch_number = 0;
  std::uint32_t trace_number = 0;
  MemberId member{};
  std::int64_t points = 0;
  AuthorizationState state = AuthorizationState::kHeld;
  absl::Time time{};
  absl::Time expiry{};  // A whole second.
  std::string authorization_code{};
  std::string card_last_four{};
  std::vector<ledger::LotSlice> taken{};  // While it is held.
  absl::optional<absl::CivilDay> day{};   // It counts on, if any of the terms has a cap per day.
  std::int64_t asked = 0;                 // For more points than were approved; else 0.
  std::vector<PaidLine> lines{};  // Of the basket, if the till named any, until it is captured.

  // What it is for a caller: its time is over when it is, not when the timer has come to it.
  AuthorizationState StateAt(absl::Time now) const {
    const bool over = state == AuthorizationState::kHeld && expiry <= now;
    return over ? AuthorizationState::kExpired : state;
  }
  std::size_t HeapBytes() const {
    return taken.capacity() * sizeof(ledger::LotSlice) + HeapBytesOf(lines);
  }
  template <class F>
  void Fields(F& f) {
    f(merchant, terminal, batch_number, trace_number, member, points, state, time, expiry,
      authorization_code, card_last_four, taken, day, asked, lines);
  }
};

// An authorisation that is held, by when it expires.
struct ExpiringKey {
  absl::Time expiry{};
  Sequence authorization = 0;

  template <class F>
  void Fields(F& f) {
    f(expiry, authorization);
  }
};

inline constexpr ledger::TypedTable<Sequence, AuthorizationRow> kAuthorizationTable{
    ledger::Table::kAuthorizations, ledger::Family::kState, "authorizations"};
// From the record of a capture to its authorisation, for a till that names the capture.
inline constexpr ledger::TypedTable<Sequence, Sequence> kCaptureTable{
    ledger::Table::kCaptures, ledger::Family::kState, "captures"};
inline constexpr ledger::TypedTable<ExpiringKey, bool> kExpiringTable{
    ledger::Table::kExpiring, ledger::Family::kIndex, "expiring"};
// How many of them expire at a time: it has a timer while there is one.
inline constexpr ledger::TypedTable<absl::Time, std::uint32_t> kExpiringCountTable{
    ledger::Table::kExpiringCounts, ledger::Family::kState, "expiring counts"};

// How many authorisations of a merchant are held; without a row none.
inline constexpr ledger::TypedTable<MerchantNumber, std::uint32_t> kHeldTable{
    ledger::Table::kMerchantHolds, ledger::Family::kState, "merchant holds"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_AUTHORIZATION_ROWS_H_
