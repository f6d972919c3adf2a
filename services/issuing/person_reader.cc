// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/person_reader.h"

#include "issuing/core/csv.h"
#include "issuing/core/id_document.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/limits.h"
#include "services/rpc/error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::services {
namespace {

using issuing::CellDefect;
using issuing::MaybeDefect;
using issuing::RowReason;

std::string ShapeOf(const CellDefect& defect) {
  return absl::StrCat(issuing::RowReasonText(defect.reason), ": ", defect.shape);
}

std::string Folded(absl::string_view cell) { return issuing::FoldWidth(issuing::TrimBlanks(cell)); }

MaybeDefect CheckHrSystem(const std::string& system) {
  if (system.empty() || ValidateTextId(system, "hr_system").ok()) return std::nullopt;
  return CellDefect{RowReason::kWrongCharacters, "want 1 to 40 of a-z, 0-9 and '-'"};
}

}  // namespace

bool PersonReader::Read(absl::string_view field, const v1::NewMember& row,
                        issuing::PersonalData* data) {
  if (field == "external_id") {
    ReadExternalId(row, data);
  } else if (field == "full_name") {
    data->full_name = Required(field, Text(field, row.full_name()));
  } else if (field == "id_number") {
    ReadDocument(row, data);
  } else if (field == "mobile") {
    data->mobile = Required(field, Folded(row.mobile()));
    const bool abroad = data->document_kind == issuing::DocumentKind::kPassport;
    if (!data->mobile.empty()) {
      Report(field, abroad ? issuing::CheckMobileAbroad(data->mobile)
                           : issuing::CheckMobile(data->mobile));
    }
  } else if (field == "department") {
    data->department = Text(field, row.department());
  } else if (field == "employment") {
    data->employment = Text(field, row.employment());
  } else {
    return false;
  }
  return true;
}

void PersonReader::ReadExternalId(const v1::NewMember& row, issuing::PersonalData* data) {
  issuing::ExternalId read{.of = of_, .hr_system = row.hr_system()};
  read.id = Required("external_id", Folded(row.external_id()));
  if (!read.id.empty()) Report("external_id", issuing::CheckExternalId(read.id));
  Report("hr_system", CheckHrSystem(read.hr_system));
  if (first_.has_value()) return;
  issuing::AddExternalId(of_, read, data);
  external_id_ = std::move(read);
}

void PersonReader::ReadDocument(const v1::NewMember& row, issuing::PersonalData* data) {
  data->id_number = absl::AsciiStrToUpper(Required("id_number", Folded(row.id_number())));
  data->document_country = absl::AsciiStrToUpper(Folded(row.document_country()));
  if (row.document_kind() == v1::DOCUMENT_KIND_PASSPORT) {
    data->document_kind = issuing::DocumentKind::kPassport;
    if (!data->id_number.empty()) Report("id_number", issuing::CheckPassportCell(data->id_number));
    if (!issuing::IssuesForeignPassports(data->document_country)) {
      Report("document_country",
             CellDefect{RowReason::kWrongCharacters, "want three letters, and not CHN"});
    }
    return;
  }
  data->document_kind = issuing::DocumentKind::kResidentId;
  if (!data->id_number.empty()) {
    Report("id_number", issuing::CheckIdNumberCell(data->id_number, today_));
  }
  if (!v1::DocumentKind_IsValid(row.document_kind())) {
    Report("document_kind", CellDefect{RowReason::kOutOfRange, "want a kind of document"});
  }
  if (!data->document_country.empty()) {
    Report("document_country", CellDefect{RowReason::kOutOfRange, "only a passport has a country"});
  }
}

std::string PersonReader::Text(absl::string_view field, absl::string_view cell) {
  const absl::string_view text = issuing::TrimBlanks(cell);
  if (!text.empty()) Report(field, issuing::CheckText(text, kNameBytesMax));
  return std::string(text);
}

std::string PersonReader::Required(absl::string_view field, std::string text) {
  if (text.empty()) Report(field, CellDefect{RowReason::kRequired, "empty"});
  return text;
}

void PersonReader::Report(absl::string_view field, const MaybeDefect& defect) {
  if (!defect.has_value() || first_.has_value()) return;
  first_ = RowDefect{field, ShapeOf(*defect)};
}

absl::optional<RowDefect> ReadNewMember(const v1::NewMember& row, absl::CivilDay today,
                                        UnionNumber of, issuing::PersonalData* data) {
  PersonReader reader(today, of);
  for (const absl::string_view field : kPersonFields) reader.Read(field, row, data);
  return reader.defect();
}

absl::optional<RowDefect> ReadApplicant(const v1::NewMember& row, absl::CivilDay today,
                                        UnionNumber of, issuing::PersonalData* data) {
  const bool numbered = !row.external_id().empty() || !row.hr_system().empty();
  PersonReader reader(today, of);
  for (const absl::string_view field : kPersonFields) {
    if (field != "external_id" || numbered) reader.Read(field, row, data);
  }
  return reader.defect();
}

absl::Status RefuseDefect(const absl::optional<RowDefect>& defect, absl::string_view person) {
  if (!defect.has_value()) return absl::OkStatus();
  return InvalidField(absl::StrCat(person, ".", defect->field), defect->shape);
}

absl::CivilDay LatestDayAnywhere(absl::Time now) {
  constexpr int kSecondsAhead = 14 * 60 * 60;  // Of Kiritimati.
  return absl::ToCivilDay(now, absl::FixedTimeZone(kSecondsAhead));
}

absl::StatusOr<issuing::ExternalId> ParseExternalId(UnionNumber of, absl::string_view hr_system,
                                                    absl::string_view text,
                                                    absl::string_view field) {
  issuing::ExternalId read{.of = of, .hr_system = std::string(hr_system), .id = Folded(text)};
  if (read.id.empty()) return InvalidField(field, "want the union's own number for the person");
  if (const MaybeDefect defect = issuing::CheckExternalId(read.id)) {
    return InvalidField(field, ShapeOf(*defect));
  }
  if (const MaybeDefect defect = CheckHrSystem(read.hr_system)) {
    return InvalidField(absl::StrCat(field.substr(0, field.rfind('.') + 1), "hr_system"),
                        defect->shape);
  }
  return read;
}

}  // namespace puhui::services
