// SPDX-License-Identifier: Apache-2.0
#include "audit/access/access_query.h"

#include "audit/access/access_walk.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"

#include "absl/types/optional.h"

#include <algorithm>
#include <string>
#include <utility>

namespace puhui::audit {
namespace {

absl::StatusOr<Sequence> LastAccess(const ledger::Readable& moment) {
  PUHUI_ASSIGN_OR_RETURN(const auto header, ledger::ReadLastHeader(moment));
  return header.has_value() ? header->last() : 0;
}

// The first that is not before `time`; one behind `last` when all are.
absl::StatusOr<Sequence> FirstFrom(const ledger::Readable& moment, Sequence last, absl::Time time) {
  Sequence low = 1;
  Sequence high = last + 1;
  while (low < high) {
    const Sequence middle = low + (high - low) / 2;
    PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(moment, middle));
    PUHUI_ASSIGN_OR_RETURN(const journal::v1::Access access, ParseAccess(middle, bytes));
    if (absl::FromUnixMicros(access.time_micros()) < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

absl::StatusOr<AccessPage> FindAccesses(const ledger::Readable& moment, const AccessWish& wish) {
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, LastAccess(moment));
  Sequence next = std::max<Sequence>(wish.from, 1);
  if (wish.from_time != absl::InfinitePast()) {
    PUHUI_ASSIGN_OR_RETURN(const Sequence first, FirstFrom(moment, last, wish.from_time));
    next = std::max(next, first);
  }
  AccessPage page;
  bool over = wish.count_max == 0 || next > last;
  if (over) return page;
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecords(
      moment, next, kAccessesLookedAtMax,
      [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        if (page.accesses.size() == wish.count_max) return false;
        PUHUI_ASSIGN_OR_RETURN(journal::v1::Access access, ParseAccess(sequence, bytes));
        over = absl::FromUnixMicros(access.time_micros()) >= wish.until_time;
        if (over) return false;
        if (wish.wanted(access)) page.accesses.push_back(std::move(access));
        next = sequence + 1;
        return true;
      }));
  if (!over && next <= last) page.next = next;
  return page;
}

}  // namespace puhui::audit
