// SPDX-License-Identifier: Apache-2.0
// What accounts held at any record of the past, without adding up what came before.
//
// A record is what counts: "as of" a record is after it and before the next, also when both are of
// one command. Each entry is balanced, so the books are, between two records of one command too.
#ifndef PUHUI_AUDIT_INDEX_PAST_BALANCES_H_
#define PUHUI_AUDIT_INDEX_PAST_BALANCES_H_

#include "audit/core/filter.h"
#include "audit/index/account_cache.h"
#include "audit/index/index_moment.h"
#include "audit/index/index_rows.h"
#include "ledger/base/id.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include <vector>

namespace puhui::audit {

// What the account held of each origin after record `as_of`, by origin; where it held nothing is
// left out. Cost: one row. Fails: as the index.
absl::StatusOr<std::vector<OriginBalance>> HeldAsOf(const IndexMoment& moment,
                                                    const AccountName& account, Sequence as_of);

// What one record did to an account: a change for each origin, as it was posted.
struct AccountMovement {
  Sequence sequence = 0;
  std::vector<OriginBalance> changes{};
};
// Calls `visit` with the movements from record `first` to `last`, in order, until it says false.
// Fails: as the index.
absl::Status VisitMovements(const IndexMoment& moment, const AccountName& account, Sequence first,
                            Sequence last,
                            absl::FunctionRef<absl::StatusOr<bool>(const AccountMovement&)> visit);

// The same from record `last` back to the first.
absl::Status VisitMovementsBackward(
    const IndexMoment& moment, const AccountName& account, Sequence last,
    absl::FunctionRef<absl::StatusOr<bool>(const AccountMovement&)> visit);

// Sums over all accounts, by kind and origin, after record `as_of`; in order, zeros left out.
// Cost: one row and at most 2 * kIndexTotalsEvery records. Fails: as the index and the journal.
absl::StatusOr<std::vector<KindTotal>> TotalsAsOf(const IndexMoment& moment, Sequence as_of);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_PAST_BALANCES_H_
