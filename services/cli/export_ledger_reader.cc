// SPDX-License-Identifier: Apache-2.0
// Exports of what the ledger holds: records, movements and sums.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/audit_query_command.h"
#include "services/cli/enum_text.h"
#include "services/cli/export_reader.h"
#include "services/cli/flags.h"
#include "services/cli/times.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <cstdint>

namespace puhui::services {
namespace {

using LedgerStub = v1::AuditService::Stub;

void AddPostingRow(const v1::RecordView& record, const v1::PostingView* posting, bool first,
                   issuing::CsvWriter& csv) {
  csv.Text(absl::StrCat(record.sequence()))
      .Text(FormatUtc(record.time()))
      .Text(record.kind())
      .Text(record.caller());
  if (posting == nullptr) {
    csv.Text("").Text("").Text("").Text("");
  } else {
    csv.Text(EnumText(posting->kind()))
        .Text(posting->owner())
        .Text(posting->origin())
        .Number(posting->points());
  }
  csv.Text(first ? record.json() : "");
  csv.EndRow();
}

void AddRecordLines(const v1::RecordView& record, ExportLines& lines) {
  issuing::CsvWriter* const csv = lines.csv();
  if (csv == nullptr) return lines.AddJson(record);
  if (record.postings().empty()) return AddPostingRow(record, nullptr, true, *csv);
  bool first = true;
  for (const v1::PostingView& posting : record.postings()) {
    AddPostingRow(record, &posting, first, *csv);
    first = false;
  }
}

// Its end is settled by the first question: what is written meanwhile is not of it.
class RecordReader final
    : public PagedExport<LedgerStub, v1::QueryRecordsRequest, v1::QueryRecordsResponse> {
 public:
  RecordReader() : PagedExport(&LedgerStub::QueryRecords) {}

  const char* unit() const override { return "records"; }
  std::vector<const char*> headings() const override {
    return {"record", "time", "what", "caller", "account", "owner", "origin", "points", "content"};
  }
  void AddFlags(CLI::App& app) override {
    AddRecordFilterFlags(app, mutable_request().mutable_filter());
    AddSwitch(
        app, "--newest-first", [this](bool newest) { mutable_request().set_newest_first(newest); },
        "The newest first");
  }
  ExitCode Begin(Invocation& invocation, ExportFile::Place& place) override {
    v1::QueryRecordsRequest probe = request();
    probe.set_page_size(1);
    v1::QueryRecordsResponse page;
    const ExitCode code = invocation.Call(&LedgerStub::QueryRecords, probe, &page);
    if (code != ExitCode::kOk) return code;
    const std::uint64_t asked = request().filter().last_sequence();
    place.last_sequence =
        asked == 0 ? page.as_of_sequence() : std::min(asked, page.as_of_sequence());
    // An end of 0 would be asked for as no end at all.
    place.whole = First() > place.last_sequence;
    return code;
  }
  Share ShareAt(const ExportFile::Place& place) const override {
    const std::uint64_t done = place.sequence == 0        ? 0
                               : request().newest_first() ? place.last_sequence - place.sequence + 1
                                                          : place.sequence - First() + 1;
    return {.done = done, .total = place.last_sequence - First() + 1};
  }

 private:
  std::uint64_t First() const {
    return std::max<std::uint64_t>(request().filter().first_sequence(), 1);
  }
  void Narrow(const ExportFile::Place& place, v1::QueryRecordsRequest& request) const override {
    request.mutable_filter()->set_last_sequence(place.last_sequence);
  }
  void Add(const v1::QueryRecordsResponse& page, ExportLines& lines,
           ExportFile::Place& place) override {
    for (const v1::RecordView& record : page.records()) {
      AddRecordLines(record, lines);
      place.sequence = record.sequence();
      ++place.count;
    }
  }
};

class StatementReader final : public PagedExport<LedgerStub, v1::GetAccountStatementRequest,
                                                 v1::GetAccountStatementResponse> {
 public:
  StatementReader() : PagedExport(&LedgerStub::GetAccountStatement) {}

  const char* unit() const override { return "movements"; }
  std::vector<const char*> headings() const override {
    return {"record", "time", "what", "caller", "points", "balance"};
  }
  void AddFlags(CLI::App& app) override { AddAccountStatementFlags(app, mutable_request()); }

 private:
  // In NDJSON a line like the others, of no record.
  static void AddBalance(const char* what, std::int64_t points, ExportLines& lines) {
    issuing::CsvWriter* const csv = lines.csv();
    if (csv == nullptr) {
      v1::AccountStatementLine line;
      line.set_kind(what);
      line.set_points_after(points);
      return lines.AddJson(line);
    }
    csv->Text("").Text("").Text(what).Text("").Text("").Number(points);
    csv->EndRow();
  }
  static void AddMovement(const v1::AccountStatementLine& line, ExportLines& lines) {
    issuing::CsvWriter* const csv = lines.csv();
    if (csv == nullptr) return lines.AddJson(line);
    csv->Text(absl::StrCat(line.sequence()))
        .Text(FormatUtc(line.time()))
        .Text(line.kind())
        .Text(line.caller())
        .Number(line.points())
        .Number(line.points_after());
    csv->EndRow();
  }
  void Add(const v1::GetAccountStatementResponse& page, ExportLines& lines,
           ExportFile::Place& place) override {
    if (place.token.empty()) AddBalance("opening balance", page.opening_points(), lines);
    for (const v1::AccountStatementLine& line : page.lines()) AddMovement(line, lines);
    if (page.next_page_token().empty()) {
      AddBalance("closing balance", page.closing_points(), lines);
    }
    place.count += static_cast<std::uint64_t>(page.lines_size());
  }
};

// It is one answer, so there is nothing to go on from; so is the next.
class AccountReader final : public ExportReader {
 public:
  const char* unit() const override { return "lines"; }
  std::vector<const char*> headings() const override { return {"origin", "points", "record"}; }
  void AddFlags(CLI::App& app) override { AddAccountBalanceFlags(app, request_); }
  std::string question() const override { return QuestionOf(request_); }
  ExitCode ReadPage(Invocation& invocation, ExportLines& lines, ExportFile::Place& place) override {
    v1::GetAccountResponse answer;
    const ExitCode code = invocation.Call(&LedgerStub::GetAccount, request_, &answer);
    if (code != ExitCode::kOk) return code;
    const std::string record = absl::StrCat(answer.as_of_sequence());
    for (const v1::AccountLine& line : answer.lines()) {
      if (lines.csv() == nullptr) {
        lines.AddJson(line);
      } else {
        lines.csv()->Text(line.origin()).Number(line.points()).Text(record);
        lines.csv()->EndRow();
      }
    }
    place.count = static_cast<std::uint64_t>(answer.lines_size());
    place.whole = true;
    if (lines.csv() == nullptr) {
      answer.clear_lines();
      lines.AddJson(answer);
    } else {
      lines.csv()->Text("sum").Number(answer.points()).Text(record);
      lines.csv()->EndRow();
    }
    return code;
  }

