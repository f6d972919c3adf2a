// SPDX-License-Identifier: Apache-2.0
// The model's velocity limits.
#include "tests/model/ledger_model.h"

namespace puhui::testing {

using ledger::Reason;

namespace {

Reason ReasonOf(Limited of) {
  switch (of) {
    case Limited::kTerminal:
      return Reason::kTerminalLimit;
    case Limited::kMerchant:
      return Reason::kMerchantLimit;
    case Limited::kMember:
      return Reason::kMemberLimit;
    case Limited::kCard:
      return Reason::kCardLimit;
  }
  return Reason::kInternal;
}

}  // namespace

bool LedgerModel::IsSameWindow(Within within, absl::Time one, absl::Time other) {
  switch (within) {
    case Within::kMinute:
      return absl::ToUnixSeconds(one) / 60 == absl::ToUnixSeconds(other) / 60;
    case Within::kHour:
      return absl::ToUnixSeconds(one) / 3'600 == absl::ToUnixSeconds(other) / 3'600;
    case Within::kDay:
      return DayOf(one) == DayOf(other);
  }
  return false;
}

std::vector<LimitedWhom> LedgerModel::AllFor(const TillCall& call, const Payer& payer) const {
  const std::uint32_t terminal = std::get<0>(call.keys);
  std::vector<LimitedWhom> all = {
      {Limited::kTerminal, terminal, MemberId(), 0},
      {Limited::kMerchant, terminals.at(terminal).merchant, MemberId(), 0},
      {Limited::kMember, 0, payer.member, 0}};
  if (terminal > kNoTill) all.erase(all.begin());
  if (payer.card.has_value()) all.emplace_back(Limited::kCard, 0, MemberId(), *payer.card);
  return all;
}

std::vector<ModelLimit> LedgerModel::LimitsOf(const LimitedWhom& whom) const {
  const auto own = limits.find(whom);
  if (own != limits.end()) return own->second;
  const auto everyones = limits.find({std::get<0>(whom), 0, MemberId(), 0});
  return everyones == limits.end() ? std::vector<ModelLimit>() : everyones->second;
}

Verdict LedgerModel::SetLimits(const LimitedWhom& whom, const std::vector<ModelLimit>& to) {
  const auto& [of, number, member, card] = whom;
  if (of == Limited::kMember && member != MemberId() && !members.contains(member)) {
    return Reason::kNotFound;
  }
  if (to.empty()) {
    limits.erase(whom);
  } else {
    limits[whom] = to;
  }
  return absl::nullopt;
}

Verdict LedgerModel::CheckLimits(const TillCall& call, const Payer& payer, std::int64_t points) {
  for (const LimitedWhom& whom : AllFor(call, payer)) {
    for (const ModelLimit& limit : LimitsOf(whom)) {
      std::int64_t count = 1;
      std::int64_t sum = points;
      for (const ModelPayment& payment : paid[whom]) {
        if (!IsSameWindow(limit.within, payment.time, call.now)) continue;
        ++count;
        sum += payment.points;
      }
      const bool broken = (limit.count.has_value() && count > *limit.count) ||
                          (limit.points.has_value() && sum > *limit.points);
      if (broken) return ReasonOf(std::get<0>(whom));
    }
  }
  return absl::nullopt;
}

// Nothing is counted for whom there are no limits.
void LedgerModel::CountPaid(const TillCall& call, const Payer& payer, std::int64_t points) {
  for (const LimitedWhom& whom : AllFor(call, payer)) {
    if (!LimitsOf(whom).empty()) paid[whom].push_back({call.now, points});
  }
}

}  // namespace puhui::testing
