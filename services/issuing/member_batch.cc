// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_batch.h"

#include "issuing/app/queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "services/issuing/member_convert.h"
#include "services/issuing/union_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ledger::Reason;

absl::CivilDay DayOf(absl::Time time, absl::TimeZone zone) { return absl::ToCivilDay(time, zone); }

void SetRefused(Reason reason, const char* field, v1::MemberRowResult* result) {
  result->set_outcome(v1::MemberRowResult::OUTCOME_REFUSED);
  result->set_reason(std::string(ledger::ReasonName(reason)));
  result->set_field(field);
}

// Members by the keyed hash of their ID numbers, in the order of `tags`.
absl::StatusOr<std::vector<absl::optional<MemberId>>> MembersByIdNumber(
    const ledger::Readable& store, const std::vector<ledger::Tag>& tags) {
  std::vector<ledger::Tag> keys = tags;
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  PUHUI_ASSIGN_OR_RETURN(const auto found, ledger::FindAll(store, issuing::kIdNumberTable,
                                                           absl::Span<const ledger::Tag>(keys)));
  std::vector<absl::optional<MemberId>> members;
  members.reserve(tags.size());
  for (const ledger::Tag& tag : tags) {
    const auto at = std::lower_bound(keys.begin(), keys.end(), tag);
    members.push_back(found[static_cast<std::size_t>(at - keys.begin())]);
  }
  return members;
}

}  // namespace

absl::StatusOr<JoinedUnion> FindJoinedUnion(const IssuingParts& parts, const Principal& principal,
                                            UnionId id) {
  PUHUI_RETURN_IF_ERROR(AllowUnion(principal, id, *parts.tree));
  PUHUI_ASSIGN_OR_RETURN(const auto found,
                         issuing::FindUnion(parts.ledger.engine->Latest(), id.text()));
  if (!found.has_value()) return NotFound("union");
  JoinedUnion joined{.id = std::move(id), .number = found->number};
  if (!absl::LoadTimeZone(found->row.time_zone, &joined.zone)) {
    return absl::InternalError("the zone of a union is not known to this machine");
  }
  return joined;
}

std::vector<issuing::NewMember> SealMembers(const issuing::Vault& vault, const JoinedUnion& of,
                                            const v1::BatchCreateMembersRequest& request,
                                            absl::Time now) {
  const absl::CivilDay today = DayOf(now, of.zone);
  std::vector<issuing::NewMember> sealed;
  sealed.reserve(static_cast<std::size_t>(request.members_size()));
  for (const v1::NewMember& row : request.members()) {
    issuing::PersonalData data;
    if (const absl::optional<RowDefect> defect = ReadNewMember(row, today, &data)) {
      sealed.push_back(
          {.shape = issuing::RowRefusal{Reason::kInvalidField, std::string(defect->field)}});
    } else {
      sealed.push_back(vault.Seal(of.number, std::move(data), now));
    }
  }
  return sealed;
}

absl::StatusOr<v1::BatchCreateMembersResponse> BatchResponse(
    const ledger::Outcome& outcome, const v1::BatchCreateMembersRequest& request,
    absl::TimeZone zone) {
  const journal::v1::MemberBatch& batch = outcome.first().member_batch();
  const absl::CivilDay day = DayOf(absl::FromUnixMicros(outcome.first().time_micros()), zone);
  auto other = batch.others().begin();
  auto joined = outcome.records().begin() + 1;
  v1::BatchCreateMembersResponse response;
  for (std::uint32_t row = 0; row < batch.rows(); ++row) {
    v1::MemberRowResult& result = *response.add_results();
    if (other != batch.others().end() && other->row() == row) {
      result = ResultOf(*other++);
      issuing::PersonalData ignored;
      const auto asked = static_cast<int>(row);
      if (result.reason() == ledger::ReasonName(Reason::kInvalidField) &&
          asked < request.members_size()) {
        const auto defect = ReadNewMember(request.members(asked), day, &ignored);
        if (defect.has_value()) result.set_shape(defect->shape);
      }
      continue;
    }
    if (joined == outcome.records().end()) return absl::DataLossError("a batch lacks a member");
    result.set_row(row);
    result.set_outcome(v1::MemberRowResult::OUTCOME_CREATED);
    result.set_member(FormatMemberName(MemberId::FromBytes((*joined++)->member_joined().member())));
  }
  return response;
}

absl::StatusOr<std::vector<v1::MemberRowResult>> ForeseeMembers(
    const ledger::Readable& store, const issuing::Vault& vault, const JoinedUnion& of,
    const v1::BatchCreateMembersRequest& request) {
  std::vector<ledger::Tag> external_ids;
  std::vector<ledger::Tag> id_numbers;
  for (const v1::NewMember& row : request.members()) {
    external_ids.push_back(vault.ExternalIdTag(of.number, row.external_id()));
    id_numbers.push_back(vault.IdNumberTag(row.id_number()));
  }
  PUHUI_ASSIGN_OR_RETURN(const auto by_external_id,
                         issuing::MembersByExternalId(store, external_ids));
  PUHUI_ASSIGN_OR_RETURN(const auto by_id_number, MembersByIdNumber(store, id_numbers));
  std::vector<v1::MemberRowResult> results(by_id_number.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    v1::MemberRowResult& result = results[i];
    result.set_row(static_cast<std::uint32_t>(i));
    if (by_external_id[i].has_value() && by_external_id[i] == by_id_number[i]) {
      result.set_outcome(v1::MemberRowResult::OUTCOME_UNCHANGED);
      result.set_member(FormatMemberName(*by_external_id[i]));
    } else if (by_external_id[i].has_value()) {
      SetRefused(Reason::kAlreadyExists, "external_id", &result);
    } else if (by_id_number[i].has_value()) {
      SetRefused(Reason::kDuplicatePerson, "id_number", &result);
    } else {
      result.set_outcome(v1::MemberRowResult::OUTCOME_CREATED);
    }
  }
  return results;
}

}  // namespace puhui::services
