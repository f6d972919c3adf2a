// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_GRANTED_TOWN_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_GRANTED_TOWN_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"

#include <functional>
#include <vector>

namespace puhui::audit {

// The town, and a day on which more is granted, taken back and sold: a pack with every cap,
// holidays of two kinds of issuers, a birthday, a claw-back, a run of the next year, and sales
// before, under and after an agreement that ends; one was held before it and is captured under it.
std::vector<journal::v1::Record> GrantedTown();
// Where the records with a name are: "pack 3", "dragon-boat", "claw-back", "birthday",
// "mid-autumn", "second dragon-boat", "no rules" and "new year", "campaign 2" to 7 and "run 2" to 7
// in that order, "sale under the first", …
Sequence GrantedRecord(absl::string_view name);
// The town where one record says something else.
std::vector<journal::v1::Record> GrantedLie(absl::string_view name,
                                            const std::function<void(journal::v1::Record&)>& tell);

// 900 points at mid-autumn where 800 are left, beside 200 points fewer than there were.
void GrantAboveTheCap(journal::v1::Record& grant);
// The remainder of the division goes to the fee: one point too many.
void RoundTheFeeUp(journal::v1::Record& sale);

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_GRANTED_TOWN_H_
