// SPDX-License-Identifier: Apache-2.0
// `puhui audit report`: a period as one page, added up from the records and compared with the
// balances.
#include "services/cli/audit_report_command.h"

#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/hash.h"
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/audit_report_page.h"
#include "services/cli/audit_tally.h"
#include "services/cli/error_text.h"
#include "services/cli/money.h"
#include "services/cli/sha256_file.h"
#include "services/cli/times.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <google/protobuf/struct.pb.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ReportStub = v1::AuditService::Stub;

struct ReportWish {
  std::string period;
  std::string union_name;
  std::string path;
  bool verify = false;
};

bool MayNotAsk(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::PERMISSION_DENIED ||
         status.error_code() == grpc::StatusCode::NOT_FOUND ||
         status.error_code() == grpc::StatusCode::UNIMPLEMENTED;
}

// Threads: one at a time. Borrows: the invocation.
class ReportRun {
 public:
  explicit ReportRun(Invocation& invocation) : invocation_(invocation) {}

  ExitCode Read(const ReportWish& wish, const ReportPeriod& period) {
    report_.union_name = wish.union_name;
    report_.first_day = period.first;
    report_.last_day = period.last;
    report_.zone = invocation_.zone().name();
    const absl::Time now = invocation_.environment().now();
    report_.made = FormatTime(ToTimestamp(now), invocation_.zone());
    const absl::Time start = absl::FromCivil(period.first, invocation_.zone());
    const absl::Time end = absl::FromCivil(period.last + 1, invocation_.zone());
    if (start > now) {
      return invocation_.Fail(absl::InvalidArgumentError(absl::StrCat(
                                  wish.period, " has not begun: it begins with ",
                                  absl::FormatCivilTime(period.first), " in ", report_.zone)),
                              ExitCode::kInvalidArgument);
    }
    report_.ended = end <= now;
    v1::GetTrialBalanceResponse opening;
    ExitCode code = ReadBooks(start, &opening);
    if (code != ExitCode::kOk) return code;
    v1::GetTrialBalanceResponse closing;
    code = ReadBooks(report_.ended ? end : absl::InfiniteFuture(), &closing);
    if (code != ExitCode::kOk) return code;
    AuditTally tally(&report_, invocation_.zone(), opening, closing);
    code = ReadRecords(tally);
    if (code != ExitCode::kOk) return code;
    tally.Finish();
    code = ReadHead();
    if (code == ExitCode::kOk) code = VerifyLedger(wish.verify);
    if (code == ExitCode::kOk) code = VerifyReads(wish.verify);
    return code;
  }

  AuditReport& report() { return report_; }

 private:
  // What accounts held just before a moment; now for one that never comes.
  ExitCode ReadBooks(absl::Time before, v1::GetTrialBalanceResponse* books) {
    v1::GetTrialBalanceRequest request;
    request.set_in_union(report_.union_name);
    if (before != absl::InfiniteFuture()) {
      *request.mutable_as_of_time() = ToTimestamp(before - absl::Microseconds(1));
    }
    return invocation_.Call(&ReportStub::GetTrialBalance, request, books);
  }

  // A stream that breaks is taken up after the last record that came.
  ExitCode ReadRecords(AuditTally& tally) {
    if (report_.first_sequence > report_.last_sequence) return ExitCode::kOk;
    v1::StreamRecordsRequest request;
    v1::RecordFilter& filter = *request.mutable_filter();
    filter.set_in_union(report_.union_name);
    filter.set_first_sequence(report_.first_sequence);
    filter.set_last_sequence(report_.last_sequence);
    Progress progress(invocation_.screen(), "adding up", "records");
    const std::uint64_t all = report_.last_sequence - report_.first_sequence + 1;
    const grpc::Status status = invocation_.service()->ReadStream(
        &ReportStub::StreamRecords, request, Client::Restart::kAlways,
        [&](const v1::StreamRecordsResponse& part) {
          for (const v1::RecordView& record : part.records()) tally.Take(record);
          if (part.records().empty()) return;
          const std::uint64_t last = part.records().rbegin()->sequence();
          filter.set_first_sequence(last + 1);
          progress.Show(last - report_.first_sequence + 1, all);
        });
    return invocation_.Settle(status);
  }

  // The second line of a signed note is how many records it covers.
  ExitCode ReadHead() {
    v1::GetCheckpointResponse response;
    const grpc::Status status = invocation_.service()->Unary(&ReportStub::GetCheckpoint,
                                                             v1::GetCheckpointRequest(), &response);
    if (!status.ok()) return NotAsked(ReportCheck::What::kHead, status);
    report_.head = response.note();
    const std::vector<std::string> lines = absl::StrSplit(report_.head, '\n');
    std::uint64_t covered = 0;
    const bool read = lines.size() > 2 && absl::SimpleAtoi(lines[1], &covered);
    const bool covers = covered >= report_.last_sequence;
    using Outcome = ReportCheck::Outcome;
    AddCheck(ReportCheck::What::kHead,
             !read    ? Outcome::kFails
             : covers ? Outcome::kHolds
                      : Outcome::kNotAsked,
             absl::StrCat("#1 – #", FormatCount(covered)));
    return ExitCode::kOk;
  }

