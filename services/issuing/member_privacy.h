// SPDX-License-Identifier: Apache-2.0
// Personal data shown in the clear, and destroyed.
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_PRIVACY_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_PRIVACY_H_

#include "issuing/app/personal_data.h"
#include "issuing/app/privacy_commands.h"
#include "ledger/engine/command.h"
#include "puhui/v1/member_service.pb.h"
#include "services/rpc/text_field.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <string>
#include <vector>

namespace puhui::services {

// Refuses: kInvalidField when the reason holds something that is known of the person.
absl::Status CheckReasonIsNotAbout(const issuing::PersonalData& data, absl::string_view text,
                                   absl::string_view field);

// The answer to a look is not in its record, so asking again under one request id would show what
// has changed since, and say so nowhere. That is for a lost answer, and only for kLookRepeats.
inline constexpr absl::Duration kLookRepeats = absl::Minutes(10);
// Refuses: kRequestIdReused, when the record is older than that.
absl::Status CheckLookIsRecent(const ledger::Outcome& outcome, absl::Time now);

// Of NewMember and of GetMember's answer, each once. Refuses: kInvalidField for none, for one that
// there is not, and for one twice.
absl::StatusOr<std::vector<std::string>> ReadRevealedFields(const v1::RevealMemberRequest& request);
// What was asked for.
void AddRevealed(const v1::RevealMemberRequest& request, const issuing::PersonalData& data,
                 v1::RevealMemberResponse* response);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_PRIVACY_H_
