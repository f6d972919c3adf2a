// SPDX-License-Identifier: Apache-2.0
// What an occasion tells about the people who receive for it, and who is told.
#ifndef PUHUI_SERVICES_LEDGER_OCCASION_H_
#define PUHUI_SERVICES_LEDGER_OCCASION_H_

#include "issuing/app/rows.h"
#include "services/auth/identity.h"

#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// In place of an occasion that says something of a person, of the name of its campaign, and of what
// somebody wrote about that.
inline constexpr absl::string_view kNeutralOccasion = "personal";

// The one place that says who may know why somebody received points: those who decide on it, that
// is HR, union admins and approvers. True: the caller is shown kNeutralOccasion in place of what
// the campaign is for, and was for at any time, because names, plans and words outlive a change.
bool HidesOccasion(const Principal& principal, const issuing::CampaignRow& campaign);

// Where an occasion is hidden: takes out what somebody wrote, and leaves that something was.
void HideText(std::string* text);
// Likewise of a message that says which rule of a pack a row broke: events in a life have a rule of
// their own, and what it allows says which of them it was.
template <class Broken>
void HideRule(Broken* broken) {
  if (broken->rule().empty()) return;
  broken->set_rule(std::string(kNeutralOccasion));
  broken->clear_allowed();
  broken->clear_used();
  broken->clear_asked();
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_OCCASION_H_
