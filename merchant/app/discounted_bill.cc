// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/discounted_bill.h"

#include "ledger/base/check.h"
#include "ledger/core/terms.h"
#include "merchant/app/offers.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::merchant {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

DiscountedBill::DiscountedBill(const TillState& state, Asked asked)
    : state_(state), asked_(std::move(asked)), points_(asked_.points) {
  if (asked_.offer == OfferNumber{}) {
    left_ = asked_.lines;
    return;
  }
  offer_ = state_.tables->offers.Find(asked_.offer);
  PUHUI_CHECK(offer_ != nullptr);
  const OfferContent& content = offer_->content;
  const std::int64_t bill = asked_.points.value();
  if (IsDiscount(content.kind)) {
    points_ = Points::FromStored(bill - DiscountOf(content.kind, content.discount, bill));
  }
  std::vector<std::int64_t> asked_points;
  for (const ledger::BasketLine& line : asked_.lines) asked_points.push_back(line.points);
  const std::vector<std::int64_t> left =
      SplitInProportion(asked_points, asked_.lines.empty() ? 0 : points_.value());
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == 0) continue;
    left_.push_back(asked_.lines[i]);
    left_.back().points = left[i];
    places_.push_back(i);
  }
}

absl::optional<Refusal> DiscountedBill::CheckState(absl::Time now) const {
  if (offer_ == nullptr) return absl::nullopt;
  if (!IsDiscount(offer_->content.kind)) {
    return Refusal{.reason = Reason::kOfferState,
                   .field = "offer",
                   .message = "the offer is to be ordered, and takes nothing off a bill"};
  }
  if (auto refusal = RefuseOfferState(*offer_)) return refusal;
  return RefuseOfferTime(*offer_, now);
}

absl::optional<Refusal> DiscountedBill::CheckRules(MemberId member) const {
  if (offer_ == nullptr) return absl::nullopt;
  PUHUI_CHECK(state_.profiles != nullptr);
  if (auto refusal = RefuseAudience(offer_->content.audience, member, *state_.profiles)) {
    return refusal;
  }
  if (auto refusal = CheckBill()) return refusal;
  return RefuseUses(*state_.tables, asked_.offer, *offer_, member, 1);
}

absl::optional<Refusal> DiscountedBill::CheckBill() const {
  const OfferContent& content = offer_->content;
  if (!content.regions.empty() && !ledger::TakesIn(content.regions, asked_.region)) {
    return Refusal{.reason = Reason::kOfferNotForBill,
                   .field = "offer",
                   .message = "the offer is not good where the store is"};
  }
  if (points_ < asked_.points) return absl::nullopt;
  const std::int64_t minimum = content.discount.minimum_points;
  return Refusal{.reason = Reason::kOfferNotForBill,
                 .field = "points",
                 .message = absl::StrCat("nothing goes off a bill of ", asked_.points.value(),
                                         " points; want ", minimum, " at least"),
                 .metadata = {{"minimum_points", absl::StrCat(minimum)}}};
}

std::vector<PaidLine> DiscountedBill::WholeLines(std::vector<PaidLine> paid) const {
  if (offer_ == nullptr) return paid;
  std::vector<PaidLine> whole;
  for (const ledger::BasketLine& line : asked_.lines) {
    whole.push_back({.category = line.category, .region = line.region, .points = line.points});
  }
  PUHUI_CHECK(paid.size() == places_.size());
  for (std::size_t i = 0; i < paid.size(); ++i) whole[places_[i]].parts = std::move(paid[i].parts);
  return whole;
}

void DiscountedBill::Describe(jv1::Purchase& purchase) const {
  if (offer_ == nullptr) return;
  purchase.set_offer(static_cast<std::uint32_t>(asked_.offer));
  purchase.set_offer_version(offer_->version);
  purchase.set_offer_discount_points(asked_.points.value() - points_.value());
}

}  // namespace puhui::merchant
