// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/union_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/noun.h"

namespace puhui::services {
namespace {

using Stub = v1::UnionService::Stub;

void PrintUnion(Output& output, const v1::Union& node) {
  output.Fields({{"name", node.name()},
                 {"display name", node.display_name()},
                 {"kind", EnumText(node.kind())},
                 {"parent", node.parent()},
                 {"time zone", node.time_zone()},
                 {"created", output.Time(node.create_time())}});
  if (node.budgets().empty()) return;
  Table table({{"BUDGET OF", Table::Align::kLeft}, {"IN BUDGET", Table::Align::kRight}});
  for (const v1::Budget& budget : node.budgets()) {
    table.AddRow({budget.origin(), output.Points(budget.points())});
  }
  output.Flush(table);
}

void PrintFunding(Output& output, const v1::Funding& funding) {
  output.Fields({{"name", funding.name()},
                 {"points", output.Points(funding.points())},
                 {"bank reference", funding.bank_reference()},
                 {"state", funding.confirmed() ? "confirmed" : "waits for a second person"},
                 {"proposed", output.Time(funding.create_time())},
                 {"confirmed", output.Time(funding.confirm_time())}});
}

void AddCreate(Noun& noun) {
  noun.Changes(
      {"create", "Create a union"}, &Stub::CreateUnion,
      [](CLI::App& app, v1::CreateUnionRequest& request) {
        app.add_option("id", *request.mutable_union_id(), "1 to 40 of a-z, 0-9 and '-'")
            ->required();
        app.add_option("--display-name", *request.mutable_display_name(), "The name people read")
            ->required();
        AddName(app, "--parent", request.mutable_parent(), "unions");
        AddEnum<v1::UnionKind>(
            app, "--kind", [&request](v1::UnionKind kind) { request.set_kind(kind); },
            "What it is in the tree")
            ->required();
        app.add_option("--time-zone", *request.mutable_time_zone(),
                       "The zone of its civil days. Default: Asia/Shanghai");
      },
      [](Output& output, const v1::CreateUnionResponse& response) {
        PrintUnion(output, response.union_());
      });
}

void AddMoney(Noun& noun) {
  noun.Changes(
      {"fund", "Propose to credit a budget with money that arrived at the bank"}, &Stub::FundBudget,
      [](CLI::App& app, v1::FundBudgetRequest& request) {
        AddName(app, "union", request.mutable_union_(), "unions")->required();
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
        app.add_option("--bank-reference", *request.mutable_bank_reference(),
                       "The bank's reference of the transfer")
            ->required();
      },
      [](Output& output, const v1::FundBudgetResponse& response) {
        PrintFunding(output, response.funding());
      });
  noun.Changes(
      {"confirm", "Confirm a proposed funding, as a second person"}, &Stub::ConfirmFunding,
      [](CLI::App& app, v1::ConfirmFundingRequest& request) {
        app.add_option("funding", *request.mutable_name(), "Format: unions/…/fundings/…")
            ->required();
      },
      [](Output& output, const v1::ConfirmFundingResponse& response) {
        PrintFunding(output, response.funding());
      });
}

}  // namespace

void AddUnionCommands(CommandLine& line) {
  Noun noun(line, "union", "Unions and the money they pay in");
  AddCreate(noun);
  noun.Reads(
      {"get", "Show a union and its budgets"}, &Stub::GetUnion,
      [](CLI::App& app, v1::GetUnionRequest& request) {
        AddName(app, "union", request.mutable_name(), "unions")->required();
      },
      [](Output& output, const v1::GetUnionResponse& response) {
        PrintUnion(output, response.union_());
      });
  AddMoney(noun);
}

}  // namespace puhui::services
