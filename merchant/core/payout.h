// SPDX-License-Identifier: Apache-2.0
// What a merchant is paid of a business day, and to which account. Pure arithmetic.
#ifndef PUHUI_MERCHANT_CORE_PAYOUT_H_
#define PUHUI_MERCHANT_CORE_PAYOUT_H_

#include "ledger/base/id.h"

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::merchant {

// Points of one union's money.
struct OriginSum {
  UnionNumber origin{};
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(origin, points);
  }
  friend bool operator==(const OriginSum&, const OriginSum&) = default;
};

// What is paid of a day, and what days up to it fell short by.
struct DuePayout {
  std::vector<OriginSum> sums{};     // Above zero, ascending by origin.
  std::vector<OriginSum> carried{};  // Below zero, ascending by origin.

  std::int64_t Points() const;
};

// What a day came to goes first into what earlier days fell short by, for each origin by itself:
// one union's money never makes up for another's. Requires: both ascend by origin, each once
// (checked).
DuePayout DueOf(absl::Span<const OriginSum> day, absl::Span<const OriginSum> carried);

// A confirmed account of a merchant, and from when on it is paid to.
struct UsableAccount {
  std::uint32_t number = 0;
  absl::Time use_time{};

  template <class F>
  void Fields(F& f) {
    f(number, use_time);
  }
  friend bool operator==(const UsableAccount&, const UsableAccount&) = default;
};

// The account that is paid to at `now`: the last that has come into use. 0: none has.
// Requires: `accounts` ascend by their time of use.
std::uint32_t AccountAt(absl::Span<const UsableAccount> accounts, absl::Time now);

// How many hundredths of a yuan a point is; 0 when it is not a whole number of them, so that there
// is never a remainder that somebody would have to bear.
std::uint32_t FenPerPoint(std::uint32_t points_per_yuan);

// What a run's file is called: the prefix of the ledger and the run, "PUHUI-1a2b3c4d-7". The prefix
// is the same for all files of a ledger, and no other's.
std::string MessageId(absl::string_view prefix, std::uint32_t run);
// The run that such a name is of; nothing when it is of another ledger.
absl::optional<std::uint32_t> RunOfMessage(absl::string_view prefix, absl::string_view message_id);

// What the bank answers a payment under, at most 35 characters: "R7-M12-20261126". The same run and
// statement always give the same, so that a file that is sent twice cannot be paid twice.
std::string EndToEndId(std::uint32_t run, MerchantNumber merchant, absl::CivilDay day);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_PAYOUT_H_
