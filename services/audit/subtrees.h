// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_SUBTREES_H_
#define PUHUI_SERVICES_AUDIT_SUBTREES_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/storage/store.h"
#include "services/auth/identity.h"
#include "services/auth/policy.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// Unions that subtrees are kept of, all together: 4 MiB.
inline constexpr std::size_t kSubtreesKeptUnionsMax = 1'000'000;
// Subtrees that are kept: whoever asks looks through them, and one that is small is soon walked.
inline constexpr std::size_t kSubtreesKeptMax = 256;

// What lies below unions. A walk over all of it costs a read and a seek for each union, and every
// page of whoever is confined to a subtree asks for it, so what was found is kept for as long as no
// union is founded or moved. Threads: safe. Borrows: the tree.
class Subtrees {
 public:
  struct Parts {
    const UnionTree* tree;
    // Books::tree_changed of the ledger whose snapshots are asked about. Threads: any.
    std::function<Sequence()> changed;
    std::size_t unions_max = kSubtreesKeptUnionsMax;
    std::size_t subtrees_max = kSubtreesKeptMax;
  };
  explicit Subtrees(Parts parts) : parts_(std::move(parts)) {}

  // A union that the caller may see, and all below it, by number, ascending. Requires: `store` is a
  // snapshot. Refuses: INVALID_FIELD (`field`), NOT_FOUND.
  absl::StatusOr<std::vector<UnionNumber>> Of(const Principal& principal, const std::string& name,
                                              absl::string_view field,
                                              const ledger::Readable& store);

 private:
  // No more than kSubtreeUnionsMax and one.
  using Numbers = std::shared_ptr<const std::vector<UnionNumber>>;
  struct Kept {
    UnionNumber top{};
    Numbers numbers{};
  };

  absl::StatusOr<Numbers> Below(UnionNumber top, const ledger::Readable& store);
  // Nothing when it is not kept as of that change.
  Numbers Find(UnionNumber top, Sequence changed);
  void Keep(UnionNumber top, Sequence changed, Numbers numbers);

  const Parts parts_;
  Mutex mutex_;
  Sequence changed_ ABSL_GUARDED_BY(mutex_) = 0;    // What is kept is as that record left it.
  std::vector<Kept> kept_ ABSL_GUARDED_BY(mutex_);  // Those that were asked for last are last.
  std::size_t unions_ ABSL_GUARDED_BY(mutex_) = 0;  // In them.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_SUBTREES_H_
