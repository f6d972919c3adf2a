// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/purchase_crowd.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include <utility>

namespace puhui::bench {

absl::Status PurchaseCrowd::Start(std::unique_ptr<ledger::Command> command,
                                  std::function<void(const journal::v1::Record&)> bought) {
  {
    MutexLock lock(&mutex_);
    while (in_flight_ >= kGroupCommandsMax) changed_.Wait(&mutex_);
    PUHUI_RETURN_IF_ERROR(status_);
    ++in_flight_;
  }
  const absl::Status submitted = engine_.Submit(
      std::move(command),
      [this, bought = std::move(bought)](const absl::StatusOr<ledger::Outcome>& outcome) {
        if (!outcome.ok()) return Ended(outcome.status());
        if (!outcome->first().entry().has_purchase()) {
          return Ended(absl::InternalError("a purchase was declined"));
        }
        if (bought) bought(outcome->first());
        Ended(absl::OkStatus());
      });
  if (!submitted.ok()) Ended(submitted);
  return submitted;
}

absl::Status PurchaseCrowd::Finish() {
  MutexLock lock(&mutex_);
  while (in_flight_ > 0) changed_.Wait(&mutex_);
  return status_;
}

void PurchaseCrowd::Ended(absl::Status status) {
  MutexLock lock(&mutex_);
  --in_flight_;
  if (status_.ok()) status_ = std::move(status);
  changed_.NotifyAll();
}

}  // namespace puhui::bench
