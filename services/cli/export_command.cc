// SPDX-License-Identifier: Apache-2.0
// What auditors take away with them, in files that go on where they stopped.
#include "services/cli/export_command.h"

#include "ledger/base/status_macros.h"
#include "services/cli/export_file.h"
#include "services/cli/export_lines.h"
#include "services/cli/export_reader.h"
#include "services/cli/money.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

// What an export that is stopped writes once more, at most; and a page.
constexpr std::uint64_t kSaveEveryBytes = std::uint64_t{4} << 20;

struct ExportWish {
  std::unique_ptr<ExportReader> reader;
  ExportLines::Format format = ExportLines::Format::kCsv;
  std::string path;
};

// What the file is of: two commands that ask for the same have the same digest.
std::string QueryDigest(const ExportWish& wish, const std::string& as) {
  const char* const format = wish.format == ExportLines::Format::kCsv ? "csv" : "ndjson";
  return ledger::ToHex(
      ledger::Sha256().Digest(absl::StrCat(format, "\n", as, "\n"), wish.reader->question()));
}

void PrintFile(Output& output, const ExportWish& wish, std::uint64_t count,
               const std::string& sha256) {
  const char* const what = wish.reader->unit();
  google::protobuf::Struct shown;
  auto& fields = *shown.mutable_fields();
  fields[what].set_string_value(absl::StrCat(count));
  fields["file"].set_string_value(wish.path);
  fields["sha256"].set_string_value(sha256);
  output.Show(shown, [&](Output& out, const google::protobuf::Struct&) {
    out.Fields({{what, FormatCount(count)}, {"file", wish.path}, {"sha256", sha256}});
  });
}

// One run of an export.
// Threads: one at a time. Borrows: all of it.
class Exporter {
 public:
  Exporter(const ExportWish& wish, ExportFile& file, Invocation& invocation)
      : reader_(*wish.reader),
        file_(file),
        invocation_(invocation),
        lines_(wish.format, reader_.headings(), file.resumed()),
        place_(file.place()) {}

  // What is read is written, also when it ends early. What was refused at once leaves no file.
  ExitCode Run() {
    ExitCode code = file_.resumed() ? ExitCode::kOk : reader_.Begin(invocation_, place_);
    if (code == ExitCode::kOk) code = ReadPages();
    if (!cannot_write_ && !NothingIsKept()) {
      const absl::Status kept = Keep(true);
      if (!kept.ok() && code == ExitCode::kOk) code = FailToWrite(kept);
      if (!kept.ok()) place_ = file_.place();
    }
    if (NothingIsKept()) file_.Discard();
    return code;
  }

  const ExportFile::Place& place() const { return place_; }
  // A file that was taken up stays, wherever it says that it is.
  bool NothingIsKept() const { return !file_.resumed() && place_ == ExportFile::Place(); }

 private:
  ExitCode ReadPages() {
    Progress progress(invocation_.screen(), "exporting", reader_.unit());
    while (!place_.whole) {
      const ExitCode code = reader_.ReadPage(invocation_, lines_, place_);
      if (code != ExitCode::kOk) return code;
      if (const absl::Status kept = Keep(false); !kept.ok()) return FailToWrite(kept);
      const ExportReader::Share share = reader_.ShareAt(place_);
      progress.Show(share.done, share.total,
                    share.total == 0 ? "" : absl::StrCat(FormatCount(place_.count), " written"));
    }
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

  // What counts is what was saved before.
  ExitCode FailToWrite(const absl::Status& status) {
    cannot_write_ = true;
    place_ = file_.place();
    return invocation_.Fail(status, ExitCode::kFailed);
  }

  ExportReader& reader_;
  ExportFile& file_;
  Invocation& invocation_;
  ExportLines lines_;
  ExportFile::Place place_;
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
  std::ostream& err = *invocation.environment().err;
  if (code != ExitCode::kOk) {
    if (exporter.NothingIsKept()) return code;
    err << "note: " << FormatCount(exporter.place().count) << " " << wish.reader->unit()
        << " are kept; the same command goes on after them, and begins anew without " << wish.path
        << ".resume\n";
    return code;
  }
  const absl::StatusOr<std::string> sha256 = (*file)->Close(exporter.place());
  if (!sha256.ok()) return invocation.Fail(sha256.status(), ExitCode::kFailed);
  PrintFile(invocation.output(), wish, exporter.place().count, *sha256);
  const ExportReader::Verdict verdict = wish.reader->Judge();
  if (!verdict.remark.empty()) err << "note: " << verdict.remark << "\n";
  return verdict.code;
}

void AddExportVerb(Noun& audit, const Verb& verb, std::unique_ptr<ExportReader> reader) {
  CLI::App& app = audit.AddVerb(verb);
  const auto wish = std::make_shared<ExportWish>();
  wish->reader = std::move(reader);
  app.add_option("--out", wish->path, "Where to, with the SHA-256 beside it")->required();
  app.add_option_function<std::string>(
         "--format",
         [wish = wish.get()](const std::string& format) {
           wish->format =
               format == "csv" ? ExportLines::Format::kCsv : ExportLines::Format::kNdjson;
         },
         "csv or ndjson. Default: csv")
      ->check(CLI::IsMember({"csv", "ndjson"}));
  wish->reader->AddFlags(app);
  audit.OnVerb(app, [wish](Invocation& invocation) { return RunExport(*wish, invocation); });
}

}  // namespace

void AddAuditExports(Noun& audit) {
  AddExportVerb(
      audit,
      {"export", "Write the records of a query to a file; repeated, it goes on where it stopped"},
      RecordExport());
  AddExportVerb(audit,
                {"export-account", "Write what an account holds, now or as of a record, to a file"},
                AccountExport());
  AddExportVerb(audit,
                {"export-statement", "Write what moved an account to a file, with both balances"},
                StatementExport());
  AddExportVerb(audit, {"export-trial-balance", "Write the sum of every kind of account to a file"},
                TrialBalanceExport());
  AddExportVerb(audit, {"export-history", "Write what was made of something to a file"},
                HistoryExport());
  AddExportVerb(audit, {"export-trace", "Write the way of points to a file"}, TraceExport());
  AddExportVerb(audit, {"export-accesses", "Write who read what, and why, to a file"},
                AccessExport());
  AddExportVerb(audit, {"export-reveals", "Write who looked at personal data of a union to a file"},
                RevealExport());
  AddExportVerb(audit, {"export-mandates", "Write what auditors with a mandate may read to a file"},
                MandateExport());
  AddExportVerb(audit, {"export-periods", "Write the months, the newest first, to a file"},
                PeriodExport());
  AddExportVerb(
      audit,
      {"export-period-lines", "Write the trial balance that a month was closed with to a file"},
      PeriodLineExport());
}

}  // namespace puhui::services
