// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/order_service.pb.h"
#include "puhui/v1/voucher_service.pb.h"
#include "tests/integration/scope_rows.h"

#include "absl/strings/str_cat.h"

namespace puhui {
namespace {

using services::Role;
using services::Rpc;

const std::set<Role> kMember = {Role::kMember};
const std::set<Role> kMerchant = {Role::kMerchant};

// A call that names the order, and why.
template <class Request>
ScopeRow::Write About(SeededRandom* r) {
  return One<Request>(r, [](const World& w, auto& q) {
    q.set_name(w.order);
    if constexpr (requires { q.set_reason(""); }) q.set_reason("none left");
    if constexpr (requires { q.set_quantity(1); }) q.set_quantity(1);
  });
}

std::vector<ScopeRow> VoucherRows(SeededRandom* r) {
  return {
      {Rpc::kRedeemVoucher, MerchantRoles(),
       One<v1::RedeemVoucherRequest>(r,
                                     [r](const World& w, auto& q) {
                                       v1::Till& till = *q.mutable_till();
                                       till.set_terminal(w.terminal);
                                       till.set_batch_number(1);
                                       till.set_trace_number(
                                           static_cast<std::uint32_t>(1 + r->Below(900'000)));
                                       till.mutable_local_time()->set_seconds(1);
                                       q.set_digits("0000000000005724");
                                     })},
      {Rpc::kGetVoucher, kMember,
       One<v1::GetVoucherRequest>(
           r, [](const World& w, auto& q) { q.set_name(absl::StrCat(w.order, "/voucher")); })},
      {Rpc::kListVouchers, kMember,
       One<v1::ListVouchersRequest>(r, [](const World& w, auto& q) { q.set_parent(w.member); })},
      {Rpc::kTransferVoucher, kMember,
       One<v1::TransferVoucherRequest>(r,
                                       [](const World& w, auto& q) {
                                         q.set_name(absl::StrCat(w.order, "/voucher"));
                                         q.set_recipient(w.member);
                                       })},
      {Rpc::kUploadVoucherCodes, kMerchant,
       [r](const World& w) {
         v1::UploadVoucherCodesRequest start;
         start.mutable_start()->set_request_id(NewRequestId(*r));
         start.mutable_start()->set_offer(w.offer);
         start.mutable_start()->set_codes(1);
         v1::UploadVoucherCodesRequest codes;
         codes.mutable_codes()->add_codes("AAA");
         return std::vector<std::string>{start.SerializeAsString(), codes.SerializeAsString()};
       }},
  };
}

}  // namespace

std::vector<ScopeRow> OrderRows(SeededRandom* r) {
  std::vector<ScopeRow> rows = {
      {Rpc::kPlaceOrder, kMember,
       One<v1::PlaceOrderRequest>(r,
                                  [](const World& w, auto& q) {
                                    q.set_parent(w.member);
                                    q.set_offer("offers/1");
                                    q.set_offer_version(1);
                                    q.set_quantity(1);
                                    q.set_fulfilment(v1::FULFILMENT_KIND_E_COUPON);
                                  })},
      {Rpc::kGetOrder,
       {Role::kMember, Role::kMerchant, Role::kAuditor},
       About<v1::GetOrderRequest>(r)},
      {Rpc::kListOrders,
       {Role::kMember, Role::kAuditor},
       One<v1::ListOrdersRequest>(r, [](const World& w, auto& q) { q.set_parent(w.member); })},
      {Rpc::kListOrders,
       {Role::kMerchant, Role::kAuditor},
       One<v1::ListOrdersRequest>(r, [](const World& w, auto& q) { q.set_parent(w.merchant); })},
      {Rpc::kAcceptOrder, kMerchant, About<v1::AcceptOrderRequest>(r)},
      {Rpc::kDeclineOrder, kMerchant, About<v1::DeclineOrderRequest>(r)},
      {Rpc::kShipOrder, kMerchant, About<v1::ShipOrderRequest>(r)},
      {Rpc::kFulfilOrder, kMerchant, About<v1::FulfilOrderRequest>(r)},
      {Rpc::kCancelOrder, {Role::kMember, Role::kMerchant}, About<v1::CancelOrderRequest>(r)},
      {Rpc::kReturnOrderItems, kMerchant, About<v1::ReturnOrderItemsRequest>(r)},
  };
  for (ScopeRow& row : VoucherRows(r)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace puhui
