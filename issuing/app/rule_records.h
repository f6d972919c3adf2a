// SPDX-License-Identifier: Apache-2.0
// Rule packs and what they asked, as records have them. Internal to this room.
#ifndef PUHUI_ISSUING_APP_RULE_RECORDS_H_
#define PUHUI_ISSUING_APP_RULE_RECORDS_H_

#include "issuing/app/rows.h"
#include "issuing/core/rule_pack.h"
#include "issuing/core/rule_verdict.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/time/civil_time.h"

#include <cstdint>
#include <string>

namespace puhui::issuing {

// Days since 1970-01-01.
std::int32_t NumberOfDay(absl::CivilDay day);
absl::CivilDay DayOfNumber(std::int32_t number);

// All but the id and version.
void StorePack(const RulePack& pack, journal::v1::PackRules& stored);
// Not checked: it is what the record says.
RulePack PackFrom(const journal::v1::RulePackLoaded& loaded);

// `occasion` is the campaign's.
void StoreFrame(const RulePackName& pack, const std::string& occasion, const RuleFrame& frame,
                journal::v1::RuleFrame& stored);
RuleFrame FrameFrom(const journal::v1::RuleFrame& stored);

// What was asked about the person.
void StoreRules(const RulePackName& pack, const Inputs& inputs, journal::v1::GrantRules& stored);
void StoreBroken(const RulePackName& pack, const Inputs& inputs, const Verdict& verdict,
                 journal::v1::RuleBroken& stored);
Verdict VerdictFrom(const journal::v1::RuleBroken& stored);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_RULE_RECORDS_H_
