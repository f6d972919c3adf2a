// SPDX-License-Identifier: Apache-2.0
// Batches of people: from the rows of a request to one command, and from its records to results.
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_BATCH_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_BATCH_H_

#include "issuing/app/enrolment.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/storage/store.h"
#include "puhui/v1/member_service.pb.h"
#include "services/issuing/issuing_parts.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <vector>

namespace puhui::services {

// The union that people join, as far as rows depend on it.
struct JoinedUnion {
  UnionId id{};
  UnionNumber number{};
  issuing::Home home{};
  absl::TimeZone zone{};
};
// Refuses: kNotFound, also when the caller's scope does not take it in.
absl::StatusOr<JoinedUnion> FindJoinedUnion(const IssuingParts& parts, const Principal& principal,
                                            UnionId id);

// The same for a union that is known to be there and to be seen.
absl::StatusOr<JoinedUnion> JoinedUnionOf(const IssuingParts& parts, UnionId id);

// Checks and seals every row, for the member that the person was when the person had left. Costs
// some ten microseconds a row: for workers. Requires: 1 to kRowsPerImportCallMax rows.
// Fails: as Vault::Open.
absl::StatusOr<std::vector<issuing::NewMember>> SealMembers(
    const ledger::Readable& store, const issuing::Vault& vault, const JoinedUnion& of,
    const google::protobuf::RepeatedPtrField<v1::NewMember>& rows, absl::Time now);

// One result per row, in order, from the records and the request they answer. The records do not
// keep shapes, so those are found again as of the day of the records: a replay gives the same.
// Fails: kDataLoss when the records are not those of such a batch.
absl::StatusOr<v1::BatchCreateMembersResponse> BatchResponse(
    const ledger::Outcome& outcome, const v1::BatchCreateMembersRequest& request,
    absl::TimeZone zone);

// What CreateMembersCommand would say now of sound rows that do not repeat each other.
absl::StatusOr<std::vector<v1::MemberRowResult>> ForeseeMembers(
    const ledger::Readable& store, const issuing::Vault& vault, const JoinedUnion& of,
    const v1::BatchCreateMembersRequest& request);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_BATCH_H_
