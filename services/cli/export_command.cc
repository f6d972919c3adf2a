// SPDX-License-Identifier: Apache-2.0
// What auditors take away with them: the records of a query, and the movements of an account.
#include "services/cli/export_command.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/audit_query_command.h"
#include "services/cli/csv_file.h"
#include "services/cli/export_file.h"
#include "services/cli/money.h"
#include "services/cli/record_lines.h"
#include "services/cli/times.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ExportStub = v1::AuditService::Stub;

// What an export that is stopped writes once more, at most; and a page.
constexpr std::uint64_t kSaveEveryBytes = std::uint64_t{4} << 20;

struct ExportWish {
  v1::QueryRecordsRequest request;
  RecordLines::Format format = RecordLines::Format::kCsv;
  std::string path;
};

// What the file is of: two commands that ask for the same have the same digest.
std::string QueryDigest(const ExportWish& wish, const std::string& as) {
  const char* const format = wish.format == RecordLines::Format::kCsv ? "csv" : "ndjson";
  return ledger::ToHex(ledger::Sha256().Digest(absl::StrCat(format, "\n", as, "\n"),
                                               wish.request.SerializeAsString()));
}

void PrintFile(Output& output, const char* what, std::uint64_t rows, const std::string& path,
               const std::string& sha256) {
  google::protobuf::Struct shown;
  auto& fields = *shown.mutable_fields();
  fields[what].set_string_value(absl::StrCat(rows));
  fields["file"].set_string_value(path);
  if (!sha256.empty()) fields["sha256"].set_string_value(sha256);
  output.Show(shown, [&](Output& out, const google::protobuf::Struct&) {
    out.Fields({{what, FormatCount(rows)}, {"file", path}, {"sha256", sha256}});
  });
}

// One run of an export. Its end is settled by the first: what is written meanwhile is not of it.
// Threads: one at a time. Borrows: all of it.
class Exporter {
 public:
  Exporter(const ExportWish& wish, ExportFile& file, Invocation& invocation)
      : request_(wish.request),
        file_(file),
        invocation_(invocation),
        lines_(wish.format, file.resumed()),
        place_(file.place()) {}

  // What is read is written, also when it ends early.
  ExitCode Run() {
    ExitCode code = file_.resumed() ? ExitCode::kOk : SettleEnd();
    if (code != ExitCode::kOk) return code;
    Narrow();
    first_ = std::max<std::uint64_t>(request_.filter().first_sequence(), 1);
    last_ = request_.filter().last_sequence();
    request_.set_page_size(static_cast<std::int32_t>(kPageSizeMax));
    if (first_ <= last_) code = ReadPages();
    if (cannot_write_) return code;
    const absl::Status kept = Keep(true);
    return code == ExitCode::kOk && !kept.ok() ? FailToWrite(kept) : code;
  }

  const ExportFile::Place& place() const { return place_; }

 private:
  ExitCode SettleEnd() {
    v1::QueryRecordsRequest probe = request_;
    probe.set_page_size(1);
    v1::QueryRecordsResponse page;
    const ExitCode code = invocation_.Call(&ExportStub::QueryRecords, probe, &page);
    const std::uint64_t asked = request_.filter().last_sequence();
    place_.last_sequence =
        asked == 0 ? page.as_of_sequence() : std::min(asked, page.as_of_sequence());
    return code;
  }

  // To what is not in the file yet.
  void Narrow() {
    v1::RecordFilter& filter = *request_.mutable_filter();
    filter.set_last_sequence(place_.last_sequence);
    if (place_.sequence == 0) return;
    if (request_.newest_first()) {
      filter.set_last_sequence(place_.sequence - 1);
    } else {
      filter.set_first_sequence(place_.sequence + 1);
    }
  }

  ExitCode ReadPages() {
    Progress progress(invocation_.screen(), "exporting", "records looked at");
    v1::QueryRecordsResponse page;
    do {
      const ExitCode code = invocation_.Call(&ExportStub::QueryRecords, request_, &page);
      if (code != ExitCode::kOk) return code;
      for (const v1::RecordView& record : page.records()) {
        lines_.Add(record);
        place_.sequence = record.sequence();
        ++place_.records;
      }
      if (const absl::Status kept = Keep(false); !kept.ok()) return FailToWrite(kept);
      Show(progress);
      request_.set_page_token(page.next_page_token());
    } while (!request_.page_token().empty());
    return ExitCode::kOk;
  }

  absl::Status Keep(bool end) {
    unsaved_ += lines_.text().size();
    PUHUI_RETURN_IF_ERROR(file_.Append(lines_.text()));
    lines_.text().clear();
    if (!end && unsaved_ < kSaveEveryBytes) return absl::OkStatus();
    unsaved_ = 0;
    return file_.Save(place_);
  }

  void Show(Progress& progress) const {
    const std::uint64_t done = place_.sequence == 0      ? 0
                               : request_.newest_first() ? last_ - place_.sequence + 1
                                                         : place_.sequence - first_ + 1;
    progress.Show(done, last_ - first_ + 1, absl::StrCat(FormatCount(place_.records), " written"));
  }

