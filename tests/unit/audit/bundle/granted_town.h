// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_GRANTED_TOWN_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_GRANTED_TOWN_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace puhui::audit {

// The town, and a day on which more is granted, taken back and sold: a pack with every cap,
// holidays of two kinds of issuers, a birthday, a claw-back, a run of the next year, and sales
// before, under and after an agreement that ends; one was held before it and is captured under it.
std::vector<journal::v1::Record> GrantedTown();
// Where the records with a name are: "pack 3", "dragon-boat", "claw-back", "birthday",
// "mid-autumn", "second dragon-boat", "no rules" and "new year", "campaign 2" to 7, "upload 2",
// "rows 2", "plan 2", "submission 2", "approval 2" and "run 2" to 7 in that order, "settings 3",
// "sale under the first", …
Sequence GrantedRecord(absl::string_view name);
// The town where one record says something else.
std::vector<journal::v1::Record> GrantedLie(absl::string_view name,
                                            const std::function<void(journal::v1::Record&)>& tell);

// The same of several.
struct GrantedTale {
  const char* record;
  std::function<void(journal::v1::Record&)> tell;
};
std::vector<journal::v1::Record> GrantedLies(const std::vector<GrantedTale>& tales);

// What is planned, approved and granted at mid-autumn, and what the grant says its member had
// received in the year.
struct MidAutumn {
  std::int64_t points = 300;
  std::int64_t this_year = 1'200;
};
std::vector<journal::v1::Record> GrantedAtMidAutumn(const MidAutumn& mid_autumn);
// 900 points where 800 are left, beside 200 points fewer than there were.
inline constexpr MidAutumn kAboveTheCap = {.points = 900, .this_year = 1'000};

// The remainder of the division goes to the fee: one point too many.
void RoundTheFeeUp(journal::v1::Record& sale);

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_GRANTED_TOWN_H_
