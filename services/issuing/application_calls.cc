// SPDX-License-Identifier: Apache-2.0
// MemberService: who asks to join.
#include "issuing/app/application_commands.h"
#include "issuing/app/application_queries.h"
#include "issuing/app/member_queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/application_convert.h"
#include "services/issuing/member_batch.h"
#include "services/issuing/member_privacy.h"
#include "services/issuing/member_service.h"
#include "services/issuing/person_reader.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// Answers with the application as the first record left it.
template <class Response>
auto AnswerWithApplication(const ledger::Engine* engine) {
  return [engine](const ledger::Outcome& outcome, Response* response) -> absl::Status {
    PUHUI_ASSIGN_OR_RETURN(*response->mutable_application(),
                           ApplicationAfter(engine->Latest(), outcome.first()));
    return absl::OkStatus();
  };
}

}  // namespace

MemberService::MaybeCommand MemberService::ReadSubmit(
    const CallContext& call, const v1::SubmitApplicationRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(UnionId id, ParseUnionName(request.parent(), "parent"));
  if (!request.has_applicant()) return InvalidField("applicant", "want who asks");
  const absl::Time now = parts_.ledger.engine->Now();
  issuing::PersonalData ignored;
  PUHUI_RETURN_IF_ERROR(RefuseDefect(
      ReadApplicant(request.applicant(), LatestDayAnywhere(now), UnionNumber{}, &ignored),
      "applicant"));
  PUHUI_ASSIGN_OR_RETURN(const JoinedUnion of,
                         FindJoinedUnion(parts_, call.principal(), std::move(id)));
  issuing::PersonalData data;
  PUHUI_RETURN_IF_ERROR(RefuseDefect(
      ReadApplicant(request.applicant(), absl::ToCivilDay(now, of.zone), of.number, &data),
      "applicant"));
  return std::make_unique<issuing::SubmitApplicationCommand>(
      parts_.tables, issuing::SubmitApplicationCommand::Wish{
                         .union_id = of.id,
                         .applicant = parts_.vault->Seal(of.home, std::move(data), now),
                         .person = call.principal().person});
}

MemberService::MaybeCommand MemberService::ReadDecide(
    const CallContext& call, const v1::DecideApplicationRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const ApplicationName name, ParseApplicationName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckDecision(request));
  if (!AllowUnion(call.principal(), name.union_id, *parts_.tree).ok()) {
    return NotFound("application");
  }
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindApplication(store, name.application));
  PUHUI_ASSIGN_OR_RETURN(const auto of, issuing::FindUnion(store, name.union_id.text()));
  if (!row.has_value() || !of.has_value() || row->union_number != of->number) {
    return NotFound("application");
  }
  issuing::DecideApplicationCommand::Wish wish{
      .of = of->number,
      .application = name.application,
      .accept = request.decision() == v1::DecideApplicationRequest::DECISION_ACCEPT,
      .reason = request.reason(),
      .person = call.principal().person};
  PUHUI_ASSIGN_OR_RETURN(auto data, issuing::OpenApplicant(store, *parts_.vault, *row));
  if (data.has_value()) {
    PUHUI_RETURN_IF_ERROR(CheckReasonIsNotAbout(*data, request.reason(), "reason"));
    if (wish.accept) {
      PUHUI_RETURN_IF_ERROR(NumberApplicant(request, of->number, &*data));
      PUHUI_ASSIGN_OR_RETURN(wish.joining,
                             SealApplicant(parts_, of->number, row->applicant, *std::move(data)));
    }
  }
  return std::make_unique<issuing::DecideApplicationCommand>(parts_.tables, parts_.views,
                                                             std::move(wish));
}

absl::StatusOr<v1::ListApplicationsResponse> MemberService::DoListApplications(
    const CallContext& call, const v1::ListApplicationsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  if (!v1::ApplicationState_IsValid(request.state())) return InvalidField("state", "want a state");
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto of, issuing::FindUnion(*store, id.text()));
  if (!of.has_value()) return NotFound("union");
  const bool all = request.state() == v1::APPLICATION_STATE_UNSPECIFIED;
  const std::size_t looked_at_max = all ? page_size : kRowsPerPageMax;
  PUHUI_ASSIGN_OR_RETURN(Sequence after, NumberIn<Sequence>(cursor));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<Sequence> found,
                         issuing::ListApplications(*store, of->number, after, looked_at_max));
  v1::ListApplicationsResponse response;
  std::size_t looked_at = 0;
  for (; looked_at < found.size(); ++looked_at) {
    if (static_cast<std::size_t>(response.applications_size()) == page_size) break;
    PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindApplication(*store, found[looked_at]));
    if (!row.has_value()) return absl::DataLossError("an application of a union is missing");
    if (!all && static_cast<v1::ApplicationState>(row->state) != request.state()) continue;
    PUHUI_ASSIGN_OR_RETURN(
        *response.add_applications(),
        ShowApplication(parts_, call.principal(), {id, found[looked_at]}, *row, *store));
  }
  if (looked_at < found.size() || looked_at == looked_at_max) {
    response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(found[looked_at - 1])));
  }
  return response;
}

}  // namespace puhui::services