  // What counts is what was saved before.
  ExitCode FailToWrite(const absl::Status& status) {
    cannot_write_ = true;
    place_ = file_.place();
    return invocation_.Fail(status, ExitCode::kFailed);
  }

  v1::QueryRecordsRequest request_;
  ExportFile& file_;
  Invocation& invocation_;
  RecordLines lines_;
  ExportFile::Place place_;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t unsaved_ = 0;
  bool cannot_write_ = false;
};

ExitCode RunExport(const ExportWish& wish, Invocation& invocation) {
  if (invocation.service() == nullptr) return ExitCode::kUsage;
  absl::StatusOr<std::unique_ptr<ExportFile>> file =
      ExportFile::Open(wish.path, QueryDigest(wish, invocation.as()));
  if (!file.ok()) return invocation.Fail(file.status(), ExitCode::kInvalidArgument);
  Exporter exporter(wish, **file, invocation);
  const ExitCode code = exporter.Run();
  if (code != ExitCode::kOk) {
    *invocation.environment().err << "note: " << FormatCount(exporter.place().records)
                                  << " records are kept; the same command goes on after them\n";
    return code;
  }
  const absl::StatusOr<std::string> sha256 = (*file)->Close(exporter.place());
  if (!sha256.ok()) return invocation.Fail(sha256.status(), ExitCode::kFailed);
  PrintFile(invocation.output(), "records", exporter.place().records, wish.path, *sha256);
  return ExitCode::kOk;
}

void AddRecordExport(Noun& audit) {
  CLI::App& app = audit.AddVerb(
      {"export", "Write the records of a query to a file; repeated, it goes on where it stopped"});
  const auto wish = std::make_shared<ExportWish>();
  app.add_option("--out", wish->path, "Where to, with the SHA-256 beside it")->required();
  app.add_option_function<std::string>(
         "--format",
         [wish](const std::string& format) {
           wish->format =
               format == "csv" ? RecordLines::Format::kCsv : RecordLines::Format::kNdjson;
         },
         "csv or ndjson. Default: csv")
      ->check(CLI::IsMember({"csv", "ndjson"}));
  AddRecordFilterFlags(app, wish->request.mutable_filter());
  AddSwitch(
      app, "--newest-first", [wish](bool newest) { wish->request.set_newest_first(newest); },
      "The newest first");
  audit.OnVerb(app, [wish](Invocation& invocation) { return RunExport(*wish, invocation); });
}

struct StatementExport {
  v1::GetAccountStatementRequest request;
  std::string path;
};

void WriteBalanceRow(const char* what, std::int64_t points, CsvFile& file) {
  file.row().Text("").Text("").Text(what).Text("").Text("").Number(points);
  file.EndRow();
}

void WriteMovements(const v1::GetAccountStatementResponse& page, CsvFile& file) {
  for (const v1::AccountStatementLine& line : page.lines()) {
    file.row()
        .Text(absl::StrCat(line.sequence()))
        .Text(FormatUtc(line.time()))
        .Text(line.kind())
        .Text(line.caller())
        .Number(line.points())
        .Number(line.points_after());
    file.EndRow();
  }
}

ExitCode RunStatementExport(StatementExport wish, Invocation& invocation) {
  CsvFile file(wish.path);
  for (const char* const heading : {"record", "time", "what", "caller", "points", "balance"}) {
    file.row().Text(heading);
  }
  file.EndRow();
  wish.request.set_page_size(static_cast<std::int32_t>(kPageSizeMax));
  v1::GetAccountStatementResponse page;
  std::uint64_t rows = 0;
  {
    Progress progress(invocation.screen(), "exporting", "movements");
    do {
      const ExitCode code = invocation.Call(&ExportStub::GetAccountStatement, wish.request, &page);
      if (code != ExitCode::kOk) return code;
      if (wish.request.page_token().empty()) {
        WriteBalanceRow("opening balance", page.opening_points(), file);
      }
      WriteMovements(page, file);
      progress.Show(rows += static_cast<std::uint64_t>(page.lines_size()), 0);
      wish.request.set_page_token(page.next_page_token());
    } while (!wish.request.page_token().empty());
  }
  WriteBalanceRow("closing balance", page.closing_points(), file);
  const absl::Status written = file.Close();
  if (!written.ok()) return invocation.Fail(written, ExitCode::kInvalidArgument);
  PrintFile(invocation.output(), "movements", rows, wish.path, "");
  return ExitCode::kOk;
}

void AddStatementExport(Noun& audit) {
  CLI::App& app = audit.AddVerb(
      {"export-statement", "Write what moved an account to a CSV file, with both balances"});
  const auto wish = std::make_shared<StatementExport>();
  app.add_option("--out", wish->path, "Where to, with the SHA-256 beside it")->required();
  AddAccountStatementFlags(app, wish->request);
  audit.OnVerb(app,
               [wish](Invocation& invocation) { return RunStatementExport(*wish, invocation); });
}

}  // namespace

void AddAuditExports(Noun& audit) {
  AddRecordExport(audit);
  AddStatementExport(audit);
}

}  // namespace puhui::services
