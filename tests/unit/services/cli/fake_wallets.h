// SPDX-License-Identifier: Apache-2.0
// Stand-ins for the services of members: each keeps what it was asked and answers from the script.
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_WALLETS_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_WALLETS_H_

#include "puhui/v1/device_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "tests/unit/services/cli/script.h"

#include <grpcpp/support/status.h>

namespace puhui::services {

class FakeWallets final : public v1::WalletService::Service {
 public:
  explicit FakeWallets(Script& script) : script_(script) {}
  grpc::Status ExplainSpend(grpc::ServerContext*, const v1::ExplainSpendRequest* request,
                            v1::ExplainSpendResponse* response) override {
    script_.explain = *request;
    response->set_reason("INSUFFICIENT_POINTS");
    response->mutable_explanation()->set_en("40 points can be spent here");
    response->mutable_explanation()->set_zh_cn("此处可用40积分");
    response->set_available_points(40);
    response->set_approved_points(30);
    v1::ExplainedLot& lot = *response->add_lots();
    lot.set_campaign("campaigns/spring");
    lot.set_why_not("EARMARK_REGION");
    lot.set_earmarked(true);
    return script_.Next();
  }
  grpc::Status CreatePaymentCode(grpc::ServerContext*, const v1::CreatePaymentCodeRequest* request,
                                 v1::CreatePaymentCodeResponse* response) override {
    script_.code = *request;
    response->set_payment_code("770000000000000042");
    return script_.Next();
  }
  grpc::Status GetBill(grpc::ServerContext*, const v1::GetBillRequest* request,
                       v1::GetBillResponse* response) override {
    script_.read_bill = *request;
    response->set_merchant_display_name("Grocer");
    response->set_state(v1::BILL_STATE_PAID);
    response->set_reason("BILL_PAID");
    response->add_lines()->set_points(60);
    return script_.Next();
  }
  grpc::Status PayBill(grpc::ServerContext*, const v1::PayBillRequest* request,
                       v1::PayBillResponse* response) override {
    script_.pay_bill = *request;
    response->mutable_payment()->set_points(1'234);
    response->mutable_payment()->set_asked_points(2'000);
    return script_.Next();
  }

 private:
  Script& script_;
};

class FakeDevices final : public v1::DeviceService::Service {
 public:
  explicit FakeDevices(Script& script) : script_(script) {}
  grpc::Status EnrolDevice(grpc::ServerContext*, const v1::EnrolDeviceRequest* request,
                           v1::EnrolDeviceResponse* response) override {
    script_.device = *request;
    response->mutable_device()->set_name(request->parent() + "/devices/00000042");
    response->set_secret("\x01\x02");
    return script_.Next();
  }
  grpc::Status ListDevices(grpc::ServerContext*, const v1::ListDevicesRequest* request,
                           v1::ListDevicesResponse* response) override {
    response->add_devices()->set_name(request->parent() + "/devices/00000042");
    return script_.Next();
  }
  grpc::Status RevokeDevice(grpc::ServerContext*, const v1::RevokeDeviceRequest* request,
                            v1::RevokeDeviceResponse*) override {
    script_.revoked_device = *request;
    return script_.Next();
  }

 private:
  Script& script_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_WALLETS_H_