 private:
  v1::GetAccountRequest request_;
};

class TrialBalanceReader final : public ExportReader {
 public:
  const char* unit() const override { return "lines"; }
  std::vector<const char*> headings() const override {
    return {"account", "origin", "points", "record"};
  }
  void AddFlags(CLI::App& app) override { AddTrialBalanceFlags(app, request_); }
  std::string question() const override { return QuestionOf(request_); }
  ExitCode ReadPage(Invocation& invocation, ExportLines& lines, ExportFile::Place& place) override {
    v1::GetTrialBalanceResponse answer;
    const ExitCode code = invocation.Call(&LedgerStub::GetTrialBalance, request_, &answer);
    if (code != ExitCode::kOk) return code;
    balanced_ = answer.balanced() && answer.sum() == 0;
    for (const v1::TrialBalanceLine& line : answer.lines()) {
      if (lines.csv() == nullptr) {
        lines.AddJson(line);
      } else {
        AddRow({EnumText(line.kind()), line.origin(), line.points()}, answer, *lines.csv());
      }
    }
    place.count = static_cast<std::uint64_t>(answer.lines_size());
    place.whole = true;
    if (lines.csv() == nullptr) {
      answer.clear_lines();
      lines.AddJson(answer);
    } else {
      AddRow({*balanced_ ? "sum, balanced" : "sum, NOT BALANCED", "", answer.sum()}, answer,
             *lines.csv());
    }
    return code;
  }
  Verdict Judge() const override {
    if (!balanced_.has_value()) {
      // An earlier run read it, and was stopped before the file had its name.
      return {.code = ExitCode::kFailed, .remark = "the file was read before: see its last row"};
    }
    if (*balanced_) return {};
    return {.code = ExitCode::kFindings, .remark = "the books do not balance"};
  }

 private:
  struct Row {
    std::string account;
    std::string origin;
    std::int64_t points = 0;
  };
  static void AddRow(const Row& row, const v1::GetTrialBalanceResponse& answer,
                     issuing::CsvWriter& csv) {
    csv.Text(row.account)
        .Text(row.origin)
        .Number(row.points)
        .Text(absl::StrCat(answer.as_of_sequence()));
    csv.EndRow();
  }

  v1::GetTrialBalanceRequest request_;
  absl::optional<bool> balanced_;  // Absent: it was not read.
};

}  // namespace

std::unique_ptr<ExportReader> RecordExport() { return std::make_unique<RecordReader>(); }

std::unique_ptr<ExportReader> AccountExport() { return std::make_unique<AccountReader>(); }

std::unique_ptr<ExportReader> StatementExport() { return std::make_unique<StatementReader>(); }

std::unique_ptr<ExportReader> TrialBalanceExport() {
  return std::make_unique<TrialBalanceReader>();
}

}  // namespace puhui::services
