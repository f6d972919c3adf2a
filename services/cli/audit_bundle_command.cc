// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_bundle_command.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/export_file.h"
#include "services/cli/money.h"
#include "services/cli/progress.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>

namespace puhui::services {
namespace {

using BundleStub = v1::AuditService::Stub;

// What a bundle that is stopped asks for once more, at most; and a chunk.
constexpr std::uint64_t kSaveBundleEveryBytes = std::uint64_t{32} << 20;

struct BundleWish {
  std::string path;
  std::string period;  // Whose records; empty: those that the request names.
  v1::ExportBundleRequest request;
};

// What the file is of: two commands that ask for the same have the same digest.
std::string BundleDigest(const BundleWish& wish, const std::string& as) {
  return ledger::ToHex(ledger::Sha256().Digest(
      absl::StrCat(v1::ExportBundleRequest::descriptor()->full_name(), "\n", as, "\n"),
      wish.request.SerializeAsString()));
}

// Has the request name the records of the month, whose end is only known when it is closed.
ExitCode SettlePeriod(BundleWish& wish, Invocation& invocation) {
  v1::GetPeriodRequest request;
  request.set_name(wish.period);
  v1::GetPeriodResponse response;
  const ExitCode code = invocation.Call(&BundleStub::GetPeriod, request, &response);
  if (code != ExitCode::kOk) return code;
  const v1::Period& period = response.period();
  const auto refuse = [&](const char* why) {
    return invocation.Fail(absl::FailedPreconditionError(absl::StrCat("--period: ", why)),
                           ExitCode::kRefused);
  };
  if (period.state() != v1::PERIOD_STATE_CLOSED) {
    return refuse("want a month that is closed; of one that is open give --from and --to");
  }
  if (period.last_sequence() < period.first_sequence()) return refuse("the month has no records");
  wish.request.set_first_sequence(period.first_sequence());
  wish.request.set_last_sequence(period.last_sequence());
  return code;
}

// One run of an export. Its place counts bytes, and its token is that of the first message.
// Threads: one at a time. Borrows: the file.
class BundleReader {
 public:
  BundleReader(const v1::ExportBundleRequest& request, ExportFile& file)
      : file_(file), place_(file.place()), request_(request) {
    request_.set_resume_token(place_.token);
    request_.set_offset(place_.count);
  }

  // What came counts, also when it ends early. What was refused at once leaves no file.
  ExitCode Run(Invocation& invocation) {
    if (place_.whole) return ExitCode::kOk;
    grpc::Status status;
    {
      Progress progress(invocation.screen(), "exporting", "records");
      status = invocation.service()->ReadStream(
          &BundleStub::ExportBundle, request_, Client::Restart::kAlways,
          [&](const v1::ExportBundleResponse& part) {
            if (written_.ok()) written_ = Take(part);
            progress.Show(part.at_sequence(), part.last_sequence());
            return written_.ok();  // Else the service would make the rest for nobody.
          });
    }
    place_.whole = status.ok();
    if (written_.ok() && !NothingIsKept()) written_ = file_.Save(place_);
    if (!written_.ok()) place_ = file_.place();  // What counts is what was saved before.
    const ExitCode code =
        written_.ok() ? invocation.Settle(status) : invocation.Fail(written_, ExitCode::kFailed);
    if (NothingIsKept()) file_.Discard();
    return code;
  }

  const ExportFile::Place& place() const { return place_; }
  // A file that was taken up stays, wherever it says that it is.
  bool NothingIsKept() const { return !file_.resumed() && place_ == ExportFile::Place(); }

 private:
  absl::Status Take(const v1::ExportBundleResponse& part) {
    if (place_.token.empty()) place_.token = part.resume_token();
    PUHUI_RETURN_IF_ERROR(file_.Append(part.chunk()));
    place_.count += part.chunk().size();
    place_.sequence = part.at_sequence();
    place_.last_sequence = part.last_sequence();
    // When the stream breaks it is asked for from here.
    request_.set_resume_token(place_.token);
    request_.set_offset(place_.count);
    if (place_.count - file_.place().count < kSaveBundleEveryBytes) return absl::OkStatus();
    return file_.Save(place_);
  }

  ExportFile& file_;
  ExportFile::Place place_;
  v1::ExportBundleRequest request_;
  absl::Status written_;
};

void PrintBundle(Output& output, const std::string& path, const ExportFile::Place& place,
                 const std::string& sha256) {
  google::protobuf::Struct shown;
  auto& fields = *shown.mutable_fields();
  fields["file"].set_string_value(path);
  fields["bytes"].set_string_value(absl::StrCat(place.count));
  fields["last_sequence"].set_string_value(absl::StrCat(place.last_sequence));
  fields["sha256"].set_string_value(sha256);
  output.Show(shown, [&](Output& out, const google::protobuf::Struct&) {
    out.Fields({{"file", path},
                {"bytes", FormatCount(place.count)},
                {"last record", absl::StrCat(place.last_sequence)},
                {"sha256", sha256}});
  });
}

ExitCode RunAuditBundle(BundleWish& wish, Invocation& invocation) {
  if (invocation.service() == nullptr) return ExitCode::kUsage;
  if (!wish.period.empty()) {
    const ExitCode settled = SettlePeriod(wish, invocation);
    if (settled != ExitCode::kOk) return settled;
  }
  absl::StatusOr<std::unique_ptr<ExportFile>> file =
      ExportFile::Open(wish.path, BundleDigest(wish, invocation.as()));
  if (!file.ok()) return invocation.Fail(file.status(), ExitCode::kInvalidArgument);
  BundleReader reader(wish.request, **file);
  const ExitCode code = reader.Run(invocation);
  if (code != ExitCode::kOk) {
    if (reader.NothingIsKept()) return code;
    *invocation.environment().err << "note: " << FormatCount(reader.place().count)
                                  << " bytes are kept; the same command goes on after them, and "
                                     "begins anew without "
                                  << wish.path << ".resume\n";
    return code;
  }
  const absl::StatusOr<std::string> sha256 = (*file)->Close(reader.place());
  if (!sha256.ok()) return invocation.Fail(sha256.status(), ExitCode::kFailed);
  PrintBundle(invocation.output(), wish.path, reader.place(), *sha256);
  return ExitCode::kOk;
}

}  // namespace

void AddAuditBundle(Noun& noun) {
  CLI::App& app = noun.AddVerb(
      {"bundle", "Write records to a file that is checked without the server (puhui-verify)"});
  const auto wish = std::make_shared<BundleWish>();
  app.add_option("--out", wish->path,
                 "Where to, with the SHA-256 beside it; an export that broke is gone on with")
      ->required();
  CLI::Option* const from = app.add_option_function<std::uint64_t>(
      "--from",
      [wish](const std::uint64_t& sequence) { wish->request.set_first_sequence(sequence); },
      "The first record. Default: 1");
  CLI::Option* const to = app.add_option_function<std::uint64_t>(
      "--to", [wish](const std::uint64_t& sequence) { wish->request.set_last_sequence(sequence); },
      "The last record. Default: the last that the latest checkpoint covers");
  AddName(app, "--period", &wish->period, "periods")
      ->description("The records of a month that is closed, such as 2027-01, in place of a range")
      ->excludes(from, to);
  AddName(app, "--scope", wish->request.mutable_scope(), "unions")
      ->description(
          "Only what concerns a union and those below it, by unions/… or the id alone, or "
          "merchants/…");
  noun.OnVerb(app, [wish](Invocation& invocation) { return RunAuditBundle(*wish, invocation); });
}

}  // namespace puhui::services
