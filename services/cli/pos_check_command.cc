// SPDX-License-Identifier: Apache-2.0
// puhui pos-check: a fake till against a real server, over good lines and bad ones.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/base/version.h"
#include "ledger/crypto/durable_file.h"
#include "services/cli/commands.h"
#include "services/cli/fake_till.h"
#include "services/cli/flags.h"
#include "services/cli/input_file.h"
#include "services/cli/pos_check_case.h"
#include "services/cli/pos_check_certificate.h"
#include "services/cli/pos_check_signature.h"
#include "services/cli/profile.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kSignerFileBytesMax = std::size_t{1} << 20;
constexpr std::size_t kPosCheckCertificateBytesMax = std::size_t{16} << 20;

// What the flags say.
struct PosCheckWish {
  std::string terminal;
  std::string card_number;
  std::int64_t points = 10;
  std::uint32_t batch = 0;  // 0: from the clock.
  std::set<std::string> cases;
  std::string certificate;  // A path.
  std::string check;        // A path, too: of one that was made before.
  std::string authority;    // And of who may have issued its signer's certificate.
  bool list = false;
};

// A host that is reached at another address still has to show the certificate of its own name.
std::string NameOf(const Profile& profile) {
  if (!profile.server_name.empty()) return profile.server_name;
  return profile.server.substr(0, profile.server.rfind(':'));
}

absl::StatusOr<std::unique_ptr<FakeTill>> MakeTill(const PosCheckWish& wish, const Profile& profile,
                                                   const Invocation& invocation) {
  const Environment& environment = invocation.environment();
  const auto connect_by =
      [profile, as = invocation.as()](
          const std::string& address) -> absl::StatusOr<std::shared_ptr<grpc::Channel>> {
    Profile there = profile;
    there.server_name = NameOf(profile);
    there.server = address;
    return OpenChannel(there, as);
  };
  // Seconds count up from run to run, and one run takes a few batches only.
  const auto clock = static_cast<std::uint32_t>(absl::ToUnixSeconds(environment.now()));
  return FakeTill::Make({.identity = {.terminal = wish.terminal,
                                      .card_number = wish.card_number,
                                      .batch = wish.batch != 0 ? wish.batch : clock},
                         .points = wish.points,
                         .server = profile.server,
                         .connect_by = connect_by},
                        environment.random);
}

void PrintFailures(const PosCheckReport& report, Output& output) {
  for (const PosCheckResult& result : report.results) {
    if (result.findings.passed()) continue;
    output.Line("");
    output.Line(absl::StrCat(result.name, ": ", result.about));
    Table table({{"step"}, {"expected"}, {"seen"}});
    for (const Finding& finding : result.findings.all()) {
      table.AddRow({absl::StrCat(finding.as_expected() ? "" : "* ", finding.step), finding.expected,
                    finding.seen});
    }
    output.Flush(table);
  }
}

void PrintReport(const PosCheckReport& report, Output& output) {
  Table table({{"case"}, {"result"}, {"expected at the end"}, {"seen"}});
  for (const PosCheckResult& result : report.results) {
    const std::vector<Finding>& all = result.findings.all();
    const auto told = std::find_if(all.begin(), all.end(),
                                   [](const Finding& each) { return !each.as_expected(); });
    const Finding& shown = told == all.end() ? all.back() : *told;
    table.AddRow(
        {result.name, result.findings.passed() ? "passed" : "FAILED", shown.expected, shown.seen});
  }
  output.Flush(table);
  PrintFailures(report, output);
  output.Line("");
  output.Line(absl::StrCat(report.results.size() - report.failures(), " of ", report.results.size(),
                           " cases passed"));
}

