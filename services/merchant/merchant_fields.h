// SPDX-License-Identifier: Apache-2.0
// Fields of MerchantService's requests.
#ifndef PUHUI_SERVICES_MERCHANT_MERCHANT_FIELDS_H_
#define PUHUI_SERVICES_MERCHANT_MERCHANT_FIELDS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace puhui::services {

// Each refuses: kInvalidField.

// A reason that stands in the journal: 1 to kReasonCharactersMax characters without controls.
absl::Status CheckReasonText(absl::string_view text, absl::string_view field);

// "2027-01-31", and no other way to write it.
absl::StatusOr<absl::CivilDay> ReadDay(absl::string_view text, absl::string_view field);

// A zone of the IANA database: neither a path nor what the machine happens to be set to.
absl::Status CheckTimeZone(absl::string_view name, absl::string_view field);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_MERCHANT_FIELDS_H_
