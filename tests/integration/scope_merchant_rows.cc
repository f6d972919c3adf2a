// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/merchant_service.pb.h"
#include "tests/integration/scope_rows.h"
#include "tests/support/pki/test_pki.h"

namespace puhui {

using services::Rpc;

std::vector<ScopeRow> MerchantRows(SeededRandom* r) {
  return {
      {Rpc::kGetMerchant, MerchantRoles(),
       One<v1::GetMerchantRequest>(r, [](const World& w, auto& q) { q.set_name(w.merchant); })},
      {Rpc::kCreateStore, MerchantRoles(),
       One<v1::CreateStoreRequest>(r,
                                   [](const World& w, auto& q) {
                                     q.set_parent(w.merchant);
                                     q.set_store_id("s-9");
                                     q.set_display_name("s-9");
                                   })},
      {Rpc::kEnrollTerminal, MerchantRoles(),
       One<v1::EnrollTerminalRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.set_store(w.store);
                                        q.set_terminal_id("t-9");
                                        q.set_csr_pem(MakeCsr(MakeKey(TestKey::kP256), {}));
                                      })},
      {Rpc::kBlockTerminal, MerchantRoles(),
       One<v1::BlockTerminalRequest>(r, [](const World& w, auto& q) { q.set_name(w.terminal); })},
      {Rpc::kUnblockTerminal, MerchantRoles(),
       One<v1::UnblockTerminalRequest>(r, [](const World& w, auto& q) { q.set_name(w.terminal); })},
      {Rpc::kRetireTerminal, MerchantRoles(),
       One<v1::RetireTerminalRequest>(r, [](const World& w, auto& q) { q.set_name(w.terminal); })},
      {Rpc::kRenewTerminal, MerchantRoles(),
       One<v1::RenewTerminalRequest>(r,
                                     [](const World& w, auto& q) {
                                       q.set_name(w.terminal);
                                       q.set_csr_pem(MakeCsr(MakeKey(TestKey::kP256), {}));
                                     })},
      {Rpc::kCreateEnrolmentCode, MerchantRoles(),
       One<v1::CreateEnrolmentCodeRequest>(r,
                                           [](const World& w, auto& q) {
                                             q.set_store(w.store);
                                             q.set_terminal_id("t-9");
                                           })},
      {Rpc::kGetTerminal, MerchantRoles(),
       One<v1::GetTerminalRequest>(r, [](const World& w, auto& q) { q.set_name(w.terminal); })},
      {Rpc::kListTerminals, MerchantRoles(),
       One<v1::ListTerminalsRequest>(r, [](const World& w, auto& q) { q.set_parent(w.merchant); })},
  };
}

}  // namespace puhui
