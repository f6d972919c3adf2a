// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_bundle_command.h"

#include "ledger/crypto/durable_file.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/money.h"
#include "services/cli/progress.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <system_error>

namespace puhui::services {
namespace {

struct BundleWish {
  std::string path;
  v1::ExportBundleRequest request;

  // What there is of an export that broke, and what it is gone on with.
  std::string PartPath() const { return absl::StrCat(path, ".part"); }
  std::string TokenPath() const { return absl::StrCat(path, ".resume"); }
};

// Goes on where an earlier export into the same file broke, if one did.
void FindPart(BundleWish& wish) {
  std::ifstream token(wish.TokenPath(), std::ios::binary);
  std::error_code missing;
  const auto size = std::filesystem::file_size(wish.PartPath(), missing);
  if (!token || missing) return;
  std::stringstream text;
  text << token.rdbuf();
  wish.request.set_resume_token(text.str());
  wish.request.set_offset(size);
}

// Takes one message of the stream. Fails: kUnavailable, kResourceExhausted, as the disk.
absl::Status TakeBundlePart(const v1::ExportBundleResponse& part, BundleWish& wish,
                            std::ofstream& file) {
  if (!part.resume_token().empty() && wish.request.resume_token().empty()) {
    if (absl::Status kept = ledger::WriteFileDurably(wish.TokenPath(), part.resume_token());
        !kept.ok()) {
      return kept;
    }
    wish.request.set_resume_token(part.resume_token());
  }
  file.write(part.chunk().data(), static_cast<std::streamsize>(part.chunk().size()));
  file.flush();
  if (!file) return absl::UnavailableError(absl::StrCat("cannot write ", wish.PartPath()));
  wish.request.set_offset(wish.request.offset() + part.chunk().size());
  return absl::OkStatus();
}

absl::Status FinishBundle(const BundleWish& wish) {
  std::error_code failed;
  std::filesystem::rename(wish.PartPath(), wish.path, failed);
  if (failed) return absl::UnavailableError(absl::StrCat("cannot write ", wish.path));
  std::filesystem::remove(wish.TokenPath(), failed);
  return absl::OkStatus();
}

ExitCode RunAuditBundle(BundleWish& wish, Invocation& invocation) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  FindPart(wish);
  const bool goes_on = wish.request.offset() != 0;
  std::ofstream file(wish.PartPath(),
                     std::ios::binary | (goes_on ? std::ios::app : std::ios::trunc));
  absl::Status written;
  std::uint64_t last = 0;
  grpc::Status status;
  {
    Progress progress(invocation.screen(), "exporting", "records");
    status =
        service->ReadStream(&v1::AuditService::Stub::ExportBundle, wish.request,
                            Client::Restart::kAlways, [&](const v1::ExportBundleResponse& part) {
                              if (!written.ok()) return;
                              written = TakeBundlePart(part, wish, file);
                              last = part.last_sequence();
                              progress.Show(part.at_sequence(), last);
                            });
  }
  file.close();
  if (!written.ok()) return invocation.Fail(written, ExitCode::kFailed);
  const ExitCode code = invocation.Settle(status);
  if (code != ExitCode::kOk) return code;
  if (const absl::Status finished = FinishBundle(wish); !finished.ok()) {
    return invocation.Fail(finished, ExitCode::kFailed);
  }
  v1::ExportBundleResponse summary;
  summary.set_last_sequence(last);
  invocation.output().Show(summary, [&](Output& output, const auto& shown) {
    output.Fields({{"file", wish.path},
                   {"bytes", FormatCount(wish.request.offset())},
                   {"last record", absl::StrCat(shown.last_sequence())}});
  });
  return ExitCode::kOk;
}

}  // namespace

void AddAuditBundle(Noun& noun) {
  CLI::App& app = noun.AddVerb(
      {"bundle", "Write records to a file that is checked without the server (puhui-verify)"});
  const auto wish = std::make_shared<BundleWish>();
  app.add_option("--out", wish->path, "Where to; an export that broke is gone on with")->required();
  app.add_option_function<std::uint64_t>(
      "--from",
      [wish](const std::uint64_t& sequence) { wish->request.set_first_sequence(sequence); },
      "The first record. Default: 1");
  app.add_option_function<std::uint64_t>(
      "--to", [wish](const std::uint64_t& sequence) { wish->request.set_last_sequence(sequence); },
      "The last record. Default: the last that the latest checkpoint covers");
  AddName(app, "--scope", wish->request.mutable_scope(), "unions")
      ->description(
          "Only what concerns a union and those below it, by unions/… or the id alone, or "
          "merchants/…");
  noun.OnVerb(app, [wish](Invocation& invocation) { return RunAuditBundle(*wish, invocation); });
}

}  // namespace puhui::services
