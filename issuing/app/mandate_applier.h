// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_MANDATE_APPLIER_H_
#define PUHUI_ISSUING_APP_MANDATE_APPLIER_H_

#include "issuing/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

namespace puhui::issuing {

// Folds mandates of auditors. Part of IssuingApplier. Threads: the writer's alone. Borrows: the
// tables. Fails: kDataLoss when a record cannot follow those before it.
class MandateApplier {
 public:
  explicit MandateApplier(Tables* tables) : tables_(*tables) {}

  absl::Status Grant(const journal::v1::Record& record);
  absl::Status Revoke(const journal::v1::Record& record);

 private:
  Tables& tables_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_MANDATE_APPLIER_H_
