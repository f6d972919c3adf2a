// SPDX-License-Identifier: Apache-2.0
// Which rule pack binds whoever issues, and what its packs say.
#ifndef PUHUI_ISSUING_APP_RULE_PACKS_H_
#define PUHUI_ISSUING_APP_RULE_PACKS_H_

#include "issuing/app/tables.h"
#include "issuing/app/union_settings.h"
#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <vector>

namespace puhui::issuing {

// The zone that a union's days are days of. UTC when this machine does not know the zone, which
// was known when it was set.
absl::TimeZone ZoneOf(const UnionSettings& settings);
absl::CivilDay DayOf(const UnionSettings& settings, absl::Time time);

// What binds a union that issues on `day`: of the pack that it or the nearest union above it names,
// the highest version in force then. When none is in force it is the highest there is, under which
// nothing may be issued on that day: a pack that has run out must not mean that nothing is limited.
// Nullopt when nobody up to the root names a pack.
// Requires: the union exists (checked).
absl::optional<RulePackName> PackInForce(Tables& tables, UnionNumber of, absl::CivilDay day);
// RULE_PACK_CHANGED when another one binds a union on `day` than `named`.
absl::optional<ledger::Refusal> RefuseStalePack(Tables& tables, UnionNumber of, absl::CivilDay day,
                                                const RulePackName& named);
// Whether another one does.
bool IsStalePack(Tables& tables, UnionNumber of, absl::CivilDay day, const RulePackName& named);
// The pack; null for the name of none. Good until the next call on the packs' table.
// Requires: it is loaded (checked).
const RulePack* FindPack(Tables& tables, const RulePackName& name);

// The same for readers, of a union with these settings. Fail: as Readable.
absl::StatusOr<absl::optional<RulePackName>> PackInForce(const ledger::Readable& from,
                                                         const UnionSettings& settings,
                                                         absl::CivilDay day);
absl::StatusOr<absl::optional<RulePackRow>> FindRulePack(const ledger::Readable& from,
                                                         const RulePackName& name);
// By id and version, `after` excluded.
absl::StatusOr<std::vector<RulePackRow>> ListRulePacks(const ledger::Readable& from,
                                                       const RulePackName& after,
                                                       std::size_t limit);

// A pack as it is to be loaded.
struct RulePackWish {
  RulePack pack{};
  std::string message{};  // A puhui.v1.RulePack.
  std::string person{};
};
// What is wrong with a pack: INVALID_FIELD, naming the field of "pack".
ledger::Refusal RefusePack(const PackProblem& problem);
// Whether `wish` can be loaded where there are `same`, of its id and version, and `versions` of its
// id; either may be null. Refuses: RULE_PACK_EXISTS, RULE_PACK_VERSIONS_LIMIT.
absl::optional<ledger::Refusal> RefuseLoading(const RulePackWish& wish, const RulePackRow* same,
                                              const RulePackVersions* versions);
// As LoadRulePackCommand would decide now.
absl::StatusOr<absl::optional<ledger::Refusal>> PreviewLoading(const ledger::Readable& from,
                                                               const RulePackWish& wish);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_RULE_PACKS_H_
