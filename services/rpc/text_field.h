// SPDX-License-Identifier: Apache-2.0
// Text fields that several areas take, read and written one way.
#ifndef PUHUI_SERVICES_RPC_TEXT_FIELD_H_
#define PUHUI_SERVICES_RPC_TEXT_FIELD_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Refuses: kInvalidField unless `text` is 1 to kNameBytesMax bytes without control characters.
absl::Status CheckDisplayName(absl::string_view text, absl::string_view field);

// A reason that stands in the journal for ever. Refuses: kInvalidField unless `text` is 1 to
// kReasonCharactersMax characters without controls and without six digits on end, which a number of
// a person has, whatever stands between them.
absl::Status CheckReason(absl::string_view text, absl::string_view field);
// What a bank calls a movement of an account. Refuses: kInvalidField unless 1 to 64 of A-Z, a-z,
// 0-9, '-', '_' and '/'.
absl::Status CheckBankReference(absl::string_view text, absl::string_view field);

// A merchant category, four digits. Refuses: kInvalidField.
absl::StatusOr<std::uint32_t> ParseCategory(absl::string_view text, absl::string_view field);
std::string FormatCategory(std::uint32_t category);

// A region by GB/T 2260, six digits. Refuses: kInvalidField.
absl::StatusOr<std::uint32_t> ParseRegion(absl::string_view text, absl::string_view field);
std::string FormatRegion(std::uint32_t region);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_TEXT_FIELD_H_
