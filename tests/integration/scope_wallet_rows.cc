// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/device_service.pb.h"
#include "puhui/v1/wallet_service.pb.h"
#include "tests/integration/scope_rows.h"

#include "absl/strings/str_cat.h"

namespace puhui {
namespace {

using services::Role;
using services::Rpc;

const std::set<Role> kWalletRoles = {Role::kMember, Role::kHr, Role::kUnionAdmin, Role::kAuditor};
// Nobody presented it.
constexpr char kSomeBill[] = "puhui:bill/000000000001/00112233445566778899aabbccddeeff";

}  // namespace

std::vector<ScopeRow> WalletRows(SeededRandom* r) {
  return {
      {Rpc::kGetWallet, kWalletRoles,
       One<v1::GetWalletRequest>(
           r, [](const World& w, auto& q) { q.set_name(absl::StrCat(w.member, "/wallet")); })},
      {Rpc::kListActivity, kWalletRoles,
       One<v1::ListActivityRequest>(r, [](const World& w, auto& q) { q.set_parent(w.member); })},
      {Rpc::kCreatePaymentCode, kWalletRoles,
       One<v1::CreatePaymentCodeRequest>(
           r, [](const World& w, auto& q) { q.set_name(absl::StrCat(w.member, "/wallet")); })},
      {Rpc::kGetBill, kWalletRoles,
       One<v1::GetBillRequest>(r,
                               [](const World& w, auto& q) {
                                 q.set_name(absl::StrCat(w.member, "/wallet"));
                                 q.set_qr_text(kSomeBill);
                               })},
      {Rpc::kPayBill, kWalletRoles,
       One<v1::PayBillRequest>(r,
                               [](const World& w, auto& q) {
                                 q.set_name(absl::StrCat(w.member, "/wallet"));
                                 q.set_qr_text(kSomeBill);
                               })},
      {Rpc::kEnrolDevice, kWalletRoles,
       One<v1::EnrolDeviceRequest>(r, [](const World& w, auto& q) { q.set_parent(w.member); })},
      {Rpc::kListDevices, kWalletRoles,
       One<v1::ListDevicesRequest>(r, [](const World& w, auto& q) { q.set_parent(w.member); })},
      {Rpc::kRevokeDevice, kWalletRoles,
       One<v1::RevokeDeviceRequest>(r,
                                    [](const World& w, auto& q) {
                                      q.set_name(absl::StrCat(w.member, "/devices/00000001"));
                                    })},
      {Rpc::kExplainSpend, kWalletRoles,
       One<v1::ExplainSpendRequest>(r,
                                    [](const World& w, auto& q) {
                                      q.set_name(absl::StrCat(w.member, "/wallet"));
                                      q.set_merchant(w.merchant);
                                      q.set_points(1);
                                    })},
  };
}

}  // namespace puhui
