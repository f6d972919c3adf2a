// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_ADJUSTED_TOWN_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_ADJUSTED_TOWN_H_

#include "puhui/journal/v1/record.pb.h"

#include <vector>

namespace puhui::audit {

// The town, and a day on which the fees of its purchase and of its capture are adjusted and what is
// left of both is given back: an adjustment and a refund, an adjustment and a reversal, and the cut
// of that day.
std::vector<journal::v1::Record> AdjustedTown();

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_ADJUSTED_TOWN_H_
