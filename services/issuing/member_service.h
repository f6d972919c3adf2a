// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_SERVICE_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_SERVICE_H_

#include "issuing/app/queries.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/issuing/issuing_parts.h"
#include "services/rpc/calls.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// The real-name base. Threads: safe. Borrows: its parts.
class MemberService final {
 public:
  explicit MemberService(const IssuingParts& parts) : parts_(parts) {}

  void Serve(Calls& calls);

 private:
  using Wire = v1::MemberService::AsyncService;
  void ServeBatchCreateMembers(Calls& calls);
  void ServeImportMembers(Calls& calls);
  void ServeGetMember(Calls& calls);

  absl::StatusOr<v1::BatchCreateMembersResponse> DoBatchCreate(
      const CallContext& call, const v1::BatchCreateMembersRequest& request) const;
  absl::StatusOr<v1::GetMemberResponse> DoGetMember(const CallContext& call,
                                                    const v1::GetMemberRequest& request) const;
  absl::StatusOr<issuing::FoundMember> FindAsked(const ledger::Readable& store,
                                                 const v1::GetMemberRequest& request) const;

  const IssuingParts parts_;
  Wire wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_SERVICE_H_
