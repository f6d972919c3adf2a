// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/access_service.pb.h"
#include "puhui/v1/member_service.pb.h"
#include "tests/integration/scope_rows.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"

namespace puhui {

using services::Rpc;

std::vector<ScopeRow> MemberRows(SeededRandom* r) {
  const auto name = [](const World& w, auto& q) { q.set_name(w.member); };
  return {
      {Rpc::kCreateMember, UnionRoles(),
       One<v1::CreateMemberRequest>(r,
                                    [](const World& w, auto& q) {
                                      q.set_union_(w.union_name);
                                      *q.mutable_member() = Person(901);
                                    })},
      {Rpc::kBatchCreateMembers, UnionRoles(),
       One<v1::BatchCreateMembersRequest>(r,
                                          [](const World& w, auto& q) {
                                            q.set_union_(w.union_name);
                                            *q.add_members() = Person(900);
                                          })},
      {Rpc::kImportMembers, UnionRoles(),
       One<v1::ImportMembersRequest>(r,
                                     [](const World& w, auto& q) {
                                       q.mutable_start()->set_union_(w.union_name);
                                       q.mutable_start()->set_size_bytes(10);
                                       q.mutable_start()->set_sha256(std::string(64, '0'));
                                     })},
      {Rpc::kGetMember, UnionRoles(),
       One<v1::GetMemberRequest>(r, [](const World& w, auto& q) { q.set_name(w.member); })},
      {Rpc::kGetMember, UnionRoles(),
       One<v1::GetMemberRequest>(r,
                                 [](const World& w, auto& q) {
                                   q.mutable_external()->set_union_(w.union_name);
                                   q.mutable_external()->set_external_id(w.external_id);
                                 })},
      {Rpc::kLookupMember, UnionRoles(),
       One<v1::LookupMemberRequest>(r,
                                    [](const World& w, auto& q) {
                                      q.mutable_external()->set_union_(w.union_name);
                                      q.mutable_external()->set_external_id(w.external_id);
                                    })},
      {Rpc::kLookupMember, UnionRoles(),
       One<v1::LookupMemberRequest>(r, [](const World& w, auto& q) { q.set_card_number(w.card); })},
      {Rpc::kListMembers, UnionRoles(),
       One<v1::ListMembersRequest>(r, [](const World& w, auto& q) { q.set_parent(w.union_name); })},
      {Rpc::kSearchMembers, UnionRoles(),
       One<v1::SearchMembersRequest>(r,
                                     [](const World& w, auto& q) {
                                       q.set_parent(w.union_name);
                                       q.set_name_prefix("测");
                                     })},
      {Rpc::kUpdateMember, UnionRoles(),
       One<v1::UpdateMemberRequest>(r,
                                    [](const World& w, auto& q) {
                                      q.set_name(w.member);
                                      q.mutable_update_mask()->add_paths("department");
                                    })},
      {Rpc::kSuspendMember, UnionRoles(), One<v1::SuspendMemberRequest>(r, name)},
      {Rpc::kReinstateMember, UnionRoles(), One<v1::ReinstateMemberRequest>(r, name)},
      {Rpc::kRemoveMember, UnionRoles(), One<v1::RemoveMemberRequest>(r, name)},
      {Rpc::kTransferMember, UnionRoles(),
       One<v1::TransferMemberRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.set_name(w.member);
                                        q.set_union_(w.union_name);
                                      })},
      {Rpc::kIssueCard, UnionRoles(), One<v1::IssueCardRequest>(r, name)},
      {Rpc::kBlockCard, UnionRoles(), One<v1::BlockCardRequest>(r, name)},
      {Rpc::kReplaceCard, UnionRoles(), One<v1::ReplaceCardRequest>(r, name)},
      {Rpc::kExportMembers, UnionRoles(),
       One<v1::ExportMembersRequest>(r,
                                     [](const World& w, auto& q) {
                                       q.set_union_(w.union_name);
                                       q.set_reason("to see");
                                     })},
      {Rpc::kRevealMember, UnionRoles(),
       One<v1::RevealMemberRequest>(r,
                                    [](const World& w, auto& q) {
                                      q.set_name(w.member);
                                      q.add_fields(v1::PERSONAL_FIELD_MOBILE);
                                      q.set_reason("to know");
                                    })},
      {Rpc::kListReveals, UnionRoles(),
       One<v1::ListRevealsRequest>(r, [](const World& w, auto& q) { q.set_parent(w.union_name); })},
      {Rpc::kErasePersonalData, UnionRoles(), One<v1::ErasePersonalDataRequest>(r, name)},
      {Rpc::kSubmitApplication, UnionRoles(),
       One<v1::SubmitApplicationRequest>(r,
                                         [](const World& w, auto& q) {
                                           q.set_parent(w.union_name);
                                           *q.mutable_applicant() = Person(902);
                                         })},
      {Rpc::kListApplications, UnionRoles(),
       One<v1::ListApplicationsRequest>(
           r, [](const World& w, auto& q) { q.set_parent(w.union_name); })},
      {Rpc::kDecideApplication, UnionRoles(),
       One<v1::DecideApplicationRequest>(r,
                                         [](const World& w, auto& q) {
                                           q.set_name(w.application);
                                           q.set_decision(
                                               v1::DecideApplicationRequest::DECISION_REJECT);
                                           q.set_reason("to know");
                                         })},
  };
}

}  // namespace puhui
