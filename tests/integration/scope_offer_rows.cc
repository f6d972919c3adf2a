// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/catalog_service.pb.h"
#include "puhui/v1/notice_service.pb.h"
#include "tests/integration/scope_rows.h"

#include <set>
#include <utility>
#include <vector>

namespace puhui {
namespace {

using services::Role;
using services::Rpc;

// A member's scope decides of what offers it reads.
std::set<Role> OfferReaders() {
  std::set<Role> roles = MerchantRoles();
  roles.insert(Role::kMember);
  return roles;
}

std::vector<ScopeRow> NoticeRows(SeededRandom* r) {
  return {
      {Rpc::kPublishNotice, UnionRoles(),
       One<v1::PublishNoticeRequest>(r,
                                     [](const World& w, auto& q) {
                                       q.mutable_notice()->set_union_(w.union_name);
                                       q.mutable_notice()->set_title("公告");
                                       q.mutable_notice()->set_text("正文");
                                       q.mutable_notice()->set_last_day("9000-01-01");
                                     })},
      {Rpc::kWithdrawNotice, UnionRoles(),
       One<v1::WithdrawNoticeRequest>(r, [](const World& w, auto& q) { q.set_name(w.notice); })},
      {Rpc::kListNotices, UnionRoles(),
       One<v1::ListNoticesRequest>(r, [](const World& w, auto& q) { q.set_union_(w.union_name); })},
  };
}

std::vector<ScopeRow> CatalogRows(SeededRandom* r) {
  return {
      {Rpc::kCreateOffer, MerchantRoles(),
       One<v1::CreateOfferRequest>(r,
                                   [](const World& w, auto& q) {
                                     q.mutable_offer()->set_merchant(w.merchant);
                                     q.mutable_offer()->set_title("会员九折");
                                     q.mutable_offer()->mutable_percentage_off()->set_basis_points(
                                         1'000);
                                     q.mutable_offer()->set_last_day("9000-01-01");
                                   })},
      {Rpc::kUpdateOffer, MerchantRoles(),
       One<v1::UpdateOfferRequest>(r,
                                   [](const World& w, auto& q) {
                                     q.mutable_offer()->set_name(w.offer);
                                     q.mutable_offer()->set_title("会员八折");
                                     q.mutable_update_mask()->add_paths("title");
                                   })},
      {Rpc::kPublishOffer, MerchantRoles(),
       One<v1::PublishOfferRequest>(r, [](const World& w, auto& q) { q.set_name(w.offer); })},
      {Rpc::kWithdrawOffer, MerchantRoles(),
       One<v1::WithdrawOfferRequest>(r, [](const World& w, auto& q) { q.set_name(w.offer); })},
      {Rpc::kRestockOffer, MerchantRoles(),
       One<v1::RestockOfferRequest>(r,
                                    [](const World& w, auto& q) {
                                      q.set_name(w.offer);
                                      q.set_change(1);
                                    })},
      {Rpc::kGetOffer, OfferReaders(),
       One<v1::GetOfferRequest>(r, [](const World& w, auto& q) { q.set_name(w.offer); })},
      {Rpc::kListOffers, MerchantRoles(),
       One<v1::ListOffersRequest>(r, [](const World& w, auto& q) { q.set_parent(w.merchant); })},
      {Rpc::kListOfferVersions, MerchantRoles(),
       One<v1::ListOfferVersionsRequest>(r, [](const World& w, auto& q) { q.set_name(w.offer); })},
  };
}

}  // namespace

std::vector<ScopeRow> OfferRows(SeededRandom* random) {
  std::vector<ScopeRow> rows = CatalogRows(random);
  for (ScopeRow& row : NoticeRows(random)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace puhui
