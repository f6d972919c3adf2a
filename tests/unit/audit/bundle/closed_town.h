// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_CLOSED_TOWN_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_CLOSED_TOWN_H_

#include "puhui/journal/v1/record.pb.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace puhui::audit {

inline constexpr std::uint32_t kDecember = 202512;
inline constexpr std::uint32_t kJanuary = 202601;

// As docs/data-format/journal.md says.
std::string ClosingDigestOf(const journal::v1::PeriodClosed& closed);

// The town in December, a record that closes that month, and one more of January. `tell` may have
// the closing say something else.
std::vector<journal::v1::Record> ClosedTown(
    const std::function<void(journal::v1::PeriodClosed&)>& tell = {});
// Likewise of `december`, whose first two records have no month.
std::vector<journal::v1::Record> ClosedAfter(
    std::vector<journal::v1::Record> december,
    const std::function<void(journal::v1::PeriodClosed&)>& tell = {});

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_CLOSED_TOWN_H_
