// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_UNION_WALK_H_
#define PUHUI_ISSUING_APP_UNION_WALK_H_

#include "issuing/app/union_rows.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <vector>

namespace puhui::issuing {

// Walks a subtree of unions, each parent before its children, children by number. A step costs one
// seek and one read, and one seek more for every level that it comes up again.
// Threads: none. Borrows: a snapshot.
class UnionWalk {
 public:
  struct Step {
    UnionNumber number{};
    UnionRow row{};
    std::size_t level = 0;  // Below the top.
  };

  // `top` none: every tree there is. `levels` 0: to the bottom.
  UnionWalk(const ledger::Readable* from, UnionNumber top, std::size_t levels)
      : from_(*from), top_(top), levels_(levels) {}

  // Begins behind the end of `path`, which is path() of a walk from the same top, perhaps of
  // earlier; from where the path does not lead down any more, behind its last union that is still
  // in place. False when it is the path of another walk. Call it before Next.
  absl::StatusOr<bool> Resume(std::vector<UnionNumber> path);
  // The next union; nothing at the end.
  absl::StatusOr<absl::optional<Step>> Next();
  // From the top down to the last step.
  const std::vector<UnionNumber>& path() const { return path_; }

 private:
  absl::StatusOr<absl::optional<Step>> Enter(UnionNumber number);
  // The first child of `parent` after `after`; none when there is none.
  absl::StatusOr<UnionNumber> ChildAfter(UnionNumber parent, UnionNumber after) const;

  const ledger::Readable& from_;
  const UnionNumber top_;
  const std::size_t levels_;
  std::vector<UnionNumber> path_;
  bool descend_ = true;  // The last of the path may have children to go to.
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_UNION_WALK_H_
