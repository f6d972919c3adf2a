// SPDX-License-Identifier: Apache-2.0
// `puhui payout account`: what merchants are paid to. Numbers come from files, so that they stand
// in no list of processes and no shell's history.
#include "puhui/v1/payout_service.grpc.pb.h"
#include "services/cli/payout_command.h"
#include "services/yaml/yaml_message.h"

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using PayoutStub = v1::PayoutService::Stub;

void PrintAccount(Output& output, const v1::BankAccount& account) {
  output.Fields({{"name", account.name()},
                 {"state", EnumText(account.state())},
                 {"number ends with", account.last_four()},
                 {"proposed", output.Time(account.create_time())},
                 {"by", account.proposer()},
                 {"decided", account.has_decide_time() ? output.Time(account.decide_time()) : ""},
                 {"decided by", account.decider()},
                 {"reason", account.reason()},
                 {"used from", account.has_use_time() ? output.Time(account.use_time()) : ""}});
}

// Fills the request from a file, and keeps what the flags said.
template <class Request>
Prepare ReadFile(CLI::App& app, Request& request, const char* help) {
  const auto path = std::make_shared<std::string>();
  app.add_option("--file", *path, help)->required();
  return [path, &request](const Invocation& /*invocation*/) {
    Request read;
    const absl::Status status = ReadYamlFile(*path, &read).status();
    if (!status.ok()) return status;
    read.MergeFrom(request);
    request.Swap(&read);
    return absl::OkStatus();
  };
}

void AddAccountName(CLI::App& app, std::string* name) {
  app.add_option("account", *name, "Format: merchants/…/bankAccounts/…")->required();
}

}  // namespace

void AddBankAccountVerbs(Noun& noun) {
  Noun accounts(noun, {"account", "The accounts that merchants are paid to"});
  accounts.Changes(
      {"propose", "Propose the account that a merchant is paid to"},
      &PayoutStub::ProposeBankAccount,
      [](CLI::App& app, v1::ProposeBankAccountRequest& request) -> Prepare {
        AddName(app, "merchant", request.mutable_parent(), "merchants")->required();
        return ReadFile(app, request, "YAML with account_number, holder_name and bank_code");
      },
      [](Output& output, const v1::ProposeBankAccountResponse& response) {
        PrintAccount(output, response.bank_account());
      });
  accounts.Changes(
      {"confirm", "Confirm a proposed account, by saying its number once more"},
      &PayoutStub::ConfirmBankAccount,
      [](CLI::App& app, v1::ConfirmBankAccountRequest& request) -> Prepare {
        AddAccountName(app, request.mutable_name());
        return ReadFile(app, request, "YAML with account_number, as you have it from elsewhere");
      },
      [](Output& output, const v1::ConfirmBankAccountResponse& response) {
        PrintAccount(output, response.bank_account());
      });
  accounts.Changes(
      {"reject", "Reject an account that nobody was paid to"}, &PayoutStub::RejectBankAccount,
      [](CLI::App& app, v1::RejectBankAccountRequest& request) {
        AddAccountName(app, request.mutable_name());
        app.add_option("--reason", *request.mutable_reason(), "Why")->required();
      },
      [](Output& output, const v1::RejectBankAccountResponse& response) {
        PrintAccount(output, response.bank_account());
      });
  accounts.Lists(
      {"list", "List the accounts of a merchant, latest first"}, &PayoutStub::ListBankAccounts,
      [](CLI::App& app, v1::ListBankAccountsRequest& request) {
        AddName(app, "merchant", request.mutable_parent(), "merchants")->required();
      },
      {{"ACCOUNT"}, {"STATE"}, {"ENDS WITH"}, {"USED FROM"}, {"IN USE"}},
      [](Output& output, Table& table, const v1::ListBankAccountsResponse& response) {
        for (const v1::BankAccount& account : response.bank_accounts()) {
          table.AddRow({account.name(), EnumText(account.state()), account.last_four(),
                        account.has_use_time() ? output.Time(account.use_time()) : "-",
                        account.in_use() ? "yes" : ""});
        }
      });
}

}  // namespace puhui::services
