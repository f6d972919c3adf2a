// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_MERCHANT_CHORES_H_
#define PUHUI_MERCHANT_APP_MERCHANT_CHORES_H_

#include "ledger/engine/timers.h"
#include "merchant/app/till_commands.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::merchant {

// Makes the chores that cut business days which are over, each in one command, and those that end
// authorisations whose time is over: all that expire at one second, some
// at a time, so that purchases come in between however many they are. A chore looks for them in the
// durable store, so after a restart it begins with those that are left.
// Threads: the timers'. Borrows: the tables and the ledger's views, for the commands it makes.
class MerchantChores final : public ledger::ChoreSource {
 public:
  explicit MerchantChores(TillState state) : state_(state) {}
  // Null when the timer is of another kind.
  absl::StatusOr<std::unique_ptr<ledger::Chore>> Begin(const ledger::TimerKey& timer,
                                                       const ledger::Readable& store) override;

 private:
  // Of the merchant and day that the timer names; without a day, of that of its last line.
  absl::StatusOr<std::unique_ptr<ledger::Chore>> BeginCut(const ledger::TimerKey& timer,
                                                          const ledger::Readable& store);

  const TillState state_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MERCHANT_CHORES_H_
