// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_batch.h"

#include "issuing/app/member_queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_convert.h"
#include "services/issuing/person_reader.h"
#include "services/issuing/union_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/types/optional.h"

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

// Who had left of those whom the documents belong to, in the order of `documents`.
absl::StatusOr<std::vector<absl::optional<issuing::ReturningMember>>> ReturningMembers(
    const ledger::Readable& store, const issuing::Vault& vault,
    const std::vector<ledger::Tag>& documents) {
  PUHUI_ASSIGN_OR_RETURN(const auto known, issuing::MembersByDocument(store, documents));
  std::vector<absl::optional<issuing::ReturningMember>> returning(known.size());
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!known[i].has_value()) continue;
    PUHUI_ASSIGN_OR_RETURN(returning[i], issuing::FindReturning(store, vault, *known[i]));
  }
  return returning;
}

}  // namespace

absl::StatusOr<JoinedUnion> FindJoinedUnion(const IssuingParts& parts, const Principal& principal,
                                            UnionId id) {
  PUHUI_RETURN_IF_ERROR(AllowUnion(principal, id, *parts.tree));
  return JoinedUnionOf(parts, std::move(id));
}

absl::StatusOr<JoinedUnion> JoinedUnionOf(const IssuingParts& parts, UnionId id) {
  const std::unique_ptr<ledger::Readable> store = parts.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(*store, id.text()));
  if (!found.has_value()) return NotFound("union");
  JoinedUnion joined{.id = std::move(id),
                     .number = found->number,
                     .home = {.of = found->number, .search_root = found->row.search_root}};
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionSettings settings,
                         issuing::SettingsReader(store.get()).Of(found->number, found->row));
  if (!absl::LoadTimeZone(settings.time_zone, &joined.zone)) {
    return absl::InternalError("the zone of a union is not known to this machine");
  }
  return joined;
}

absl::StatusOr<std::vector<issuing::NewMember>> SealMembers(
    const ledger::Readable& store, const issuing::Vault& vault, const JoinedUnion& of,
    const google::protobuf::RepeatedPtrField<v1::NewMember>& rows, absl::Time now) {
  const absl::CivilDay today = DayOf(now, of.zone);
  std::vector<issuing::NewMember> sealed(static_cast<std::size_t>(rows.size()));
  std::vector<issuing::PersonalData> people(sealed.size());
  std::vector<ledger::Tag> documents;
  std::vector<std::size_t> sound;  // The rows of `documents`.
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    const v1::NewMember& row = rows[static_cast<int>(i)];
    if (const auto defect = ReadNewMember(row, today, of.number, &people[i])) {
      sealed[i].shape = issuing::RowRefusal{Reason::kInvalidField, std::string(defect->field)};
      continue;
    }
    documents.push_back(vault.DocumentTag(people[i]));
    sound.push_back(i);
  }
  PUHUI_ASSIGN_OR_RETURN(const auto returning, ReturningMembers(store, vault, documents));
  for (std::size_t at = 0; at < sound.size(); ++at) {
    const std::size_t i = sound[at];
    sealed[i] = returning[at].has_value()
                    ? vault.SealReturning(of.home, *returning[at], std::move(people[i]))
                    : vault.Seal(of.home, std::move(people[i]), now);
  }
  return sealed;
}

absl::StatusOr<v1::BatchCreateMembersResponse> BatchResponse(
    const ledger::Outcome& outcome, const v1::BatchCreateMembersRequest& request,
    absl::TimeZone zone) {
  const journal::v1::MemberBatch& batch = outcome.first().member_batch();
  const UnionNumber of{batch.union_number()};
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
        const auto defect = ReadNewMember(request.members(asked), day, of, &ignored);
        if (defect.has_value()) result.set_shape(defect->shape);
      }
      continue;
    }
    if (joined == outcome.records().end()) return absl::DataLossError("a batch lacks a member");
    const journal::v1::Record& record = **joined++;
    const bool back = record.has_member_changed();
    const std::string& member =
        back ? record.member_changed().member() : record.member_joined().member();
    result.set_row(row);
    result.set_outcome(back ? v1::MemberRowResult::OUTCOME_CAME_BACK
                            : v1::MemberRowResult::OUTCOME_CREATED);
    result.set_member(FormatMemberName(MemberId::FromBytes(member)));
  }
  return response;
}

absl::StatusOr<std::vector<v1::MemberRowResult>> ForeseeMembers(
    const ledger::Readable& store, const issuing::Vault& vault, const JoinedUnion& of,
    const v1::BatchCreateMembersRequest& request) {
  std::vector<ledger::Tag> external_ids;
  std::vector<ledger::Tag> documents;
  for (const v1::NewMember& row : request.members()) {
    external_ids.push_back(vault.ExternalIdTag(
        {.of = of.number, .hr_system = row.hr_system(), .id = row.external_id()}));
    documents.push_back(vault.IdNumberTag(row.id_number()));  // Rosters have no passports.
  }
  PUHUI_ASSIGN_OR_RETURN(const auto by_external_id,
                         issuing::MembersByExternalId(store, external_ids));
  PUHUI_ASSIGN_OR_RETURN(const auto by_id_number, issuing::MembersByDocument(store, documents));
  PUHUI_ASSIGN_OR_RETURN(const auto returning, ReturningMembers(store, vault, documents));
  std::vector<v1::MemberRowResult> results(by_id_number.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    v1::MemberRowResult& result = results[i];
    result.set_row(static_cast<std::uint32_t>(i));
    const bool own = by_external_id[i].has_value() && by_external_id[i] == by_id_number[i];
    bool elsewhere = false;
    if (own) {
      PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindMember(store, *by_external_id[i]));
      elsewhere = found.has_value() && found->row.union_number != of.number;
    }
    if (returning[i].has_value() && (own || !by_external_id[i].has_value())) {
      result.set_outcome(v1::MemberRowResult::OUTCOME_CAME_BACK);
      result.set_member(FormatMemberName(returning[i]->member));
    } else if (own && elsewhere) {
      SetRefused(Reason::kDuplicatePerson, "id_number", &result);
    } else if (own) {
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
