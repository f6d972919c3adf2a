// SPDX-License-Identifier: Apache-2.0
// `puhui member import`: a roster goes in, and what was refused comes back as a file.
#include "ledger/crypto/hash.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/input_file.h"
#include "services/cli/member_text.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"
#include "services/cli/rejected_rows.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <string>

namespace puhui::services {
namespace {

using MemberStub = v1::MemberService::Stub;
using ImportStream = grpc::ClientReaderWriter<v1::ImportMembersRequest, v1::ImportMembersResponse>;

constexpr std::size_t kImportChunkBytes = std::size_t{256} << 10;
constexpr std::size_t kImportProblemsShown = 20;

struct Import {
  std::string path;
  std::string rejected_path;
  v1::ImportMembersRequest::Start start;
};

// One stream: what it brought, from the beginning.
class ImportTalk {
 public:
  ImportTalk(const Import& import, const std::string& file, Invocation* invocation)
      : start_(import.start), file_(file), invocation_(*invocation) {
    start_.set_size_bytes(file.size());
    start_.set_sha256(ledger::ToHex(ledger::Sha256().Digest(file)));
    start_.set_only_refused(true);
  }

  void operator()(ImportStream& stream) {
    summary_.Clear();
    refused_.clear();
    v1::ImportMembersRequest message;
    *message.mutable_start() = start_;
    v1::ImportMembersResponse answer;
    if (stream.Write(message) && stream.Read(&answer)) Send(answer.accepted().offset(), stream);
    Listen(stream);
  }

  const v1::ImportMembersResponse::Summary& summary() const { return summary_; }
  const std::vector<v1::MemberRowResult>& refused() const { return refused_; }

 private:
  void Send(std::size_t offset, ImportStream& stream) const {
    Progress progress(invocation_.screen(), "sending", "bytes");
    v1::ImportMembersRequest message;
    for (std::size_t from = offset; from < file_.size(); from += kImportChunkBytes) {
      message.set_chunk(file_.substr(from, kImportChunkBytes));
      if (!stream.Write(message)) return;  // The server has decided; Finish says what.
      progress.Show(std::min(from + kImportChunkBytes, file_.size()), file_.size());
    }
    stream.WritesDone();
  }

  void Listen(ImportStream& stream) {
    Progress progress(invocation_.screen(), "enrolling", "rows");
    for (v1::ImportMembersResponse answer; stream.Read(&answer);) {
      if (answer.has_progress()) {
        progress.Show(answer.progress().rows_done(), answer.progress().rows());
      }
      if (answer.has_summary()) summary_ = answer.summary();
      for (v1::MemberRowResult& result : *answer.mutable_verdicts()->mutable_results()) {
        refused_.push_back(std::move(result));
      }
    }
  }

  v1::ImportMembersRequest::Start start_;
  const std::string& file_;
  Invocation& invocation_;
  v1::ImportMembersResponse::Summary summary_;
  std::vector<v1::MemberRowResult> refused_;
};

std::string Speed(std::uint64_t rows, absl::Duration took) {
  const double seconds = std::max(absl::ToDoubleSeconds(took), 0.001);
  return absl::StrCat(FormatCount(rows), " rows in ",
                      absl::FormatDuration(absl::Trunc(took, absl::Milliseconds(1))), ", ",
                      FormatCount(static_cast<std::uint64_t>(static_cast<double>(rows) / seconds)),
                      "/s");
}

ExitCode RunImport(const Import& import, Invocation& invocation) {
  const absl::StatusOr<std::string> file = ReadInputFile(import.path, kImportFileBytesMax);
  if (!file.ok()) return invocation.Fail(file.status(), ExitCode::kInvalidArgument);
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  const absl::Time begun = invocation.environment().now();
  ImportTalk talk(import, *file, &invocation);
  const ExitCode code =
      invocation.Settle(service->Converse(&MemberStub::ImportMembers, talk),
                        "import the same file again: it goes on where it stopped");
  if (code != ExitCode::kOk) return code;
  const v1::ImportMembersResponse::Summary& summary = talk.summary();
  const std::uint64_t rows = std::uint64_t{summary.created()} + summary.came_back() +
                             summary.unchanged() + summary.refused();
  const std::string rejected = import.rejected_path.empty()
                                   ? absl::StrCat(import.path, ".rejected.csv")
                                   : import.rejected_path;
  if (summary.refused() > 0) {
    const absl::Status written = WriteRejectedRows(*file, talk.refused(), rejected);
    if (!written.ok()) return invocation.Fail(written, ExitCode::kInvalidArgument);
  }
  invocation.output().Show(summary, [&](Output& output, const auto& shown) {
    output.Fields({{"created", FormatCount(shown.created())},
                   {"came back", FormatCount(shown.came_back())},
                   {"unchanged", FormatCount(shown.unchanged())},
                   {"refused", FormatCount(shown.refused())},
                   {"encoding", shown.encoding()},
                   {"sha256", shown.sha256()},
                   {"speed", Speed(rows, invocation.environment().now() - begun)}});
    if (shown.refused() == 0) return;
    const std::size_t count = std::min(talk.refused().size(), kImportProblemsShown);
    PrintResults(output, {talk.refused().begin(),
                          talk.refused().begin() + static_cast<std::ptrdiff_t>(count)});
    output.Fields(
        {{"refused rows", absl::StrCat(rejected, ": correct them there and import that file")}});
  });
  return summary.refused() == 0 ? ExitCode::kOk : ExitCode::kRefused;
}

}  // namespace

void AddMemberImport(Noun& noun) {
  CLI::App& app = noun.AddVerb({"import", "Enrol everybody of a roster file (CSV)"});
  const auto import = std::make_shared<Import>();
  app.add_option("file", import->path, "UTF-8 or GB18030, Chinese or English headings")->required();
  AddName(app, "--union", import->start.mutable_union_(), "unions")->required();
  app.add_flag_callback(
      "--validate-only", [import] { import->start.set_validate_only(true); },
      "Only say what would happen");
  app.add_option("--hr-system", *import->start.mutable_hr_system(),
                 "The HR system that the numbers are of");
  app.add_flag_callback(
      "--ignore-unknown-columns", [import] { import->start.set_ignore_unknown_columns(true); },
      "Skip columns that are not known");
  app.add_option("--rejected", import->rejected_path,
                 "Where refused rows go, with the reasons (default: FILE.rejected.csv)");
  noun.OnVerb(app, [import](Invocation& invocation) { return RunImport(*import, invocation); });
}

}  // namespace puhui::services
