// SPDX-License-Identifier: Apache-2.0
// MemberService: what becomes of members and their cards.
#include "issuing/app/card_commands.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_convert.h"
#include "services/issuing/member_replacement.h"
#include "services/issuing/member_service.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kCardDigitsShown = 4;

issuing::MemberRef RefOf(const SeenMember& seen) {
  return {.member = seen.found.member, .of = seen.found.row.union_number};
}

}  // namespace

MemberService::MaybeCommand MemberService::ReadUpdate(
    const CallContext& call, const v1::UpdateMemberRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseMemberName(request.name(), "name").status());
  issuing::UpdateMemberCommand::Wish wish;
  PUHUI_RETURN_IF_ERROR(CheckUpdate(request, parts_.ledger.engine->Now()));
  if (!request.etag().empty()) {
    PUHUI_ASSIGN_OR_RETURN(wish.revision, ParseEtag(request.etag(), "etag"));
  }
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen, See(call, request.name()));
  PUHUI_ASSIGN_OR_RETURN(wish.data, UpdateOf(parts_, seen, request));
  for (const std::string& path : request.update_mask().paths()) wish.fields.push_back(path);
  return std::make_unique<issuing::UpdateMemberCommand>(parts_.tables, RefOf(seen),
                                                        std::move(wish));
}

MemberService::MaybeCommand MemberService::ReadSuspend(
    const CallContext& call, const v1::SuspendMemberRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen, See(call, request.name()));
  return std::make_unique<issuing::SuspendMemberCommand>(parts_.tables, RefOf(seen));
}

MemberService::MaybeCommand MemberService::ReadReinstate(
    const CallContext& call, const v1::ReinstateMemberRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen, See(call, request.name()));
  return std::make_unique<issuing::ReinstateMemberCommand>(parts_.tables, RefOf(seen));
}

MemberService::MaybeCommand MemberService::ReadRemove(
    const CallContext& call, const v1::RemoveMemberRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen, See(call, request.name()));
  return std::make_unique<issuing::RemoveMemberCommand>(parts_.tables, parts_.views, RefOf(seen));
}

MemberService::MaybeCommand MemberService::ReadTransfer(
    const CallContext& call, const v1::TransferMemberRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseMemberName(request.name(), "name").status());
  issuing::TransferMemberCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.to, ParseUnionName(request.union_(), "union"));
  PUHUI_RETURN_IF_ERROR(CheckTransfer(request));
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen, See(call, request.name()));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), wish.to, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(wish.data, TransferOf(parts_, seen, wish.to, request));
  return std::make_unique<issuing::TransferMemberCommand>(parts_.tables, RefOf(seen),
                                                          std::move(wish));
}

MemberService::MaybeCommand MemberService::ReadIssueCard(
    const CallContext& call, const v1::IssueCardRequest& request) const {
  return NewCard(call, request.name(), /*replace=*/false);
}

MemberService::MaybeCommand MemberService::ReadReplaceCard(
    const CallContext& call, const v1::ReplaceCardRequest& request) const {
  return NewCard(call, request.name(), /*replace=*/true);
}

MemberService::MaybeCommand MemberService::ReadBlockCard(
    const CallContext& call, const v1::BlockCardRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen, See(call, request.name()));
  return std::make_unique<issuing::BlockCardCommand>(parts_.tables, parts_.views, RefOf(seen));
}

MemberService::MaybeCommand MemberService::NewCard(const CallContext& call, absl::string_view name,
                                                   bool replace) const {
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen, See(call, name));
  const std::string number = parts_.vault->DrawCard();
  issuing::IssueCardCommand::Wish wish{
      .replace = replace,
      .card = parts_.vault->CardTag(number),
      .card_last_four = number.substr(number.size() - kCardDigitsShown)};
  PUHUI_ASSIGN_OR_RETURN(wish.data, WithCard(parts_, seen, number));
  return std::make_unique<issuing::IssueCardCommand>(parts_.tables, parts_.views, RefOf(seen),
                                                     std::move(wish));
}

absl::StatusOr<SeenMember> MemberService::See(const CallContext& call,
                                              absl::string_view name) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseMemberName(name, "name"));
  return FindMemberFor(parts_, call.principal(), member, parts_.ledger.engine->Latest());
}

}  // namespace puhui::services
