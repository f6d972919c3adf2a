// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_scope.h"

#include "issuing/app/member_queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <utility>

namespace puhui::services {

absl::StatusOr<SeenMember> FindMemberFor(const IssuingParts& parts, const Principal& principal,
                                         MemberId member, const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(auto found, issuing::FindMember(store, member));
  if (!found.has_value()) return NotFound("member");
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(store, found->row.union_number));
  SeenMember seen{.found = *std::move(found)};
  PUHUI_ASSIGN_OR_RETURN(seen.union_id, UnionId::Parse(of.id, "union"));
  PUHUI_RETURN_IF_ERROR(AllowMember(principal, member, seen.union_id, *parts.tree));
  return seen;
}

bool SeesPersonalData(const Principal& principal) {
  return principal.role == Role::kHr || principal.role == Role::kUnionAdmin;
}

absl::Status AddPersonalDataFor(const IssuingParts& parts, const Principal& principal,
                                const issuing::PersonalData& data, const ledger::Readable& store,
                                v1::Member* member) {
  AddPersonalData(data, member);
  for (const issuing::ExternalId& other : data.external_ids) {
    PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of, issuing::UnionByNumber(store, other.of));
    PUHUI_ASSIGN_OR_RETURN(const UnionId union_id, UnionId::Parse(of.id, "union"));
    if (!AllowUnion(principal, union_id, *parts.tree).ok()) continue;
    v1::ExternalId& shown = *member->add_other_external_ids();
    shown.set_union_(FormatUnionName(union_id));
    shown.set_hr_system(other.hr_system);
    shown.set_external_id(other.id);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Member> ShowMember(const IssuingParts& parts, const Principal& principal,
                                      const SeenMember& seen, const ledger::Readable& store) {
  v1::Member member = MemberOf(seen.found, FormatUnionName(seen.union_id));
  if (!SeesPersonalData(principal)) return member;
  PUHUI_ASSIGN_OR_RETURN(const auto data,
                         issuing::OpenPersonalData(store, *parts.vault, seen.found));
  if (!data.has_value()) return member;
  PUHUI_RETURN_IF_ERROR(AddPersonalDataFor(parts, principal, *data, store, &member));
  return member;
}

}  // namespace puhui::services
