// SPDX-License-Identifier: Apache-2.0
// `puhui settlement`: lines that somebody does not agree with, and what becomes of them.
#include "puhui/v1/settlement_service.grpc.pb.h"
#include "services/cli/settlement_command.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using SettlementStub = v1::SettlementService::Stub;

CLI::Option* AddDisputeName(CLI::App& app, std::string* field) {
  return app.add_option("dispute", *field, "Format: merchants/…/statements/…/disputes/…")
      ->required();
}

void AddDispute(Noun& noun) {
  noun.Changes(
      {"dispute", "Dispute lines of a statement"}, &SettlementStub::DisputeStatement,
      [](CLI::App& app, v1::DisputeStatementRequest& request) -> Prepare {
        AddStatementName(app, request.mutable_name());
        const auto lines = std::make_shared<std::vector<std::uint64_t>>();
        const auto reason = std::make_shared<std::string>();
        app.add_option("--line", *lines, "The record of a line; may be repeated")->required();
        app.add_option("--reason", *reason, "Why, without personal data")->required();
        return [lines, reason, &request](const Invocation& /*invocation*/) {
          for (const std::uint64_t sequence : *lines) {
            auto& line = *request.add_lines();
            line.set_sequence(sequence);
            line.set_reason(*reason);
          }
          return absl::OkStatus();
        };
      },
      [](Output& output, const v1::DisputeStatementResponse& response) {
        for (const std::string& name : response.disputes()) output.Line(name);
      });
}

void AddDisputes(Noun& noun) {
  noun.Reads(
      {"disputes", "List the disputed lines of a statement"}, &SettlementStub::ListDisputes,
      [](CLI::App& app, v1::ListDisputesRequest& request) {
        AddStatementName(app, request.mutable_parent());
      },
      [](Output& output, const v1::ListDisputesResponse& response) {
        Table table({{"DISPUTE"},
                     {"STATE"},
                     {"REASON"},
                     {"ADJUSTMENT", Table::Align::kRight},
                     {"PAID BY"},
                     {"BECAUSE"}});
        for (const v1::Dispute& dispute : response.disputes()) {
          table.AddRow({dispute.name(), EnumText(dispute.state()), dispute.reason(),
                        output.Points(dispute.adjustment_points()), dispute.union_(),
                        dispute.resolution_reason()});
        }
        output.Flush(table);
      });
}

void AddResolve(Noun& noun) {
  noun.Changes(
      {"resolve", "Propose what becomes of a disputed line"}, &SettlementStub::ResolveDispute,
      [](CLI::App& app, v1::ResolveDisputeRequest& request) {
        AddDisputeName(app, request.mutable_name());
        app.add_option_function<std::int64_t>(
            "--points",
            [&request](const std::int64_t& points) { request.set_adjustment_points(points); },
            "What is to be payable more; negative: less. Default: the line stands as it is");
        AddName(app, "--union", request.mutable_union_(), "unions");
        app.add_option("--reason", *request.mutable_reason(), "Why, without personal data")
            ->required();
      },
      [](Output& output, const v1::ResolveDisputeResponse& response) {
        output.Fields({{"dispute", response.dispute().name()},
                       {"state", EnumText(response.dispute().state())},
                       {"adjustment", output.Points(response.dispute().adjustment_points())},
                       {"paid by", response.dispute().union_()}});
      });
}

void AddConfirm(Noun& noun) {
  noun.Changes(
      {"confirm", "Confirm what was proposed for a disputed line"},
      &SettlementStub::ConfirmResolution,
      [](CLI::App& app, v1::ConfirmResolutionRequest& request) {
        AddDisputeName(app, request.mutable_name());
        app.add_option_function<std::int64_t>(
               "--points",
               [&request](const std::int64_t& points) { request.set_adjustment_points(points); },
               "What was proposed; 0: the line stands as it is")
            ->required();
        AddName(app, "--union", request.mutable_union_(), "unions");
      },
      [](Output& output, const v1::ConfirmResolutionResponse& response) {
        output.Fields({{"dispute", response.name()},
                       {"adjusted by record", response.adjustment_sequence() == 0
                                                  ? ""
                                                  : absl::StrCat(response.adjustment_sequence())}});
      });
}

}  // namespace

void AddDisputeVerbs(Noun& noun) {
  AddDispute(noun);
  AddDisputes(noun);
  AddResolve(noun);
  AddConfirm(noun);
}

}  // namespace puhui::services
