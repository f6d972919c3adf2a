// SPDX-License-Identifier: Apache-2.0
// Applications: from API messages to what a decision needs, from rows and records to answers.
#ifndef PUHUI_SERVICES_ISSUING_APPLICATION_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_APPLICATION_CONVERT_H_

#include "issuing/app/application_rows.h"
#include "issuing/app/enrolment.h"
#include "issuing/app/personal_data.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/member_service.pb.h"
#include "services/auth/identity.h"
#include "services/issuing/issuing_parts.h"
#include "services/rpc/resource_name.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace puhui::services {

// Refuses: kInvalidField for no decision, for what CheckReason refuses, and for an external id that
// is not one.
absl::Status CheckDecision(const v1::DecideApplicationRequest& request);

// Gives an applicant the external id of the decision. Refuses: kInvalidField when the application
// came with one, or neither has one.
absl::Status NumberApplicant(const v1::DecideApplicationRequest& request, UnionNumber of,
                             issuing::PersonalData* data);

// The applicant as somebody who joins: as the member that the person was before, or as a new one.
absl::StatusOr<issuing::NewMember> SealApplicant(const IssuingParts& parts, UnionNumber of,
                                                 MemberId applicant, issuing::PersonalData data);

// An application as the caller may see it.
absl::StatusOr<v1::Application> ShowApplication(const IssuingParts& parts,
                                                const Principal& principal,
                                                const ApplicationName& name,
                                                const issuing::ApplicationRow& row,
                                                const ledger::Readable& store);
// As `record` left it, without who asks. What was submitted is looked up; it never changes.
absl::StatusOr<v1::Application> ApplicationAfter(const ledger::Readable& store,
                                                 const journal::v1::Record& record);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_APPLICATION_CONVERT_H_
