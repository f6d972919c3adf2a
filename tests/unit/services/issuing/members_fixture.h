// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_ISSUING_MEMBERS_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_ISSUING_MEMBERS_FIXTURE_H_

#include "tests/unit/services/issuing/issuing_fixture.h"

#include <string>
#include <vector>

namespace puhui::services {

// Members of fh-1, and calls that name them.
class MembersTest : public IssuingTest {
 protected:
  using Stub = v1::MemberService::Stub;

  absl::StatusOr<v1::CreateMemberResponse> Add(const v1::NewMember& person,
                                               const std::string& path = kHr,
                                               const std::string& of = "unions/fh-1") {
    v1::CreateMemberRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_(of);
    *request.mutable_member() = person;
    return Ask(*members_, &Stub::CreateMember, path, request);
  }
  std::string AddPerson(int n) {
    const auto added = Add(Person(n));
    EXPECT_OK(added);
    return added.ok() ? added->member().name() : "";
  }
  // A call that names a member and no more.
  template <class Request, class Response>
  absl::StatusOr<Response> Named(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                                 const std::string& name, const std::string& path = kHr) {
    Request request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    return Ask(*members_, method, path, request);
  }
  v1::Member Get(const std::string& name, const std::string& path = kHr) {
    v1::GetMemberRequest request;
    request.set_name(name);
    const auto response = Ask(*members_, &Stub::GetMember, path, request);
    EXPECT_OK(response);
    return response.ok() ? response->member() : v1::Member();
  }
  v1::UpdateMemberRequest UpdateWish(const std::string& name,
                                     const std::vector<std::string>& paths) {
    v1::UpdateMemberRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    return request;
  }
  absl::StatusOr<v1::UpdateMemberResponse> Update(const v1::UpdateMemberRequest& request,
                                                  const std::string& path = kHr) {
    return Ask(*members_, &Stub::UpdateMember, path, request);
  }
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_ISSUING_MEMBERS_FIXTURE_H_
