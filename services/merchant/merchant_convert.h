// SPDX-License-Identifier: Apache-2.0
// Merchants, stores and terminals as API messages.
#ifndef PUHUI_SERVICES_MERCHANT_MERCHANT_CONVERT_H_
#define PUHUI_SERVICES_MERCHANT_MERCHANT_CONVERT_H_

#include "merchant/app/rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/merchant_service.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Refuses: kInvalidField unless `text` is 1 to kNameBytesMax bytes of UTF-8 without control characters.
absl::Status CheckDisplayName(absl::string_view text, absl::string_view field);
// Four digits. Refuses: kInvalidField.
absl::StatusOr<std::uint32_t> ParseCategory(absl::string_view text, absl::string_view field);
std::string FormatCategory(std::uint32_t category);

v1::Merchant MerchantOf(const journal::v1::Record& registered);
v1::Merchant MerchantOf(const merchant::MerchantRow& row);
v1::Store StoreOf(absl::string_view merchant_name, absl::string_view id,
                  absl::string_view display_name);
v1::Terminal TerminalOf(absl::string_view merchant_name, const merchant::TerminalRow& row);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_MERCHANT_CONVERT_H_
