// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/external_points_service.pb.h"
#include "puhui/v1/mall_service.pb.h"
#include "puhui/v1/offer_report_service.pb.h"
#include "tests/integration/scope_rows.h"

#include "absl/strings/str_cat.h"

namespace puhui {
namespace {

using services::Role;
using services::Rpc;

const std::set<Role> kMallRoles = {Role::kMall, Role::kMerchant};
// Nobody was given it.
constexpr char kSomeToken[] = "00112233445566778899aabbccddeeff";

std::vector<ScopeRow> ExternalPointsRows(SeededRandom* r) {
  return {
      {Rpc::kLinkMall, kMallRoles,
       One<v1::LinkMallRequest>(r,
                                [](const World& w, auto& q) {
                                  q.set_merchant(w.merchant);
                                  q.set_payment_code("770000000000000042");
                                })},
      {Rpc::kGetBalance, kMallRoles,
       One<v1::GetBalanceRequest>(r,
                                  [](const World& w, auto& q) {
                                    q.set_merchant(w.merchant);
                                    q.set_member_token(kSomeToken);
                                  })},
      {Rpc::kPay, kMallRoles,
       One<v1::PayRequest>(r,
                           [](const World& w, auto& q) {
                             q.set_merchant(w.merchant);
                             q.set_member_token(kSomeToken);
                             q.set_order_number("o-1");
                             q.set_points(1);
                           })},
      {Rpc::kGetPayment, kMallRoles,
       One<v1::GetPaymentRequest>(r,
                                  [](const World& w, auto& q) {
                                    q.set_merchant(w.merchant);
                                    q.set_order_number("o-1");
                                  })},
      {Rpc::kRefundPayment, kMallRoles,
       One<v1::RefundPaymentRequest>(r,
                                     [](const World& w, auto& q) {
                                       q.set_merchant(w.merchant);
                                       q.set_order_number("o-1");
                                       q.set_refund_number("r-1");
                                       q.set_points(1);
                                     })},
      {Rpc::kListTransactions, kMallRoles,
       One<v1::ListTransactionsRequest>(r,
                                        [](const World& w, auto& q) {
                                          q.set_merchant(w.merchant);
                                          q.set_day("2026-01-31");
                                        })},
  };
}

}  // namespace

std::vector<ScopeRow> MallRows(SeededRandom* r) {
  std::vector<ScopeRow> rows = {
      {Rpc::kGetMall, kMallRoles,
       One<v1::GetMallRequest>(
           r, [](const World& w, auto& q) { q.set_name(absl::StrCat(w.merchant, "/mall")); })},
      {Rpc::kListMallLinks,
       {Role::kMember},
       One<v1::ListMallLinksRequest>(r, [](const World& w, auto& q) { q.set_parent(w.member); })},
      {Rpc::kUnlinkMall,
       {Role::kMember},
       One<v1::UnlinkMallRequest>(
           r, [](const World& w, auto& q) { q.set_name(absl::StrCat(w.member, "/malls/m-1")); })},
      {Rpc::kGetOfferReport, UnionRoles(),
       One<v1::GetOfferReportRequest>(r,
                                      [](const World& w, auto& q) { q.set_union_(w.union_name); })},
      {Rpc::kListTopOffers, UnionRoles(),
       One<v1::ListTopOffersRequest>(r,
                                     [](const World& w, auto& q) {
                                       q.set_union_(w.union_name);
                                       q.set_measure(v1::OFFER_MEASURE_VIEWS);
                                     })},
      {Rpc::kListUnusedOffers, UnionRoles(),
       One<v1::ListUnusedOffersRequest>(
           r, [](const World& w, auto& q) { q.set_union_(w.union_name); })},
  };
  for (ScopeRow& row : ExternalPointsRows(r)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace puhui
