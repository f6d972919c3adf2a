// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_OFFER_FIGURES_H_
#define PUHUI_MERCHANT_APP_OFFER_FIGURES_H_

#include "ledger/base/id.h"
#include "ledger/engine/fold.h"
#include "merchant/app/member_places.h"
#include "merchant/app/offer_figure_rows.h"
#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>

namespace puhui::merchant {

// What becomes of offers, for each union and all below it: sums that are kept on the path from the
// member's union to the root, so that nobody has to add up a federation. Each thing counts where
// the member is in the tree when it happens: whoever moves later takes nothing along. It reads the
// records of orders, vouchers and purchases itself; nobody has to tell it.
// Threads: the writer's alone. Borrows: the tables and the places.
class OfferFigureApplier final : public ledger::Applier {
 public:
  // Without places nothing is counted but views, whose records say of which unions they are.
  OfferFigureApplier(Tables* tables, MemberPlaces* places) : tables_(*tables), places_(places) {}
  // After the orders of the same record.
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  // What a member did with an offer.
  struct Deed {
    std::uint32_t offer = 0;
    std::uint32_t merchant = 0;
    MemberId member{};
  };
  absl::Status CountViews(const journal::v1::OffersViewed& viewed);
  void CountUse(const journal::v1::Entry& entry);
  // Of an order, or of one that is sold at once.
  void CountOrder(const journal::v1::Entry& entry, const journal::v1::OrderPlaced& placed);
  // It came to nothing, all of it; `points` of it went back now.
  absl::Status CountEnd(Sequence order, std::int64_t points);
  absl::Status CountReturn(const journal::v1::Refund& refund);
  absl::Status CountRedemption(Sequence order);
  absl::Status ApplyEntry(const journal::v1::Entry& entry);
  // Whose order it is, and of what. Fails: kDataLoss when there is none.
  absl::StatusOr<Deed> DeedOf(Sequence order);
  // Of the offer, of its merchant, and of all. Who takes part for the first time counts with it.
  void Add(const Deed& deed, bool takes_part, absl::FunctionRef<void(OfferFigures&)> change);

  Tables& tables_;
  MemberPlaces* const places_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFER_FIGURES_H_
