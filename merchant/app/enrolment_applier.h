// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_ENROLMENT_APPLIER_H_
#define PUHUI_MERCHANT_APP_ENROLMENT_APPLIER_H_

#include "ledger/engine/fold.h"
#include "merchant/app/tables.h"

namespace puhui::merchant {

// Folds what became of the codes with which terminals are enrolled. Threads: the writer's alone.
// Borrows: the tables.
class EnrolmentApplier final : public ledger::Applier {
 public:
  explicit EnrolmentApplier(Tables* tables) : tables_(*tables) {}
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status Make(const journal::v1::Record& record);
  absl::Status CountWrong(const journal::v1::EnrolmentCodeRefused& refused);
  absl::Status End(const journal::v1::TerminalEnrolled& enrolled);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ENROLMENT_APPLIER_H_
