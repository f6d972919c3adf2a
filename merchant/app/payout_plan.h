// SPDX-License-Identifier: Apache-2.0
// What a run pays of each statement. Internal to this room.
#ifndef PUHUI_MERCHANT_APP_PAYOUT_PLAN_H_
#define PUHUI_MERCHANT_APP_PAYOUT_PLAN_H_

#include "ledger/core/refusal.h"
#include "merchant/app/payout_run_commands.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <string>

namespace puhui::merchant {

// Takes statements one after the other; each sees what those before it take. Threads: the writer's.
// Borrows: the tables, which stay as they are.
class PayoutPlan {
 public:
  PayoutPlan(Tables* tables, absl::Time now) : tables_(*tables), now_(now) {}

  // Adds the payment of a statement to the run, or refuses, naming `field`.
  absl::optional<ledger::Refusal> Take(const CreatePayoutRunCommand::Statement& statement,
                                       const std::string& field,
                                       journal::v1::PayoutRunCreated& run);
  std::int64_t points() const { return points_; }
  std::size_t origins() const { return origins_; }

 private:
  // How far a merchant's days are, this run included.
  struct Progress {
    absl::optional<absl::CivilDay> next_day{};
    std::vector<OriginSum> carried{};
  };
  Progress& ProgressOf(MerchantNumber merchant);
  // What is paid of it for the first time.
  absl::optional<ledger::Refusal> TakeNew(const CreatePayoutRunCommand::Statement& statement,
                                          const StatementKey& key, const std::string& field,
                                          journal::v1::RunPayment& payment);
  absl::optional<ledger::Refusal> ChooseAccount(const CreatePayoutRunCommand::Statement& statement,
                                                const StatementKey& key, const std::string& field,
                                                journal::v1::RunPayment& payment);

  Tables& tables_;
  const absl::Time now_;
  absl::flat_hash_map<MerchantNumber, Progress> progress_;
  std::int64_t points_ = 0;
  std::size_t origins_ = 0;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PAYOUT_PLAN_H_
