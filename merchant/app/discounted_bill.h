// SPDX-License-Identifier: Apache-2.0
// The bill of a purchase, and what an offer leaves of it to pay. Internal to this room.
#ifndef PUHUI_MERCHANT_APP_DISCOUNTED_BILL_H_
#define PUHUI_MERCHANT_APP_DISCOUNTED_BILL_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/basket.h"
#include "ledger/core/refusal.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/till_call.h"
#include "merchant/core/purchase.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::merchant {

// Without an offer all of it is left. The merchant gives up what goes off: it is in no posting.
// Threads: none; one for each decision. Borrows: the state.
class DiscountedBill {
 public:
  struct Asked {
    OfferNumber offer{};  // None: nothing goes off.
    Points points{};
    std::vector<ledger::BasketLine> lines{};  // Adding up to the points; may be empty.
    std::uint32_t region = 0;                 // Of the store.
  };
  // Requires: there is such an offer, if one is named (checked).
  DiscountedBill(const TillState& state, Asked asked);

  // What is left to pay; as long as the rules below refuse it, of a bill that does not qualify all
  // of it.
  Points points() const { return points_; }
  // The lines that something is left of, with that.
  const std::vector<ledger::BasketLine>& lines() const { return left_; }

  // OFFER_STATE (it is to be ordered), OFFER_NOT_PUBLISHED, OFFER_NOT_OPEN.
  absl::optional<ledger::Refusal> CheckState(absl::Time now) const;
  // OFFER_NOT_FOR_MEMBER, OFFER_NOT_FOR_BILL, OFFER_LIMIT_REACHED.
  absl::optional<ledger::Refusal> CheckRules(MemberId member) const;

  // What paid for lines(), as lines of the whole bill: with what was asked for before anything went
  // off, and those that nothing is left of in their places.
  std::vector<PaidLine> WholeLines(std::vector<PaidLine> paid) const;
  // What the record says of the offer.
  void Describe(journal::v1::Purchase& purchase) const;

 private:
  absl::optional<ledger::Refusal> CheckBill() const;

  const TillState& state_;
  const Asked asked_;
  const OfferRow* offer_ = nullptr;  // Good until the next call on the offers.
  Points points_{};
  std::vector<ledger::BasketLine> left_{};
  std::vector<std::size_t> places_{};  // Of those in the lines that were asked for.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_DISCOUNTED_BILL_H_
