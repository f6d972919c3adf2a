// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/id.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/noun.h"
#include "services/cli/terminal_files.h"

#include "absl/strings/str_format.h"

namespace puhui::services {
namespace {

using Stub = v1::MerchantService::Stub;

constexpr int kBasisPointsMax = 10'000;

void PrintMerchant(Output& output, const v1::Merchant& merchant) {
  output.Fields({{"name", merchant.name()},
                 {"display name", merchant.display_name()},
                 {"category", merchant.category()},
                 {"fee", absl::StrFormat("%d.%02d%%", merchant.fee_basis_points() / 100,
                                         merchant.fee_basis_points() % 100)},
                 {"state", EnumText(merchant.state())},
                 {"registered", output.Time(merchant.create_time())}});
  if (!merchant.stores().empty()) {
    Table table({{"STORE"}, {"REGION"}, {"DISPLAY NAME"}});
    for (const v1::Store& store : merchant.stores()) {
      table.AddRow(
          {store.name(), store.region().empty() ? "-" : store.region(), store.display_name()});
    }
    output.Flush(table);
  }
  if (!merchant.terminals().empty()) {
    Table table({{"TERMINAL"}, {"STORE"}, {"STATE"}});
    for (const v1::Terminal& terminal : merchant.terminals()) {
      table.AddRow({terminal.name(), terminal.store(), EnumText(terminal.state())});
    }
    output.Flush(table);
  }
}

void PrintTerminal(Output& output, const v1::Terminal& terminal) {
  output.Fields({{"name", terminal.name()},
                 {"store", terminal.store()},
                 {"state", EnumText(terminal.state())}});
}

void AddRegister(Noun& noun) {
  noun.Changes(
      {"register", "Register a merchant"}, &Stub::RegisterMerchant,
      [](CLI::App& app, v1::RegisterMerchantRequest& request) {
        app.add_option("id", *request.mutable_merchant_id(), "1 to 40 of a-z, 0-9 and '-'")
            ->required();
        app.add_option("--display-name", *request.mutable_display_name(), "The name people read")
            ->required();
        app.add_option("--category", *request.mutable_category(), "What it sells: four digits")
            ->required();
        app.add_option_function<int>(
               "--fee-basis-points",
               [&request](const int& fee) { request.set_fee_basis_points(fee); },
               "The fee on captured points, in hundredths of a percent. Default: 0")
            ->check(CLI::Range(0, kBasisPointsMax));
      },
      [](Output& output, const v1::RegisterMerchantResponse& response) {
        PrintMerchant(output, response.merchant());
      });
}

void AddStore(Noun& noun) {
  noun.Changes(
      {"create-store", "Create a store of a merchant"}, &Stub::CreateStore,
      [](CLI::App& app, v1::CreateStoreRequest& request) {
        AddName(app, "merchant", request.mutable_parent(), "merchants")->required();
        app.add_option("id", *request.mutable_store_id(), "1 to 40 of a-z, 0-9 and '-'")
            ->required();
        app.add_option("--display-name", *request.mutable_display_name(), "The name people read")
            ->required();
        app.add_option("--region", *request.mutable_region(),
                       "Where it is: six digits of GB/T 2260, such as 420106. Default: not known");
      },
      [](Output& output, const v1::CreateStoreResponse& response) {
        output.Fields({{"name", response.store().name()},
                       {"display name", response.store().display_name()},
                       {"region", response.store().region()}});
      });
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
  const ExitCode code = invocation.Call(&Stub::EnrollTerminal, enrolment.request, &response,
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

void AddTerminals(Noun& noun) {
  CLI::App& app = noun.AddVerb(
      {"enroll-terminal", "Make a terminal's key here and have the service certify it"});
  const auto enrolment = std::make_shared<Enrolment>();
  app.add_option("store", *enrolment->request.mutable_store(), "Format: merchants/…/stores/…")
      ->required();
  app.add_option("id", *enrolment->request.mutable_terminal_id(), "1 to 40 of a-z, 0-9 and '-'")
      ->required()
      ->check([](const std::string& id) {  // It becomes a file name.
        return std::string(ValidateTextId(id, "id").message());
      });
  app.add_option("--out-dir", enrolment->folder,
                 "Where ID.key, ID.csr and ID.pem go. A key and request that are there are used")
      ->capture_default_str();
  AddRequestId(app, enrolment->request.mutable_request_id());
  noun.OnVerb(app,
              [enrolment](Invocation& invocation) { return RunEnrol(*enrolment, invocation); });

  noun.Changes(
      {"block-terminal", "Block a terminal: its calls are refused from now on"},
      &Stub::BlockTerminal,
      [](CLI::App& verb, v1::BlockTerminalRequest& request) {
        verb.add_option("terminal", *request.mutable_name(), "Format: merchants/…/terminals/…")
            ->required();
      },
      [](Output& output, const v1::BlockTerminalResponse& response) {
        PrintTerminal(output, response.terminal());
      });
}

}  // namespace

void AddMerchantCommands(CommandLine& line) {
  Noun noun(line, "merchant", "Who sells, where, and the devices that ask");
  AddRegister(noun);
  noun.Reads(
      {"get", "Show a merchant with its stores and terminals"}, &Stub::GetMerchant,
      [](CLI::App& app, v1::GetMerchantRequest& request) {
        AddName(app, "merchant", request.mutable_name(), "merchants")->required();
      },
      [](Output& output, const v1::GetMerchantResponse& response) {
        PrintMerchant(output, response.merchant());
      });
  AddStore(noun);
  AddTerminals(noun);
}

}  // namespace puhui::services
