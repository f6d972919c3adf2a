// SPDX-License-Identifier: Apache-2.0
// MemberService: what answers which call.
#include "ledger/base/status_macros.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/issuing/application_convert.h"
#include "services/issuing/member_convert.h"
#include "services/issuing/member_import.h"
#include "services/issuing/member_service.h"

#include <memory>
#include <utility>

namespace puhui::services {

struct MemberService::Wire final : v1::MemberService::AsyncService {};

MemberService::MemberService(const IssuingParts& parts)
    : parts_(parts), wire_(std::make_unique<Wire>()) {}

MemberService::~MemberService() = default;

namespace {

// What a response says besides the member, from the records that it answers with.
template <class Response>
void AddFigures(const ledger::Outcome& outcome, Response* response) {
  if constexpr (requires { response->set_came_back(true); }) {
    response->set_came_back(outcome.first().has_member_changed());
  }
  if constexpr (requires { response->set_returned_points(0); }) {
    for (const journal::v1::Record* record : outcome.records()) {
      response->set_returned_points(response->returned_points() +
                                    record->entry().lot_returned().points());
    }
  }
}

}  // namespace

template <class Base, class Request, class Response>
void MemberService::ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                                Read<Request> read) {
  calls.UnaryLater(rpc, wire_.get(), ask,
                   [this, read](const CallContext& call, const Request& asked, Response* answer,
                                Completion done) {
                     RunForCall(parts_.ledger, call, asked, (this->*read)(call, asked), answer,
                                std::move(done),
                                [this](const ledger::Outcome& outcome, Response* out) {
                                  PUHUI_ASSIGN_OR_RETURN(
                                      *out->mutable_member(),
                                      MemberAfter(parts_.ledger.engine->Latest(), outcome.first()));
                                  AddFigures(outcome, out);
                                  return absl::OkStatus();
                                });
                   });
}

template <class Base, class Request, class Response>
void MemberService::ServeApplication(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                                     Read<Request> read) {
  calls.UnaryLater(rpc, wire_.get(), ask,
                   [this, read](const CallContext& call, const Request& asked, Response* answer,
                                Completion done) {
                     RunForCall(
                         parts_.ledger, call, asked, (this->*read)(call, asked), answer,
                         std::move(done), [this](const ledger::Outcome& outcome, Response* out) {
                           PUHUI_ASSIGN_OR_RETURN(
                               *out->mutable_application(),
                               ApplicationAfter(parts_.ledger.engine->Latest(), outcome.first()));
                           return absl::OkStatus();
                         });
                   });
}

void MemberService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeMany(calls);
  ServeReads(calls);
  using S = MemberService;
  ServeChange(calls, Rpc::kCreateMember, &Wire::RequestCreateMember, &S::ReadCreate);
  ServeChange(calls, Rpc::kUpdateMember, &Wire::RequestUpdateMember, &S::ReadUpdate);
  ServeChange(calls, Rpc::kSuspendMember, &Wire::RequestSuspendMember, &S::ReadSuspend);
  ServeChange(calls, Rpc::kReinstateMember, &Wire::RequestReinstateMember, &S::ReadReinstate);
  ServeChange(calls, Rpc::kRemoveMember, &Wire::RequestRemoveMember, &S::ReadRemove);
  ServeChange(calls, Rpc::kTransferMember, &Wire::RequestTransferMember, &S::ReadTransfer);
  ServeChange(calls, Rpc::kIssueCard, &Wire::RequestIssueCard, &S::ReadIssueCard);
  ServeChange(calls, Rpc::kBlockCard, &Wire::RequestBlockCard, &S::ReadBlockCard);
  ServeChange(calls, Rpc::kReplaceCard, &Wire::RequestReplaceCard, &S::ReadReplaceCard);
  ServeChange(calls, Rpc::kErasePersonalData, &Wire::RequestErasePersonalData, &S::ReadErase);
  ServeApplication(calls, Rpc::kSubmitApplication, &Wire::RequestSubmitApplication, &S::ReadSubmit);
  ServeApplication(calls, Rpc::kDecideApplication, &Wire::RequestDecideApplication, &S::ReadDecide);
}

// Many at once.
void MemberService::ServeMany(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kBatchCreateMembers, wire_.get(), &Wire::RequestBatchCreateMembers,
                      [this](const CallContext& call, const v1::BatchCreateMembersRequest& asked) {
                        return DoBatchCreate(call, asked);
                      });
  using Talk = Conversation<v1::ImportMembersRequest, v1::ImportMembersResponse>;
  calls.TwoWayStream(Rpc::kImportMembers, wire_.get(), &Wire::RequestImportMembers,
                     MemberImport::kStreamBytesMax,
                     [this](const CallContext& call) -> absl::StatusOr<std::unique_ptr<Talk>> {
                       return std::make_unique<MemberImport>(parts_, &call, &uploads_);
                     });
}

void MemberService::ServeReads(Calls& calls) {
  calls.Unary(Rpc::kGetMember, wire_.get(), &Wire::RequestGetMember,
              [this](const CallContext& call, const v1::GetMemberRequest& asked) {
                return DoGetMember(call, asked);
              });
  calls.Unary(Rpc::kLookupMember, wire_.get(), &Wire::RequestLookupMember,
              [this](const CallContext& call, const v1::LookupMemberRequest& asked) {
                return DoLookup(call, asked);
              });
  calls.UnaryOnWorker(Rpc::kListMembers, wire_.get(), &Wire::RequestListMembers,
                      [this](const CallContext& call, const v1::ListMembersRequest& asked) {
                        return DoList(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kSearchMembers, wire_.get(), &Wire::RequestSearchMembers,
                      [this](const CallContext& call, const v1::SearchMembersRequest& asked) {
                        return DoSearch(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kRevealMember, wire_.get(), &Wire::RequestRevealMember,
                      [this](const CallContext& call, const v1::RevealMemberRequest& asked) {
                        return DoReveal(call, asked);
                      });
  calls.ServerStream(Rpc::kExportMembers, wire_.get(), &Wire::RequestExportMembers,
                     [this](const CallContext& call, const v1::ExportMembersRequest& asked) {
                       return OpenExport(call, asked);
                     });
  calls.UnaryOnWorker(Rpc::kListApplications, wire_.get(), &Wire::RequestListApplications,
                      [this](const CallContext& call, const v1::ListApplicationsRequest& asked) {
                        return DoListApplications(call, asked);
                      });
}

}  // namespace puhui::services
