// SPDX-License-Identifier: Apache-2.0
#include "tests/model/offer_model.h"

#include "tests/model/model_names.h"

#include <algorithm>

namespace puhui::testing {
namespace {

using ledger::Reason;

absl::Time StartOf(absl::CivilDay day) { return absl::FromCivil(day, absl::UTCTimeZone()); }

const ModelOffer* NamedBy(const LedgerModel& model, const LedgerModel::Wish& wish) {
  const auto at = model.offers.find(wish.offer);
  return at == model.offers.end() ? nullptr : &at->second;
}

// What goes off a bill, of so much as qualifies.
std::int64_t Off(const ModelOffer& offer, std::int64_t bill) {
  if (!offer.IsDiscount() || bill < offer.minimum) return 0;
  std::int64_t off = offer.off;
  if (offer.kind == ModelOffer::Kind::kPercentage) {
    off = bill - bill * (10'000 - offer.rate) / 10'000;
    if (offer.off != 0) off = std::min(off, offer.off);
  }
  return std::min(off, bill - 1);
}

}  // namespace

bool IsFor(const LedgerModel& model, const ModelOffer& offer, MemberId member) {
  const bool of_union = std::any_of(
      offer.unions.begin(), offer.unions.end(),
      [&](std::uint32_t of) { return model.IsWithin(model.members.at(member).of, of); });
  const bool of_campaign =
      std::any_of(offer.campaigns.begin(), offer.campaigns.end(), [&](std::uint32_t number) {
        const auto at = model.receivers.find(number);
        return at != model.receivers.end() && at->second.contains(member);
      });
  return (offer.unions.empty() || of_union) && (offer.campaigns.empty() || of_campaign);
}

bool IsGoodIn(const ModelOffer& offer, std::uint32_t region) {
  return offer.regions.empty() ||
         std::any_of(offer.regions.begin(), offer.regions.end(), [region](std::uint32_t wide) {
           return wide / kProvince == region / kProvince;
         });
}

bool IsBeforeEnd(const ModelOffer& offer, absl::Time now) { return now < StartOf(offer.last + 1); }

bool IsOpen(const ModelOffer& offer, absl::Time now) {
  return IsBeforeEnd(offer, now) && (!offer.first.has_value() || now >= StartOf(*offer.first));
}

bool IsSound(const ModelOffer& offer) {
  if (offer.first.has_value() && offer.last < *offer.first) return false;
  return offer.kind != ModelOffer::Kind::kAmount || offer.minimum > offer.off;
}

Verdict FindOffer(const LedgerModel& model, const LedgerModel::TillCall& call,
                  const LedgerModel::Wish& wish) {
  if (wish.offer == 0) return absl::nullopt;
  const ModelOffer* offer = NamedBy(model, wish);
  const bool ours =
      offer != nullptr && offer->merchant == model.terminals.at(std::get<0>(call.keys)).merchant;
  return ours ? Verdict() : Reason::kOfferNotFound;
}

Verdict CheckOfferState(const LedgerModel& model, const LedgerModel::TillCall& call,
                        const LedgerModel::Wish& wish) {
  const ModelOffer* offer = NamedBy(model, wish);
  if (offer == nullptr) return absl::nullopt;
  if (!offer->IsDiscount()) return Reason::kOfferState;
  if (offer->state != ModelOffer::State::kPublished) return Reason::kOfferNotPublished;
  if (!IsOpen(*offer, call.now)) return Reason::kOfferNotOpen;
  return absl::nullopt;
}

Verdict CheckOfferRules(const LedgerModel& model, const LedgerModel::TillCall& call,
                        MemberId member, const LedgerModel::Wish& wish) {
  const ModelOffer* offer = NamedBy(model, wish);
  if (offer == nullptr) return absl::nullopt;
  if (!IsFor(model, *offer, member)) return Reason::kOfferNotForMember;
  const std::uint32_t region = model.terminals.at(std::get<0>(call.keys)).region;
  if (!IsGoodIn(*offer, region) || Off(*offer, wish.points) == 0) return Reason::kOfferNotForBill;
  if (offer->limit != 0 && UsesOf(model, wish.offer, member) >= offer->limit) {
    return Reason::kOfferLimitReached;
  }
  return absl::nullopt;
}

LedgerModel::Wish LessTheOffer(const LedgerModel& model, const LedgerModel::Wish& wish) {
  LedgerModel::Wish left = wish;
  const ModelOffer* offer = NamedBy(model, wish);
  if (offer == nullptr) return left;
  left.points -= Off(*offer, wish.points);
  std::int64_t sum = 0;
  std::int64_t before = 0;
  for (std::int64_t& line : left.lines) {
    sum += line;
    const std::int64_t upto = sum * left.points / wish.points;
    line = upto - before;
    before = upto;
  }
  return left;
}

std::int64_t UsesOf(const LedgerModel& model, std::uint32_t offer, MemberId member) {
  return std::count_if(model.purchases.begin(), model.purchases.end(), [&](const auto& each) {
    const LedgerModel::Purchase& purchase = each.second;
    return purchase.offer == offer && purchase.member == member &&
           purchase.given_back < purchase.points;
  });
}

}  // namespace puhui::testing
