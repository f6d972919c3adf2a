// SPDX-License-Identifier: Apache-2.0
#include "services/cli/till_batch_command.h"

#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/cli/enum_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using PosStub = v1::PosService::Stub;

// KIND:COUNT:POINTS, such as purchase:12:3400.
absl::StatusOr<v1::KindTotal> ParseTotal(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  v1::KindTotal total;
  v1::BatchKind kind{};
  std::int64_t count = 0;
  std::int64_t points = 0;
  if (parts.size() != 3 ||
      !v1::BatchKind_Parse(absl::StrCat("BATCH_KIND_", absl::AsciiStrToUpper(parts[0])), &kind) ||
      !absl::SimpleAtoi(parts[1], &count) || !absl::SimpleAtoi(parts[2], &points)) {
    return absl::InvalidArgumentError(
        absl::StrCat("wanted KIND:COUNT:POINTS, such as purchase:12:3400, got ", text));
  }
  total.set_kind(kind);
  total.set_count(count);
  total.set_points(points);
  return total;
}

// TRACE:KIND:POINTS, such as 17:refund:250.
absl::StatusOr<v1::BatchCall> ParseCall(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  v1::BatchCall call;
  v1::BatchKind kind{};
  std::uint32_t trace = 0;
  std::int64_t points = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &trace) ||
      !v1::BatchKind_Parse(absl::StrCat("BATCH_KIND_", absl::AsciiStrToUpper(parts[1])), &kind) ||
      !absl::SimpleAtoi(parts[2], &points)) {
    return absl::InvalidArgumentError(
        absl::StrCat("wanted TRACE:KIND:POINTS, such as 17:refund:250, got ", text));
  }
  call.set_trace_number(trace);
  call.set_kind(kind);
  call.set_points(points);
  return call;
}

// A flag that may be given often; what it says is added to `to`.
template <class Message, class Parse>
void AddParsed(CLI::App& app, const std::string& flag, const std::string& about,
               google::protobuf::RepeatedPtrField<Message>* to, Parse parse) {
  app.add_option_function<std::vector<std::string>>(
         flag,
         [to, parse](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) *to->Add() = *parse(text);
         },
         about)
      ->check(
          [parse](const std::string& text) { return std::string(parse(text).status().message()); });
}

template <class Request>
void AddBatch(CLI::App& app, Request& request) {
  app.add_option("--terminal", *request.mutable_terminal(), "Format: merchants/…/terminals/…")
      ->required();
  app.add_option_function<std::uint32_t>(
         "--batch", [&request](const std::uint32_t& number) { request.set_batch_number(number); },
         "The till's batch")
      ->required()
      ->check(CLI::Range(std::uint32_t{1}, UINT32_MAX));
}

void PrintTotals(Output& output, const google::protobuf::RepeatedPtrField<v1::KindTotal>& totals) {
  for (const v1::KindTotal& total : totals) {
    output.Fields({{EnumText(total.kind()),
                    absl::StrCat(total.count(), " of ", output.Points(total.points()))}});
  }
}

void PrintCalls(Output& output, const std::string& title,
                const google::protobuf::RepeatedPtrField<v1::BatchCall>& calls) {
  for (const v1::BatchCall& call : calls) {
    output.Line(absl::StrCat(title, ": trace ", call.trace_number(), ", ", EnumText(call.kind()),
                             ", ", output.Points(call.points())));
  }
}

void AddBalance(Noun& noun) {
  noun.Reads(
      {"balance", "Say what a member could spend at the till"}, &PosStub::InquireBalance,
      [](CLI::App& app, v1::InquireBalanceRequest& request) {
        app.add_option("--terminal", *request.mutable_terminal(), "Format: merchants/…/terminals/…")
            ->required();
        app.add_option("--card", *request.mutable_card_number(), "The number on the member card")
            ->required();
      },
      [](Output& output, const v1::InquireBalanceResponse& response) {
        output.Fields({{"available", output.Points(response.available_points())},
                       {"card", response.masked_card()}});
      });
}

void AddTotalsCommand(Noun& noun) {
  noun.Reads(
      {"totals", "Say what a batch comes to"}, &PosStub::GetTotals,
      [](CLI::App& app, v1::GetTotalsRequest& request) { AddBatch(app, request); },
      [](Output& output, const v1::GetTotalsResponse& response) {
        output.Fields({{"batch", response.closed() ? "closed" : "open"}});
        PrintTotals(output, response.totals());
      });
}

void AddCloseBatch(Noun& noun) {
  noun.Changes(
      {"close-batch", "End the till's day, when both sides count the same"}, &PosStub::CloseBatch,
      [](CLI::App& app, v1::CloseBatchRequest& request) {
        AddBatch(app, request);
        AddParsed(app, "--total", "What the till counted: KIND:COUNT:POINTS, for each kind",
                  request.mutable_totals(), ParseTotal);
        AddParsed(app, "--call", "A call of the till: TRACE:KIND:POINTS; name all, or none",
                  request.mutable_calls(), ParseCall);
        app.add_flag_function(
            "--accept-difference",
            [&request](std::int64_t) { request.set_accept_difference(true); },
            "Close it although the totals differ");
      },
      [](Output& output, const v1::CloseBatchResponse& response) {
        output.Line(response.closed() ? "closed" : "open: the totals differ");
        output.Fields({{"agreed", response.agreed() ? "yes" : "no"}});
        PrintTotals(output, response.totals());
        PrintCalls(output, "missing at the till", response.difference().missing_at_till());
        PrintCalls(output, "missing here", response.difference().missing_here());
        PrintCalls(output, "unlike, here", response.difference().unlike());
        if (response.closed()) {
          output.Fields({{"next batch", absl::StrCat(response.next_batch_number())}});
        }
      },
      // A till's day that goes on is nothing a script may take for one that has ended.
      [](const v1::CloseBatchResponse& response) {
        return response.closed() ? ExitCode::kOk : ExitCode::kRefused;
      });
}

}  // namespace

void AddTillBatchCommands(Noun& noun) {
  AddBalance(noun);
  AddTotalsCommand(noun);
  AddCloseBatch(noun);
}

}  // namespace puhui::services
