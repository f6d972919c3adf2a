// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_DEVICE_APPLIER_H_
#define PUHUI_MERCHANT_APP_DEVICE_APPLIER_H_

#include "ledger/engine/fold.h"
#include "merchant/app/tables.h"

namespace puhui::merchant {

// Folds which devices there are. Threads: the writer's alone. Borrows: the tables.
class DeviceApplier final : public ledger::Applier {
 public:
  explicit DeviceApplier(Tables* tables) : tables_(*tables) {}
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status Enrol(const journal::v1::Record& record);
  absl::Status Revoke(const journal::v1::DeviceRevoked& revoked);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_DEVICE_APPLIER_H_
