// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_RULE_COMMANDS_H_
#define PUHUI_ISSUING_APP_RULE_COMMANDS_H_

#include "issuing/app/rule_packs.h"
#include "issuing/app/tables.h"
#include "ledger/engine/command.h"

#include "absl/types/optional.h"

#include <utility>

namespace puhui::issuing {

// Loads a version of a rule pack, for good.
// Records: RulePackLoaded; none when the same is loaded already.
// Refuses: INVALID_FIELD (the first fault, at "pack.…"), RULE_PACK_EXISTS,
// RULE_PACK_VERSIONS_LIMIT.
class LoadRulePackCommand final : public ledger::Command {
 public:
  LoadRulePackCommand(Tables* tables, RulePackWish wish)
      : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const RulePackWish wish_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_RULE_COMMANDS_H_
