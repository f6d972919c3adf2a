// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_BILL_APPLIER_H_
#define PUHUI_MERCHANT_APP_BILL_APPLIER_H_

#include "ledger/base/id.h"
#include "ledger/engine/fold.h"
#include "merchant/app/tables.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace puhui::merchant {

// Of the bills of a terminal that are kept the oldest, if it need not be kept any more at `now`.
absl::optional<Sequence> BillToForget(Tables& tables, TerminalNumber terminal, absl::Time now);

// Folds what became of bills: how each stands is in the row of its till's keys. Threads: the
// writer's alone. Borrows: the tables.
class BillApplier final : public ledger::Applier {
 public:
  explicit BillApplier(Tables* tables) : tables_(*tables) {}
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status Create(const journal::v1::Record& record);
  absl::Status Pay(const journal::v1::Record& record);
  absl::Status Cancel(const journal::v1::Record& record);
  // The row of the keys of a bill that nobody has paid or cancelled yet, in its time.
  absl::StatusOr<TillRow*> OpenCall(Sequence bill, absl::Time now);
  void Forget(TerminalNumber terminal, absl::Time now);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BILL_APPLIER_H_
