// SPDX-License-Identifier: Apache-2.0
// Amounts of money as banks write them.
#ifndef PUHUI_SERVICES_BANK_YUAN_H_
#define PUHUI_SERVICES_BANK_YUAN_H_

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// As ISO 4217 has it.
inline constexpr char kYuanCurrency[] = "CNY";

// "1234.05". Requires: `fen` is not negative (checked).
std::string FormatYuan(std::int64_t fen);

// The same back, with up to five decimals of which the last three are 0: "1234.05", "1234.5", "7",
// "7.00000". Nothing for anything else, a sign, a blank and a separator of thousands included, and
// for more than 16 digits of yuan.
absl::optional<std::int64_t> ParseYuan(absl::string_view text);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_BANK_YUAN_H_
