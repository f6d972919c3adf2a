// SPDX-License-Identifier: Apache-2.0
// Unions and fundings: from API messages to wishes, from records to answers.
#ifndef PUHUI_SERVICES_ISSUING_UNION_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_UNION_CONVERT_H_

#include "issuing/app/rows.h"
#include "issuing/app/union_commands.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/union_service.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace puhui::services {

// An IANA zone that this machine knows. Refuses: kInvalidField. Paths and the machine's own zone
// are refused too: a union's days must not depend on where its ledger runs.
absl::StatusOr<absl::TimeZone> ParseTimeZone(absl::string_view name, absl::string_view field);

// Refuses: kInvalidField unless 1 to 64 of A-Z, a-z, 0-9, '-', '_' and '/'.
absl::Status CheckBankReference(absl::string_view text, absl::string_view field);

// Refuses: kInvalidField, naming the field.
absl::StatusOr<issuing::CreateUnionCommand::Wish> ReadCreateUnion(
    const v1::CreateUnionRequest& request);

struct FundingRef {
  UnionId union_id{};
  Sequence proposal = 0;
};
// unions/{union}/fundings/{sequence of the proposal}. Refuses: kInvalidField.
absl::StatusOr<FundingRef> ParseFunding(absl::string_view name, absl::string_view field);

// A union as it was created. Names are looked up in `store`; they never change.
absl::StatusOr<v1::Union> UnionOf(const ledger::Readable& store,
                                  const journal::v1::Record& created);
// A union with what it may issue, as `store` has it.
absl::StatusOr<v1::Union> UnionOf(const ledger::Readable& store, UnionNumber number,
                                  const issuing::UnionRow& row);

// A funding as it was proposed.
absl::StatusOr<v1::Funding> ProposedFunding(const ledger::Readable& store,
                                            const journal::v1::Record& proposed);
// A funding as the entry `confirmed` left it.
absl::StatusOr<v1::Funding> ConfirmedFunding(const ledger::Readable& store,
                                             const journal::v1::Record& confirmed);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_UNION_CONVERT_H_
