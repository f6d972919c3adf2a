// SPDX-License-Identifier: Apache-2.0
// Members for people to read.
#ifndef PUHUI_SERVICES_CLI_MEMBER_TEXT_H_
#define PUHUI_SERVICES_CLI_MEMBER_TEXT_H_

#include "puhui/v1/member_service.pb.h"
#include "services/cli/noun.h"

#include <string>
#include <vector>

namespace puhui::services {

// The member with all that the caller may see.
void PrintMember(Output& output, const v1::Member& member);

// A line for each member of a list.
std::vector<Table::Column> MemberColumns();
void AddMemberRow(const v1::Member& member, Table& table);

// The field of NewMember that `key` names; nullptr when there is none that is text.
std::string* MemberField(v1::NewMember& member, absl::string_view key);

// The flags of a person, one for each field, which are returned but for --document-kind.
// Borrows: the person, until the command line is parsed.
std::vector<CLI::Option*> AddPerson(CLI::App& app, v1::NewMember* person);

// A line for each row that people were to be enrolled from.
void PrintResults(Output& output, const std::vector<v1::MemberRowResult>& results);

// The verbs beside create and get: member_import_command.cc, member_export_command.cc,
// member_life_command.cc, application_command.cc.
void AddMemberImport(Noun& noun);
void AddMemberExport(Noun& noun);
void AddMemberLife(Noun& noun);
void AddApplications(Noun& noun);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_MEMBER_TEXT_H_
