// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/activity.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <utility>

namespace puhui::ledger {
namespace {

// A value is a few varints: far below what one byte can say.
constexpr std::size_t kPackedBytesMax = 0x7F;

absl::StatusOr<std::vector<Activity>> RecentActivity(const Readable& from, MemberId member) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<Wallet> wallet, Find(from, kWalletTable, member));
  if (!wallet.has_value()) return std::vector<Activity>();
  return UnpackActivity(wallet->recent_activity);
}

// Adds what is older than `before` to `newest`, which is newest first, up to `limit`.
void AddNewest(const std::vector<Activity>& events, Sequence before, std::size_t limit,
               std::vector<Activity>* newest) {
  for (auto event = events.rbegin(); event != events.rend() && newest->size() < limit; ++event) {
    if (before == 0 || event->sequence < before) newest->push_back(*event);
  }
}

// The row that `before` may lie in is the first that ends with it or later; without one, the last.
absl::StatusOr<Range> RowsBackwardFrom(const Readable& from, MemberId member, Sequence before) {
  Range range{.prefix = EncodeKeyPrefix(Table::kActivity, member)};
  if (before != 0) {
    range.from = EncodeKey(Table::kActivity, ActivityKey{member, before});
    PUHUI_ASSIGN_OR_RETURN(const auto rows, List(from, kActivityTable, range, 1));
    range.from = rows.empty() ? "" : EncodeKey(Table::kActivity, rows.front().key);
  }
  range.backward = true;
  return range;
}

}  // namespace

void PackActivity(const Activity& activity, std::string* packed) {
  const std::string value = EncodeValue(activity);
  PUHUI_CHECK(value.size() <= kPackedBytesMax);
  packed->push_back(static_cast<char>(value.size()));
  packed->append(value);
}

absl::StatusOr<std::vector<Activity>> UnpackActivity(absl::string_view packed) {
  std::vector<Activity> events;
  while (!packed.empty()) {
    const std::size_t size = static_cast<std::uint8_t>(packed.front());
    packed.remove_prefix(1);
    if (size > packed.size()) return absl::DataLossError("packed activity is cut short");
    PUHUI_ASSIGN_OR_RETURN(Activity event,
                           DecodeRow<Activity>(kActivityTable, packed.substr(0, size)));
    events.push_back(event);
    packed.remove_prefix(size);
  }
  return events;
}

std::size_t CountActivity(absl::string_view packed) {
  std::size_t count = 0;
  for (; !packed.empty(); ++count) {
    const std::size_t size = static_cast<std::uint8_t>(packed.front());
    PUHUI_CHECK(size < packed.size());
    packed.remove_prefix(1 + size);
  }
  return count;
}

absl::StatusOr<std::vector<Activity>> NewestActivity(const Readable& from, MemberId member,
                                                     Sequence before, std::size_t limit) {
  std::vector<Activity> newest;
  PUHUI_ASSIGN_OR_RETURN(const std::vector<Activity> recent, RecentActivity(from, member));
  AddNewest(recent, before, limit, &newest);
  if (newest.size() >= limit) return newest;
  PUHUI_ASSIGN_OR_RETURN(const Range range, RowsBackwardFrom(from, member, before));
  PUHUI_RETURN_IF_ERROR(
      Scan(from, kActivityTable, range,
           [&](const ActivityKey& /*key*/, const std::string& packed) -> absl::StatusOr<bool> {
             PUHUI_ASSIGN_OR_RETURN(const std::vector<Activity> events, UnpackActivity(packed));
             AddNewest(events, before, limit, &newest);
             return newest.size() < limit;
           }));
  return newest;
}

}  // namespace puhui::ledger
