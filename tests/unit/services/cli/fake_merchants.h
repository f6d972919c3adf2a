// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_MERCHANTS_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_MERCHANTS_H_

#include "puhui/v1/merchant_service.grpc.pb.h"
#include "tests/unit/services/cli/script.h"

#include <grpcpp/server_context.h>

namespace puhui::services {

// Does what its script says. Threads: as Script. Borrows: the script.
class FakeMerchants final : public v1::MerchantService::Service {
 public:
  explicit FakeMerchants(Script& script) : script_(script) {}
  grpc::Status EnrollTerminal(grpc::ServerContext*, const v1::EnrollTerminalRequest* request,
                              v1::EnrollTerminalResponse* response) override {
    script_.enrolment = *request;
    response->set_certificate_pem("the certificate\n");
    return script_.Next();
  }
  grpc::Status RegisterMerchant(grpc::ServerContext*, const v1::RegisterMerchantRequest* request,
                                v1::RegisterMerchantResponse* response) override {
    script_.registration = *request;
    response->mutable_merchant()->set_name("merchants/" + request->merchant_id());
    return script_.Next();
  }
  grpc::Status GetMerchant(grpc::ServerContext*, const v1::GetMerchantRequest* request,
                           v1::GetMerchantResponse* response) override {
    response->mutable_merchant()->set_name(request->name());
    response->mutable_merchant()->set_time_zone("Asia/Urumqi");
    return script_.Next();
  }
  grpc::Status CreateStore(grpc::ServerContext*, const v1::CreateStoreRequest* request,
                           v1::CreateStoreResponse*) override {
    script_.store = *request;
    return script_.Next();
  }
  grpc::Status SetAgreement(grpc::ServerContext*, const v1::SetAgreementRequest* request,
                            v1::SetAgreementResponse* response) override {
    script_.agreement = *request;
    response->mutable_agreement()->set_number(3);
    response->mutable_agreement()->set_fee_basis_points(request->fee_basis_points());
    response->mutable_agreement()->set_goods_named(request->goods_named());
    return script_.Next();
  }
  grpc::Status CloseMerchant(grpc::ServerContext*, const v1::CloseMerchantRequest* request,
                             v1::CloseMerchantResponse* response) override {
    script_.closing = *request;
    response->mutable_merchant()->set_state(v1::MERCHANT_STATE_CLOSED);
    return script_.Next();
  }
  grpc::Status RetireTerminal(grpc::ServerContext*, const v1::RetireTerminalRequest* request,
                              v1::RetireTerminalResponse* response) override {
    response->mutable_terminal()->set_name(request->name());
    response->mutable_terminal()->set_state(v1::TERMINAL_STATE_RETIRED);
    return script_.Next();
  }
  grpc::Status RenewTerminal(grpc::ServerContext*, const v1::RenewTerminalRequest* request,
                             v1::RenewTerminalResponse* response) override {
    script_.renewal = *request;
    response->set_certificate_pem("the next certificate\n");
    return script_.Next();
  }
  grpc::Status ApplyMerchant(grpc::ServerContext*, const v1::ApplyMerchantRequest* request,
                             v1::ApplyMerchantResponse* response) override {
    script_.merchant_application = *request;
    response->mutable_merchant()->set_state(v1::MERCHANT_STATE_APPLIED);
    response->mutable_merchant()->set_display_name(request->display_name());
    return script_.Next();
  }
  grpc::Status DecideMerchant(grpc::ServerContext*, const v1::DecideMerchantRequest* request,
                              v1::DecideMerchantResponse* response) override {
    script_.merchant_decision = *request;
    response->mutable_merchant()->set_state(v1::MERCHANT_STATE_REJECTED);
    response->mutable_merchant()->mutable_decide_time()->set_seconds(1);
    response->mutable_merchant()->set_decide_reason(request->reason());
    return script_.Next();
  }
  grpc::Status ListMerchants(grpc::ServerContext*, const v1::ListMerchantsRequest* request,
                             v1::ListMerchantsResponse* response) override {
    script_.merchants = *request;
    v1::Merchant& merchant = *response->add_merchants();
    merchant.set_name("merchants/m-8");
    merchant.set_display_name("惠民书店");
    merchant.set_state(v1::MERCHANT_STATE_APPLIED);
    return script_.Next();
  }
  // Once with a code, and then as a repeated call is answered.
  grpc::Status CreateEnrolmentCode(grpc::ServerContext*,
                                   const v1::CreateEnrolmentCodeRequest* request,
                                   v1::CreateEnrolmentCodeResponse* response) override {
    const bool repeated = script_.enrolment_code.request_id() == request->request_id();
    script_.enrolment_code = *request;
    if (!repeated) response->set_code("0246-8ACE-GJMP-RTW8");
    response->mutable_terminal()->set_state(v1::TERMINAL_STATE_AWAITED);
    return script_.Next();
  }
  grpc::Status GetTerminal(grpc::ServerContext*, const v1::GetTerminalRequest* request,
                           v1::GetTerminalResponse* response) override {
    v1::Terminal& terminal = *response->mutable_terminal();
    terminal.set_name(request->name());
    terminal.set_state(v1::TERMINAL_STATE_AWAITED);
    terminal.mutable_enrolment_code()->set_state(v1::ENROLMENT_CODE_STATE_VOID);
    terminal.mutable_enrolment_code()->set_wrong_codes(10);
    return script_.Next();
  }
  grpc::Status ListTerminals(grpc::ServerContext*, const v1::ListTerminalsRequest* request,
                             v1::ListTerminalsResponse* response) override {
    response->add_terminals()->set_name(request->parent() + "/terminals/t-1");
    v1::Terminal& awaited = *response->add_terminals();
    awaited.set_state(v1::TERMINAL_STATE_AWAITED);
    awaited.mutable_enrolment_code()->set_state(v1::ENROLMENT_CODE_STATE_OPEN);
    return script_.Next();
  }

 private:
  Script& script_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_MERCHANTS_H_
