// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/offer_figures.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/core/order.h"

#include "absl/strings/str_cat.h"

#include <array>
#include <utility>
#include <vector>

namespace puhui::merchant {

namespace jv1 = journal::v1;

namespace {

using Of = std::pair<OfferFigureKind, std::uint32_t>;

// An offer counts for itself, for its merchant and for all.
std::array<Of, 3> CountedFor(std::uint32_t offer, std::uint32_t merchant) {
  return {Of{OfferFigureKind::kOffer, offer}, Of{OfferFigureKind::kMerchant, merchant},
          Of{OfferFigureKind::kAll, 0}};
}

}  // namespace

absl::Status OfferFigureApplier::Apply(const jv1::Record& record) {
  if (record.has_offers_viewed()) return CountViews(record.offers_viewed());
  if (record.has_order_fulfilled()) return CountRedemption(record.order_fulfilled().order());
  if (record.has_voucher_redeemed()) return CountRedemption(record.voucher_redeemed().order());
  return record.has_entry() && places_ != nullptr ? ApplyEntry(record.entry()) : absl::OkStatus();
}

absl::Status OfferFigureApplier::ApplyEntry(const jv1::Entry& entry) {
  if (entry.purchase().offer() != 0) CountUse(entry);
  if (entry.purchase().has_order_placed()) CountOrder(entry, entry.purchase().order_placed());
  if (entry.authorization().has_order_placed()) {
    CountOrder(entry, entry.authorization().order_placed());
  }
  if (entry.voided().has_order_ended()) {
    return CountEnd(entry.voided().authorization(), entry.voided().points());
  }
  if (entry.refund().has_order_returned()) return CountReturn(entry.refund());
  const Sequence expired = entry.authorization_expiry().authorization();
  const bool is_order = expired != 0 && tables_.orders.Find(expired) != nullptr;
  return is_order ? CountEnd(expired, entry.authorization_expiry().points()) : absl::OkStatus();
}

absl::StatusOr<OfferFigureApplier::Deed> OfferFigureApplier::DeedOf(Sequence order) {
  const OrderRow* row = tables_.orders.Find(order);
  if (row == nullptr) return absl::DataLossError(absl::StrCat("there is no order ", order));
  return Deed{.offer = static_cast<std::uint32_t>(row->offer),
              .merchant = static_cast<std::uint32_t>(row->merchant),
              .member = row->member};
}

void OfferFigureApplier::CountOrder(const jv1::Entry& entry, const jv1::OrderPlaced& placed) {
  const jv1::Till& till =
      entry.has_purchase() ? entry.purchase().till() : entry.authorization().till();
  Add({.offer = placed.offer(),
       .merchant = till.merchant(),
       .member = MemberId::FromBytes(entry.member())},
      true, [&placed](OfferFigures& figures) {
        ++figures.orders;
        figures.ordered_points += placed.unit_points() * placed.quantity();
      });
}

absl::Status OfferFigureApplier::CountEnd(Sequence order, std::int64_t points) {
  PUHUI_ASSIGN_OR_RETURN(const Deed deed, DeedOf(order));
  Add(deed, false, [points](OfferFigures& figures) {
    ++figures.cancelled;
    figures.returned_points += points;
  });
  return absl::OkStatus();
}

absl::Status OfferFigureApplier::CountReturn(const jv1::Refund& refund) {
  const auto state = static_cast<OrderState>(refund.order_returned().state());
  if (state == OrderState::kCancelled) return CountEnd(refund.purchase(), refund.points());
  PUHUI_ASSIGN_OR_RETURN(const Deed deed, DeedOf(refund.purchase()));
  Add(deed, false,
      [&refund](OfferFigures& figures) { figures.returned_points += refund.points(); });
  return absl::OkStatus();
}

absl::Status OfferFigureApplier::CountRedemption(Sequence order) {
  if (places_ == nullptr) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const Deed deed, DeedOf(order));
  Add(deed, false, [](OfferFigures& figures) { ++figures.redemptions; });
  return absl::OkStatus();
}

absl::Status OfferFigureApplier::CountViews(const jv1::OffersViewed& viewed) {
  for (const jv1::OfferViews& line : viewed.offers()) {
    if (static_cast<std::uint32_t>(line.unions_size()) > kUnionDepthMax) {
      return absl::DataLossError("views in a union that lies too deep");
    }
    for (const auto& [kind, number] : CountedFor(line.offer(), line.merchant())) {
      for (const std::uint32_t at : line.unions()) {
        tables_.offer_figures.Edit({UnionNumber{at}, kind, number}).views += line.views();
      }
    }
  }
  return absl::OkStatus();
}

void OfferFigureApplier::CountUse(const jv1::Entry& entry) {
  const jv1::Purchase& purchase = entry.purchase();
  Add({.offer = purchase.offer(),
       .merchant = purchase.till().merchant(),
       .member = MemberId::FromBytes(entry.member())},
      true, [&purchase](OfferFigures& figures) {
        ++figures.uses;
        figures.used_points += purchase.points();
      });
}

// Who took this offer before took one of its merchant's, and one of all: one look knows most.
void OfferFigureApplier::Add(const Deed& deed, bool takes_part,
                             absl::FunctionRef<void(OfferFigures&)> change) {
  const std::vector<UnionNumber> unions = places_->Of(deed.member);
  for (const auto& [kind, number] : CountedFor(deed.offer, deed.merchant)) {
    if (takes_part) {
      const OfferParticipantKey key{kind, number, deed.member};
      takes_part = tables_.offer_participants.Find(key) == nullptr;
      if (takes_part) tables_.offer_participants.Put(key, true);
    }
    for (const UnionNumber at : unions) {
      OfferFigures& figures = tables_.offer_figures.Edit({at, kind, number});
      change(figures);
      if (takes_part) ++figures.participants;
    }
  }
}

}  // namespace puhui::merchant
