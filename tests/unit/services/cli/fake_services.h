// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_SERVICES_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_SERVICES_H_

#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "tests/unit/services/cli/script.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

namespace puhui::services {

// Each does what its script says. Threads: as Script. Borrows: the script.
class FakeMerchants final : public v1::MerchantService::Service {
 public:
  explicit FakeMerchants(Script& script) : script_(script) {}
  grpc::Status EnrollTerminal(grpc::ServerContext*, const v1::EnrollTerminalRequest* request,
                              v1::EnrollTerminalResponse* response) override {
    script_.enrolment = *request;
    response->set_certificate_pem("the certificate\n");
    return script_.Next();
  }
  grpc::Status CreateStore(grpc::ServerContext*, const v1::CreateStoreRequest* request,
                           v1::CreateStoreResponse*) override {
    script_.store = *request;
    return script_.Next();
  }

 private:
  Script& script_;
};

class FakeWallets final : public v1::WalletService::Service {
 public:
  explicit FakeWallets(Script& script) : script_(script) {}
  grpc::Status ExplainSpend(grpc::ServerContext*, const v1::ExplainSpendRequest* request,
                            v1::ExplainSpendResponse* response) override {
    script_.explain = *request;
    response->set_reason("INSUFFICIENT_POINTS");
    response->set_available_points(40);
    v1::ExplainedLot& lot = *response->add_lots();
    lot.set_campaign("campaigns/spring");
    lot.set_why_not("EARMARK_REGION");
    lot.set_earmarked(true);
    return script_.Next();
  }

 private:
  Script& script_;
};

class FakeTill final : public v1::PosService::Service {
 public:
  explicit FakeTill(Script& script) : script_(script) {}
  grpc::Status Purchase(grpc::ServerContext*, const v1::PurchaseRequest* request,
                        v1::PurchaseResponse* response) override {
    script_.purchase = *request;
    response->mutable_purchase()->set_retrieval_reference("000000000042");
    response->mutable_purchase()->set_points(request->points());
    response->add_receipt_lines("普惠 receipt");
    return script_.Next();
  }
  grpc::Status Authorize(grpc::ServerContext*, const v1::AuthorizeRequest* request,
                         v1::AuthorizeResponse* response) override {
    script_.authorize = *request;
    response->mutable_authorization()->set_retrieval_reference("000000000043");
    response->mutable_authorization()->set_state(v1::AUTHORIZATION_STATE_HELD);
    response->add_receipt_lines("预授权 receipt");
    return script_.Next();
  }
  grpc::Status Capture(grpc::ServerContext*, const v1::CaptureRequest* request,
                       v1::CaptureResponse* response) override {
    script_.capture = *request;
    response->mutable_purchase()->set_points(request->points());
    response->set_released_points(77);
    return script_.Next();
  }
  grpc::Status Void(grpc::ServerContext*, const v1::VoidRequest* request,
                    v1::VoidResponse* response) override {
    script_.voided = *request;
    response->mutable_authorization()->set_state(v1::AUTHORIZATION_STATE_VOIDED);
    return script_.Next();
  }
  grpc::Status Reverse(grpc::ServerContext*, const v1::ReverseRequest* request,
                       v1::ReverseResponse*) override {
    script_.reverse = *request;
    return script_.Next();
  }
  grpc::Status GetTransaction(grpc::ServerContext*, const v1::GetTransactionRequest* request,
                              v1::GetTransactionResponse* response) override {
    script_.transaction = *request;
    response->mutable_decline()->set_reason("INSUFFICIENT_POINTS");
    return script_.Next();
  }

 private:
  Script& script_;
};

class FakeAudit final : public v1::AuditService::Service {
 public:
  explicit FakeAudit(Script& script) : script_(script) {}
  grpc::Status GetRecord(grpc::ServerContext*, const v1::GetRecordRequest* request,
                         v1::GetRecordResponse* response) override {
    response->mutable_record()->set_sequence(request->sequence());
    response->set_record_bytes("");
    return script_.Next();
  }
  grpc::Status ReDecideGrant(grpc::ServerContext*, const v1::ReDecideGrantRequest* request,
                             v1::ReDecideGrantResponse* response) override {
    response->set_same(script_.balanced);
    response->set_rule_pack("rulePacks/anhui/versions/1");
    response->set_row(request->sequence());
    response->mutable_then()->set_granted(true);
    response->mutable_now()->set_rule("POINTS_PER_YEAR");
    response->mutable_now()->set_allowed(150'000);
    return script_.Next();
  }
  grpc::Status GetTrialBalance(grpc::ServerContext*, const v1::GetTrialBalanceRequest*,
                               v1::GetTrialBalanceResponse* response) override {
    response->set_balanced(script_.balanced);
    return script_.Next();
  }

 private:
  Script& script_;
};

class FakeAdmin final : public v1::AdminService::Service {
 public:
  explicit FakeAdmin(Script& script) : script_(script) {}
  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*,
                         v1::GetStatusResponse* response) override {
    response->set_version("9.9.9");
    if (script_.rotated) Rotation(response->mutable_key_rotation());
    return script_.Next();
  }
  grpc::Status RotateKey(grpc::ServerContext*, const v1::RotateKeyRequest*,
                         v1::RotateKeyResponse* response) override {
    Rotation(response->mutable_key_rotation());
    return script_.Next();
  }
  grpc::Status LoadRulePack(grpc::ServerContext*, const v1::LoadRulePackRequest* request,
                            v1::LoadRulePackResponse* response) override {
    script_.load_rule_pack = *request;
    response->mutable_rule_pack()->set_name("rulePacks/anhui/versions/1");
    *response->mutable_rule_pack()->mutable_pack() = request->pack();
    return script_.Next();
  }
  grpc::Status ListRulePacks(grpc::ServerContext*, const v1::ListRulePacksRequest*,
                             v1::ListRulePacksResponse* response) override {
    response->add_rule_packs()->set_name("rulePacks/anhui/versions/1");
    return script_.Next();
  }
  grpc::Status GetRulePack(grpc::ServerContext*, const v1::GetRulePackRequest* request,
                           v1::GetRulePackResponse* response) override {
    response->mutable_rule_pack()->set_name(request->name());
    return script_.Next();
  }
  grpc::Status StartVerify(grpc::ServerContext*, const v1::StartVerifyRequest*,
                           grpc::ServerWriter<v1::StartVerifyResponse>* writer) override {
    v1::StartVerifyResponse message;
    message.set_records(10);
    writer->Write(message);
    message.mutable_result()->set_ok(script_.verify_ok);
    if (!script_.verify_ok) message.mutable_result()->add_findings("sequence 7: bytes differ");
    writer->Write(message);
    return script_.Next();
  }

 private:
  static void Rotation(v1::KeyRotation* rotation) {
    rotation->set_key(2);
    rotation->set_members(1'536);
  }

  Script& script_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_SERVICES_H_
