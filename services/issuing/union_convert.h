// SPDX-License-Identifier: Apache-2.0
// Unions: from API messages to wishes, from records and rows to answers.
#ifndef PUHUI_SERVICES_ISSUING_UNION_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_UNION_CONVERT_H_

#include "issuing/app/union_commands.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/union_service.pb.h"
#include "services/ledger/names.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <string>
#include <vector>

namespace puhui::services {

// An IANA zone that this machine knows. Refuses: kInvalidField. Paths and the machine's own zone
// are refused too: a union's days must not depend on where its ledger runs.
absl::StatusOr<absl::TimeZone> ParseTimeZone(absl::string_view name, absl::string_view field);

// Each refuses: kInvalidField, naming the field.
absl::StatusOr<issuing::CreateUnionCommand::Wish> ReadCreateUnion(
    const v1::CreateUnionRequest& request);
absl::StatusOr<issuing::UpdateUnionCommand::Wish> ReadUpdateUnion(
    const v1::UpdateUnionRequest& request);
absl::StatusOr<issuing::MoveUnionCommand::Wish> ReadMoveUnion(const v1::MoveUnionRequest& request);

// Where a walk of unions stands, in the cursor of a page token.
std::string WriteWalkPath(const std::vector<UnionNumber>& path);
// Empty when it is not one.
std::vector<UnionNumber> ReadWalkPath(absl::string_view cursor);

// Unions as `store` has them. Threads: none; make one per call. Borrows: the moment that it reads.
class UnionView {
 public:
  explicit UnionView(const ledger::Readable* store)
      : store_(*store), names_(store), settings_(store) {}
  absl::StatusOr<v1::Union> Of(UnionNumber number, const issuing::UnionRow& row);
  // With its budgets.
  absl::StatusOr<v1::Union> WithBudgets(UnionNumber number, const issuing::UnionRow& row);

 private:
  const ledger::Readable& store_;
  Names names_;
  issuing::SettingsReader settings_;
};

// What a change made of a union. What never changes is read from `store`; what may have moved on
// since is taken from the record or left out, so that a replay gives the same bytes.
absl::StatusOr<v1::Union> CreatedUnion(const ledger::Readable& store,
                                       const journal::v1::Record& created);
absl::StatusOr<v1::Union> UpdatedUnion(const ledger::Readable& store,
                                       const journal::v1::Record& updated);
absl::StatusOr<v1::MoveUnionResponse> MovedUnion(const ledger::Readable& store,
                                                 const journal::v1::Record& moved);
absl::StatusOr<v1::CloseUnionResponse> ClosedUnion(const ledger::Readable& store,
                                                   const journal::v1::Record& closed);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_UNION_CONVERT_H_
