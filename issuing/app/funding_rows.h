// SPDX-License-Identifier: Apache-2.0
// The money that unions pay in: its rows and tables. Readers use these with typed_reads.h.
#ifndef PUHUI_ISSUING_APP_FUNDING_ROWS_H_
#define PUHUI_ISSUING_APP_FUNDING_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/storage/tables.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::issuing {

// Numbers are those of puhui.v1.FundingState.
enum class FundingState : std::uint8_t { kProposed = 1, kConfirmed = 2, kRejected = 3 };

// By the sequence of its proposal.
struct FundingRow {
  UnionNumber union_number{};
  std::int64_t points = 0;
  std::string bank_reference{};
  std::string person{};  // Who proposed.
  absl::Time create_time{};
  absl::optional<absl::Time> confirm_time{};
  std::string decider{};  // Who confirmed or rejected; empty as long as records did not say who.
  std::string reason{};   // Why it was rejected.
  absl::optional<absl::Time> reject_time{};

  FundingState state() const {
    if (confirm_time.has_value()) return FundingState::kConfirmed;
    return reject_time.has_value() ? FundingState::kRejected : FundingState::kProposed;
  }

  std::size_t HeapBytes() const { return bank_reference.capacity() + reason.capacity(); }

  template <class F>
  void Fields(F& f) {
    f(union_number, points, bank_reference, person, create_time, confirm_time, decider, reason,
      reject_time);
  }
};

struct UnionFundingKey {
  UnionNumber union_number{};
  Sequence proposal = 0;

  template <class F>
  void Fields(F& f) {
    f(union_number, proposal);
  }
};

inline constexpr ledger::TypedTable<Sequence, FundingRow> kFundingTable{
    ledger::Table::kFundings, ledger::Family::kState, "fundings"};
inline constexpr ledger::TypedTable<UnionFundingKey, bool> kUnionFundingTable{
    ledger::Table::kUnionFundings, ledger::Family::kIndex, "union fundings"};
// Of fundings that were not rejected.
inline constexpr ledger::TypedTable<std::string, Sequence> kBankReferenceTable{
    ledger::Table::kBankReferences, ledger::Family::kState, "bank references"};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_FUNDING_ROWS_H_
