// SPDX-License-Identifier: Apache-2.0
// The bounds of trees of unions; included by limits.h.
#ifndef PUHUI_LEDGER_BASE_UNION_LIMITS_H_
#define PUHUI_LEDGER_BASE_UNION_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace puhui {

inline constexpr std::uint32_t kUnionDepthMax = 8;
// Of a subtree that is moved, so that a purchase waits little.
inline constexpr std::size_t kOriginsPerMoveMax = 1'024;
// Of the combinations of unions that members received points of, as far as a move goes through
// them: of each its unions, and those above only one of the two places. Of the latter each is a few
// rows, some 15 us when none of them is in memory: purchases wait two seconds for the largest move.
inline constexpr std::size_t kSetPlacesPerMoveMax = 131'072;
inline constexpr std::size_t kTreesJoinedMax = 64;  // Of which a tree of unions took in unions.

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_UNION_LIMITS_H_
