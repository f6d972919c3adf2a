// SPDX-License-Identifier: Apache-2.0
// People: from API messages to personal data, from stored rows to answers. Nothing here puts
// personal data into a text of ours.
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_CONVERT_H_

#include "issuing/app/personal_data.h"
#include "issuing/app/queries.h"
#include "issuing/core/roster.h"
#include "issuing/core/roster_problem.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/member_service.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::services {

v1::NewMember NewMemberOf(const issuing::RosterRow& row);

// A row that did not become a member, as the record of its batch has it.
v1::MemberRowResult ResultOf(const journal::v1::MemberBatchRow& row);
v1::MemberRowResult ResultOf(const issuing::RowProblem& problem);

// Keeps the first six and the last four characters, so that people can tell two documents apart.
std::string MaskIdNumber(absl::string_view id_number);
// A passport is short: keeps the first and the last two.
std::string MaskPassportNumber(absl::string_view number);
// Keeps the first three and the last four.
std::string MaskMobile(absl::string_view mobile);

// A member without personal data.
v1::Member MemberOf(const issuing::FoundMember& found, absl::string_view union_name);
// A member as the record of a change left it: name, union, state, etag and create_time, and what
// else the record says. Names and times of joining are looked up in `store`; they never change.
absl::StatusOr<v1::Member> MemberAfter(const ledger::Readable& store,
                                       const journal::v1::Record& record);

// Changes with every change of the member.
std::string EtagOf(std::uint32_t revision);
// Refuses: kInvalidField.
absl::StatusOr<std::uint32_t> ParseEtag(absl::string_view text, absl::string_view field);

// All of `data` that belongs to the member's union.
void AddPersonalData(const issuing::PersonalData& data, v1::Member* member);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_CONVERT_H_
