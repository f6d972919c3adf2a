// SPDX-License-Identifier: Apache-2.0
// Purchases with payment codes: fresh ones, used and expired ones, and some that do not exist.
#include "tests/model/random_driver.h"
#include "tests/support/refusal_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::testing {

// Made here, or by a device of the member, whether or not it is revoked.
std::uint64_t RandomDriver::AnyCode(const LedgerModel::TillCall& call) {
  const std::uint64_t code = ++drawn_;
  absl::optional<MemberId> member = AnyMember();
  // Mostly somebody who can pay.
  for (int i = 0; i < 8 && member.has_value() && model_.Available(*member, call.now) == 0; ++i) {
    member = AnyMember();
  }
  // Mostly not the last two terminals guess, so that they are told of devices.
  const bool guesses = std::get<0>(call.keys) < 5 || random_.Below(30) == 0;
  const std::uint64_t dice = guesses ? random_.Below(10) : random_.Below(9);
  if (dice < 3 && !model_.codes.empty()) {
    const auto back = std::min<std::size_t>(model_.codes.size(), 1 + random_.Below(20));
    return std::prev(model_.codes.end(), static_cast<std::ptrdiff_t>(back))->first;
  }
  if (dice == 9 || !member.has_value()) return code;
  model_.codes[code] = {
      .member = *member,
      .expiry = call.now + absl::Seconds(static_cast<std::int64_t>(random_.Below(120)))};
  std::vector<std::uint32_t> own;
  for (const auto& [number, device] : model_.devices) {
    if (device.member == *member) own.push_back(number);
  }
  if (!own.empty() && random_.Below(3) != 0) {
    model_.codes[code].device = own[random_.Below(own.size())];
  }
  return code;
}

merchant::ShownCode RandomDriver::ShownFor(std::uint64_t code) const {
  merchant::ShownCode shown{.tag = TagOf(code * 4 + 3)};
  const auto known = model_.codes.find(code);
  if (known == model_.codes.end()) return shown;
  shown.known = merchant::ShownCode::Known{.member = known->second.member,
                                           .expiry = known->second.expiry,
                                           .device = known->second.device};
  return shown;
}

void RandomDriver::PurchaseWithCode() {
  const LedgerModel::TillCall draft = AnyCall();
  const merchant::TillCall till = CallOf(draft);
  const std::uint64_t code = AnyCode(draft);
  const merchant::ShownCode shown = ShownFor(code);
  absl::optional<MemberId> member;
  if (shown.known.has_value()) member = shown.known->member;
  LedgerModel::Wish wish = AnyWish(member, draft.now);
  if (random_.Below(3) == 0) wish.offer = market_.AnyOffer();
  const auto outcome = Run([=, this] {
    merchant::SpendCommand::Wish with = SpendWishOf(wish);
    with.code = shown;
    return std::make_unique<merchant::PurchaseCommand>(Till(), till, std::move(with));
  });
  ASSERT_OK(outcome);
  LedgerModel::TillCall call = draft;
  call.sequence = outcome->first().sequence();
  Expect(model_.BuyWithCode(call, code, wish), outcome);
  if (member.has_value()) CompareMember(*member);
}

}  // namespace puhui::testing
