// SPDX-License-Identifier: Apache-2.0
// What happened to a wallet, record by record. The last few events lie packed in the wallet's own
// row; when kActivityPerRow have gathered they become a row of the activity table, under the
// sequence of the last of them. Packed means: for each event, oldest first, the size of its value
// in one byte, then the value as of codec.h (docs/data-format/tables.md).
// Threads: safe. Fail: as Readable.
#ifndef PUHUI_LEDGER_ENGINE_ACTIVITY_H_
#define PUHUI_LEDGER_ENGINE_ACTIVITY_H_

#include "ledger/base/id.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::ledger {

inline constexpr std::size_t kActivityPerRow = 8;

void PackActivity(const Activity& activity, std::string* packed);
// Fails: kDataLoss when `packed` was not written by PackActivity alone.
absl::StatusOr<std::vector<Activity>> UnpackActivity(absl::string_view packed);
// How many are packed. Requires: as UnpackActivity.
std::size_t CountActivity(absl::string_view packed);

// The newest `limit` events before record `before`, newest first; 0: before none.
absl::StatusOr<std::vector<Activity>> NewestActivity(const Readable& from, MemberId member,
                                                     Sequence before, std::size_t limit);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_ACTIVITY_H_
