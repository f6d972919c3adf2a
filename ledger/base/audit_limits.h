// SPDX-License-Identifier: Apache-2.0
// The limits of what auditors may ask; limits.h has the others and brings these along.
#ifndef PUHUI_LEDGER_BASE_AUDIT_LIMITS_H_
#define PUHUI_LEDGER_BASE_AUDIT_LIMITS_H_

#include <cstddef>

namespace puhui {

// Of one way of points: steps that are told, and records that are looked at for them.
inline constexpr std::size_t kTraceStepsMax = 10'000;
inline constexpr std::size_t kTraceRecordsMax = 100'000;
// Of one thing's history: records that changed it, and how often so many are looked for.
inline constexpr std::size_t kHistoryRecordsMax = 10'000;
inline constexpr std::size_t kHistoryLooksMax = 100;
// Of one mandate: purposes that an auditor may ask for.
inline constexpr std::size_t kMandatePurposesMax = 20;
// Of one period's trial balance: lines, and how many of them stand in one record.
inline constexpr std::size_t kPeriodLinesMax = 100'000;
inline constexpr std::size_t kPeriodLinesPerRecord = 1'000;

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_AUDIT_LIMITS_H_