PosCheckReport Try(const std::vector<PosCheckCase>& cases, const PosCheckWish& wish, FakeTill& till,
                   const Invocation& invocation) {
  PosCheckReport report{.terminal = wish.terminal,
                        .version = kVersion,
                        .start = invocation.environment().now(),
                        .whole = wish.cases.empty()};
  Progress progress(invocation.screen(), "checking", "cases");
  for (std::size_t i = 0; i < cases.size(); ++i) {
    progress.Show(i, cases.size());
    const PosCheckCase& one = cases[i];
    if (!wish.cases.empty() && !wish.cases.contains(one.name)) continue;
    PosCheckResult result{.name = one.name, .about = one.about};
    one.run(till, result.findings);
    const std::vector<std::string> left = till.CleanUp();
    result.findings.Expect("the card as it was before", "all reversed",
                           left.empty() ? "all reversed" : absl::StrJoin(left, ", "));
    report.results.push_back(std::move(result));
  }
  report.end = invocation.environment().now();
  return report;
}

// Who ran it: whoever has the key that the server knows the till by.
absl::StatusOr<PosCheckSigner> ReadSigner(const Profile& profile, const Invocation& invocation) {
  PUHUI_ASSIGN_OR_RETURN(const ClientIdentity identity, ChooseIdentity(profile, invocation.as()));
  PosCheckSigner signer;
  PUHUI_ASSIGN_OR_RETURN(signer.chain_pem, ReadInputFile(identity.cert, kSignerFileBytesMax));
  PUHUI_ASSIGN_OR_RETURN(signer.key_pem, ReadInputFile(identity.key, kSignerFileBytesMax));
  // Said before the server is tried.
  PUHUI_RETURN_IF_ERROR(SignAs(signer, "").status());
  return signer;
}

// What was seen, and the certificate of it.
struct PosCheckRun {
  PosCheckReport report{};
  std::string certificate{};
};

absl::StatusOr<PosCheckRun> CheckServer(const PosCheckWish& wish, const Invocation& invocation) {
  const std::vector<PosCheckCase> cases = AllPosCheckCases();
  for (const std::string& name : wish.cases) {
    const bool known = std::any_of(cases.begin(), cases.end(),
                                   [&](const PosCheckCase& each) { return each.name == name; });
    if (!known) {
      return absl::InvalidArgumentError(
          absl::StrCat("--case: there is no case ", name, "; --list shows all"));
    }
  }
  PUHUI_ASSIGN_OR_RETURN(const Profile profile, ReadProfile(invocation.profile()));
  PUHUI_ASSIGN_OR_RETURN(const PosCheckSigner signer, ReadSigner(profile, invocation));
  PUHUI_ASSIGN_OR_RETURN(const auto till, MakeTill(wish, profile, invocation));
  PosCheckRun run{.report = Try(cases, wish, *till, invocation)};
  run.report.server = profile.server;
  run.report.server_name = NameOf(profile);
  PUHUI_ASSIGN_OR_RETURN(run.certificate, CertificateText(run.report, signer));
  return run;
}

// Whether it is what its signer signed, and what it says.
absl::StatusOr<CheckedCertificate> ReadCertificate(const PosCheckWish& wish) {
  PUHUI_ASSIGN_OR_RETURN(const std::string text,
                         ReadInputFile(wish.check, kPosCheckCertificateBytesMax));
  PUHUI_ASSIGN_OR_RETURN(CheckedCertificate checked, CheckCertificate(text));
  if (wish.authority.empty()) return checked;
  PUHUI_ASSIGN_OR_RETURN(const std::string authority,
                         ReadInputFile(wish.authority, kSignerFileBytesMax));
  PUHUI_RETURN_IF_ERROR(CheckIssuedBy(authority, checked.chain_pem, checked.end()));
  PUHUI_RETURN_IF_ERROR(checked.CheckSpeaker());
  return checked;
}

