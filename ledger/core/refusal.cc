// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/refusal.h"

#include "ledger/base/check.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <cstdint>
#include <string>

namespace puhui::ledger {
namespace {

constexpr char kPayloadUrl[] = "puhui.refusal";
// Separates the parts of the payload; no text of ours holds it.
constexpr char kSeparator = '\x1f';

}  // namespace

absl::Status ToStatus(const Refusal& refusal) {
  absl::Status status(CodeFor(refusal.reason), refusal.message.empty()
                                                   ? ReasonName(refusal.reason)
                                                   : absl::string_view(refusal.message));
  std::string payload = absl::StrCat(static_cast<std::uint32_t>(refusal.reason),
                                     std::string(1, kSeparator), refusal.field);
  for (const auto& [key, value] : refusal.metadata) {
    absl::StrAppend(&payload, std::string(1, kSeparator), key, std::string(1, kSeparator), value);
  }
  status.SetPayload(kPayloadUrl, absl::Cord(payload));
  return status;
}

absl::optional<Refusal> RefusalOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return absl::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(std::string(*payload), kSeparator);
  PUHUI_CHECK(parts.size() >= 2 && parts.size() % 2 == 0);
  std::uint32_t number = 0;
  PUHUI_CHECK(absl::SimpleAtoi(parts[0], &number));
  Refusal refusal{.reason = ReasonFromNumber(number),
                  .field = parts[1],
                  .message = std::string(status.message())};
  for (std::size_t i = 2; i < parts.size(); i += 2) {
    refusal.metadata.emplace_back(parts[i], parts[i + 1]);
  }
  return refusal;
}

}  // namespace puhui::ledger
