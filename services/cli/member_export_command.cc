// SPDX-License-Identifier: Apache-2.0
// `puhui member export`: the members of a union as a roster file.
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/hash.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/member_text.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"
#include "services/cli/sha256_file.h"

#include <memory>
#include <string>

namespace puhui::services {
namespace {

struct MemberExport {
  std::string path;
  v1::ExportMembersRequest request;
};

ExitCode RunMemberExport(MemberExport& wish, Invocation& invocation) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  invocation.SettleRequestId(wish.request.mutable_request_id());
  std::string file;
  std::uint64_t rows = 0;
  grpc::Status status;
  {
    Progress progress(invocation.screen(), "reading", "members");
    status = service->ReadStream(&v1::MemberService::Stub::ExportMembers, wish.request,
                                 Client::Restart::kOnlyIfNothingCame,
                                 [&](const v1::ExportMembersResponse& part) {
                                   file += part.chunk();
                                   progress.Show(rows += part.rows(), 0);
                                 });
  }
  const ExitCode code = invocation.Settle(status, RepeatAdvice(wish.request.request_id()));
  if (code != ExitCode::kOk) return code;
  const std::string sha256 = ledger::ToHex(ledger::Sha256().Digest(file));
  absl::Status written = ledger::WriteFileDurably(wish.path, file);
  if (written.ok()) written = WriteSha256Beside(wish.path, sha256);
  if (!written.ok()) return invocation.Fail(written, ExitCode::kInvalidArgument);
  v1::ExportMembersResponse summary;
  summary.set_rows(static_cast<std::uint32_t>(rows));
  invocation.output().Show(summary, [&](Output& output, const auto& shown) {
    output.Fields(
        {{"members", FormatCount(shown.rows())}, {"file", wish.path}, {"sha256", sha256}});
  });
  return ExitCode::kOk;
}

}  // namespace

void AddMemberExport(Noun& noun) {
  CLI::App& app = noun.AddVerb(
      {"export", "Write the members of a union to a roster file, numbers and all, on the record"});
  const auto wish = std::make_shared<MemberExport>();
  app.add_option("file", wish->path, "Where to; only you may read it")->required();
  AddName(app, "--union", wish->request.mutable_union_(), "unions")->required();
  app.add_option("--reason", *wish->request.mutable_reason(), "Why, for auditors to read")
      ->required();
  app.add_option("--hr-system", *wish->request.mutable_hr_system(),
                 "The HR system whose numbers are wanted");
  AddRequestId(app, wish->request.mutable_request_id());
  noun.OnVerb(app, [wish](Invocation& invocation) { return RunMemberExport(*wish, invocation); });
}

}  // namespace puhui::services
