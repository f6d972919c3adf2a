// SPDX-License-Identifier: Apache-2.0
// What merchants are owed: `puhui settlement`.
#include "services/cli/settlement_command.h"

#include "ledger/crypto/hash.h"
#include "puhui/v1/settlement_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/money.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using SettlementStub = v1::SettlementService::Stub;

void AddCut(Noun& noun) {
  noun.Changes(
      {"cut", "Cut a business day that has ended; the timer does so by itself"},
      &SettlementStub::CutDay,
      [](CLI::App& app, v1::CutDayRequest& request) {
        AddStatementName(app, request.mutable_name());
      },
      [](Output& output, const v1::CutDayResponse& response) {
        PrintStatement(output, response.statement());
      });
}

void AddSettlementList(Noun& noun) {
  noun.Lists(
      {"list", "List the statements of a merchant"}, &SettlementStub::ListStatements,
      [](CLI::App& app, v1::ListStatementsRequest& request) {
        AddName(app, "merchant", request.mutable_parent(), "merchants")->required();
        AddEnum<v1::StatementState>(
            app, "--state", [&request](v1::StatementState state) { request.set_state(state); },
            "Only those that stand there");
      },
      {{"STATEMENT"},
       {"STATE"},
       {"LINES", Table::Align::kRight},
       {"PURCHASES", Table::Align::kRight},
       {"PAYABLE", Table::Align::kRight}},
      [](Output& output, Table& table, const v1::ListStatementsResponse& response) {
        for (const v1::Statement& statement : response.statements()) {
          table.AddRow(
              {statement.name(), EnumText(statement.state()),
               // Of how many lines a part has some it does not say.
               statement.partial()
                   ? ""
                   : FormatCount(statement.purchase_lines() + statement.refund_lines() +
                                 statement.reversal_lines() + statement.adjustment_lines()),
               output.Points(statement.figures().purchase_points()),
               output.Points(statement.figures().payable_after_points())});
        }
      });
}

// The digest is typed, so that nobody agrees with what they have not seen.
void AddAgree(Noun& noun) {
  noun.Changes(
      {"agree", "Agree with a statement: it can be paid"}, &SettlementStub::AgreeStatement,
      [](CLI::App& app, v1::AgreeStatementRequest& request) -> Prepare {
        AddStatementName(app, request.mutable_name());
        const auto hex = std::make_shared<std::string>();
        app.add_option("--digest", *hex, "Of the statement that is agreed upon, in hexadecimal")
            ->required();
        return [hex, &request](const Invocation& /*invocation*/) {
          const absl::StatusOr<std::string> digest = ledger::FromHex(*hex);
          if (!digest.ok() || digest->size() != ledger::Hash().size()) {
            return absl::InvalidArgumentError("--digest: want 64 hexadecimal characters");
          }
          request.set_digest(*digest);
          return absl::OkStatus();
        };
      },
      [](Output& output, const v1::AgreeStatementResponse& response) {
        output.Fields({{"agreed", response.name()}});
      });
}

}  // namespace

CLI::Option* AddStatementName(CLI::App& app, std::string* field) {
  return app.add_option("statement", *field, "Format: merchants/…/statements/2026-11-25")
      ->required();
}

void PrintStatement(Output& output, const v1::Statement& statement) {
  const v1::StatementFigures& figures = statement.figures();
  output.Fields(
      {{"statement", statement.name()},
       {"state", EnumText(statement.state())},
       {"from", output.Time(statement.start_time())},
       {"until", output.Time(statement.end_time())},
       {"zone", statement.time_zone()},
       {"part", statement.partial() ? "of the unions that you may see; it has no digest" : ""},
       {"records", statement.partial() ? ""
                                       : absl::StrCat(statement.first_sequence(), " to ",
                                                      statement.last_sequence())},
       {"cut", statement.has_cut_time() ? output.Time(statement.cut_time()) : ""},
       {"agreed", statement.has_agree_time() ? output.Time(statement.agree_time()) : ""},
       {"disputed lines",
        statement.open_disputes() == 0 ? "" : FormatCount(statement.open_disputes())},
       {"digest", statement.cut_sequence() == 0 ? "" : ledger::ToHex(statement.digest())},
       {"invoice remark", statement.invoice_remark()}});
  Table table({{"POINTS"}, {"LINES", Table::Align::kRight}, {"", Table::Align::kRight}});
  const auto add = [&](const char* what, const std::string& lines, std::int64_t points) {
    table.AddRow({what, lines, output.Points(points)});
  };
  add("payable before", "", figures.payable_before_points());
  const auto count = [&statement](std::uint64_t lines) {
    return statement.partial() ? std::string() : FormatCount(lines);
  };
  add("purchases", count(statement.purchase_lines()), figures.purchase_points());
  add("refunds", count(statement.refund_lines()), -figures.refund_points());
  add("refunds of earlier days", "", -figures.earlier_refund_points());
  add("reversals", count(statement.reversal_lines()), -figures.reversal_points());
  add("fees", "", -figures.fee_points());
  add("discounts", "", -figures.discount_points());
  add("adjustments", count(statement.adjustment_lines()), figures.adjustment_points());
  add("paid", "", -figures.paid_points());
  add("payable after", "", figures.payable_after_points());
  output.Flush(table);
}

void AddSettlementCommands(CommandLine& line) {
  Noun noun(line, "settlement", "What merchants are owed: business days, statements, disputes");
  AddCut(noun);
  AddSettlementList(noun);
  AddStatementVerb(noun);
  AddAgree(noun);
  AddDisputeVerbs(noun);
  AddSpendingVerbs(noun);
}

}  // namespace puhui::services
