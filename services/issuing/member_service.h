// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_SERVICE_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_SERVICE_H_

#include "issuing/app/queries.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/issuing/issuing_parts.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// The real-name base. Threads: safe. Borrows: its parts.
class MemberService final : public v1::MemberService::CallbackService {
 public:
  explicit MemberService(const IssuingParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* BatchCreateMembers(grpc::CallbackServerContext* wire,
                                               const v1::BatchCreateMembersRequest* request,
                                               v1::BatchCreateMembersResponse* response) override;
  grpc::ServerReadReactor<v1::ImportMembersRequest>* ImportMembers(
      grpc::CallbackServerContext* wire, v1::ImportMembersResponse* response) override;
  grpc::ServerUnaryReactor* GetMember(grpc::CallbackServerContext* wire,
                                      const v1::GetMemberRequest* request,
                                      v1::GetMemberResponse* response) override;

 private:
  absl::StatusOr<v1::BatchCreateMembersResponse> DoBatchCreate(
      const CallContext& call, const v1::BatchCreateMembersRequest& request) const;
  absl::StatusOr<v1::GetMemberResponse> DoGetMember(const CallContext& call,
                                                    const v1::GetMemberRequest& request) const;
  absl::StatusOr<issuing::FoundMember> FindAsked(const ledger::Readable& store,
                                                 const v1::GetMemberRequest& request) const;

  const IssuingParts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_SERVICE_H_
