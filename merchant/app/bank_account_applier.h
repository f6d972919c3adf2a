// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_BANK_ACCOUNT_APPLIER_H_
#define PUHUI_MERCHANT_APP_BANK_ACCOUNT_APPLIER_H_

#include "ledger/engine/fold.h"
#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

namespace puhui::merchant {

// Folds what merchants are to be paid to. The vault is not a fold: the commands write it.
// Threads: the writer's alone. Borrows: the tables.
class BankAccountApplier final : public ledger::Applier {
 public:
  explicit BankAccountApplier(Tables* tables) : tables_(*tables) {}
  // Records of other things are left alone. Fails: kDataLoss.
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status Propose(const journal::v1::Record& record);
  absl::Status Decide(const journal::v1::Record& record);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BANK_ACCOUNT_APPLIER_H_
