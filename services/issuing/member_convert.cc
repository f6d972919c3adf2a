// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_convert.h"

#include "issuing/core/csv.h"
#include "issuing/core/roster_cells.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/limits.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <cstddef>

namespace puhui::services {
namespace {

using issuing::CellDefect;
using issuing::MaybeDefect;
using issuing::RowReason;

// Masks all between the first `head` and the last `tail` characters; everything, when there is
// nothing between them.
std::string MaskMiddle(absl::string_view text, std::size_t head, std::size_t tail) {
  if (text.size() <= head + tail) return std::string(text.size(), '*');
  return absl::StrCat(text.substr(0, head), std::string(text.size() - head - tail, '*'),
                      text.substr(text.size() - tail));
}

std::string ShapeOf(RowReason reason, absl::string_view shape) {
  return absl::StrCat(issuing::RowReasonText(reason), ": ", shape);
}

// Reads fields one by one and keeps the first defect.
class RowReader {
 public:
  explicit RowReader(absl::CivilDay today) : today_(today) {}

  std::string Required(absl::string_view field, std::string text) {
    if (text.empty()) Report(field, CellDefect{RowReason::kRequired, "empty"});
    return text;
  }
  std::string Text(absl::string_view field, absl::string_view cell) {
    const absl::string_view text = issuing::TrimBlanks(cell);
    if (!text.empty()) Report(field, issuing::CheckText(text, kNameBytesMax));
    return std::string(text);
  }
  std::string ExternalId(absl::string_view field, absl::string_view cell) {
    std::string text = issuing::FoldWidth(issuing::TrimBlanks(cell));
    if (!text.empty()) Report(field, issuing::CheckExternalId(text));
    return text;
  }
  std::string IdNumber(absl::string_view field, absl::string_view cell) {
    const std::string text = issuing::FoldWidth(issuing::TrimBlanks(cell));
    if (!text.empty()) Report(field, issuing::CheckIdNumberCell(text, today_));
    return absl::AsciiStrToUpper(text);
  }
  std::string Mobile(absl::string_view field, absl::string_view cell) {
    std::string text = issuing::FoldWidth(issuing::TrimBlanks(cell));
    if (!text.empty()) Report(field, issuing::CheckMobile(text));
    return text;
  }
  absl::optional<RowDefect> defect() && { return std::move(first_); }

 private:
  void Report(absl::string_view field, const MaybeDefect& defect) {
    if (!defect.has_value() || first_.has_value()) return;
    first_ = RowDefect{field, ShapeOf(defect->reason, defect->shape)};
  }

  const absl::CivilDay today_;
  absl::optional<RowDefect> first_;
};

}  // namespace

absl::StatusOr<std::string> ParseExternalId(absl::string_view text, absl::string_view field) {
  std::string folded = issuing::FoldWidth(issuing::TrimBlanks(text));
  if (folded.empty()) return InvalidField(field, "want the union's own number for the person");
  if (const MaybeDefect defect = issuing::CheckExternalId(folded)) {
    return InvalidField(field, ShapeOf(defect->reason, defect->shape));
  }
  return folded;
}

absl::optional<RowDefect> ReadNewMember(const v1::NewMember& row, absl::CivilDay today,
                                        issuing::PersonalData* data) {
  RowReader reader(today);
  data->external_id =
      reader.Required("external_id", reader.ExternalId("external_id", row.external_id()));
  data->full_name = reader.Required("full_name", reader.Text("full_name", row.full_name()));
  data->id_number = reader.Required("id_number", reader.IdNumber("id_number", row.id_number()));
  data->mobile = reader.Required("mobile", reader.Mobile("mobile", row.mobile()));
  data->department = reader.Text("department", row.department());
  data->employment = reader.Text("employment", row.employment());
  return std::move(reader).defect();
}

v1::NewMember NewMemberOf(const issuing::RosterRow& row) {
  v1::NewMember message;
  message.set_external_id(row.external_id);
  message.set_full_name(row.name);
  message.set_id_number(row.id_number);
  message.set_mobile(row.mobile);
  message.set_department(row.department);
  message.set_employment(row.employment);
  return message;
}

v1::MemberRowResult ResultOf(const journal::v1::MemberBatchRow& row) {
  v1::MemberRowResult result;
  result.set_row(row.row());
  result.set_outcome(static_cast<v1::MemberRowResult::Outcome>(row.outcome()));
  if (!row.member().empty()) {
    result.set_member(FormatMemberName(MemberId::FromBytes(row.member())));
  }
  if (row.reason() != 0) {
    result.set_reason(std::string(ledger::ReasonName(ledger::ReasonFromNumber(row.reason()))));
  }
  result.set_field(row.field());
  return result;
}

v1::MemberRowResult ResultOf(const issuing::RowProblem& problem) {
  v1::MemberRowResult result;
  result.set_row(problem.line);
  result.set_outcome(v1::MemberRowResult::OUTCOME_REFUSED);
  result.set_reason(std::string(ledger::ReasonName(ledger::Reason::kInvalidField)));
  result.set_field(std::string(problem.field));
  result.set_shape(ShapeOf(problem.reason, problem.shape));
  return result;
}

std::string MaskIdNumber(absl::string_view id_number) { return MaskMiddle(id_number, 6, 4); }
std::string MaskMobile(absl::string_view mobile) { return MaskMiddle(mobile, 3, 4); }

v1::Member MemberOf(const issuing::FoundMember& found, absl::string_view union_name) {
  v1::Member member;
  member.set_name(FormatMemberName(found.member));
  member.set_union_(std::string(union_name));
  member.set_state(static_cast<v1::MemberState>(found.row.state));
  member.set_masked_card(absl::StrCat("************", found.card_last_four));
  *member.mutable_create_time() = ToTimestamp(found.row.create_time);
  return member;
}

void AddPersonalData(const issuing::PersonalData& data, v1::Member* member) {
  member->set_external_id(data.external_id);
  member->set_full_name(data.full_name);
  member->set_masked_id_number(MaskIdNumber(data.id_number));
  member->set_masked_mobile(MaskMobile(data.mobile));
  member->set_department(data.department);
  member->set_employment(data.employment);
  member->set_card_number(data.card_number);
}

}  // namespace puhui::services
