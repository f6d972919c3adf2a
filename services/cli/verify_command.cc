// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/signing.h"
#include "ledger/engine/verify.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "services/admin/index_verification.h"
#include "services/admin/verification.h"
#include "services/cli/commands.h"
#include "services/cli/error_text.h"
#include "services/cli/machine_memory.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"
#include "services/cli/verify_online.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using AdminStub = v1::AdminService::Stub;

constexpr std::uint64_t kMemoryBytesMin = std::uint64_t{256} << 20;

struct Verification {
  std::string data_directory;
  bool online = false;
  bool indexes = false;
  std::string key_path;          // Empty: the key that the server left in the directory.
  std::string archives;          // Empty: in the directory.
  std::uint32_t memory_mib = 0;  // 0: a quarter of the machine's.
  std::uint32_t records_per_second = 0;
};

// What became of the index of auditors, also of one that was not compared, which is no finding.
std::string IndexText(const v1::IndexVerification& index) {
  if (index.state() == v1::INDEX_STATE_MISSING) return "none; a server that runs builds it";
  if (index.state() == v1::INDEX_STATE_OTHER_LEDGER) {
    return "of another ledger, or of another past of this one; a start builds it anew";
  }
  const std::string reached =
      index.sequence() < index.journal_sequence()
          ? absl::StrCat("up to record ", FormatCount(index.sequence()), ", behind record ",
                         FormatCount(index.journal_sequence()))
          : absl::StrCat("up to record ", FormatCount(index.sequence()));
  if (index.ok()) return absl::StrCat("as the journal says, ", reached);
  return absl::StrCat("FINDINGS, ", reached, "; it can be deleted, and is built anew");
}

void PrintResult(Output& output, const v1::VerifyResult& result) {
  output.Fields({{"result", result.ok() ? "nothing found" : "FINDINGS"},
                 {"records", FormatCount(result.records())},
                 {"entries", FormatCount(result.entries())},
                 {"rows compared", FormatCount(result.rows_compared())},
                 {"root", result.root()}});
  if (result.has_index()) {
    output.Fields({{"index of auditors", IndexText(result.index())},
                   {"index rows", FormatCount(result.index().rows_compared())}});
  }
  for (const std::string& finding : result.findings()) output.Line(finding);
}

ExitCode VerifyOnline(const Verification& verification, Invocation& invocation) {
  v1::StartVerifyRequest request;
  request.set_records_per_second(verification.records_per_second);
  request.set_indexes(verification.indexes);
  return VerifyByService<v1::VerifyResult>(
      invocation, &AdminStub::StartVerify, request, "records",
      [](const v1::StartVerifyResponse& message) {
        return message.has_result() ? &message.result() : nullptr;
      },
      [&verification](Output& output, const v1::VerifyResult& result) {
        PrintResult(output, result);
        if (verification.indexes && !result.has_index()) {
          output.Line(
              "The index of auditors was not compared: unless a finding says why, a "
              "verification without it was running; ask again.");
        }
      });
}

v1::VerifyResult ToProto(const ledger::VerifyReport& report) {
  v1::VerifyResult result;
  result.set_ok(report.ok());
  for (const std::string& finding : report.findings) result.add_findings(finding);
  result.set_records(report.records);
  result.set_entries(report.entries);
  result.set_rows_compared(report.rows_compared);
  result.set_root(ledger::ToHex(report.root));
  return result;
}

absl::StatusOr<ledger::VerifyReport> VerifyDirectory(const Verification& verification,
                                                     Progress& progress) {
  const auto show = [&progress](std::uint64_t done, std::uint64_t all) {
    progress.Show(done, all);
  };
  const std::uint64_t memory_bytes = verification.memory_mib == 0
                                         ? std::max(MachineMemoryBytes() / 4, kMemoryBytesMin)
                                         : std::uint64_t{verification.memory_mib} << 20;
  const OfflineVerification offline{.archives = verification.archives,
                                    .memory_bytes = memory_bytes};
  if (verification.key_path.empty()) {
    return VerifyDataDirectory(verification.data_directory, nullptr, show, offline);
  }
  PUHUI_ASSIGN_OR_RETURN(const ledger::VerifyKey key, ReadVerifierKey(verification.key_path));
  return VerifyDataDirectory(verification.data_directory, &key, show, offline);
}

