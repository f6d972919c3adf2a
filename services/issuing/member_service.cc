// SPDX-License-Identifier: Apache-2.0
// MemberService: who joins, and who is there.
#include "services/issuing/member_service.h"

#include "issuing/app/member_commands.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_batch.h"
#include "services/issuing/person_reader.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

MemberService::MaybeCommand MemberService::ReadCreate(
    const CallContext& call, const v1::CreateMemberRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(UnionId id, ParseUnionName(request.union_(), "union"));
  if (!request.has_member()) return InvalidField("member", "want who it is");
  const absl::Time now = parts_.ledger.engine->Now();
  issuing::PersonalData ignored;
  PUHUI_RETURN_IF_ERROR(RefuseDefect(
      ReadNewMember(request.member(), LatestDayAnywhere(now), UnionNumber{}, &ignored), "member"));
  PUHUI_ASSIGN_OR_RETURN(const JoinedUnion joined,
                         FindJoinedUnion(parts_, call.principal(), std::move(id)));
  const absl::CivilDay today = absl::ToCivilDay(now, joined.zone);
  PUHUI_RETURN_IF_ERROR(
      RefuseDefect(ReadNewMember(request.member(), today, joined.number, &ignored), "member"));
  google::protobuf::RepeatedPtrField<v1::NewMember> rows;
  *rows.Add() = request.member();
  PUHUI_ASSIGN_OR_RETURN(
      std::vector<issuing::NewMember> sealed,
      SealMembers(parts_.ledger.engine->Latest(), *parts_.vault, joined, rows, now));
  return std::make_unique<issuing::CreateMemberCommand>(
      parts_.tables, parts_.views,
      issuing::CreateMemberCommand::Wish{.union_id = joined.id,
                                         .person = std::move(sealed.front())});
}

absl::StatusOr<v1::BatchCreateMembersResponse> MemberService::DoBatchCreate(
    const CallContext& call, const v1::BatchCreateMembersRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(UnionId id, ParseUnionName(request.union_(), "union"));
  const auto rows = static_cast<std::size_t>(request.members_size());
  if (rows == 0 || rows > kRowsPerImportCallMax) {
    return InvalidField("members",
                        absl::StrCat("want 1 to ", kRowsPerImportCallMax, " rows, got ", rows));
  }
  PUHUI_ASSIGN_OR_RETURN(const JoinedUnion joined,
                         FindJoinedUnion(parts_, call.principal(), std::move(id)));
  ledger::Engine& engine = *parts_.ledger.engine;
  PUHUI_ASSIGN_OR_RETURN(auto sealed, SealMembers(engine.Latest(), *parts_.vault, joined,
                                                  request.members(), engine.Now()));
  auto command = std::make_unique<issuing::CreateMembersCommand>(
      parts_.tables, parts_.views,
      issuing::CreateMembersCommand::Wish{.union_id = joined.id,
                                          .rows = std::move(sealed),
                                          .all_or_nothing = request.all_or_nothing()});
  PUHUI_RETURN_IF_ERROR(Identify(parts_.ledger, call, request, *command));
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         engine.Run(std::move(command), ledger::Priority::kBulk));
  return BatchResponse(outcome, request, joined.zone);
}

absl::StatusOr<v1::GetMemberResponse> MemberService::DoGetMember(
    const CallContext& call, const v1::GetMemberRequest& request) const {
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  v1::GetMemberResponse response;
  MemberId member;
  switch (request.key_case()) {
    case v1::GetMemberRequest::kName: {
      PUHUI_ASSIGN_OR_RETURN(member, ParseMemberName(request.name(), "name"));
      break;
    }
    case v1::GetMemberRequest::kExternal: {
      PUHUI_ASSIGN_OR_RETURN(member,
                             FindByExternalKey(call.principal(), *store, request.external()));
      break;
    }
    case v1::GetMemberRequest::KEY_NOT_SET:
      return InvalidField("key", "want name or external");
  }
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_member(), Show(call, member, *store));
  return response;
}

