// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_REVEAL_QUERIES_H_
#define PUHUI_ISSUING_APP_REVEAL_QUERIES_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <vector>

namespace puhui::issuing {

// The records that say somebody saw personal data of members of the union, the latest first, from
// before the record `before` (0: from the last) and at most `limit`. None when there is no such
// union.
absl::StatusOr<absl::optional<std::vector<Sequence>>> RevealsOf(const ledger::Readable& from,
                                                                const UnionId& of, Sequence before,
                                                                std::size_t limit);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_REVEAL_QUERIES_H_
