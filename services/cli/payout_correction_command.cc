// SPDX-License-Identifier: Apache-2.0
// `puhui payout correction`: what became of a payment, other than the bank's answer said.
#include "puhui/v1/payout_service.grpc.pb.h"
#include "services/cli/payout_command.h"

#include <string>

namespace puhui::services {
namespace {

using PayoutStub = v1::PayoutService::Stub;

void PrintCorrection(Output& output, const v1::PaymentCorrection& correction) {
  const bool decided = correction.has_decide_time();
  output.Fields({{"state", EnumText(correction.state())},
                 {"bank reference", correction.bank_reference()},
                 {"reason", correction.reason()},
                 {"proposed", output.Time(correction.propose_time())},
                 {"by", correction.proposer()},
                 {correction.confirmed() ? "confirmed" : "rejected",
                  decided ? output.Time(correction.decide_time()) : ""},
                 {"decided by", correction.decider()},
                 {"rejected because", correction.rejection()}});
}

void AddPayment(CLI::App& app, std::string* name) {
  app.add_option("payment", *name, "Format: payoutRuns/…/payments/…")->required();
}

void AddReference(CLI::App& app, std::string* reference) {
  app.add_option("--bank-reference", *reference,
                 "What the bank calls the movement of the account that says so")
      ->required();
}

}  // namespace

void AddCorrectionVerbs(Noun& noun) {
  Noun corrections(noun, {"correction", "Payments that came back, or were paid after all"});
  corrections.Changes(
      {"propose", "Propose that a payment came back, or was paid after all"},
      &PayoutStub::ProposePaymentCorrection,
      [](CLI::App& app, v1::ProposePaymentCorrectionRequest& request) {
        AddPayment(app, request.mutable_name());
        AddEnum<v1::PayoutPaymentState>(
            app, "--state", [&request](v1::PayoutPaymentState state) { request.set_state(state); },
            "RETURNED, or PAID of one that was rejected")
            ->required();
        AddReference(app, request.mutable_bank_reference());
        app.add_option("--reason", *request.mutable_reason(), "Why")->required();
      },
      [](Output& output, const v1::ProposePaymentCorrectionResponse& response) {
        PrintCorrection(output, response.correction());
      });
  corrections.Changes(
      {"confirm", "Confirm what somebody else proposed, by saying the bank's reference once more"},
      &PayoutStub::ConfirmPaymentCorrection,
      [](CLI::App& app, v1::ConfirmPaymentCorrectionRequest& request) {
        AddPayment(app, request.mutable_name());
        AddReference(app, request.mutable_bank_reference());
      },
      [](Output& output, const v1::ConfirmPaymentCorrectionResponse& response) {
        PrintCorrection(output, response.correction());
      });
  corrections.Changes(
      {"reject", "Give a proposed correction up"}, &PayoutStub::RejectPaymentCorrection,
      [](CLI::App& app, v1::RejectPaymentCorrectionRequest& request) {
        AddPayment(app, request.mutable_name());
        app.add_option("--reason", *request.mutable_reason(), "Why")->required();
      },
      [](Output& output, const v1::RejectPaymentCorrectionResponse& response) {
        PrintCorrection(output, response.correction());
      });
}

}  // namespace puhui::services
