// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_SCOPE_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_SCOPE_H_

#include "issuing/app/personal_data.h"
#include "issuing/app/queries.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/v1/member_service.pb.h"
#include "services/auth/identity.h"
#include "services/issuing/issuing_parts.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace puhui::services {

// A member and the union that says who may see the member.
struct SeenMember {
  issuing::FoundMember found{};
  UnionId union_id{};
};

// A member that the caller may see. Refuses: kNotFound, in the same words whether there is no such
// member or the member's union is outside the caller's scope.
absl::StatusOr<SeenMember> FindMemberFor(const IssuingParts& parts, const Principal& principal,
                                         MemberId member, const ledger::Readable& store);

// Whether the caller may learn who a member is. The auditor proves what happened to a member
// without learning that.
bool SeesPersonalData(const Principal& principal);

// What an answer may hold of personal data: external ids of unions that the caller does not see are
// left out.
absl::Status AddPersonalDataFor(const IssuingParts& parts, const Principal& principal,
                                const issuing::PersonalData& data, const ledger::Readable& store,
                                v1::Member* member);

// A member as the caller may see it. Fails: kDataLoss.
absl::StatusOr<v1::Member> ShowMember(const IssuingParts& parts, const Principal& principal,
                                      const SeenMember& seen, const ledger::Readable& store);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_SCOPE_H_
