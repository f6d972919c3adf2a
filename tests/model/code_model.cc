// SPDX-License-Identifier: Apache-2.0
#include "tests/model/ledger_model.h"
#include "tests/model/offer_model.h"

#include <algorithm>

namespace puhui::testing {

using ledger::Reason;

Verdict LedgerModel::BuyWithCode(const TillCall& call, std::uint64_t code, const Wish& wish) {
  Verdict verdict = JudgeCode(call, code, wish);
  if (!verdict.has_value()) verdict = Take(call, {.member = codes.at(code).member}, wish);
  if (!verdict.has_value()) UseCode(call, code);
  return Judge(call, Call::kPurchase, verdict);
}

Verdict LedgerModel::AuthorizeWithCode(const TillCall& call, std::uint64_t code, const Wish& wish,
                                       absl::Time expiry) {
  Verdict verdict = JudgeCode(call, code, wish);
  if (!verdict.has_value()) {
    verdict = Reserve(call, {.member = codes.at(code).member}, wish, expiry);
  }
  if (!verdict.has_value()) UseCode(call, code);
  return Judge(call, Call::kAuthorization, verdict);
}

Verdict LedgerModel::JudgeCode(const TillCall& call, std::uint64_t number, const Wish& wish) {
  ModelGuesses& guess = guesses[std::get<0>(call.keys)];
  if (guess.blocked_until > call.now) return Reason::kPaymentCodesBlocked;
  // Who has guessed is told nothing about codes of devices for a month.
  const bool doubted = guess.doubted_until > call.now;
  const auto known = codes.find(number);
  const bool hidden = known == codes.end() || (doubted && known->second.device.has_value());
  const bool remembered = std::count(used_codes.begin(), used_codes.end(), number) > 0;
  if (hidden && !remembered) {
    if (!doubted) guess.doubted_until = call.now + absl::Hours(24 * 30);
    CountGuess(call, &guess);
    if (known != codes.end()) guess.hidden.push_back(call.now);
    return Reason::kPaymentCodeUnknown;
  }
  if (const Verdict refused = FindOffer(*this, call, wish)) return refused;
  if (const Verdict refused = CheckCall(call)) return refused;
  if (const Verdict refused = CheckMerchant(call)) return refused;
  if (hidden) return Reason::kPaymentCodeUsed;
  const ModelCode& code = known->second;
  if (members.at(code.member).standing != Standing::kActive) return Reason::kMemberNotActive;
  if (code.expiry <= call.now) return Reason::kPaymentCodeExpired;
  if (code.used) return Reason::kPaymentCodeUsed;
  if (code.device.has_value() && devices.at(*code.device).revoked) return Reason::kDeviceRevoked;
  return CheckBatch(call);
}

// Two that were used long ago are forgotten with each that is used.
void LedgerModel::UseCode(const TillCall& call, std::uint64_t code) {
  codes.at(code).used = true;
  used_codes.push_back(code);
  for (int i = 0; i < 2; ++i) {
    if (codes.at(used_codes.front()).expiry + absl::Hours(1) > call.now) return;
    used_codes.erase(used_codes.begin());
  }
}

Verdict LedgerModel::EnrolDevice(MemberId member, const std::vector<std::uint32_t>& numbers) {
  if (!members.contains(member)) return Reason::kNotFound;
  if (members[member].standing != Standing::kActive) return Reason::kMemberNotActive;
  const auto own = std::count_if(devices.begin(), devices.end(), [&](const auto& device) {
    return device.second.member == member && !device.second.revoked;
  });
  if (own >= 5) return Reason::kDevicesLimit;
  const auto ever = std::count_if(devices.begin(), devices.end(), [&](const auto& device) {
    return device.second.member == member;
  });
  if (ever >= 128) return Reason::kDevicesLimit;
  for (const std::uint32_t number : numbers) {
    if (devices.contains(number)) continue;
    devices[number] = {.member = member};
    return absl::nullopt;
  }
  return Reason::kDevicesLimit;
}

Verdict LedgerModel::RevokeDevice(MemberId member, std::uint32_t number) {
  const auto device = devices.find(number);
  if (device == devices.end() || device->second.member != member) return Reason::kNotFound;
  device->second.revoked = true;
  return absl::nullopt;
}

// Ten within a minute, or twenty in a day, of which a device's code is one for two minutes alone.
void LedgerModel::CountGuess(const TillCall& call, ModelGuesses* guesses) {
  ModelGuesses& guess = *guesses;
  guess.counted.push_back(call.now);
  std::erase_if(guess.hidden, [&](absl::Time then) {
    const bool is_over = then + absl::Minutes(2) <= call.now;
    if (is_over && then >= guess.day_start) --guess.in_day;
    return is_over;
  });
  if (guess.in_day == 0 || guess.day_start + absl::Hours(24) <= call.now) {
    guess.day_start = call.now;
    guess.in_day = 0;
  }
  ++guess.in_day;
  std::size_t lately = 0;
  for (const absl::Time then : guess.counted) {
    if (then + absl::Minutes(1) > call.now) ++lately;
  }
  if (lately >= 10) guess.blocked_until = call.now + absl::Minutes(5);
  if (guess.in_day >= 20) guess.blocked_until = guess.day_start + absl::Hours(24);
  if (guess.blocked_until > call.now) guess.counted.clear();
}

}  // namespace puhui::testing
