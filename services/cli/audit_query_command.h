// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_QUERY_COMMAND_H_
#define PUHUI_SERVICES_CLI_AUDIT_QUERY_COMMAND_H_

#include "puhui/v1/audit_service.pb.h"
#include "services/cli/noun.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::services {

// Which records, by what they are about, when and where they are.
// Borrows: the filter, until the command line is parsed.
void AddRecordFilterFlags(CLI::App& app, v1::RecordFilter* filter);
// The name of who owns an account: of an id alone, in the collection whose accounts those are.
std::string AccountOwnerName(v1::AccountKind kind, const std::string& text);
// --kind and --owner of an account. Borrows: the request, until the command line is parsed.
template <class Request>
void AddAccountFlags(CLI::App& app, Request& request) {
  AddEnum<v1::AccountKind>(
      app, "--kind", [&request](v1::AccountKind kind) { request.set_kind(kind); },
      "The kind of account")
      ->required();
  // However they are typed, flags are taken in the order in which they are added here.
  app.add_option_function<std::string>(
         "--owner",
         [&request](const std::string& text) {
           request.set_owner(AccountOwnerName(request.kind(), text));
         },
         "Who owns it: unions/…, campaigns/…, members/… or merchants/…, or the id alone")
      ->required();
}
// --as-of a record, or --as-of-time. Borrows: as above.
template <class Request>
void AddAsOfFlags(CLI::App& app, Request& request) {
  app.add_option_function<std::uint64_t>(
      "--as-of",
      [&request](const std::uint64_t& sequence) { request.set_as_of_sequence(sequence); },
      "The last record that counts. Default: now");
  AddMoment(app, "--as-of-time",
            [&request](google::protobuf::Timestamp time) {
              *request.mutable_as_of_time() = std::move(time);
            },
            {"The last moment that counts", "now", DayAs::kLastMoment});
}
// Which account, of whose money and as of when. Borrows: as above.
void AddAccountBalanceFlags(CLI::App& app, v1::GetAccountRequest& request);
// Which account, and of what time. Borrows: as above.
void AddAccountStatementFlags(CLI::App& app, v1::GetAccountStatementRequest& request);
// Of when, and of whose money. Borrows: as above.
void AddTrialBalanceFlags(CLI::App& app, v1::GetTrialBalanceRequest& request);

// `audit query`, `audit watch` and `audit statement`.
void AddAuditQueries(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_QUERY_COMMAND_H_
