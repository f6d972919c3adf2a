// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_LEDGER_MANDATES_H_
#define PUHUI_SERVICES_LEDGER_LEDGER_MANDATES_H_

#include "ledger/storage/store.h"
#include "services/auth/mandate.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>

namespace puhui::services {

// The mandates as the views have them when they are asked for: one read, and another for a union.
// Threads: safe. Borrows: the store.
class LedgerMandates final : public Mandates {
 public:
  explicit LedgerMandates(const ledger::Store* store) : store_(*store) {}
  absl::StatusOr<absl::optional<Mandate>> Of(const std::string& person,
                                             absl::Time now) const override;

 private:
  const ledger::Store& store_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_LEDGER_MANDATES_H_