ExitCode CheckAgain(const PosCheckWish& wish, Invocation& invocation) {
  const absl::StatusOr<CheckedCertificate> checked = ReadCertificate(wish);
  if (!checked.ok()) {
    const bool broken = absl::IsFailedPrecondition(checked.status());
    return invocation.Fail(absl::Status(checked.status().code(),
                                        absl::StrCat(broken ? absl::StrCat(wish.check, ": ") : "",
                                                     checked.status().message())),
                           broken ? ExitCode::kFindings : ExitCode::kUsage);
  }
  invocation.output().Show(checked->says, [&](Output& output, const auto& /*says*/) {
    output.Fields({{"signer", checked->signer.identity},
                   {"signer_fingerprint", checked->signer.fingerprint},
                   {"signer_issued_by",
                    wish.authority.empty() ? "not checked: --authority does" : wish.authority},
                   {"kit", checked->text_of("kit")},
                   {"server", checked->text_of("server")},
                   {"server_name", checked->text_of("server_name")},
                   {"terminal", checked->text_of("terminal")},
                   {"start_time", checked->text_of("start_time")},
                   {"end_time", checked->text_of("end_time")},
                   {"cases_sha256", checked->text_of("cases_sha256")},
                   {"passed", checked->passed() ? "yes" : "no"},
                   {"all_cases", checked->whole() ? "yes" : "no"}});
  });
  return checked->passed() ? ExitCode::kOk : ExitCode::kFindings;
}

ExitCode List(Output& output) {
  Table table({{"case"}, {"about"}});
  for (const PosCheckCase& one : AllPosCheckCases()) table.AddRow({one.name, one.about});
  output.Flush(table);
  return ExitCode::kOk;
}

ExitCode Check(const PosCheckWish& wish, Invocation& invocation) {
  if (wish.list) return List(invocation.output());
  if (!wish.check.empty()) return CheckAgain(wish, invocation);
  if (wish.terminal.empty() || wish.card_number.empty()) {
    return invocation.Fail(
        absl::InvalidArgumentError("wanted --terminal and --card, --check or --list"),
        ExitCode::kUsage);
  }
  const absl::StatusOr<PosCheckRun> run = CheckServer(wish, invocation);
  if (!run.ok()) return invocation.Fail(run.status(), ExitCode::kUsage);
  if (invocation.output().json()) {
    invocation.output().Verbatim(run->certificate);
  } else {
    PrintReport(run->report, invocation.output());
  }
  if (!wish.certificate.empty()) {
    const absl::Status written = ledger::WriteFileDurably(wish.certificate, run->certificate);
    if (!written.ok()) return invocation.Fail(written, ExitCode::kFailed);
  }
  return run->report.passed() ? ExitCode::kOk : ExitCode::kFindings;
}

}  // namespace

std::vector<PosCheckCase> AllPosCheckCases() {
  std::vector<PosCheckCase> cases;
  AddOrderCases(&cases);
  AddRepeatCases(&cases);
  AddReversalCases(&cases);
  AddLostLineCases(&cases);
  AddStreamCases(&cases);
  AddDayCases(&cases);
  return cases;
}

void AddPosCheckCommand(CommandLine& line) {
  CLI::App& app = line.AddCommand(
      "pos-check", "Try a server as tills do on bad lines, and certify what was seen");
  const auto wish = std::make_shared<PosCheckWish>();
  app.add_option("--terminal", wish->terminal, "The profile's terminal: merchants/…/terminals/…");
  app.add_option("--card", wish->card_number,
                 "The number of a test card; it needs ten times --points, and 50 at least");
  app.add_option("--points", wish->points, "Of an ordinary purchase. Default: 10")
      ->check(CLI::Range(std::int64_t{2}, std::int64_t{1'000'000}));
  app.add_option("--batch", wish->batch, "A batch that was not used. Default: from the clock")
      ->check(CLI::Range(std::uint32_t{1}, UINT32_MAX - 1'000));
  app.add_option("--case", wish->cases, "Only this one; may be given more than once");
  app.add_option("--certificate", wish->certificate, "Write the certificate to this file");
  CLI::Option* const check =
      app.add_option("--check", wish->check,
                     "Try nothing: say whether this certificate is whole, who signed it, and what "
                     "it says; 8 when it is not, or says that a case failed");
  app.add_option("--authority", wish->authority,
                 "With --check: one of these authorities (PEM) has to have issued the "
                 "certificate of who signed, to the terminal or its merchant")
      ->needs(check);
  app.add_flag("--list", wish->list, "Say which cases there are");
  line.OnCommand(app, [wish](Invocation& invocation) { return Check(*wish, invocation); });
}

}  // namespace puhui::services
