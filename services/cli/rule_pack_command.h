// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_RULE_PACK_COMMAND_H_
#define PUHUI_SERVICES_CLI_RULE_PACK_COMMAND_H_

#include "services/cli/noun.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <string>

namespace puhui::services {

// admin rules load, list and show.
void AddRulePackVerbs(Noun& admin);

// What a rule that was broken allows; `Broken` is a message with the rule and its three numbers.
// They are points for some rules only.
template <class Broken>
std::string BrokenRuleText(const Output& output, const Broken& broken) {
  if (!absl::StartsWith(broken.rule(), "POINTS_")) {
    return absl::StrCat(broken.rule(), ", allowed ", broken.allowed(), ", used ", broken.used(),
                        ", asked ", broken.asked());
  }
  return absl::StrCat(broken.rule(), ", allowed ", output.Points(broken.allowed()), ", received ",
                      output.Points(broken.used()), ", asked ", output.Points(broken.asked()));
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_RULE_PACK_COMMAND_H_
