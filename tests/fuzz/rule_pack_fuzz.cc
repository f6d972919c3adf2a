// SPDX-License-Identifier: Apache-2.0
// Any bytes as a rule pack: either a refusal that names a line, or a sound pack that its message
// alone makes again.
#include "ledger/base/check.h"
#include "services/rules/rule_pack_convert.h"
#include "services/rules/rule_pack_file.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = puhui::services::ReadRulePack(bytes);
  if (!read.ok()) {
    PUHUI_CHECK(absl::StartsWith(read.status().message(), "line "));
    return 0;
  }
  puhui::issuing::RulePack again;
  PUHUI_CHECK(!puhui::services::ToPack(read->message, &again).has_value());
  PUHUI_CHECK(again.id == read->pack.id && again.effective_from == read->pack.effective_from);
  return 0;
}
