// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/rule_commands.h"

#include "issuing/app/rule_records.h"

namespace puhui::issuing {

using ledger::DecideContext;
using ledger::Decision;
using ledger::Refusal;

absl::optional<Refusal> LoadRulePackCommand::Decide(const DecideContext& /*context*/,
                                                    Decision& decision) {
  if (const absl::optional<PackProblem> problem = CheckPack(wish_.pack)) {
    return RefusePack(*problem);
  }
  const RulePackRow* same = tables_.rule_packs.Find({wish_.pack.id, wish_.pack.version});
  const RulePackVersions* versions = tables_.rule_pack_versions.Find(wish_.pack.id);
  if (auto refusal = RefuseLoading(wish_, same, versions)) return refusal;
  if (same != nullptr) return absl::nullopt;
  journal::v1::RulePackLoaded& loaded = *decision.Add().mutable_rule_pack_loaded();
  loaded.set_id(wish_.pack.id);
  loaded.set_version(wish_.pack.version);
  loaded.set_pack(wish_.message);
  loaded.set_person(wish_.person);
  StorePack(wish_.pack, *loaded.mutable_rules());
  return absl::nullopt;
}

}  // namespace puhui::issuing
