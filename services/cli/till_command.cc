// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/noun.h"
#include "services/cli/till_batch_command.h"
#include "services/cli/till_bill_command.h"
#include "services/cli/till_flags.h"
#include "services/cli/till_lines.h"

#include <cstdint>

namespace puhui::services {
namespace {

using PosStub = v1::PosService::Stub;

// A till keeps its own trace numbers, so repeating a command may not be the same call again.
std::string TillAdvice(absl::string_view request_id) {
  return absl::StrCat(
      "never do it again: ask `puhui till status` or undo it with `puhui till "
      "reverse`, both with --original-request-id ",
      request_id);
}

// Which earlier call is meant. Not all are on offer for every verb.
struct Original {
  std::string request_id;
  v1::TillKeys keys;
  std::string retrieval_reference;

  bool has_keys() const { return keys.batch_number() != 0; }
};

std::shared_ptr<Original> BindOriginal(CLI::App& app) {
  const auto original = std::make_shared<Original>();
  CLI::Option* const by_id = AddUuid(app, "--original-request-id", &original->request_id,
                                     "The request id of the call that is meant");
  CLI::Option* const batch =
      AddNumber(app, "--original-batch", UINT32_MAX,
                [original](std::uint32_t number) { original->keys.set_batch_number(number); });
  CLI::Option* const trace =
      AddNumber(app, "--original-trace", kTraceNumberMax,
                [original](std::uint32_t number) { original->keys.set_trace_number(number); });
  batch->description("The till's batch of the call that is meant")->needs(trace)->excludes(by_id);
  trace->description("Its trace number")->needs(batch)->excludes(by_id);
  return original;
}

void PrintPurchase(Output& output, const v1::Purchase& purchase) {
  output.Fields(
      {{"reference", purchase.retrieval_reference()},
       {"state", EnumText(purchase.state())},
       {"authorization", purchase.authorization_code()},
       {"card", purchase.masked_card()},
       {"points", output.Points(purchase.points())},
       {"asked for", purchase.asked_points() == 0 ? "" : output.Points(purchase.asked_points())},
       {"offer", purchase.offer()},
       {"discount",
        purchase.discount_points() == 0 ? "" : output.Points(purchase.discount_points())},
       {"refunded", output.Points(purchase.refunded_points())},
       {"fee", output.Points(purchase.fee_points())},
       {"time", output.Time(purchase.purchase_time())},
       {"terminal", purchase.terminal()},
       {"batch", absl::StrCat(purchase.batch_number())},
       {"trace", absl::StrCat(purchase.trace_number())}});
  PrintLines(output, purchase.lines());
}

void PrintAuthorization(Output& output, const v1::Authorization& authorization) {
  output.Fields({{"reference", authorization.retrieval_reference()},
                 {"state", EnumText(authorization.state())},
                 {"authorization", authorization.authorization_code()},
                 {"card", authorization.masked_card()},
                 {"points", output.Points(authorization.points())},
                 {"time", output.Time(authorization.authorize_time())},
                 {"expires", output.Time(authorization.expire_time())},
                 {"terminal", authorization.terminal()},
                 {"batch", absl::StrCat(authorization.batch_number())},
                 {"trace", absl::StrCat(authorization.trace_number())}});
  PrintLines(output, authorization.lines());
}

void PrintRefund(Output& output, const v1::Refund& refund) {
  output.Fields({{"reference", refund.retrieval_reference()},
                 {"of purchase", refund.purchase_reference()},
                 {"points", output.Points(refund.points())},
                 {"refunded so far", output.Points(refund.refunded_points())},
                 {"time", output.Time(refund.refund_time())}});
}

// `response` is any with receipt lines.
template <class Response>
void PrintReceipt(Output& output, const Response& response) {
  if (!response.receipt_lines().empty()) output.Line("");
  for (const std::string& line : response.receipt_lines()) output.Line(line);
}

void PrintRedemption(Output& output, const v1::Redemption& redemption) {
  output.Fields(
      {{"state", "REDEEMED"},
       {"order", redemption.order()},
       {"offer", absl::StrCat(redemption.offer(), ", version ", redemption.offer_version())},
       {"handed out", absl::StrCat(redemption.quantity())},
       {"time", output.Time(redemption.redeem_time())}});
}

void PrintTransaction(Output& output, const v1::GetTransactionResponse& response) {
  if (response.has_bill()) PrintBill(output, response.bill());
  switch (response.outcome_case()) {
    case v1::GetTransactionResponse::kPurchase:
      PrintPurchase(output, response.purchase());
      return PrintReceipt(output, response);
    case v1::GetTransactionResponse::kRefund:
      return PrintRefund(output, response.refund());
    case v1::GetTransactionResponse::kAuthorization:
      return PrintAuthorization(output, response.authorization());
    case v1::GetTransactionResponse::kDecline:
      return output.Fields({{"state", "DECLINED"},
                            {"reason", response.decline().reason()},
                            {"time", output.Time(response.decline().decline_time())}});
    case v1::GetTransactionResponse::kTombstone:
      return output.Fields({{"state", "REVERSED before it arrived"},
                            {"time", output.Time(response.tombstone().reverse_time())}});
    case v1::GetTransactionResponse::kRedemption:
      return PrintRedemption(output, response.redemption());
    case v1::GetTransactionResponse::OUTCOME_NOT_SET:
      if (response.has_bill()) return;  // That nobody has paid.
      return output.Line("an outcome that is newer than this program; see --json");
  }
}

// Whose points, how many, and for what: of a PurchaseRequest or an AuthorizeRequest.
template <class Request>
Prepare BindSpend(CLI::App& app, Request& request) {
  CLI::Option_group* const payer = app.add_option_group("payer", "Who pays");
  payer->add_option("--card", *request.mutable_card_number(), "The number on the member card");
  payer->add_option("--code", *request.mutable_payment_code(),
                    "The payment code that the member's app shows, 18 digits");
  payer->require_option(1);
  AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
  AddAcceptPartial(app, [&request](bool accepts) { request.set_accept_partial(accepts); });
  AddBasketLines(app, request.mutable_lines());
  return BindTill(app, *request.mutable_till());
}

// Of a CaptureRequest or a VoidRequest.
template <class Request>
void AddAuthorizationReference(CLI::App& app, Request& request) {
  app.add_option("--reference", *request.mutable_authorization_reference(),
                 "The authorization's reference, 12 digits")
      ->required();
}

void AddPurchase(Noun& noun) {
  noun.Changes(
      {"purchase", "Take points for goods"}, &PosStub::Purchase,
      [](CLI::App& app, v1::PurchaseRequest& request) {
        AddName(app, "--offer", request.mutable_offer(), "offers")
            ->description("An offer of the merchant that takes something off the points");
        return BindSpend(app, request);
      },
      [](Output& output, const v1::PurchaseResponse& response) {
        PrintPurchase(output, response.purchase());
        PrintReceipt(output, response);
      });
}

void AddAuthorize(Noun& noun) {
  noun.Changes(
      {"authorize", "Reserve points, to be captured or voided later"}, &PosStub::Authorize,
      [](CLI::App& app, v1::AuthorizeRequest& request) {
        AddLifetime(
            app, [&request] { return request.mutable_lifetime(); },
            "How long they stay reserved, such as 30m or 24h. Default: seven days");
        return BindSpend(app, request);
      },
      [](Output& output, const v1::AuthorizeResponse& response) {
        PrintAuthorization(output, response.authorization());
        PrintReceipt(output, response);
      });
}

void AddCapture(Noun& noun) {
  noun.Changes(
      {"capture", "Take reserved points for goods, or a part of them"}, &PosStub::Capture,
      [](CLI::App& app, v1::CaptureRequest& request) {
        AddAuthorizationReference(app, request);
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
        AddCaptureLines(app, request.mutable_lines());
        return BindTill(app, *request.mutable_till());
      },
      [](Output& output, const v1::CaptureResponse& response) {
        PrintPurchase(output, response.purchase());
        output.Fields({{"released", output.Points(response.released_points())}});
        PrintReceipt(output, response);
      });
}

void AddVoid(Noun& noun) {
  noun.Changes(
      {"void", "Give reserved points back"}, &PosStub::Void,
      [](CLI::App& app, v1::VoidRequest& request) {
        AddAuthorizationReference(app, request);
        return BindTill(app, *request.mutable_till());
      },
      [](Output& output, const v1::VoidResponse& response) {
        PrintAuthorization(output, response.authorization());
        PrintReceipt(output, response);
      });
}

void AddRefund(Noun& noun) {
  noun.Changes(
      {"refund", "Give points of a purchase back"}, &PosStub::Refund,
      [](CLI::App& app, v1::RefundRequest& request) {
        app.add_option("--reference", *request.mutable_purchase_reference(),
                       "The purchase's reference, 12 digits")
            ->required();
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
        AddRefundLines(app, request.mutable_lines());
        return BindTill(app, *request.mutable_till());
      },
      [](Output& output, const v1::RefundResponse& response) {
        PrintRefund(output, response.refund());
        PrintReceipt(output, response);
      });
}

void AddReverse(Noun& noun) {
  noun.Changes(
      {"reverse",
       "Undo a purchase, authorization, capture or bill, whether or not it ever arrived"},
      &PosStub::Reverse,
      [](CLI::App& app, v1::ReverseRequest& request) -> Prepare {
        const auto original = BindOriginal(app);
        const Prepare till = BindTill(app, *request.mutable_till());
        return [original, till, &request](const Invocation& invocation) {
          if (original->has_keys()) {
            *request.mutable_original_keys() = original->keys;
          } else if (!original->request_id.empty()) {
            request.set_original_request_id(original->request_id);
          } else {
            return absl::InvalidArgumentError(
                "wanted --original-request-id, or --original-batch and --original-trace");
          }
          return till(invocation);
        };
      },
      [](Output& output, const v1::ReverseResponse& response) {
        output.Line(response.original_found()
                        ? "reversed"
                        : "the original has not arrived; it will be refused when it does");
        if (response.has_purchase()) PrintPurchase(output, response.purchase());
        if (response.has_authorization()) PrintAuthorization(output, response.authorization());
        if (response.has_bill()) PrintBill(output, response.bill());
      });
}

void AddStatus(Noun& noun) {
  noun.Reads(
      {"status", "Say what became of a call"}, &PosStub::GetTransaction,
      [](CLI::App& app, v1::GetTransactionRequest& request) -> Prepare {
        AddTerminal(app, request.mutable_terminal());
        const auto original = BindOriginal(app);
        CLI::Option* const by_reference =
            app.add_option("--reference", original->retrieval_reference,
                           "The reference of a purchase, authorization, bill or refund, 12 digits");
        by_reference->excludes(app.get_option("--original-request-id"));
        by_reference->excludes(app.get_option("--original-batch"));
        return [original, &request](const Invocation&) {
          if (!original->retrieval_reference.empty()) {
            request.set_retrieval_reference(original->retrieval_reference);
          } else if (original->has_keys()) {
            *request.mutable_keys() = original->keys;
          } else if (!original->request_id.empty()) {
            request.set_request_id(original->request_id);
          } else {
            return absl::InvalidArgumentError(
                "wanted --reference, --original-request-id, or --original-batch and "
                "--original-trace");
          }
          return absl::OkStatus();
        };
      },
      PrintTransaction);
}

}  // namespace

void AddTillCommands(CommandLine& line) {
  Noun noun(line, "till", "What a till can do", TillAdvice);
  AddPurchase(noun);
  AddAuthorize(noun);
  AddCapture(noun);
  AddVoid(noun);
  AddRefund(noun);
  AddReverse(noun);
  AddStatus(noun);
  AddTillBatchCommands(noun);
  AddTillBillCommand(noun);
}

}  // namespace puhui::services
