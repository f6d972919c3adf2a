// SPDX-License-Identifier: Apache-2.0
// Personal data that takes the place of what the vault has: read, changed and sealed again. What is
// absent is that of somebody who was erased; the command refuses that in its place.
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_REPLACEMENT_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_REPLACEMENT_H_

#include "issuing/app/member_changes.h"
#include "puhui/v1/member_service.pb.h"
#include "services/issuing/issuing_parts.h"
#include "services/issuing/member_scope.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace puhui::services {

using MaybeReplacement = absl::StatusOr<absl::optional<issuing::Replacement>>;

// Refuses: kInvalidField for a mask without a field or with one that cannot be changed, and for a
// field that is malformed whoever the member is.
absl::Status CheckUpdate(const v1::UpdateMemberRequest& request, absl::Time now);
// What the fields of the mask make of a member. Refuses: kInvalidField, naming the field within
// "member". Fails: as OpenPersonalData.
MaybeReplacement UpdateOf(const IssuingParts& parts, const SeenMember& seen,
                          const v1::UpdateMemberRequest& request);

// Refuses: kInvalidField for an external id that is not one, or an HR system without one.
absl::Status CheckTransfer(const v1::TransferMemberRequest& request);
// What a member is known by in another union. Absent too when there is no such union.
MaybeReplacement TransferOf(const IssuingParts& parts, const SeenMember& seen, const UnionId& to,
                            const v1::TransferMemberRequest& request);

// The same person with another card.
MaybeReplacement WithCard(const IssuingParts& parts, const SeenMember& seen,
                          absl::string_view card_number);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_REPLACEMENT_H_
