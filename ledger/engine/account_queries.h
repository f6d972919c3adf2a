// SPDX-License-Identifier: Apache-2.0
// What accounts hold, now and as of any sequence. Pass a snapshot where several reads must agree.
// Threads: safe. Fail: as Readable.
#ifndef PUHUI_LEDGER_ENGINE_ACCOUNT_QUERIES_H_
#define PUHUI_LEDGER_ENGINE_ACCOUNT_QUERIES_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"

#include <cstdint>
#include <map>
#include <vector>

namespace puhui::ledger {

using BalanceByOrigin = std::map<UnionNumber, std::int64_t>;

// The last sequence that the views of `from` know.
absl::StatusOr<Sequence> AppliedSequence(const Readable& from);

// The accounts of one kind and owner (not a member), after record `as_of`. An origin that the
// account never held is absent. Cost: one seek per origin, and at most one segment of the journal.
absl::StatusOr<BalanceByOrigin> AccountAsOf(const Readable& from, AccountKind kind,
                                            std::uint64_t owner, Sequence as_of);

// A member's wallet account, or all that authorisations hold of it, now. An origin of which there
// is nothing is absent. Cost: one row, the wallet's own. Requires: IsMemberAccount (checked).
absl::StatusOr<BalanceByOrigin> MemberAccount(const Readable& from, AccountKind kind,
                                              MemberId member);

// Sums over all accounts, by kind and origin, now.
absl::StatusOr<std::vector<std::pair<TotalKey, std::int64_t>>> Totals(const Readable& from);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_ACCOUNT_QUERIES_H_
