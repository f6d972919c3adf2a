// SPDX-License-Identifier: Apache-2.0
// `puhui archive`: segments of closed periods in files, made by the service, checked and put back
// without it.
#include "ledger/crypto/hash.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "services/admin/archive_files.h"
#include "services/cli/commands.h"
#include "services/cli/error_text.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using AdminStub = v1::AdminService::Stub;

std::string RecordRange(const v1::Archive& archive) {
  return absl::StrCat(FormatCount(archive.first()), " to ", FormatCount(archive.last()));
}

void PrintArchive(Output& output, const v1::ArchiveResult& result) {
  if (!result.has_archive()) {
    output.Line("nothing to archive: every whole segment that can go is in a file");
  } else {
    const v1::Archive& archive = result.archive();
    output.Fields({{"file", archive.file()},
                   {"records", RecordRange(archive)},
                   {"segments", FormatCount(result.segments())},
                   {"bytes", FormatCount(archive.bytes())},
                   {"in the journal", FormatCount(result.journal_bytes())},
                   {"sha-256", archive.sha256()},
                   {"root", archive.root()}});
  }
  if (result.held_from() != 0) {
    output.Fields(
        {{"in the store", absl::StrCat("from record ", FormatCount(result.held_from()))}});
  }
  if (result.requests_from() != 0) {
    output.Fields(
        {{"request ids known", absl::StrCat("from record ", FormatCount(result.requests_from()))}});
  }
}

ExitCode ArchivePeriod(const v1::ArchivePeriodRequest& request, Invocation& invocation) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  absl::optional<v1::ArchivePeriodResponse> last;
  grpc::Status status;
  {
    Progress progress(invocation.screen(), "archiving", "records");
    status = service->ReadStream(&AdminStub::ArchivePeriod, request, Client::Restart::kAlways,
                                 [&](const v1::ArchivePeriodResponse& message) {
                                   last = message;
                                   if (invocation.output().json()) {
                                     invocation.output().Json(message, false);
                                   } else {
                                     progress.Show(message.records_done(), 0);
                                   }
                                 });
  }
  const ExitCode code = invocation.Settle(status);
  if (code != ExitCode::kOk) return code;
  if (!last.has_value() || !last->has_result()) {
    return invocation.Fail(absl::InternalError("the archiving ended without a result"),
                           ExitCode::kFailed);
  }
  if (last->period() != request.period()) {
    return invocation.Fail(
        absl::FailedPreconditionError(
            absl::StrCat("period ", last->period(), " was being archived, and now is: ask again")),
        ExitCode::kRefused);
  }
  if (!invocation.output().json()) PrintArchive(invocation.output(), last->result());
  return ExitCode::kOk;
}

void PrintArchives(Output& output, const v1::ListArchivesResponse& response) {
  Table table({{"FILE"},
               {"FIRST", Table::Align::kRight},
               {"LAST", Table::Align::kRight},
               {"BYTES", Table::Align::kRight},
               {"ROOT"}});
  for (const v1::Archive& archive : response.archives()) {
    table.AddRow({archive.file(), FormatCount(archive.first()), FormatCount(archive.last()),
                  FormatCount(archive.bytes()), archive.root()});
  }
  output.Flush(table);
  output.Fields({{"directory", response.directory()},
                 {"in the store", absl::StrCat("from record ", FormatCount(response.held_from()))},
                 {"MISSING", response.missing()}});
}

// What one file says after another. Damage is a finding, and the others are read all the same.
ExitCode VerifyArchives(const std::vector<std::string>& paths, Invocation& invocation) {
  ExitCode code = ExitCode::kOk;
  for (const std::string& path : paths) {
    absl::StatusOr<v1::ArchiveResult> result = absl::UnknownError("");
    {
      Progress progress(invocation.screen(), "verifying", "records");
      result = VerifyArchiveFile(path, [&](std::uint64_t done) { progress.Show(done, 0); });
    }
    if (absl::IsDataLoss(result.status())) {
      invocation.output().Line(result.status().message());
      code = ExitCode::kFindings;
      continue;
    }
    if (!result.ok()) return invocation.Settle(FoundHere(result.status()));
    invocation.output().Show(*result, PrintArchive);
  }
  return code;
}

struct RestoreWish {
  std::string data_directory;
  std::string archives;
};

ExitCode Restore(const RestoreWish& wish, Invocation& invocation) {
  absl::StatusOr<ledger::RestoreReport> report = absl::UnknownError("");
  {
    Progress progress(invocation.screen(), "restoring", "records");
    report = RestoreDataDirectory(wish.data_directory, wish.archives,
                                  [&](std::uint64_t done) { progress.Show(done, 0); });
  }
  if (absl::IsDataLoss(report.status())) {
    invocation.output().Line(report.status().message());
    return ExitCode::kFindings;
  }
  if (!report.ok()) return invocation.Settle(FoundHere(report.status()));
  const std::string put_back =
      absl::StrCat(FormatCount(report->first), " to ", FormatCount(report->last));
  invocation.output().Fields(
      {{"put back", report->first == 0 ? "nothing: every record was in the store" : put_back},
       {"records", FormatCount(report->records)},
       {"root", ledger::ToHex(report->root)}});
  return ExitCode::kOk;
}

void AddOfflineArchiveVerbs(Noun& noun) {
  CLI::App& verify = noun.AddVerb(
      {"verify", "Read archives whole: every checksum, every record and the roots they lead to"});
  const auto paths = std::make_shared<std::vector<std::string>>();
  verify.add_option("files", *paths, "The archives")->required();
  noun.OnVerb(verify,
              [paths](Invocation& invocation) { return VerifyArchives(*paths, invocation); });

  CLI::App& restore = noun.AddVerb(
      {"restore", "Put what is archived back into the store of a server that is not running"});
  const auto wish = std::make_shared<RestoreWish>();
  restore.add_option("--data-dir", wish->data_directory, "The server's data")->required();
  restore.add_option("--archive-dir", wish->archives,
                     "Where its archives are. Default: archive in the data directory");
  noun.OnVerb(restore, [wish](Invocation& invocation) { return Restore(*wish, invocation); });
}

}  // namespace

void AddArchiveCommands(CommandLine& line) {
  Noun noun(line, "archive", "Segments of closed periods in files of their own");
  CLI::App& create = noun.AddVerb(
      {"create", "Archive what lies before the end of a closed period, while everything goes on"});
  const auto request = std::make_shared<v1::ArchivePeriodRequest>();
  create.add_option("period", *request->mutable_period(), "The month, such as 2027-01")->required();
  noun.OnVerb(create,
              [request](Invocation& invocation) { return ArchivePeriod(*request, invocation); });
  noun.Reads(
      {"list", "List the archives and say which records are missing"}, &AdminStub::ListArchives,
      [](CLI::App&, v1::ListArchivesRequest&) {}, PrintArchives);
  AddOfflineArchiveVerbs(noun);
}

}  // namespace puhui::services
