// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RULES_RULE_PACK_FILE_H_
#define PUHUI_SERVICES_RULES_RULE_PACK_FILE_H_

#include "issuing/core/rule_pack.h"
#include "puhui/v1/rule_pack.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// A sound pack, as it is sent and kept, and as it judges.
struct ReadPack {
  v1::RulePack message;
  issuing::RulePack pack;
};

// Reads a pack from YAML, or nothing of it.
// Fails: kInvalidArgument, as "line 7: occasions[2].points_max: want …", for what ReadYaml refuses
// and then for what ToPack finds.
absl::StatusOr<ReadPack> ReadRulePack(absl::string_view text);

// The same of a file, whose path begins what is said. Fails: kNotFound too, when it cannot be read.
absl::StatusOr<ReadPack> ReadRulePackFile(const std::string& path);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RULES_RULE_PACK_FILE_H_
