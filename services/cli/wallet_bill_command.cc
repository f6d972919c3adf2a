// SPDX-License-Identifier: Apache-2.0
#include "services/cli/wallet_bill_command.h"

#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/cli/enum_text.h"
#include "services/cli/till_lines.h"
#include "services/cli/wallet_name.h"

#include "absl/strings/str_cat.h"

#include <string>

namespace puhui::services {
namespace {

using WalletStub = v1::WalletService::Stub;

// Of a GetBillRequest or a PayBillRequest.
template <class Request>
Prepare BindBill(CLI::App& app, Request& request) {
  AddName(app, "member", request.mutable_name(), "members")->required();
  app.add_option("qr-text", *request.mutable_qr_text(), "What the QR code holds: puhui:bill/…")
      ->required();
  return CompleteWalletName(request.mutable_name());
}

void PrintRead(Output& output, const v1::GetBillResponse& response) {
  output.Fields({{"merchant", response.merchant()},
                 {"called", response.merchant_display_name()},
                 {"store", response.store_display_name()},
                 {"points", output.Points(response.points())},
                 {"state", EnumText(response.state())},
                 {"expires", output.Time(response.expire_time())},
                 {"payable", response.payable() ? "yes" : "no"},
                 {"reason", response.reason()},
                 {"available here", output.Points(response.available_points())},
                 {"would pay", output.Points(response.approved_points())}});
  for (const v1::BasketLine& line : response.lines()) {
    output.Line(absl::StrCat(
        "line: ", line.merchant_category().empty() ? "-" : line.merchant_category(),
        line.region().empty() ? "" : " in ", line.region(), ", ", output.Points(line.points())));
  }
}

void PrintBillPayment(Output& output, const v1::BillPayment& payment) {
  output.Fields(
      {{"reference", payment.retrieval_reference()},
       {"merchant", payment.merchant()},
       {"paid", output.Points(payment.points())},
       {"asked for", payment.asked_points() == 0 ? "" : output.Points(payment.asked_points())},
       {"authorization", payment.authorization_code()},
       {"time", output.Time(payment.pay_time())}});
  PrintLines(output, payment.lines());
}

}  // namespace

void AddBillVerbs(Noun& wallet) {
  wallet.Reads(
      {"bill", "Read a bill that a till shows, and whether it could be paid"}, &WalletStub::GetBill,
      [](CLI::App& app, v1::GetBillRequest& request) { return BindBill(app, request); }, PrintRead);
  wallet.Changes(
      {"pay-bill", "Pay a bill that a till shows"}, &WalletStub::PayBill,
      [](CLI::App& app, v1::PayBillRequest& request) { return BindBill(app, request); },
      [](Output& output, const v1::PayBillResponse& response) {
        PrintBillPayment(output, response.payment());
      });
}

}  // namespace puhui::services
