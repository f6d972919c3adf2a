// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/union_service.grpc.pb.h"
#include "services/cli/union_command.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using UnionStub = v1::UnionService::Stub;

// For people, who ask what it waits for.
std::string StateText(const v1::Funding& funding) {
  if (funding.confirmed()) return "confirmed";
  if (funding.state() != v1::FUNDING_STATE_REJECTED) return "waits for a second person";
  return funding.decider() == funding.proposer() ? "withdrawn" : "rejected";
}

void PrintFunding(Output& output, const v1::Funding& funding) {
  output.Fields({{"name", funding.name()},
                 {"points", output.Points(funding.points())},
                 {"bank reference", funding.bank_reference()},
                 {"state", StateText(funding)},
                 {"proposed", output.Time(funding.create_time())},
                 {"proposed by", funding.proposer()},
                 {"confirmed", output.Time(funding.confirm_time())},
                 {"rejected", output.Time(funding.reject_time())},
                 {"decided by", funding.decider()},
                 {"reason", funding.reason()}});
}

template <class Response>
void PrintFundingOf(Output& output, const Response& response) {
  PrintFunding(output, response.funding());
}

template <class Request>
void AddFundingName(CLI::App& app, Request& request) {
  app.add_option("funding", *request.mutable_name(), "Format: unions/…/fundings/…")->required();
}

void PrintTransfer(Output& output, const v1::BudgetTransfer& transfer) {
  output.Fields({{"from", transfer.from()},
                 {"to", transfer.to()},
                 {"points", output.Points(transfer.points())},
                 {"time", output.Time(transfer.transfer_time())}});
  Table table({{"MONEY OF", Table::Align::kLeft}, {"POINTS", Table::Align::kRight}});
  for (const v1::Budget& line : transfer.lines()) {
    table.AddRow({line.origin(), output.Points(line.points())});
  }
  output.Flush(table);
}

void AddFunding(Noun& noun) {
  noun.Changes(
      {"fund", "Propose to credit a budget with money that arrived at the bank"},
      &UnionStub::FundBudget,
      [](CLI::App& app, v1::FundBudgetRequest& request) {
        AddName(app, "union", request.mutable_union_(), "unions")->required();
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
        app.add_option("--bank-reference", *request.mutable_bank_reference(),
                       "The bank's reference of the transfer")
            ->required();
      },
      PrintFundingOf<v1::FundBudgetResponse>);
  noun.Changes({"confirm", "Confirm a proposed funding, as a second person"},
               &UnionStub::ConfirmFunding, AddFundingName<v1::ConfirmFundingRequest>,
               PrintFundingOf<v1::ConfirmFundingResponse>);
  noun.Changes(
      {"reject", "Reject a proposed funding, or withdraw one's own"}, &UnionStub::RejectFunding,
      [](CLI::App& app, v1::RejectFundingRequest& request) {
        AddFundingName(app, request);
        app.add_option("--reason", *request.mutable_reason(),
                       "Why, for auditors to read; without personal data")
            ->required();
      },
      PrintFundingOf<v1::RejectFundingResponse>);
}

void AddFundingReads(Noun& noun) {
  noun.Reads({"funding", "Show a funding"}, &UnionStub::GetFunding,
             AddFundingName<v1::GetFundingRequest>, PrintFundingOf<v1::GetFundingResponse>);
  noun.Lists(
      {"fundings", "List the fundings of a union, in the order they were proposed"},
      &UnionStub::ListFundings,
      [](CLI::App& app, v1::ListFundingsRequest& request) {
        AddName(app, "union", request.mutable_union_(), "unions")->required();
        AddEnum<v1::FundingState>(
            app, "--state", [&request](v1::FundingState state) { request.set_state(state); },
            "Only those that stand there");
      },
      {{"FUNDING", Table::Align::kLeft},
       {"POINTS", Table::Align::kRight},
       {"BANK REFERENCE", Table::Align::kLeft},
       {"STATE", Table::Align::kLeft},
       {"PROPOSED", Table::Align::kLeft},
       {"PROPOSED BY", Table::Align::kLeft},
       {"DECIDED BY", Table::Align::kLeft},
       {"REASON", Table::Align::kLeft}},
      [](const Output& output, Table& table, const v1::ListFundingsResponse& response) {
        for (const v1::Funding& funding : response.fundings()) {
          table.AddRow({funding.name(), output.Points(funding.points()), funding.bank_reference(),
                        StateText(funding), output.Time(funding.create_time()), funding.proposer(),
                        funding.decider(), funding.reason()});
        }
      });
}

template <class Request>
void AddTransferFlags(CLI::App& app, Request& request) {
  AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
  AddName(app, "--origin", request.mutable_origin(), "unions")
      ->description("Whose money. Default: the origin that has been in the budget longest first");
}

void AddTransfers(Noun& noun) {
  noun.Changes(
      {"allocate", "Hand points of a budget down to a child"}, &UnionStub::AllocateBudget,
      [](CLI::App& app, v1::AllocateBudgetRequest& request) {
        AddName(app, "union", request.mutable_union_(), "unions")->required();
        AddName(app, "child", request.mutable_child(), "unions")->required();
        AddTransferFlags(app, request);
      },
      [](Output& output, const v1::AllocateBudgetResponse& response) {
        PrintTransfer(output, response.transfer());
      });
  noun.Changes(
      {"return", "Hand points of a budget back to the parent"}, &UnionStub::ReturnBudget,
      [](CLI::App& app, v1::ReturnBudgetRequest& request) {
        AddName(app, "union", request.mutable_union_(), "unions")->required();
        AddTransferFlags(app, request);
      },
      [](Output& output, const v1::ReturnBudgetResponse& response) {
        PrintTransfer(output, response.transfer());
      });
}

void AddBudget(Noun& noun) {
  noun.Lists(
      {"budget", "Show what is in a budget, by origin"}, &UnionStub::GetBudget,
      [](CLI::App& app, v1::GetBudgetRequest& request) {
        AddName(app, "union", request.mutable_union_(), "unions")->required();
        app.add_flag_callback(
            "--subtree", [&request] { request.set_subtree(true); },
            "The budgets of all below it too");
      },
      {{"MONEY OF", Table::Align::kLeft}, {"IN BUDGET", Table::Align::kRight}},
      [headed = std::make_shared<bool>(false)](Output& output, Table& table,
                                               const v1::GetBudgetResponse& response) {
        if (!std::exchange(*headed, true)) {
          output.Line("all: " + output.Points(response.points()));
        }
        for (const v1::Budget& line : response.lines()) {
          table.AddRow({line.origin(), output.Points(line.points())});
        }
      });
}

}  // namespace

void AddUnionBudgetVerbs(Noun& noun) {
  AddFunding(noun);
  AddFundingReads(noun);
  AddTransfers(noun);
  AddBudget(noun);
}

}  // namespace puhui::services
