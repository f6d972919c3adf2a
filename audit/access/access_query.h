// SPDX-License-Identifier: Apache-2.0
// Finding accesses in one moment of their journal. There is no index: a page looks at so many and
// no more, and times are found by halving.
#ifndef PUHUI_AUDIT_ACCESS_ACCESS_QUERY_H_
#define PUHUI_AUDIT_ACCESS_ACCESS_QUERY_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/access.pb.h"

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstddef>
#include <vector>

namespace puhui::audit {

struct AccessWish {
  Sequence from = 1;
  absl::Time from_time = absl::InfinitePast();
  absl::Time until_time = absl::InfiniteFuture();
  std::size_t count_max = 0;
  // Which of them; the rest is passed over.
  absl::FunctionRef<bool(const journal::v1::Access&)> wanted;
};

struct AccessPage {
  std::vector<journal::v1::Access> accesses;
  Sequence next = 0;  // Where the next page begins; 0: this is the last.
};

// In order. Looks at kAccessesLookedAtMax of them at most, so a page may have fewer than
// `count_max` with others after it. Fails: as ReadRecords and ParseAccess.
absl::StatusOr<AccessPage> FindAccesses(const ledger::Readable& moment, const AccessWish& wish);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_ACCESS_ACCESS_QUERY_H_
