// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_service.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_batch.h"
#include "services/issuing/member_convert.h"
#include "services/issuing/member_import.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

// The auditor proves what happened to a member without learning who that is.
bool SeesPersonalData(const Principal& principal) {
  return principal.role == Role::kHr || principal.role == Role::kUnionAdmin;
}

}  // namespace

void MemberService::Serve(Calls& calls) {
  calls.Add(&wire_);
  ServeBatchCreateMembers(calls);
  ServeImportMembers(calls);
  ServeGetMember(calls);
}

void MemberService::ServeBatchCreateMembers(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kBatchCreateMembers, &wire_, &Wire::RequestBatchCreateMembers,
                      [this](const CallContext& call, const v1::BatchCreateMembersRequest& asked) {
                        return DoBatchCreate(call, asked);
                      });
}

void MemberService::ServeImportMembers(Calls& calls) {
  using Receiver = StreamReceiver<v1::ImportMembersRequest, v1::ImportMembersResponse>;
  calls.ClientStream(Rpc::kImportMembers, &wire_, &Wire::RequestImportMembers,
                     MemberImport::kStreamBytesMax,
                     [this](const CallContext& call) -> absl::StatusOr<std::unique_ptr<Receiver>> {
                       return std::make_unique<MemberImport>(parts_, &call);
                     });
}

void MemberService::ServeGetMember(Calls& calls) {
  calls.Unary(Rpc::kGetMember, &wire_, &Wire::RequestGetMember,
              [this](const CallContext& call, const v1::GetMemberRequest& asked) {
                return DoGetMember(call, asked);
              });
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
  auto command = std::make_unique<issuing::CreateMembersCommand>(
      parts_.tables, parts_.views,
      issuing::CreateMembersCommand::Wish{
          .union_id = joined.id,
          .rows = SealMembers(*parts_.vault, joined, request, engine.Now()),
          .all_or_nothing = request.all_or_nothing()});
  PUHUI_RETURN_IF_ERROR(Identify(parts_.ledger, call, request, *command));
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         engine.Run(std::move(command), ledger::Priority::kBulk));
  return BatchResponse(outcome, request, joined.zone);
}

absl::StatusOr<v1::GetMemberResponse> MemberService::DoGetMember(
    const CallContext& call, const v1::GetMemberRequest& request) const {
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundMember found, FindAsked(*store, request));
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(*store, found.row.union_number));
  PUHUI_ASSIGN_OR_RETURN(const UnionId union_id, UnionId::Parse(of.id, "union"));
  PUHUI_RETURN_IF_ERROR(AllowMember(call.principal(), found.member, union_id, *parts_.tree));
  v1::GetMemberResponse response;
  *response.mutable_member() = MemberOf(found, FormatUnionName(union_id));
  if (!SeesPersonalData(call.principal())) return response;
  PUHUI_ASSIGN_OR_RETURN(const auto sealed, issuing::FindPersonalData(*store, found.member));
  if (!sealed.has_value() || sealed->wrapped_key.empty()) return response;
  PUHUI_ASSIGN_OR_RETURN(const issuing::OpenedData opened,
                         parts_.vault->Open(found.member, *sealed));
  if (opened.commitment != found.row.commitment) {
    return absl::DataLossError("personal data is not what the journal was told of");
  }
  AddPersonalData(opened.data, response.mutable_member());
  return response;
}

// Whether the caller may see the member is judged afterwards, and answered in the same words.
absl::StatusOr<issuing::FoundMember> MemberService::FindAsked(
    const ledger::Readable& store, const v1::GetMemberRequest& request) const {
  absl::optional<MemberId> member;
  switch (request.key_case()) {
    case v1::GetMemberRequest::kName: {
      PUHUI_ASSIGN_OR_RETURN(member, ParseMemberName(request.name(), "name"));
      break;
    }
    case v1::GetMemberRequest::kExternal: {
      const v1::ExternalKey& key = request.external();
      PUHUI_ASSIGN_OR_RETURN(const UnionId of, ParseUnionName(key.union_(), "external.union"));
      PUHUI_ASSIGN_OR_RETURN(const std::string external_id,
                             ParseExternalId(key.external_id(), "external.external_id"));
      PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, of.text()));
      if (!found.has_value()) return NotFound("member");
      PUHUI_ASSIGN_OR_RETURN(member,
                             issuing::MemberByExternalId(
                                 store, parts_.vault->ExternalIdTag(found->number, external_id)));
      break;
    }
    case v1::GetMemberRequest::KEY_NOT_SET:
      return InvalidField("key", "want name or external");
  }
  if (!member.has_value()) return NotFound("member");
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindMember(store, *member));
  if (!found.has_value()) return NotFound("member");
  return *found;
}

}  // namespace puhui::services
