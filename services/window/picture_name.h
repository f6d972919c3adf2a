// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WINDOW_PICTURE_NAME_H_
#define PUHUI_SERVICES_WINDOW_PICTURE_NAME_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// merchants/{merchant}/pictures/{sha256}
struct PictureName {
  MerchantId merchant{};
  ledger::Hash hash{};
};
// Refuses: kInvalidField.
absl::StatusOr<PictureName> ParsePictureName(absl::string_view name, absl::string_view field);
std::string FormatPictureName(const PictureName& name);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WINDOW_PICTURE_NAME_H_
