// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_SERVICE_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_SERVICE_H_

#include "issuing/app/member_changes.h"
#include "ledger/base/limits.h"
#include "ledger/engine/command.h"
#include "puhui/v1/member_service.pb.h"
#include "services/issuing/issuing_parts.h"
#include "services/issuing/member_scope.h"
#include "services/issuing/upload_shelf.h"
#include "services/rpc/calls.h"

#include "absl/status/statusor.h"

#include <memory>

namespace puhui::services {

// The real-name base. Threads: safe. Borrows: its parts.
class MemberService final {
 public:
  explicit MemberService(const IssuingParts& parts);
  ~MemberService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  template <class Request>
  using Read = MaybeCommand (MemberService::*)(const CallContext&, const Request&) const;

  // member_calls.cc. The answer is the member, or the application, as the first record left it.
  template <class Base, class Request, class Response>
  void ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                   Read<Request> read);
  template <class Base, class Request, class Response>
  void ServeApplication(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                        Read<Request> read);
  void ServeMany(Calls& calls);
  void ServeReads(Calls& calls);

  // Who joins, and who is there: member_service.cc.
  MaybeCommand ReadCreate(const CallContext& call, const v1::CreateMemberRequest& request) const;
  absl::StatusOr<v1::BatchCreateMembersResponse> DoBatchCreate(
      const CallContext& call, const v1::BatchCreateMembersRequest& request) const;
  absl::StatusOr<v1::GetMemberResponse> DoGetMember(const CallContext& call,
                                                    const v1::GetMemberRequest& request) const;
  absl::StatusOr<v1::LookupMemberResponse> DoLookup(const CallContext& call,
                                                    const v1::LookupMemberRequest& request) const;
  absl::StatusOr<v1::ListMembersResponse> DoList(const CallContext& call,
                                                 const v1::ListMembersRequest& request) const;
  // Whether the caller may see the member is judged afterwards, and answered in the same words.
  absl::StatusOr<MemberId> FindByExternalKey(const Principal& principal,
                                             const ledger::Readable& store,
                                             const v1::ExternalKey& key) const;
  absl::StatusOr<v1::Member> Show(const CallContext& call, MemberId member,
                                  const ledger::Readable& store) const;
  absl::StatusOr<SeenMember> See(const CallContext& call, absl::string_view name) const;
  // member_search.cc.
  absl::StatusOr<v1::SearchMembersResponse> DoSearch(const CallContext& call,
                                                     const v1::SearchMembersRequest& request) const;

  // What becomes of them and their cards: member_life.cc.
  MaybeCommand ReadUpdate(const CallContext& call, const v1::UpdateMemberRequest& request) const;
  MaybeCommand ReadSuspend(const CallContext& call, const v1::SuspendMemberRequest& request) const;
  MaybeCommand ReadReinstate(const CallContext& call,
                             const v1::ReinstateMemberRequest& request) const;
  MaybeCommand ReadRemove(const CallContext& call, const v1::RemoveMemberRequest& request) const;
  MaybeCommand ReadTransfer(const CallContext& call,
                            const v1::TransferMemberRequest& request) const;
  MaybeCommand ReadIssueCard(const CallContext& call, const v1::IssueCardRequest& request) const;
  MaybeCommand ReadBlockCard(const CallContext& call, const v1::BlockCardRequest& request) const;
  MaybeCommand ReadReplaceCard(const CallContext& call,
                               const v1::ReplaceCardRequest& request) const;
  MaybeCommand NewCard(const CallContext& call, absl::string_view name, bool replace) const;

  // What is known of them: member_privacy_calls.cc.
  absl::StatusOr<v1::RevealMemberResponse> DoReveal(const CallContext& call,
                                                    const v1::RevealMemberRequest& request) const;
  // member_export.cc.
  absl::StatusOr<MessageSource<v1::ExportMembersResponse>> OpenExport(
      const CallContext& call, const v1::ExportMembersRequest& request) const;
  MaybeCommand ReadErase(const CallContext& call,
                         const v1::ErasePersonalDataRequest& request) const;

  // Who asks to join: application_calls.cc.
  MaybeCommand ReadSubmit(const CallContext& call,
                          const v1::SubmitApplicationRequest& request) const;
  absl::StatusOr<v1::ListApplicationsResponse> DoListApplications(
      const CallContext& call, const v1::ListApplicationsRequest& request) const;
  MaybeCommand ReadDecide(const CallContext& call,
                          const v1::DecideApplicationRequest& request) const;

  const IssuingParts parts_;
  UploadShelf uploads_{kImportBytesMax};
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_SERVICE_H_
