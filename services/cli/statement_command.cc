// SPDX-License-Identifier: Apache-2.0
// `puhui settlement statement`: one statement with its lines, on the screen or as files. Either
// way the lines are added up and compared with what the statement says.
#include "ledger/base/status_macros.h"
#include "puhui/v1/settlement_service.grpc.pb.h"
#include "services/cli/settlement_command.h"
#include "services/cli/statement_file.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

struct StatementWish {
  v1::GetStatementRequest request;
  std::string csv;
};

absl::Status WriteSummary(const std::string& path, const v1::GetStatementResponse& head) {
  CsvFile file(path);
  WriteOriginHeadings(file);
  for (const v1::OriginFigures& origin : head.origins()) {
    WriteOrigin(origin.union_(), origin.figures(), "", file);
  }
  WriteOrigin("", head.statement().figures(), head.statement().invoice_remark(), file);
  return file.Close();
}

void PrintOrigins(Output& output, const v1::GetStatementResponse& head) {
  Table table({{"PAID BY"},
               {"PURCHASES", Table::Align::kRight},
               {"GIVEN BACK", Table::Align::kRight},
               {"FEES", Table::Align::kRight},
               {"DISCOUNTS", Table::Align::kRight},
               {"PAYABLE", Table::Align::kRight}});
  for (const v1::OriginFigures& origin : head.origins()) {
    const v1::StatementFigures& figures = origin.figures();
    table.AddRow({origin.union_(), output.Points(figures.purchase_points()),
                  output.Points(figures.refund_points() + figures.earlier_refund_points() +
                                figures.reversal_points()),
                  output.Points(figures.fee_points()), output.Points(figures.discount_points()),
                  output.Points(figures.payable_after_points())});
  }
  output.Flush(table);
}

void PrintLines(Output& output, Table& table, const v1::GetStatementResponse& part) {
  for (const v1::StatementLine& line : part.lines()) {
    table.AddRow({absl::StrCat(line.sequence()), EnumText(line.kind()), output.Time(line.time()),
                  line.terminal(), output.Points(line.points()), output.Points(line.fee_points())});
  }
  output.Flush(table);
}

// Shows a part, or writes it to the file. The files are there when everything was compared.
class Sink {
 public:
  Sink(Output& output, const std::string& csv) : output_(output), csv_(csv) {
    if (csv.empty()) return;
    file_.emplace(csv);
    WriteLineHeadings(*file_);
  }
  void Take(const v1::GetStatementResponse& part) {
    if (part.has_statement()) head_ = part;
    if (file_.has_value()) {
      for (const v1::StatementLine& line : part.lines()) WriteLine(line, *file_);
    } else if (output_.json()) {
      output_.Json(part, false);
      return;
    } else if (part.lines_size() > 0) {
      PrintLines(output_, table_, part);
    }
    if (!part.has_statement() || output_.json()) return;
    PrintStatement(output_, part.statement());
    PrintOrigins(output_, part);
  }
  absl::Status Close() {
    if (!file_.has_value()) return absl::OkStatus();
    PUHUI_RETURN_IF_ERROR(file_->Close());
    return WriteSummary(SummaryPath(csv_), head_);
  }

 private:
  Output& output_;
  const std::string csv_;
  v1::GetStatementResponse head_;
  absl::optional<CsvFile> file_;
  Table table_{std::vector<Table::Column>{{"RECORD", Table::Align::kRight},
                                          {"KIND"},
                                          {"TIME"},
                                          {"TERMINAL"},
                                          {"POINTS", Table::Align::kRight},
                                          {"FEE", Table::Align::kRight}}};
};

ExitCode RunStatement(const StatementWish& wish, Invocation& invocation) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  StatementCheck check;
  Sink sink(invocation.output(), wish.csv);
  const grpc::Status status = service->ReadStream(&v1::SettlementService::Stub::GetStatement,
                                                  wish.request, Client::Restart::kOnlyIfNothingCame,
                                                  [&](const v1::GetStatementResponse& part) {
                                                    check.Take(part);
                                                    sink.Take(part);
                                                  });
  const ExitCode code = invocation.Settle(status);
  if (code != ExitCode::kOk) return code;
  const bool whole = !wish.request.summary_only() && wish.request.after_sequence() == 0;
  if (whole) {
    if (const absl::Status same = check.Compare(); !same.ok()) {
      return invocation.Fail(same, ExitCode::kFindings);
    }
  }
  const absl::Status written = sink.Close();
  return written.ok() ? ExitCode::kOk : invocation.Fail(written, ExitCode::kInvalidArgument);
}

}  // namespace

void AddStatementVerb(Noun& noun) {
  CLI::App& app = noun.AddVerb(
      {"statement", "Show a statement with its lines, or write it to files, and check its digest"});
  const auto wish = std::make_shared<StatementWish>();
  AddStatementName(app, wish->request.mutable_name());
  CLI::Option* const csv =
      app.add_option("--csv", wish->csv,
                     "Write the lines there, a summary to ….summary.csv, and SHA-256 beside both");
  CLI::Option* const summary = app.add_flag_callback(
      "--summary", [wish] { wish->request.set_summary_only(true); }, "Without the lines");
  CLI::Option* const after = app.add_option_function<std::uint64_t>(
      "--after",
      [wish](const std::uint64_t& sequence) { wish->request.set_after_sequence(sequence); },
      "Only the lines after that record");
  // Nothing that could be taken for the whole statement.
  csv->excludes(summary)->excludes(after);
  noun.OnVerb(app, [wish](Invocation& invocation) { return RunStatement(*wish, invocation); });
}

}  // namespace puhui::services
