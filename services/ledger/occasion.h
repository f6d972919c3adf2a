// SPDX-License-Identifier: Apache-2.0
// What an occasion tells about the people who receive for it, and who is told.
#ifndef PUHUI_SERVICES_LEDGER_OCCASION_H_
#define PUHUI_SERVICES_LEDGER_OCCASION_H_

#include "services/auth/identity.h"

#include "absl/strings/string_view.h"

namespace puhui::services {

// In place of an occasion, and of the name of its campaign, that says something of a person.
inline constexpr absl::string_view kNeutralOccasion = "personal";

// Whether a campaign of `occasion` says something of everybody who is in it: an event in a life, or
// hardship.
bool IsPersonalOccasion(absl::string_view occasion);

// The one place that says who may know why somebody received points: those who decide on it, that
// is HR, union admins and approvers. True: the caller is shown kNeutralOccasion.
bool HidesOccasion(const Principal& principal, absl::string_view occasion);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_OCCASION_H_
