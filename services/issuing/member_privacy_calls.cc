// SPDX-License-Identifier: Apache-2.0
// MemberService: what is known of members.
#include "issuing/app/member_queries.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_privacy.h"
#include "services/issuing/member_service.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <memory>
#include <utility>

namespace puhui::services {

// Nothing is shown before the record of it is durable.
absl::StatusOr<v1::RevealMemberResponse> MemberService::DoReveal(
    const CallContext& call, const v1::RevealMemberRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_RETURN_IF_ERROR(ParseMemberName(request.name(), "name").status());
  issuing::RevealMemberCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.fields, ReadRevealedFields(request));
  PUHUI_RETURN_IF_ERROR(CheckReason(request.reason(), "reason"));
  wish.reason = request.reason();
  wish.person = call.principal().person;
  wish.break_glass = call.principal().role == Role::kAuditor;
  ledger::Engine& engine = *parts_.ledger.engine;
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen, See(call, request.name()));
  PUHUI_ASSIGN_OR_RETURN(const auto data,
                         issuing::OpenPersonalData(engine.Latest(), *parts_.vault, seen.found));
  if (data.has_value()) {
    PUHUI_RETURN_IF_ERROR(CheckReasonIsNotAbout(*data, wish.reason, "reason"));
  }
  auto command = std::make_unique<issuing::RevealMemberCommand>(
      parts_.tables, issuing::MemberRef{seen.found.member, seen.found.row.union_number},
      std::move(wish));
  PUHUI_RETURN_IF_ERROR(Identify(parts_.ledger, call, request, *command));
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         engine.Run(std::move(command), ledger::Priority::kInteractive));
  PUHUI_RETURN_IF_ERROR(CheckLookIsRecent(outcome, engine.Now()));
  PUHUI_ASSIGN_OR_RETURN(const SeenMember now, See(call, request.name()));
  PUHUI_ASSIGN_OR_RETURN(const auto shown,
                         issuing::OpenPersonalData(engine.Latest(), *parts_.vault, now.found));
  if (!shown.has_value()) {
    return ledger::ToStatus({.reason = ledger::Reason::kMemberErased,
                             .field = "name",
                             .message = "the personal data of the member is erased"});
  }
  v1::RevealMemberResponse response;
  response.set_name(FormatMemberName(seen.found.member));
  response.set_sequence(outcome.first().sequence());
  AddRevealed(request, *shown, &response);
  return response;
}

MemberService::MaybeCommand MemberService::ReadErase(
    const CallContext& call, const v1::ErasePersonalDataRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const SeenMember seen, See(call, request.name()));
  issuing::ErasePersonalDataCommand::Wish wish{.revision = seen.found.row.revision,
                                               .erase_elsewhere = parts_.erase_elsewhere};
  PUHUI_ASSIGN_OR_RETURN(const auto data, issuing::OpenPersonalData(parts_.ledger.engine->Latest(),
                                                                    *parts_.vault, seen.found));
  if (data.has_value()) {
    for (const issuing::ExternalId& external_id :
         issuing::AllExternalIds(*data, seen.found.row.union_number)) {
      wish.external_ids.push_back(parts_.vault->ExternalIdTag(external_id));
    }
  }
  return std::make_unique<issuing::ErasePersonalDataCommand>(
      parts_.tables, issuing::MemberRef{seen.found.member, seen.found.row.union_number},
      std::move(wish));
}

}  // namespace puhui::services
