// SPDX-License-Identifier: Apache-2.0
#include "services/rules/rule_pack_file.h"

#include "ledger/base/status_macros.h"
#include "services/rules/rule_pack_convert.h"
#include "services/yaml/yaml_message.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

absl::Status Judge(const FieldLines& lines, absl::string_view path, ReadPack* read) {
  const auto problem = ToPack(read->message, &read->pack);
  if (!problem.has_value()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(path, "line ", lines.LineOf(problem->field), ": ",
                                                 problem->field, ": want ", problem->wanted));
}

}  // namespace

absl::StatusOr<ReadPack> ReadRulePack(absl::string_view text) {
  ReadPack read;
  PUHUI_ASSIGN_OR_RETURN(const FieldLines lines, ReadYaml(text, &read.message));
  PUHUI_RETURN_IF_ERROR(Judge(lines, "", &read));
  return read;
}

absl::StatusOr<ReadPack> ReadRulePackFile(const std::string& path) {
  ReadPack read;
  PUHUI_ASSIGN_OR_RETURN(const FieldLines lines, ReadYamlFile(path, &read.message));
  PUHUI_RETURN_IF_ERROR(Judge(lines, absl::StrCat(path, ": "), &read));
  return read;
}

}  // namespace puhui::services
