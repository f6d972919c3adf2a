// SPDX-License-Identifier: Apache-2.0
// The devices that ask: `puhui terminal`, which `puhui merchant terminal` says too.
#include "ledger/base/id.h"
#include "merchant/core/enrolment_code.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "services/cli/merchant_command.h"
#include "services/cli/terminal_files.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using MerchantStub = v1::MerchantService::Stub;

constexpr char kTerminalFormat[] = "Format: merchants/…/terminals/…";
constexpr char kStoreFormat[] = "Format: merchants/…/stores/…";
constexpr char kIdFormat[] = "1 to 40 of a-z, 0-9 and '-'";

void PrintTerminal(Output& output, const v1::Terminal& terminal) {
  const v1::EnrolmentCode& code = terminal.enrolment_code();
  const bool shown = terminal.has_enrolment_code();  // What has no value is left out.
  output.Fields({{"name", terminal.name()},
                 {"store", terminal.store()},
                 {"state", EnumText(terminal.state())},
                 {"code", shown ? EnumText(code.state()) : ""},
                 {"made", shown ? output.Time(code.create_time()) : ""},
                 {"good until", shown ? output.End(code.expire_time()) : ""},
                 {"wrong codes", shown ? absl::StrCat(code.wrong_codes()) : ""}});
}

struct Enrolment {
  std::string folder = ".";
  v1::EnrollTerminalRequest request;
};

ExitCode RunEnrol(Enrolment& enrolment, Invocation& invocation) {
  const TerminalFiles files(enrolment.folder, enrolment.request.terminal_id());
  // The key is on disk before anybody certifies it: a certificate without its key is of no use.
  absl::StatusOr<std::string> csr = files.ReadOrMakeSigningRequest();
  if (!csr.ok()) return invocation.Fail(csr.status(), ExitCode::kRefused);
  enrolment.request.set_csr_pem(*std::move(csr));
  invocation.SettleRequestId(enrolment.request.mutable_request_id());
  v1::EnrollTerminalResponse response;
  const ExitCode code = invocation.Call(&MerchantStub::EnrollTerminal, enrolment.request, &response,
                                        RepeatAdvice(enrolment.request.request_id()));
  if (code != ExitCode::kOk) return code;
  if (const absl::Status kept = files.KeepCertificate(response.certificate_pem()); !kept.ok()) {
    invocation.Fail(kept, ExitCode::kFailed);
    *invocation.environment().err << "note: the terminal is enrolled; "
                                  << RepeatAdvice(enrolment.request.request_id()) << '\n';
    return ExitCode::kFailed;
  }
  invocation.output().Show(
      response, [&files](Output& output, const v1::EnrollTerminalResponse& answer) {
        PrintTerminal(output, answer.terminal());
        output.Fields({{"key", files.key_path()}, {"certificate", files.certificate_path()}});
      });
  return ExitCode::kOk;
}

void AddEnrol(Noun& noun, const Verb& verb) {
  CLI::App& app = noun.AddVerb(verb);
  const auto enrolment = std::make_shared<Enrolment>();
  app.add_option("store", *enrolment->request.mutable_store(), kStoreFormat)->required();
  app.add_option("id", *enrolment->request.mutable_terminal_id(), kIdFormat)
      ->required()
      ->check([](const std::string& id) {  // It becomes a file name.
        return std::string(ValidateTextId(id, "id").message());
      });
  app.add_option("--code", *enrolment->request.mutable_enrolment_code(),
                 "The code that was made for the terminal; an installer needs one")
      ->check([](const std::string& code) {  // Before it is taken for a guess.
        return merchant::ReadEnrolmentCode(code).has_value()
                   ? std::string()
                   : "this is no code: a character is wrong, missing or too many";
      });
  app.add_option("--out-dir", enrolment->folder,
                 "Where ID.key, ID.csr and ID.pem go. A key and request that are there are used")
      ->capture_default_str();
  AddRequestId(app, enrolment->request.mutable_request_id());
  noun.OnVerb(app,
              [enrolment](Invocation& invocation) { return RunEnrol(*enrolment, invocation); });
}

struct Renewal {
  std::string folder = ".";
  v1::RenewTerminalRequest request;
};

// Of the same key: were it another, a crash could leave a certificate without its key.
ExitCode RunRenew(Renewal& renewal, Invocation& invocation) {
  const std::string& name = renewal.request.name();
  const TerminalFiles files(renewal.folder, name.substr(name.rfind('/') + 1));
  absl::StatusOr<std::string> csr = files.ReadSigningRequest();
  if (!csr.ok()) return invocation.Fail(csr.status(), ExitCode::kRefused);
  renewal.request.set_csr_pem(*std::move(csr));
  invocation.SettleRequestId(renewal.request.mutable_request_id());
  v1::RenewTerminalResponse response;
  const ExitCode code = invocation.Call(&MerchantStub::RenewTerminal, renewal.request, &response,
                                        RepeatAdvice(renewal.request.request_id()));
  if (code != ExitCode::kOk) return code;
  if (const absl::Status kept = files.KeepCertificate(response.certificate_pem()); !kept.ok()) {
    return invocation.Fail(kept, ExitCode::kFailed);
  }
  invocation.output().Show(response, [&files](Output& output, const v1::RenewTerminalResponse&) {
    output.Fields({{"certificate", files.certificate_path()}});
  });
  return ExitCode::kOk;
}

