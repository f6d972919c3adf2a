// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_TILL_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_TILL_H_

#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/unit/services/cli/script.h"

#include <grpcpp/server_context.h>

namespace puhui::services {

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
  grpc::Status CreateBill(grpc::ServerContext*, const v1::CreateBillRequest* request,
                          v1::CreateBillResponse* response) override {
    script_.bill = *request;
    response->mutable_bill()->set_retrieval_reference("000000000044");
    response->mutable_bill()->set_state(v1::BILL_STATE_OPEN);
    response->set_qr_text("puhui:bill/000000000044/00");
    return script_.Next();
  }
  grpc::Status Authorize(grpc::ServerContext*, const v1::AuthorizeRequest* request,
                         v1::AuthorizeResponse* response) override {
    script_.authorize = *request;
    response->mutable_authorization()->set_retrieval_reference("000000000043");
    response->mutable_authorization()->set_state(v1::AUTHORIZATION_STATE_HELD);
    for (const v1::BasketLine& line : request->lines()) {
      v1::PaidLine& held = *response->mutable_authorization()->add_lines();
      held.set_merchant_category(line.merchant_category());
      held.set_region(line.region());
      held.set_points(line.points());
      held.set_paid_points(line.points());
    }
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
  grpc::Status Refund(grpc::ServerContext*, const v1::RefundRequest* request,
                      v1::RefundResponse*) override {
    script_.refund = *request;
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
  grpc::Status InquireBalance(grpc::ServerContext*, const v1::InquireBalanceRequest* request,
                              v1::InquireBalanceResponse* response) override {
    script_.balance = *request;
    response->set_available_points(1'234);
    return script_.Next();
  }
  grpc::Status GetTotals(grpc::ServerContext*, const v1::GetTotalsRequest* request,
                         v1::GetTotalsResponse* response) override {
    script_.totals = *request;
    response->add_totals()->set_kind(v1::BATCH_KIND_REFUND);
    response->mutable_totals(0)->set_count(3);
    return script_.Next();
  }
  grpc::Status CloseBatch(grpc::ServerContext*, const v1::CloseBatchRequest* request,
                          v1::CloseBatchResponse* response) override {
    script_.close_batch = *request;
    response->set_closed(request->accept_difference());
    response->set_next_batch_number(request->batch_number() + 1);
    response->mutable_difference()->add_missing_here()->set_trace_number(17);
    return script_.Next();
  }

 private:
  Script& script_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_TILL_H_