absl::StatusOr<v1::LookupMemberResponse> MemberService::DoLookup(
    const CallContext& call, const v1::LookupMemberRequest& request) const {
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  v1::LookupMemberResponse response;
  MemberId member;
  switch (request.key_case()) {
    case v1::LookupMemberRequest::kExternal: {
      PUHUI_ASSIGN_OR_RETURN(member,
                             FindByExternalKey(call.principal(), *store, request.external()));
      break;
    }
    case v1::LookupMemberRequest::kCardNumber: {
      if (!issuing::IsCardNumber(request.card_number())) {
        return InvalidField("card_number", "want 16 digits with a valid check digit");
      }
      PUHUI_ASSIGN_OR_RETURN(
          const auto found,
          issuing::MemberByCard(*store, parts_.vault->CardTag(request.card_number())));
      if (!found.has_value()) return NotFound("member");
      member = *found;
      break;
    }
    case v1::LookupMemberRequest::KEY_NOT_SET:
      return InvalidField("key", "want external or card_number");
  }
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_member(), Show(call, member, *store));
  return response;
}

absl::StatusOr<v1::ListMembersResponse> MemberService::DoList(
    const CallContext& call, const v1::ListMembersRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  if (!v1::MemberState_IsValid(request.state())) return InvalidField("state", "want a state");
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto of, issuing::FindUnion(*store, id.text()));
  if (!of.has_value()) return NotFound("union");
  absl::optional<MemberId> after;
  if (!cursor.empty()) after = MemberId::FromBytes(cursor);
  // Without a filter every member that is looked at is shown.
  const bool all = request.state() == v1::MEMBER_STATE_UNSPECIFIED;
  const std::size_t looked_at_max = all ? page_size : kRowsPerPageMax;
  PUHUI_ASSIGN_OR_RETURN(const std::vector<MemberId> members,
                         issuing::ListMembers(*store, of->number, after, looked_at_max));
  v1::ListMembersResponse response;
  std::size_t looked_at = 0;
  for (; looked_at < members.size(); ++looked_at) {
    if (static_cast<std::size_t>(response.members_size()) == page_size) break;
    SeenMember seen{.union_id = id};
    PUHUI_ASSIGN_OR_RETURN(auto found, issuing::FindMember(*store, members[looked_at]));
    if (!found.has_value()) return absl::DataLossError("a member of a union is missing");
    seen.found = *std::move(found);
    if (!all && static_cast<v1::MemberState>(seen.found.row.state) != request.state()) continue;
    PUHUI_ASSIGN_OR_RETURN(*response.add_members(),
                           ShowMember(parts_, call.principal(), seen, *store));
  }
  if (looked_at < members.size() || looked_at == looked_at_max) {
    response.set_next_page_token(parts_.tokens->Seal(filter, members[looked_at - 1].ToBytes()));
  }
  return response;
}

absl::StatusOr<MemberId> MemberService::FindByExternalKey(const Principal& principal,
                                                          const ledger::Readable& store,
                                                          const v1::ExternalKey& key) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId of, ParseUnionName(key.union_(), "external.union"));
  PUHUI_RETURN_IF_ERROR(
      ParseExternalId(UnionNumber{}, key.hr_system(), key.external_id(), "external.external_id")
          .status());
  // Whoever does not see the union learns nothing of its numbers, in the same words.
  if (!AllowUnion(principal, of, *parts_.tree).ok()) return NotFound("member");
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, of.text()));
  if (!found.has_value()) return NotFound("member");
  PUHUI_ASSIGN_OR_RETURN(
      const issuing::ExternalId external_id,
      ParseExternalId(found->number, key.hr_system(), key.external_id(), "external.external_id"));
  PUHUI_ASSIGN_OR_RETURN(const auto member, issuing::MemberByExternalId(
                                                store, parts_.vault->ExternalIdTag(external_id)));
  if (!member.has_value()) return NotFound("member");
  return *member;
}

absl::StatusOr<v1::Member> MemberService::Show(const CallContext& call, MemberId member,
                                               const ledger::Readable& store) const {
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen,
                         FindMemberFor(parts_, call.principal(), member, store));
  return ShowMember(parts_, call.principal(), seen, store);
}

}  // namespace puhui::services
