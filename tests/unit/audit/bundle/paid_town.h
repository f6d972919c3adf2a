// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_PAID_TOWN_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_PAID_TOWN_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"

#include <functional>
#include <vector>

namespace puhui::audit {

// The adjusted town, and what its merchant is paid afterwards. Of the second day's 195 points: run
// 2 is cancelled, what run 3 pays comes back, run 4 pays. Of the adjusted day nothing, it fell
// short by 390 (run 5). Of a third day of 780 points what is left of them, 390 (run 6).
std::vector<journal::v1::Record> PaidTown();
// Where the records with a name are: "agreed 1", "run 2", "cancel 2", "approval 3", "paid 3",
// "returned 3", "agreed 2", "sale", "cut", "agreed 3", "paid 6" …
Sequence PaidRecord(absl::string_view name);
// The records, with that one told otherwise.
std::vector<journal::v1::Record> PaidLie(absl::string_view name,
                                         const std::function<void(journal::v1::Record&)>& tell);

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_PAID_TOWN_H_
