// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_APPLIER_H_
#define PUHUI_MERCHANT_APP_APPLIER_H_

#include "ledger/engine/fold.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/tables.h"

namespace puhui::merchant {

// Folds records into the acquiring side's views: merchants, terminals, purchases, authorisations,
// and what became of each till call. Threads: the writer's alone. Borrows: the tables and the
// ledger's views.
class MerchantApplier final : public ledger::Applier {
 public:
  MerchantApplier(Tables* tables, ledger::LedgerViews* views) : tables_(*tables), views_(*views) {}
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status ApplyEntry(const journal::v1::Record& record);
  // Under the sequence of the record or, of a capture, of its authorisation.
  absl::Status OpenPurchase(const journal::v1::Record& record,
                            const journal::v1::Purchase& purchase);
  absl::Status GiveBack(Sequence purchase, std::int64_t points, std::int64_t fee, bool reversed);
  absl::Status Reverse(const journal::v1::Record& record);
  absl::Status OpenAuthorization(const journal::v1::Record& record);
  absl::Status Capture(const journal::v1::Record& record);
  absl::Status EndAuthorization(const journal::v1::Record& record, Sequence authorization,
                                AuthorizationState end);
  absl::Status ApplyMerchant(const journal::v1::Record& record);
  void ApplyTerminal(const journal::v1::TerminalEnrolled& enrolled);
  void ApplyTombstone(const journal::v1::Record& record);
  void NoteCall(const journal::v1::Till& till, TillOutcome outcome, Sequence sequence);

  Tables& tables_;
  ledger::LedgerViews& views_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_APPLIER_H_
