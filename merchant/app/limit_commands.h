// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_LIMIT_COMMANDS_H_
#define PUHUI_MERCHANT_APP_LIMIT_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/limit_rows.h"
#include "merchant/app/tables.h"
#include "merchant/app/till_commands.h"

#include "absl/types/optional.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Whom limits are for, by name. Without any: everyone of the kind.
struct LimitTarget {
  LimitSubject subject{};
  absl::optional<MerchantId> merchant{};  // Of a terminal too.
  absl::optional<TerminalId> terminal{};
  absl::optional<MemberId> member{};
};

// Sets all limits of somebody; none takes them away. The record says what they were before.
// Refuses: NOT_FOUND.
class SetLimitsCommand final : public ledger::Command {
 public:
  struct Wish {
    LimitTarget target{};
    std::vector<Limit> limits{};  // By window, each at most once.
    std::string person{};
  };
  SetLimitsCommand(TillState state, Wish wish) : state_(state), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  // The key of the target, or nothing when there is no such thing.
  absl::optional<LimitKey> FindTarget();

  const TillState state_;
  const Wish wish_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_LIMIT_COMMANDS_H_
