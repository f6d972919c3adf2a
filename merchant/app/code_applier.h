// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_CODE_APPLIER_H_
#define PUHUI_MERCHANT_APP_CODE_APPLIER_H_

#include "ledger/engine/fold.h"
#include "merchant/app/tables.h"

namespace puhui::merchant {

// Folds what became of payment codes: those that something was paid with; and what a terminal sent
// that did not exist, codes and card numbers. Threads: the writer's alone. Borrows: the tables.
class CodeApplier final : public ledger::Applier {
 public:
  explicit CodeApplier(Tables* tables) : tables_(*tables) {}
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status Use(const journal::v1::UsedCode& code, absl::Time now);
  void Forget(absl::Time now);
  void NoteGuess(const journal::v1::Declined& declined, absl::Time now);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_CODE_APPLIER_H_