  ExitCode VerifyLedger(bool wanted) {
    v1::VerifyResult result;
    grpc::Status status;
    if (wanted) {
      Progress progress(invocation_.screen(), "verifying", "records");
      status = invocation_.service()->ReadStream(
          &v1::AdminService::Stub::StartVerify, v1::StartVerifyRequest(), Client::Restart::kAlways,
          [&](const v1::StartVerifyResponse& part) {
            if (part.has_result()) result = part.result();
            progress.Show(part.records_done(), part.records());
          });
    }
    if (!wanted || !status.ok()) return NotAsked(ReportCheck::What::kLedger, status);
    const std::string finding = result.findings().empty() ? "" : result.findings(0);
    AddVerdict(ReportCheck::What::kLedger, result.ok(),
               absl::StrCat(FormatCount(result.records()), "; ", result.root(), " ", finding));
    return ExitCode::kOk;
  }

  ExitCode VerifyReads(bool wanted) {
    v1::AccessVerdict verdict;
    grpc::Status status;
    if (wanted) {
      status = invocation_.service()->ReadStream(
          &v1::AccessService::Stub::VerifyAccesses, v1::VerifyAccessesRequest(),
          Client::Restart::kAlways, [&](const v1::VerifyAccessesResponse& part) {
            if (part.has_verdict()) verdict = part.verdict();
          });
    }
    if (!wanted || !status.ok()) return NotAsked(ReportCheck::What::kReads, status);
    AddVerdict(
        ReportCheck::What::kReads, verdict.ok(),
        absl::StrCat(FormatCount(verdict.records()), "; ", verdict.root(), " ", verdict.finding()));
    return ExitCode::kOk;
  }

  // What the caller may not know is left open; anything else ends the report.
  ExitCode NotAsked(ReportCheck::What what, const grpc::Status& status) {
    if (!status.ok() && !MayNotAsk(status)) return invocation_.Settle(status);
    AddCheck(what, ReportCheck::Outcome::kNotAsked, status.ok() ? "" : ReasonText(status));
    return ExitCode::kOk;
  }

  void AddVerdict(ReportCheck::What what, bool holds, std::string detail) {
    AddCheck(what, holds ? ReportCheck::Outcome::kHolds : ReportCheck::Outcome::kFails,
             std::move(detail));
  }

  void AddCheck(ReportCheck::What what, ReportCheck::Outcome outcome, std::string detail) {
    report_.checks.push_back({.what = what, .outcome = outcome, .detail = std::move(detail)});
  }

  Invocation& invocation_;
  AuditReport report_;
};

void PrintReportFile(Output& output, const ReportWish& wish, const AuditReport& report,
                     const std::string& sha256) {
  const std::uint64_t records = report.last_sequence + 1 - report.first_sequence;
  google::protobuf::Struct shown;
  auto& fields = *shown.mutable_fields();
  fields["holds"].set_bool_value(report.Holds());
  fields["records"].set_string_value(absl::StrCat(records));
  fields["file"].set_string_value(wish.path);
  fields["sha256"].set_string_value(sha256);
  output.Show(shown, [&](Output& out, const google::protobuf::Struct&) {
    out.Fields({{"books", report.Holds() ? "every check that was made passed" : "DO NOT HOLD"},
                {"records", FormatCount(records)},
                {"file", wish.path},
                {"sha256", sha256}});
  });
}

ExitCode RunAuditReport(const ReportWish& wish, Invocation& invocation) {
  const absl::StatusOr<ReportPeriod> period = ParsePeriod(wish.period);
  if (!period.ok()) return invocation.Fail(period.status(), ExitCode::kUsage);
  if (invocation.service() == nullptr) return ExitCode::kUsage;
  ReportRun run(invocation);
  const ExitCode code = run.Read(wish, *period);
  if (code != ExitCode::kOk) return code;
  run.report().points_per_yuan = invocation.points_per_yuan();
  const std::string page = AuditReportPage(run.report());
  const std::string sha256 = ledger::ToHex(ledger::Sha256().Digest(page));
  absl::Status written = ledger::WriteFileDurably(wish.path, page);
  if (written.ok()) written = WriteSha256Beside(wish.path, sha256);
  if (!written.ok()) return invocation.Fail(written, ExitCode::kInvalidArgument);
  PrintReportFile(invocation.output(), wish, run.report(), sha256);
  return run.report().Holds() ? ExitCode::kOk : ExitCode::kFindings;
}

}  // namespace

void AddAuditReport(Noun& audit) {
  CLI::App& app = audit.AddVerb(
      {"report",
       "Write a period as one HTML page, in Chinese and English, for a browser or paper"});
  const auto wish = std::make_shared<ReportWish>();
  app.add_option("period", wish->period, "2026, 2026-02 or 2026-02-01..2026-02-28, in --zone")
      ->required();
  AddName(app, "--union", &wish->union_name, "unions")
      ->description("The money of this union and those below it. Default: all");
  app.add_option("--out", wish->path, "Where to, with the SHA-256 beside it")->required();
  app.add_flag("--verify", wish->verify, "Have the service verify its journals first");
  audit.OnVerb(app, [wish](Invocation& invocation) { return RunAuditReport(*wish, invocation); });
}

}  // namespace puhui::services
