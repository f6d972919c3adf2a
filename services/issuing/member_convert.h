// SPDX-License-Identifier: Apache-2.0
// People: from API messages to personal data, from stored rows to answers. Nothing here puts
// personal data into a text of ours.
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_CONVERT_H_

#include "issuing/app/queries.h"
#include "issuing/app/vault.h"
#include "issuing/core/roster.h"
#include "issuing/core/roster_problem.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/member_service.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

#include <string>

namespace puhui::services {

// The union's own number for a person, trimmed and folded to ASCII width as every row of a roster
// has it. Refuses: kInvalidField, without repeating it.
absl::StatusOr<std::string> ParseExternalId(absl::string_view text, absl::string_view field);

// What is wrong with a row, said without repeating what it holds.
struct RowDefect {
  absl::string_view field;  // Of NewMember.
  std::string shape;        // For example "WRONG_LENGTH: 17 characters".
};

// Reads one person with the rules of the roster: trimmed, identifiers and numbers folded to ASCII
// width, so that a person is known again however the row came.
// Returns the first defect in the order of the fields; `data` is unspecified then.
absl::optional<RowDefect> ReadNewMember(const v1::NewMember& row, absl::CivilDay today,
                                        issuing::PersonalData* data);
v1::NewMember NewMemberOf(const issuing::RosterRow& row);

// A row that did not become a member, as the record of its batch has it.
v1::MemberRowResult ResultOf(const journal::v1::MemberBatchRow& row);
v1::MemberRowResult ResultOf(const issuing::RowProblem& problem);

// Keeps the first six and the last four characters, so that people can tell two documents apart.
std::string MaskIdNumber(absl::string_view id_number);
// Keeps the first three and the last four.
std::string MaskMobile(absl::string_view mobile);

// A member without personal data.
v1::Member MemberOf(const issuing::FoundMember& found, absl::string_view union_name);
void AddPersonalData(const issuing::PersonalData& data, v1::Member* member);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_CONVERT_H_
