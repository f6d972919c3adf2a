// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_MEMBERS_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_MEMBERS_H_

#include "puhui/v1/member_service.grpc.pb.h"
#include "tests/unit/services/cli/script.h"

#include "absl/strings/str_cat.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include <string>

namespace puhui::services {

// Does what its script says. Threads: as Script. Borrows: the script.
class FakeMembers final : public v1::MemberService::Service {
 public:
  explicit FakeMembers(Script& script) : script_(script) {}
  // Has the first four bytes already when the script says so; line 3 is refused, for two reasons.
  grpc::Status ImportMembers(grpc::ServerContext*,
                             grpc::ServerReaderWriter<v1::ImportMembersResponse,
                                                      v1::ImportMembersRequest>* stream) override {
    script_.imported.clear();
    v1::ImportMembersRequest part;
    if (!stream->Read(&part)) return script_.Next();
    script_.import = part.start();
    v1::ImportMembersResponse answer;
    answer.mutable_accepted()->set_offset(script_.import_offset);
    stream->Write(answer);
    while (stream->Read(&part)) script_.imported += part.chunk();
    const grpc::Status status = script_.Next();
    if (!status.ok()) return status;
    for (const char* field : {"id_number", "mobile"}) {
      v1::MemberRowResult& problem = *answer.mutable_verdicts()->add_results();
      problem.set_row(3);
      problem.set_outcome(v1::MemberRowResult::OUTCOME_REFUSED);
      problem.set_field(field);
      problem.set_reason("INVALID_FIELD");
      problem.set_shape("CHECK_DIGIT");
    }
    stream->Write(answer);
    answer.mutable_progress()->set_rows(3);
    stream->Write(answer);
    answer.mutable_summary()->set_created(2);
    answer.mutable_summary()->set_refused(1);
    stream->Write(answer);
    return status;
  }
  grpc::Status BatchCreateMembers(grpc::ServerContext*,
                                  const v1::BatchCreateMembersRequest* request,
                                  v1::BatchCreateMembersResponse* response) override {
    script_.batch = *request;
    response->add_results()->set_outcome(v1::MemberRowResult::OUTCOME_CREATED);
    return script_.Next();
  }
  grpc::Status GetMember(grpc::ServerContext*, const v1::GetMemberRequest* request,
                         v1::GetMemberResponse*) override {
    script_.member = *request;
    return script_.Next();
  }
  grpc::Status CreateMember(grpc::ServerContext*, const v1::CreateMemberRequest* request,
                            v1::CreateMemberResponse* response) override {
    script_.added = *request;
    response->mutable_member()->set_name("members/01J");
    response->set_came_back(true);
    return script_.Next();
  }
  grpc::Status LookupMember(grpc::ServerContext*, const v1::LookupMemberRequest* request,
                            v1::LookupMemberResponse* response) override {
    script_.lookup = *request;
    FillMember(response->mutable_member());
    return script_.Next();
  }
  grpc::Status ListMembers(grpc::ServerContext*, const v1::ListMembersRequest* request,
                           v1::ListMembersResponse* response) override {
    script_.list = *request;
    FillMember(response->add_members());
    return script_.Next();
  }
  grpc::Status UpdateMember(grpc::ServerContext*, const v1::UpdateMemberRequest* request,
                            v1::UpdateMemberResponse*) override {
    script_.update = *request;
    return script_.Next();
  }
  grpc::Status SuspendMember(grpc::ServerContext*, const v1::SuspendMemberRequest* request,
                             v1::SuspendMemberResponse* response) override {
    return Name("suspend", request->name(), response->mutable_member());
  }
  grpc::Status ReinstateMember(grpc::ServerContext*, const v1::ReinstateMemberRequest* request,
                               v1::ReinstateMemberResponse* response) override {
    return Name("reinstate", request->name(), response->mutable_member());
  }
  grpc::Status RemoveMember(grpc::ServerContext*, const v1::RemoveMemberRequest* request,
                            v1::RemoveMemberResponse* response) override {
    response->set_returned_points(1'234);
    return Name("remove", request->name(), response->mutable_member());
  }
  grpc::Status TransferMember(grpc::ServerContext*, const v1::TransferMemberRequest* request,
                              v1::TransferMemberResponse* response) override {
    script_.transfer = *request;
    return Name("transfer", request->name(), response->mutable_member());
  }
  grpc::Status IssueCard(grpc::ServerContext*, const v1::IssueCardRequest* request,
                         v1::IssueCardResponse* response) override {
    return Name("issue-card", request->name(), response->mutable_member());
  }
  grpc::Status BlockCard(grpc::ServerContext*, const v1::BlockCardRequest* request,
                         v1::BlockCardResponse* response) override {
    return Name("block-card", request->name(), response->mutable_member());
  }
  grpc::Status ReplaceCard(grpc::ServerContext*, const v1::ReplaceCardRequest* request,
                           v1::ReplaceCardResponse* response) override {
    return Name("replace-card", request->name(), response->mutable_member());
  }
  grpc::Status SearchMembers(grpc::ServerContext*, const v1::SearchMembersRequest* request,
                             v1::SearchMembersResponse* response) override {
    script_.search = *request;
    FillMember(response->add_members());
    return script_.Next();
  }
  grpc::Status ExportMembers(grpc::ServerContext*, const v1::ExportMembersRequest* request,
                             grpc::ServerWriter<v1::ExportMembersResponse>* writer) override {
    script_.exported = *request;
    v1::ExportMembersResponse part;
    part.set_chunk("name\r\n");
    writer->Write(part);
    part.set_chunk("张三\r\n");
    part.set_rows(1);
    writer->Write(part);
    return script_.Next();
  }
  grpc::Status RevealMember(grpc::ServerContext*, const v1::RevealMemberRequest* request,
                            v1::RevealMemberResponse* response) override {
    script_.reveal = *request;
    response->set_sequence(77);
    response->set_id_number("C1234567");
    return script_.Next();
  }
  grpc::Status ErasePersonalData(grpc::ServerContext*, const v1::ErasePersonalDataRequest* request,
                                 v1::ErasePersonalDataResponse* response) override {
    return Name("erase", request->name(), response->mutable_member());
  }
  grpc::Status SubmitApplication(grpc::ServerContext*, const v1::SubmitApplicationRequest* request,
                                 v1::SubmitApplicationResponse* response) override {
    script_.application = *request;
    response->mutable_application()->set_name("unions/fh-1/applications/7");
    return script_.Next();
  }
  grpc::Status ListApplications(grpc::ServerContext*, const v1::ListApplicationsRequest*,
                                v1::ListApplicationsResponse* response) override {
    v1::Application& here = *response->add_applications();
    here.set_name("unions/fh-1/applications/7");
    here.mutable_known()->set_state(v1::MEMBER_STATE_LEFT);
    here.mutable_known()->set_union_("unions/fh-1");
    here.mutable_known()->set_member("members/01J");
    response->add_applications()->mutable_known()->set_state(v1::MEMBER_STATE_ACTIVE);
    return script_.Next();
  }
  grpc::Status DecideApplication(grpc::ServerContext*, const v1::DecideApplicationRequest* request,
                                 v1::DecideApplicationResponse*) override {
    script_.decision = *request;
    return script_.Next();
  }

 private:
  static void FillMember(v1::Member* member) {
    member->set_name("members/01J");
    member->set_state(v1::MEMBER_STATE_SUSPENDED);
    member->set_masked_card("************4242");
    member->set_card_blocked(true);
    v1::ExternalId& other = *member->add_other_external_ids();
    other.set_union_("unions/gz-2");
    other.set_hr_system("payroll");
    other.set_external_id("P7");
  }
  // What was asked of whom.
  grpc::Status Name(const char* verb, const std::string& member, v1::Member* answer) {
    script_.named.push_back(absl::StrCat(verb, " ", member));
    answer->set_name(member);
    return script_.Next();
  }

  Script& script_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_MEMBERS_H_
