// SPDX-License-Identifier: Apache-2.0
// Reads of people, for handlers, beyond those of queries.h. Threads: safe. Fail: as Readable.
#ifndef PUHUI_ISSUING_APP_MEMBER_QUERIES_H_
#define PUHUI_ISSUING_APP_MEMBER_QUERIES_H_

#include "issuing/app/queries.h"
#include "issuing/app/vault.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <vector>

namespace puhui::issuing {

// What the vault has of a member; absent after erasure. The vault is written a moment before the
// views, so what it has may be newer than `found`.
// Fails: as Vault::Open, and kDataLoss when it is not what the journal was told of.
absl::StatusOr<absl::optional<PersonalData>> OpenPersonalData(const ledger::Readable& from,
                                                              const Vault& vault,
                                                              const FoundMember& found);

// Whom identity documents belong to, by Vault::DocumentTag: the answer has the order of the tags,
// which may repeat.
absl::StatusOr<std::vector<absl::optional<MemberId>>> MembersByDocument(
    const ledger::Readable& from, const std::vector<ledger::Tag>& documents);

// A union with its search root. Requires: there is a union with that number (checked).
absl::StatusOr<Home> HomeOf(const ledger::Readable& from, UnionNumber of);

// Every search root that a union of the tree around `of` may have, ascending; kTreesJoinedMax at
// most. Requires: as HomeOf.
absl::StatusOr<std::vector<UnionNumber>> SearchRootsOf(const ledger::Readable& from,
                                                       UnionNumber of);

// Somebody who left and may come back; absent when the member did not leave.
absl::StatusOr<absl::optional<ReturningMember>> FindReturning(const ledger::Readable& from,
                                                              const Vault& vault, MemberId member);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_MEMBER_QUERIES_H_