void AddRenew(Noun& noun) {
  CLI::App& app =
      noun.AddVerb({"renew", "As the terminal, get another certificate for the key that it has"});
  const auto renewal = std::make_shared<Renewal>();
  app.add_option("terminal", *renewal->request.mutable_name(), kTerminalFormat)
      ->required()
      ->check([](const std::string& name) {  // It becomes a file name.
        return std::string(ValidateTextId(name.substr(name.rfind('/') + 1), "terminal").message());
      });
  app.add_option("--out-dir", renewal->folder, "Where ID.csr is and ID.pem goes")
      ->capture_default_str();
  AddRequestId(app, renewal->request.mutable_request_id());
  noun.OnVerb(app, [renewal](Invocation& invocation) { return RunRenew(*renewal, invocation); });
}

template <class Request, class Response>
void AddTerminalChange(Noun& noun, const Verb& verb,
                       UnaryMethod<MerchantStub, Request, Response> method) {
  noun.Changes(
      verb, method,
      [](CLI::App& app, Request& request) {
        app.add_option("terminal", *request.mutable_name(), kTerminalFormat)->required();
      },
      [](Output& output, const Response& response) { PrintTerminal(output, response.terminal()); });
}

void AddTerminalCode(Noun& noun) {
  noun.Changes(
      {"code", "Make a code with which somebody without a certificate enrolls a terminal, once"},
      &MerchantStub::CreateEnrolmentCode,
      [](CLI::App& app, v1::CreateEnrolmentCodeRequest& request) {
        app.add_option("store", *request.mutable_store(), kStoreFormat)->required();
        app.add_option("id", *request.mutable_terminal_id(), kIdFormat)->required();
      },
      [](Output& output, const v1::CreateEnrolmentCodeResponse& response) {
        output.Fields(
            {{"name", response.terminal().name()},
             {"store", response.terminal().store()},
             {"code", response.code().empty() ? "shown before, and never again: make another"
                                              : response.code()},
             {"good until", output.End(response.terminal().enrolment_code().expire_time())}});
      });
}

void AddTerminalReads(Noun& noun) {
  noun.Reads(
      {"get", "Show a terminal, and what became of its last code"}, &MerchantStub::GetTerminal,
      [](CLI::App& app, v1::GetTerminalRequest& request) {
        app.add_option("terminal", *request.mutable_name(), kTerminalFormat)->required();
      },
      [](Output& output, const v1::GetTerminalResponse& response) {
        PrintTerminal(output, response.terminal());
      });
  noun.Lists(
      {"list", "List a merchant's terminals, and those that only have a code"},
      &MerchantStub::ListTerminals,
      [](CLI::App& app, v1::ListTerminalsRequest& request) {
        AddName(app, "merchant", request.mutable_parent(), "merchants")->required();
      },
      {{"TERMINAL"}, {"STORE"}, {"STATE"}, {"CODE"}, {"WRONG CODES"}},
      [](const Output& /*output*/, Table& table, const v1::ListTerminalsResponse& response) {
        for (const v1::Terminal& terminal : response.terminals()) {
          const bool code = terminal.has_enrolment_code();
          table.AddRow({terminal.name(), terminal.store(), EnumText(terminal.state()),
                        code ? EnumText(terminal.enrolment_code().state()) : "-",
                        code ? absl::StrCat(terminal.enrolment_code().wrong_codes()) : "-"});
        }
      });
}

void AddVerbs(Noun& noun) {
  AddTerminalCode(noun);
  AddEnrol(noun, {"enroll", "Make a terminal's key here and have the service certify it"});
  AddTerminalReads(noun);
  AddTerminalChange(noun, {"block", "Refuse a terminal's calls from now on"},
                    &MerchantStub::BlockTerminal);
  AddTerminalChange(noun, {"unblock", "Let a blocked terminal call again"},
                    &MerchantStub::UnblockTerminal);
  AddTerminalChange(noun, {"retire", "Refuse a terminal's calls for good"},
                    &MerchantStub::RetireTerminal);
  AddRenew(noun);
}

}  // namespace

void AddTerminals(CommandLine& line, Noun& merchant) {
  Noun terminal(line, "terminal", "The devices that ask");
  AddVerbs(terminal);
  Noun under(merchant, {"terminal", "The same as puhui terminal"});
  AddVerbs(under);
  AddEnrol(merchant,
           {"enroll-terminal", "Make a terminal's key here and have the service certify it"});
  AddTerminalChange(merchant,
                    {"block-terminal", "Block a terminal: its calls are refused from now on"},
                    &MerchantStub::BlockTerminal);
}

}  // namespace puhui::services
