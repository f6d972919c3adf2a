// SPDX-License-Identifier: Apache-2.0
// One person as an API message has it, read with the rules of the roster: trimmed, identifiers and
// numbers folded to ASCII width, so that a person is known again however the row came. Nothing here
// puts personal data into a text of ours.
#ifndef PUHUI_SERVICES_ISSUING_PERSON_READER_H_
#define PUHUI_SERVICES_ISSUING_PERSON_READER_H_

#include "issuing/app/personal_data.h"
#include "issuing/core/roster_cells.h"
#include "ledger/base/id.h"
#include "puhui/v1/member_service.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <array>
#include <string>

namespace puhui::services {

// What is wrong with a row, said without repeating what it holds.
struct RowDefect {
  absl::string_view field;  // Of NewMember.
  std::string shape;        // For example "WRONG_LENGTH: 17 characters".
};

// Of NewMember, in the order in which they are judged. The identity document's kind and country go
// with its number, the HR system with the external id.
inline constexpr std::array<absl::string_view, 6> kPersonFields = {
    "external_id", "full_name", "id_number", "mobile", "department", "employment"};

// Reads fields one by one and keeps the first defect. Threads: none.
class PersonReader {
 public:
  // People are judged as of `today`; an external id belongs to the union `of`.
  PersonReader(absl::CivilDay today, UnionNumber of) : today_(today), of_(of) {}

  // Reads one field of `row`, and what goes with it, into `data`. False when it is none of
  // kPersonFields.
  bool Read(absl::string_view field, const v1::NewMember& row, issuing::PersonalData* data);

  // The external id that was read, if one was.
  const absl::optional<issuing::ExternalId>& external_id() const { return external_id_; }
  const absl::optional<RowDefect>& defect() const { return first_; }

 private:
  void ReadExternalId(const v1::NewMember& row, issuing::PersonalData* data);
  void ReadDocument(const v1::NewMember& row, issuing::PersonalData* data);
  std::string Text(absl::string_view field, absl::string_view cell);
  std::string Required(absl::string_view field, std::string text);
  void Report(absl::string_view field, const issuing::MaybeDefect& defect);

  const absl::CivilDay today_;
  const UnionNumber of_;
  absl::optional<issuing::ExternalId> external_id_;
  absl::optional<RowDefect> first_;
};

// Reads one person. Returns the first defect in the order of the fields; `data` is unspecified
// then.
absl::optional<RowDefect> ReadNewMember(const v1::NewMember& row, absl::CivilDay today,
                                        UnionNumber of, issuing::PersonalData* data);

// The same of somebody who may not have an external id yet.
absl::optional<RowDefect> ReadApplicant(const v1::NewMember& row, absl::CivilDay today,
                                        UnionNumber of, issuing::PersonalData* data);

// OK without a defect. Refuses: kInvalidField, naming the field within `person`, the field of the
// request that says who it is.
absl::Status RefuseDefect(const absl::optional<RowDefect>& defect, absl::string_view person);

// The day that has begun somewhere: what a shape is judged by before it is known whether the caller
// may see the union that has a day of its own.
absl::CivilDay LatestDayAnywhere(absl::Time now);

// An external id of the union `of` by itself. Refuses: kInvalidField, without repeating it.
absl::StatusOr<issuing::ExternalId> ParseExternalId(UnionNumber of, absl::string_view hr_system,
                                                    absl::string_view text,
                                                    absl::string_view field);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_PERSON_READER_H_
