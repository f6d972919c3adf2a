// SPDX-License-Identifier: Apache-2.0
// `puhui settlement`: what was spent where, on the screen, or every row of it as files.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "puhui/v1/settlement_service.grpc.pb.h"
#include "services/cli/csv_file.h"
#include "services/cli/money.h"
#include "services/cli/settlement_command.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using SettlementStub = v1::SettlementService::Stub;

// Of what, and of which days.
void AddSubject(CLI::App& app, v1::ListSpendingRequest& request) {
  CLI::App& of = *app.add_option_group("of what");
  of.require_option(1);
  AddNameOf(
      of, "--merchant", [&request](const std::string& name) { request.set_merchant(name); },
      "merchants");
  AddNameOf(
      of, "--union", [&request](const std::string& name) { request.set_union_(name); }, "unions")
      ->description("The union's own money, wherever it was spent: unions/…, or the id alone");
  AddNameOf(
      of, "--campaign", [&request](const std::string& name) { request.set_campaign(name); },
      "campaigns");
  app.add_option("--from", *request.mutable_first_day(), "The first business day")->required();
  app.add_option("--to", *request.mutable_last_day(), "The last business day")->required();
}

void AddSpending(Noun& noun) {
  noun.Lists(
      {"spending",
       "List what was spent where: at a merchant, of a union's money, or of a campaign"},
      &SettlementStub::ListSpending, AddSubject,
      {{"DAY"},
       {"MERCHANT"},
       {"CATEGORY"},
       {"PAID BY"},
       {"CAMPAIGN"},
       {"SPENT", Table::Align::kRight},
       {"GIVEN BACK", Table::Align::kRight}},
      [](Output& output, Table& table, const v1::ListSpendingResponse& response) {
        for (const v1::Spending& row : response.rows()) {
          table.AddRow({row.day(), row.merchant(), row.category(), row.union_(), row.campaign(),
                        output.Points(row.spent_points()), output.Points(row.given_back_points())});
        }
      });
}

struct Sum {
  std::int64_t spent = 0;
  std::int64_t given_back = 0;

  void Add(const Sum& more) {
    spent += more.spent;
    given_back += more.given_back;
  }
};

void Write(std::initializer_list<std::string> cells, const Sum& sum, CsvFile& file) {
  for (const std::string& cell : cells) file.row().Text(cell);
  file.row().Number(sum.spent).Number(sum.given_back).Number(sum.spent - sum.given_back);
  file.EndRow();
}

void WriteHeadings(std::initializer_list<const char*> headings, CsvFile& file) {
  for (const char* heading : headings) file.row().Text(heading);
  for (const char* heading : {"spent", "given back", "remains"}) file.row().Text(heading);
  file.EndRow();
}

// Every row, and what they come to by category and union. Threads: one at a time.
class SpendingFiles {
 public:
  explicit SpendingFiles(const std::string& path) : file_(path), summary_(SummaryPath(path)) {
    WriteHeadings({"day", "merchant", "category", "union", "campaign"}, file_);
  }
  void Add(const v1::Spending& row) {
    const Sum sum{row.spent_points(), row.given_back_points()};
    Write({row.day(), row.merchant(), row.category(), row.union_(), row.campaign()}, sum, file_);
    sums_[{row.category(), row.union_()}].Add(sum);
    all_.Add(sum);
    ++rows_;
  }
  // Fails: as CsvFile.
  absl::Status Close() {
    WriteHeadings({"category", "union"}, summary_);
    for (const auto& [of, sum] : sums_) Write({of.first, of.second}, sum, summary_);
    Write({"", ""}, all_, summary_);
    PUHUI_RETURN_IF_ERROR(file_.Close());
    return summary_.Close();
  }
  void Print(Output& output) const {
    output.Fields({{"rows", FormatCount(rows_)},
                   {"spent", output.Points(all_.spent)},
                   {"given back", output.Points(all_.given_back)}});
  }

 private:
  CsvFile file_;
  CsvFile summary_;
  std::map<std::pair<std::string, std::string>, Sum> sums_;
  Sum all_;
  std::uint64_t rows_ = 0;
};

struct Report {
  std::string path;
  v1::ListSpendingRequest request;
};

ExitCode RunReport(const Report& wish, Invocation& invocation) {
  v1::ListSpendingRequest request = wish.request;
  request.set_page_size(static_cast<std::int32_t>(kPageSizeMax));
  SpendingFiles files(wish.path);
  do {
    v1::ListSpendingResponse response;
    const ExitCode code = invocation.Call(&SettlementStub::ListSpending, request, &response);
    if (code != ExitCode::kOk) return code;
    for (const v1::Spending& row : response.rows()) files.Add(row);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (const absl::Status written = files.Close(); !written.ok()) {
    return invocation.Fail(written, ExitCode::kInvalidArgument);
  }
  if (!invocation.output().json()) files.Print(invocation.output());
  return ExitCode::kOk;
}

void AddSpendingReport(Noun& noun) {
  CLI::App& app = noun.AddVerb({"report", "Write what was spent where to files"});
  const auto wish = std::make_shared<Report>();
  app.add_option("file", wish->path,
                 "Where every row goes; sums by category and union go to ….summary.csv, and "
                 "SHA-256 beside both")
      ->required();
  AddSubject(app, wish->request);
  noun.OnVerb(app, [wish](Invocation& invocation) { return RunReport(*wish, invocation); });
}

}  // namespace

void AddSpendingVerbs(Noun& noun) {
  AddSpending(noun);
  AddSpendingReport(noun);
}

}  // namespace puhui::services
