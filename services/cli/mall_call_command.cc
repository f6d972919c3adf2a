// SPDX-License-Identifier: Apache-2.0
// `puhui mall`: what a mall itself asks for.
#include "puhui/v1/external_points_service.grpc.pb.h"
#include "services/cli/enum_text.h"
#include "services/cli/mall_command.h"
#include "services/cli/till_lines.h"

#include <cstdint>
#include <string>

namespace puhui::services {
namespace {

using ExternalPointsStub = v1::ExternalPointsService::Stub;

void AddMerchant(CLI::App& app, std::string* name) {
  AddName(app, "merchant", name, "merchants")->required();
}

void AddToken(CLI::App& app, std::string* token) {
  app.add_option("--token", *token, "The member's, from `mall link`")->required();
}

void AddOrder(CLI::App& app, std::string* order_number) {
  app.add_option("--order", *order_number, "The mall's own number of the order")->required();
}

void PrintMallPayment(Output& output, const v1::MallPayment& payment) {
  output.Fields({{"order", payment.order_number()},
                 {"reference", payment.retrieval_reference()},
                 {"state", EnumText(payment.state())},
                 {"paid", output.Points(payment.points())},
                 {"given back", output.Points(payment.refunded_points())},
                 {"time", output.Time(payment.pay_time())}});
  PrintLines(output, payment.lines());
}

void AddMember(Noun& mall) {
  mall.Changes(
      {"link", "Link a member, who made a code for it; the token is shown this once"},
      &ExternalPointsStub::LinkMall,
      [](CLI::App& app, v1::LinkMallRequest& request) {
        AddMerchant(app, request.mutable_merchant());
        app.add_option("--code", *request.mutable_payment_code(),
                       "18 digits, of `puhui wallet code --link`")
            ->required();
      },
      [](Output& output, const v1::LinkMallResponse& response) {
        output.Fields({{"token", response.member_token()}});
      });
  mall.Reads(
      {"balance", "What a member could spend at the mall"}, &ExternalPointsStub::GetBalance,
      [](CLI::App& app, v1::GetBalanceRequest& request) {
        AddMerchant(app, request.mutable_merchant());
        AddToken(app, request.mutable_member_token());
      },
      [](Output& output, const v1::GetBalanceResponse& response) {
        output.Fields({{"available", output.Points(response.available_points())}});
      });
}

void AddPayments(Noun& mall) {
  mall.Changes(
      {"pay", "Take points for an order"}, &ExternalPointsStub::Pay,
      [](CLI::App& app, v1::PayRequest& request) {
        AddMerchant(app, request.mutable_merchant());
        AddToken(app, request.mutable_member_token());
        AddOrder(app, request.mutable_order_number());
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
        AddBasketLines(app, request.mutable_lines());
      },
      [](Output& output, const v1::PayResponse& response) {
        PrintMallPayment(output, response.payment());
      });
  mall.Reads(
      {"payment", "Show what was paid for an order"}, &ExternalPointsStub::GetPayment,
      [](CLI::App& app, v1::GetPaymentRequest& request) {
        AddMerchant(app, request.mutable_merchant());
        AddOrder(app, request.mutable_order_number());
      },
      [](Output& output, const v1::GetPaymentResponse& response) {
        PrintMallPayment(output, response.payment());
      });
  mall.Changes(
      {"refund", "Give points of an order back"}, &ExternalPointsStub::RefundPayment,
      [](CLI::App& app, v1::RefundPaymentRequest& request) {
        AddMerchant(app, request.mutable_merchant());
        AddOrder(app, request.mutable_order_number());
        app.add_option("--refund", *request.mutable_refund_number(),
                       "The mall's own number of the refund")
            ->required();
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
        AddRefundLines(app, request.mutable_lines());
      },
      [](Output& output, const v1::RefundPaymentResponse& response) {
        output.Fields({{"refund", response.refund().refund_number()},
                       {"order", response.refund().order_number()},
                       {"reference", response.refund().retrieval_reference()},
                       {"given back", output.Points(response.refund().points())},
                       {"time", output.Time(response.refund().refund_time())}});
      });
}

}  // namespace

void AddMallCallVerbs(Noun& mall) {
  AddMember(mall);
  AddPayments(mall);
  mall.Lists(
      {"transactions", "List what a mall was paid and gave back on a business day"},
      &ExternalPointsStub::ListTransactions,
      [](CLI::App& app, v1::ListTransactionsRequest& request) {
        AddMerchant(app, request.mutable_merchant());
        app.add_option("--day", *request.mutable_day(), "Such as 2026-01-31")->required();
      },
      {{"TIME"}, {"KIND"}, {"NUMBER"}, {"ORDER"}, {"REFERENCE"}, {"POINTS", Table::Align::kRight}},
      [](Output& output, Table& table, const v1::ListTransactionsResponse& response) {
        for (const v1::MallTransaction& row : response.transactions()) {
          const bool paid = row.has_payment();
          table.AddRow({output.Time(row.time()), paid ? "payment" : "refund",
                        paid ? row.payment() : row.refund(),
                        paid ? row.payment() : row.order_number(), row.retrieval_reference(),
                        output.Points(row.points())});
        }
      });
}

}  // namespace puhui::services
