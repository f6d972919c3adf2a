// SPDX-License-Identifier: Apache-2.0
// The model's merchants.
#include "tests/model/ledger_model.h"

#include <algorithm>
#include <iterator>

namespace puhui::testing {

using ledger::Reason;

Verdict LedgerModel::Agree(std::uint32_t merchant, absl::optional<absl::Time> start,
                           absl::optional<absl::Time> end, std::int64_t rate, absl::Time now) {
  Merchant& of = merchants[merchant];
  const absl::Time from = start.value_or(now);
  if (of.standing == MerchantStanding::kClosed) return Reason::kMerchantState;
  for (const auto& [begins, said] : of.agreements) {
    const bool runs_into = begins < from && said.first.has_value() && *said.first > from;
    const bool is_run_into = from < begins && end.has_value() && *end > begins;
    if (begins == from || runs_into || is_run_into) return Reason::kAgreementOverlap;
  }
  if (from < now || (end.has_value() && *end <= now)) return Reason::kAgreementPastDated;
  if (of.agreements.size() >= 128) return Reason::kAgreementsLimit;
  of.agreements[from] = {end, rate};
  return absl::nullopt;
}

std::int64_t LedgerModel::RateOf(std::uint32_t merchant, absl::Time now) const {
  const Merchant& of = merchants.at(merchant);
  const auto next = of.agreements.upper_bound(now);
  if (next == of.agreements.begin()) return of.rate;
  const auto& [end, rate] = std::prev(next)->second;
  return end.value_or(absl::InfiniteFuture()) > now ? rate : of.rate;
}

Verdict LedgerModel::PutMerchant(std::uint32_t merchant, MerchantStanding standing,
                                 absl::Time now) {
  Merchant& of = merchants[merchant];
  if (of.standing == MerchantStanding::kClosed || of.standing == standing) {
    return Reason::kMerchantState;
  }
  const bool open = std::any_of(holds.begin(), holds.end(), [&](const auto& hold) {
    return hold.second.merchant == merchant && hold.second.state == HoldState::kHeld;
  });
  if (standing == MerchantStanding::kClosed && open) return Reason::kMerchantHasAuthorizations;
  of.standing = standing;
  if (standing == MerchantStanding::kClosed) of.refunds_until = now + absl::Hours(24 * 30);
  return absl::nullopt;
}

Verdict LedgerModel::RenewTerminal(std::uint32_t number) const {
  const Terminal& terminal = terminals.at(number);
  if (terminal.blocked || terminal.retired) return Reason::kTerminalNotActive;
  const bool closed = merchants.at(terminal.merchant).standing == MerchantStanding::kClosed;
  if (closed) return Reason::kMerchantNotActive;
  return absl::nullopt;
}

Verdict LedgerModel::CheckMerchant(const TillCall& call) const {
  const Merchant& of = merchants.at(terminals.at(std::get<0>(call.keys)).merchant);
  if (of.standing != MerchantStanding::kActive) return Reason::kMerchantNotActive;
  return absl::nullopt;
}

}  // namespace puhui::testing
