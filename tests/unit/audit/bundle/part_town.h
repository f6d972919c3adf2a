// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_PART_TOWN_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_PART_TOWN_H_

#include "audit/bundle/part_scope.h"
#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include <string>
#include <vector>

namespace puhui::audit {

inline constexpr BundleScope kUnionOne = {ScopeKind::kUnion, 1};
inline constexpr BundleScope kMerchantThree = {ScopeKind::kMerchant, 3};

// The town, and behind all that happened: where its members are. Member 2 is in another union by
// then.
std::vector<journal::v1::Record> PeopledTown();

// The bundle of a part of it. Campaigns and their runs concern unions, their creation whose money
// they issue too; terminals and agreements concern merchants.
std::string PartOf(const BundleScope& scope, Sequence first, Sequence last);
std::string PartOf(const std::vector<journal::v1::Record>& records, const BundleScope& scope,
                   Sequence first, Sequence last);

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_PART_TOWN_H_
