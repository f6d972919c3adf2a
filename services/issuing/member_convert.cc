// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_convert.h"

#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include <cstddef>

namespace puhui::services {
namespace {

using issuing::RowReason;

// Masks all between the first `head` and the last `tail` characters; everything, when there is
// nothing between them.
std::string MaskMiddle(absl::string_view text, std::size_t head, std::size_t tail) {
  if (text.size() <= head + tail) return std::string(text.size(), '*');
  return absl::StrCat(text.substr(0, head), std::string(text.size() - head - tail, '*'),
                      text.substr(text.size() - tail));
}

std::string MaskedCard(absl::string_view last_four) {
  return absl::StrCat("************", last_four);
}

std::string ShapeOf(RowReason reason, absl::string_view shape) {
  return absl::StrCat(issuing::RowReasonText(reason), ": ", shape);
}

}  // namespace

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
std::string MaskPassportNumber(absl::string_view number) { return MaskMiddle(number, 1, 2); }
std::string MaskMobile(absl::string_view mobile) { return MaskMiddle(mobile, 3, 4); }

v1::Member MemberOf(const issuing::FoundMember& found, absl::string_view union_name) {
  v1::Member member;
  member.set_name(FormatMemberName(found.member));
  member.set_union_(std::string(union_name));
  member.set_state(static_cast<v1::MemberState>(found.row.state));
  member.set_masked_card(MaskedCard(found.card_last_four));
  *member.mutable_create_time() = ToTimestamp(found.row.create_time);
  member.set_etag(EtagOf(found.row.revision));
  member.set_card_blocked(found.card_blocked);
  return member;
}

absl::StatusOr<v1::Member> MemberAfter(const ledger::Readable& store,
                                       const journal::v1::Record& record) {
  v1::Member member;
  if (record.has_member_joined()) {
    const journal::v1::MemberJoined& joined = record.member_joined();
    member.set_name(FormatMemberName(MemberId::FromBytes(joined.member())));
    PUHUI_ASSIGN_OR_RETURN(*member.mutable_union_(),
                           Names(&store).OfUnion(UnionNumber{joined.union_number()}));
    member.set_state(v1::MEMBER_STATE_ACTIVE);
    member.set_masked_card(MaskedCard(joined.card_last_four()));
    *member.mutable_create_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
    member.set_etag(EtagOf(0));
    return member;
  }
  const journal::v1::MemberChanged& changed = record.member_changed();
  const MemberId id = MemberId::FromBytes(changed.member());
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, issuing::kMemberTable, id));
  if (!row.has_value()) return absl::DataLossError("a member that changed is missing");
  member.set_name(FormatMemberName(id));
  PUHUI_ASSIGN_OR_RETURN(*member.mutable_union_(),
                         Names(&store).OfUnion(UnionNumber{changed.union_number()}));
  member.set_state(static_cast<v1::MemberState>(changed.state()));
  *member.mutable_create_time() = ToTimestamp(row->create_time);
  member.set_etag(EtagOf(changed.revision()));
  if (changed.has_card_issued()) {
    member.set_masked_card(MaskedCard(changed.card_issued().card_last_four()));
  }
  member.set_card_blocked(changed.has_card_blocked());
  return member;
}

std::string EtagOf(std::uint32_t revision) { return absl::StrCat("r", revision); }

absl::StatusOr<std::uint32_t> ParseEtag(absl::string_view text, absl::string_view field) {
  std::uint32_t revision = 0;
  if (text.size() > 1 && text[0] == 'r' && absl::SimpleAtoi(text.substr(1), &revision) &&
      EtagOf(revision) == text) {
    return revision;
  }
  return InvalidField(field, "want the etag of a member as it was read");
}

void AddPersonalData(const issuing::PersonalData& data, v1::Member* member) {
  member->set_external_id(data.external_id);
  member->set_full_name(data.full_name);
  const bool passport = data.document_kind == issuing::DocumentKind::kPassport;
  member->set_masked_id_number(passport ? MaskPassportNumber(data.id_number)
                                        : MaskIdNumber(data.id_number));
  member->set_document_kind(static_cast<v1::DocumentKind>(data.document_kind));
  member->set_document_country(data.document_country);
  member->set_masked_mobile(MaskMobile(data.mobile));
  member->set_department(data.department);
  member->set_employment(data.employment);
  member->set_card_number(data.card_number);
}

}  // namespace puhui::services
