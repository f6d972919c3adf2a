// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/noun.h"
#include "services/cli/times.h"

#include <cstdint>

namespace puhui::services {
namespace {

using Stub = v1::PosService::Stub;

constexpr std::uint32_t kTraceMax = 999'999;

// A till keeps its own trace numbers, so repeating a command may not be the same call again.
std::string TillAdvice(absl::string_view request_id) {
  return absl::StrCat(
      "never do it again: ask `puhui till status` or undo it with `puhui till "
      "reverse`, both with --original-request-id ",
      request_id);
}

CLI::Option* AddTerminal(CLI::App& app, std::string* field) {
  return app.add_option("--terminal", *field, "Format: merchants/…/terminals/…")->required();
}

// A number that counts from 1.
CLI::Option* AddNumber(CLI::App& app, const std::string& flag, std::uint32_t max,
                       std::function<void(std::uint32_t)> set) {
  return app
      .add_option_function<std::uint32_t>(
          flag, [set = std::move(set)](const std::uint32_t& number) { set(number); })
      ->check(CLI::Range(std::uint32_t{1}, max));
}

// The flags of `till`; what was not given comes from the clock.
Prepare BindTill(CLI::App& app, v1::Till& till) {
  AddTerminal(app, till.mutable_terminal());
  AddNumber(app, "--batch", UINT32_MAX, [&till](std::uint32_t batch) {
    till.set_batch_number(batch);
  })->description("The till's batch. Default: the day in --zone, such as 20270301");
  AddNumber(app, "--trace", kTraceMax, [&till](std::uint32_t trace) {
    till.set_trace_number(trace);
  })->description("The till's trace number. Default: the tenth of a second of the day, from 1");
  app.add_option_function<std::string>(
         "--local-time",
         [&till](const std::string& text) {
           *till.mutable_local_time() = ToTimestamp(*ParseMoment(text));
         },
         "The till's own clock, such as 2027-03-01T09:00:00+08:00. Default: now")
      ->check([](const std::string& text) {
        return std::string(ParseMoment(text).status().message());
      });
  // An earlier call is only repeated when all three are as they were.
  return [&till](const Invocation& invocation) {
    const absl::Time now = invocation.environment().now();
    const TillClock clock = TillClockAt(now, invocation.zone());
    if (till.batch_number() == 0) till.set_batch_number(clock.batch_number);
    if (till.trace_number() == 0) till.set_trace_number(clock.trace_number);
    if (!till.has_local_time()) *till.mutable_local_time() = ToTimestamp(now);
    return absl::OkStatus();
  };
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
      AddNumber(app, "--original-trace", kTraceMax,
                [original](std::uint32_t number) { original->keys.set_trace_number(number); });
  batch->description("The till's batch of the call that is meant")->needs(trace)->excludes(by_id);
  trace->description("Its trace number")->needs(batch)->excludes(by_id);
  return original;
}

void PrintPurchase(Output& output, const v1::Purchase& purchase) {
  output.Fields({{"reference", purchase.retrieval_reference()},
                 {"state", EnumText(purchase.state())},
                 {"authorization", purchase.authorization_code()},
                 {"card", purchase.masked_card()},
                 {"points", output.Points(purchase.points())},
                 {"refunded", output.Points(purchase.refunded_points())},
                 {"fee", output.Points(purchase.fee_points())},
                 {"time", output.Time(purchase.purchase_time())},
                 {"terminal", purchase.terminal()},
                 {"batch", absl::StrCat(purchase.batch_number())},
                 {"trace", absl::StrCat(purchase.trace_number())}});
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

void PrintTransaction(Output& output, const v1::GetTransactionResponse& response) {
  switch (response.outcome_case()) {
    case v1::GetTransactionResponse::kPurchase:
      return PrintPurchase(output, response.purchase());
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
    case v1::GetTransactionResponse::OUTCOME_NOT_SET:
      return output.Line("an outcome that is newer than this program; see --json");
  }
}

// Whose points, and how many: of a PurchaseRequest or an AuthorizeRequest.
template <class Request>
Prepare BindSpend(CLI::App& app, Request& request) {
  app.add_option("--card", *request.mutable_card_number(), "The number on the member card")
      ->required();
  AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
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
      {"purchase", "Take points for goods"}, &Stub::Purchase,
      [](CLI::App& app, v1::PurchaseRequest& request) { return BindSpend(app, request); },
      [](Output& output, const v1::PurchaseResponse& response) {
        PrintPurchase(output, response.purchase());
        PrintReceipt(output, response);
      });
}

void AddAuthorize(Noun& noun) {
  noun.Changes(
      {"authorize", "Reserve points, to be captured or voided later"}, &Stub::Authorize,
      [](CLI::App& app, v1::AuthorizeRequest& request) {
        app.add_option_function<std::string>(
               "--lifetime",
               [&request](const std::string& text) {
                 const absl::Duration lifetime = *ParseTimeout(text);
                 request.mutable_lifetime()->set_seconds(absl::ToInt64Seconds(lifetime));
                 request.mutable_lifetime()->set_nanos(static_cast<std::int32_t>(
                     absl::ToInt64Nanoseconds(lifetime % absl::Seconds(1))));
               },
               "How long they stay reserved, such as 30m or 24h. Default: seven days")
            ->check([](const std::string& text) {
              return std::string(ParseTimeout(text).status().message());
            });
        return BindSpend(app, request);
      },
      [](Output& output, const v1::AuthorizeResponse& response) {
        PrintAuthorization(output, response.authorization());
        PrintReceipt(output, response);
      });
}

void AddCapture(Noun& noun) {
  noun.Changes(
      {"capture", "Take reserved points for goods, or a part of them"}, &Stub::Capture,
      [](CLI::App& app, v1::CaptureRequest& request) {
        AddAuthorizationReference(app, request);
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
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
      {"void", "Give reserved points back"}, &Stub::Void,
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
      {"refund", "Give points of a purchase back"}, &Stub::Refund,
      [](CLI::App& app, v1::RefundRequest& request) {
        app.add_option("--reference", *request.mutable_purchase_reference(),
                       "The purchase's reference, 12 digits")
            ->required();
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
        return BindTill(app, *request.mutable_till());
      },
      [](Output& output, const v1::RefundResponse& response) {
        PrintRefund(output, response.refund());
        PrintReceipt(output, response);
      });
}

void AddReverse(Noun& noun) {
  noun.Changes(
      {"reverse", "Undo a purchase, authorization or capture, whether or not it ever arrived"},
      &Stub::Reverse,
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
      });
}

void AddStatus(Noun& noun) {
  noun.Reads(
      {"status", "Say what became of a call"}, &Stub::GetTransaction,
      [](CLI::App& app, v1::GetTransactionRequest& request) -> Prepare {
        AddTerminal(app, request.mutable_terminal());
        const auto original = BindOriginal(app);
        CLI::Option* const by_reference =
            app.add_option("--reference", original->retrieval_reference,
                           "The reference of a purchase, authorization or refund, 12 digits");
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
}

}  // namespace puhui::services