// Takes what differs into the findings.
absl::Status VerifyIndexToo(const Verification& verification, Invocation& invocation,
                            ledger::VerifyReport* report,
                            absl::optional<v1::IndexVerification>* shown) {
  Progress progress(invocation.screen(), "verifying the index of auditors", "records");
  const absl::StatusOr<audit::IndexReport> index = VerifyIndexDirectory(
      verification.data_directory, verification.archives,
      [&progress](std::uint64_t done, std::uint64_t all) { progress.Show(done, all); });
  PUHUI_RETURN_IF_ERROR(AddIndexFindings(index, report));
  if (index.ok()) *shown = IndexToProto(*index);
  return absl::OkStatus();
}

ExitCode VerifyOffline(const Verification& verification, Invocation& invocation) {
  absl::StatusOr<ledger::VerifyReport> report = absl::UnknownError("");
  {
    Progress progress(invocation.screen(), "verifying", "records");
    report = VerifyDirectory(verification, progress);
  }
  if (!report.ok()) return invocation.Settle(FoundHere(report.status()));
  absl::optional<v1::IndexVerification> index;
  absl::Status indexed;
  if (verification.indexes) indexed = VerifyIndexToo(verification, invocation, &*report, &index);
  v1::VerifyResult result = ToProto(*report);
  if (index.has_value()) *result.mutable_index() = *std::move(index);
  invocation.output().Show(result, PrintResult);  // The ledger's, whatever became of the index.
  if (!indexed.ok()) return invocation.Settle(FoundHere(indexed));
  return report->ok() ? ExitCode::kOk : ExitCode::kFindings;
}

}  // namespace

void AddVerifyCommand(CommandLine& line) {
  CLI::App& app =
      line.AddCommand("verify", "Re-hash the journal, rebuild every view from it and compare");
  const auto verification = std::make_shared<Verification>();
  CLI::Option* const directory =
      app.add_option("data-dir", verification->data_directory,
                     "The data of a server that is not running; nothing in it is changed, but that "
                     "--indexes rebuilds in a scratch directory there");
  CLI::Option* const online =
      app.add_flag("--online", verification->online, "By the service itself, while it runs");
  online->excludes(directory);
  app.add_flag("--indexes", verification->indexes,
               "Afterwards rebuild the index of auditors too, from the records that it knows of, "
               "and compare what the two say");
  app.add_option("--records-per-second", verification->records_per_second,
                 "No faster than this. Default: as fast as the service's configuration allows")
      ->needs(online);
  app.add_option("--key", verification->key_path,
                 "Check the signed head with this verifier key, kept elsewhere. Default: the one "
                 "in the data directory, which proves less")
      ->needs(directory);
  app.add_option("--archive-dir", verification->archives,
                 "Where its archives are. Default: archive in the data directory")
      ->needs(directory);
  app.add_option("--memory-mib", verification->memory_mib,
                 "Of the rebuilt views so much may be in memory; quickest when all are. "
                 "Default: a quarter of the machine's")
      ->check(CLI::Range(1, 1 << 20))
      ->needs(directory);
  line.OnCommand(app, [verification](Invocation& invocation) {
    if (verification->online) return VerifyOnline(*verification, invocation);
    if (!verification->data_directory.empty()) return VerifyOffline(*verification, invocation);
    return invocation.Fail(absl::InvalidArgumentError("wanted a data directory, or --online"),
                           ExitCode::kUsage);
  });
}

}  // namespace puhui::services
