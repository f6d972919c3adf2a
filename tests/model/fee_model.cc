// SPDX-License-Identifier: Apache-2.0
#include "tests/model/fee_model.h"

#include <algorithm>

namespace puhui::testing {
namespace {

// The fee on what is kept: rounded down in all, and each lot bears what it adds.
std::map<std::uint32_t, ModelShare> RoundedDownFeesOf(const ModelState& model, Sequence number) {
  std::map<std::uint32_t, ModelShare> shares;
  const ModelState::Purchase& purchase = model.purchases.at(number);
  std::int64_t before = 0;
  for (const ModelState::Taken& taken : purchase.taken) {
    const std::int64_t kept = taken.points - taken.back;
    const std::int64_t fee =
        (before + kept) * purchase.rate / 10'000 - before * purchase.rate / 10'000;
    ModelShare& share = shares[model.campaigns.at(taken.from.campaign).origin];
    share.payable += kept - fee;
    share.fee += fee;
    before += kept;
  }
  return shares;
}

}  // namespace

std::map<std::uint32_t, ModelShare> FeesOf(const ModelState& model, Sequence purchase) {
  std::map<std::uint32_t, ModelShare> shares = RoundedDownFeesOf(model, purchase);
  const auto adjusted = model.fee_adjustments.find(purchase);
  if (adjusted == model.fee_adjustments.end()) return shares;
  for (const auto& [origin, points] : adjusted->second) {
    shares[origin].payable += points;
    shares[origin].fee -= points;
  }
  return shares;
}

std::map<std::pair<std::uint32_t, std::uint32_t>, ModelShare> AllFees(const ModelState& model) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, ModelShare> all;
  for (const auto& [number, purchase] : model.purchases) {
    for (const auto& [origin, share] : FeesOf(model, number)) {
      all[{purchase.merchant, origin}].payable += share.payable;
      all[{purchase.merchant, origin}].fee += share.fee;
    }
  }
  return all;
}

void AdjustFee(ModelState* model, Sequence purchase, std::uint32_t origin, std::int64_t points) {
  model->fee_adjustments[purchase][origin] += points;
}

void BoundFees(ModelState* model, Sequence purchase) {
  const auto adjusted = model->fee_adjustments.find(purchase);
  if (adjusted == model->fee_adjustments.end()) return;
  std::map<std::uint32_t, ModelShare> shares = RoundedDownFeesOf(*model, purchase);
  for (auto& [origin, points] : adjusted->second) {
    points = std::clamp(points, -shares[origin].payable, shares[origin].fee);
  }
}

}  // namespace puhui::testing
