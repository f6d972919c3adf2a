// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/merchant_service.pb.h"
#include "puhui/v1/picture_service.pb.h"
#include "puhui/v1/search_service.pb.h"
#include "tests/integration/scope_rows.h"

#include "absl/strings/str_cat.h"

#include <set>
#include <string>

namespace puhui {

using services::Role;
using services::Rpc;

std::vector<ScopeRow> WindowRows(SeededRandom* r) {
  std::set<Role> members = UnionRoles();
  members.insert(Role::kMember);
  return {
      {Rpc::kSearchOffers, members,
       One<v1::SearchOffersRequest>(r, [](const World& w, auto& q) { q.set_member(w.member); })},
      {Rpc::kUploadPicture, MerchantRoles(),
       One<v1::UploadPictureRequest>(r,
                                     [r](const World& w, auto& q) {
                                       q.mutable_start()->set_request_id(NewRequestId(*r));
                                       q.mutable_start()->set_parent(w.merchant);
                                       q.mutable_start()->set_size_bytes(1);
                                     })},
      {Rpc::kGetPicture, MerchantRoles(),
       One<v1::GetPictureRequest>(r,
                                  [](const World& w, auto& q) {
                                    q.set_name(absl::StrCat(w.merchant, "/pictures/",
                                                            std::string(64, 'a')));
                                  })},
      {Rpc::kLocateStore, MerchantRoles(),
       One<v1::LocateStoreRequest>(r, [](const World& w, auto& q) { q.set_name(w.store); })},
  };
}

}  // namespace puhui
