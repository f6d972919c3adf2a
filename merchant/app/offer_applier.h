// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_OFFER_APPLIER_H_
#define PUHUI_MERCHANT_APP_OFFER_APPLIER_H_

#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

namespace puhui::merchant {

// Folds what merchants offer and how often it is used at tills, and what members are told. Threads:
// the writer's alone. Borrows: the tables.
class OfferApplier {
 public:
  explicit OfferApplier(Tables* tables) : tables_(*tables) {}
  absl::Status Apply(const journal::v1::Record& record);
  // All of a purchase went back: an offer that took something off its bill was not used.
  absl::Status GiveBackUse(const PurchaseRow& purchase);

 private:
  absl::Status Create(const journal::v1::Record& record);
  // Of OfferChanged and OfferMoved. Invariant: versions of an offer have no gap.
  template <class Change>
  absl::Status Take(const journal::v1::Record& record, const Change& change);
  // Invariant: there are never fewer than none, nor more than kOfferStockMax with those sold.
  absl::Status Restock(const journal::v1::OfferRestocked& restocked);
  absl::Status Use(const journal::v1::Entry& entry);
  absl::Status Publish(const journal::v1::Record& record);
  absl::Status Withdraw(const journal::v1::Record& record);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFER_APPLIER_H_
