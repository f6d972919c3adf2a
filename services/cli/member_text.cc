// SPDX-License-Identifier: Apache-2.0
#include "services/cli/member_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace puhui::services {
namespace {

const std::vector<Table::Column>& ResultColumns() {
  static const auto* const columns = new std::vector<Table::Column>{
      {"ROW", Table::Align::kRight},   {"OUTCOME", Table::Align::kLeft},
      {"MEMBER", Table::Align::kLeft}, {"REASON", Table::Align::kLeft},
      {"FIELD", Table::Align::kLeft},  {"WHAT CAME", Table::Align::kLeft}};
  return *columns;
}

std::string DocumentText(const v1::Member& member) {
  if (member.document_kind() != v1::DOCUMENT_KIND_PASSPORT) return "";
  return absl::StrCat("passport of ", member.document_country());
}

std::string CardText(const v1::Member& member) {
  const std::string& number =
      member.card_number().empty() ? member.masked_card() : member.card_number();
  return absl::StrCat(number, member.card_blocked() ? " (blocked)" : "");
}

std::string ExternalIdsText(const v1::Member& member) {
  std::string text;
  for (const v1::ExternalId& other : member.other_external_ids()) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", other.external_id(), " of ", other.union_());
    if (!other.hr_system().empty()) absl::StrAppend(&text, " in ", other.hr_system());
  }
  return text;
}

}  // namespace

void PrintMember(Output& output, const v1::Member& member) {
  output.Fields({{"name", member.name()},
                 {"union", member.union_()},
                 {"state", EnumText(member.state())},
                 {"card", CardText(member)},
                 {"joined", output.Time(member.create_time())},
                 {"etag", member.etag()},
                 {"external id", member.external_id()},
                 {"others", ExternalIdsText(member)},
                 {"full name", member.full_name()},
                 {"id number", member.masked_id_number()},
                 {"document", DocumentText(member)},
                 {"mobile", member.masked_mobile()},
                 {"department", member.department()},
                 {"employment", member.employment()}});
}

std::vector<Table::Column> MemberColumns() {
  return {{"MEMBER", Table::Align::kLeft},      {"STATE", Table::Align::kLeft},
          {"EXTERNAL ID", Table::Align::kLeft}, {"FULL NAME", Table::Align::kLeft},
          {"MOBILE", Table::Align::kLeft},      {"CARD", Table::Align::kLeft},
          {"UNION", Table::Align::kLeft}};
}

void AddMemberRow(const v1::Member& member, Table& table) {
  table.AddRow({member.name(), EnumText(member.state()), member.external_id(), member.full_name(),
                member.masked_mobile(), member.masked_card(), member.union_()});
}

std::string* MemberField(v1::NewMember& member, absl::string_view key) {
  if (key == "external_id") return member.mutable_external_id();
  if (key == "full_name") return member.mutable_full_name();
  if (key == "id_number") return member.mutable_id_number();
  if (key == "mobile") return member.mutable_mobile();
  if (key == "department") return member.mutable_department();
  if (key == "employment") return member.mutable_employment();
  if (key == "document_country") return member.mutable_document_country();
  if (key == "hr_system") return member.mutable_hr_system();
  return nullptr;
}

std::vector<CLI::Option*> AddPerson(CLI::App& app, v1::NewMember* person) {
  std::vector<CLI::Option*> options;
  for (const char* key : {"external_id", "full_name", "id_number", "mobile", "department",
                          "employment", "document_country", "hr_system"}) {
    const std::string flag = absl::StrCat("--", absl::StrReplaceAll(key, {{"_", "-"}}));
    options.push_back(app.add_option(flag, *MemberField(*person, key)));
  }
  AddEnum<v1::DocumentKind>(
      app, "--document-kind", [person](v1::DocumentKind kind) { person->set_document_kind(kind); },
      "What the identity document is");
  return options;
}

void PrintResults(Output& output, const std::vector<v1::MemberRowResult>& results) {
  if (results.empty()) return;
  Table table(ResultColumns());
  for (const v1::MemberRowResult& result : results) {
    table.AddRow({absl::StrCat(result.row()), EnumText(result.outcome()), result.member(),
                  result.reason(), result.field(), result.shape()});
  }
  output.Flush(table);
}

}  // namespace puhui::services
