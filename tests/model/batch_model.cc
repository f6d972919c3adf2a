// SPDX-License-Identifier: Apache-2.0
// The model's batches.
#include "tests/model/ledger_model.h"

namespace puhui::testing {

using ledger::Reason;

namespace {

ModelBatch BatchOf(const LedgerModel::TillCall& call) {
  return {std::get<0>(call.keys), std::get<1>(call.keys)};
}

}  // namespace

Verdict LedgerModel::CheckBatch(const TillCall& call) const {
  if (closed_batches.contains(BatchOf(call))) return Reason::kBatchClosed;
  return absl::nullopt;
}

// Before the call is remembered.
void LedgerModel::CountCall(const TillCall& call, CountedKind kind, std::int64_t points) {
  if (std::get<0>(call.keys) > kNoTill) return;
  counted.push_back({.batch = BatchOf(call),
                     .trace = std::get<2>(call.keys),
                     .kind = kind,
                     .points = points,
                     .is_first = !calls.contains(call.keys),
                     .is_late = closed_batches.contains(BatchOf(call))});
}

ModelTotals LedgerModel::TotalsOf(const ModelBatch& batch) const {
  ModelTotals totals;
  for (const CountedCall& call : counted) {
    if (call.batch != batch || call.is_late) continue;
    ++totals[call.kind].first;
    totals[call.kind].second += call.points;
  }
  return totals;
}

// By trace number; reversals that came under one that was used, all together behind it.
std::vector<ListedCall> LedgerModel::CallsOf(const ModelBatch& batch) const {
  std::map<std::uint32_t, std::vector<ListedCall>> first;
  std::map<std::uint32_t, std::int64_t> reversed;
  for (const CountedCall& call : counted) {
    if (call.batch != batch) continue;
    first[call.trace];
    if (call.is_first) {
      first[call.trace].emplace_back(call.trace, call.kind, call.points);
    } else {
      reversed[call.trace] += call.points;
    }
  }
  std::vector<ListedCall> listed;
  for (const auto& [trace, calls_there] : first) {
    listed.insert(listed.end(), calls_there.begin(), calls_there.end());
    if (reversed.contains(trace)) {
      listed.emplace_back(trace, CountedKind::kReversal, reversed[trace]);
    }
  }
  return listed;
}

Verdict LedgerModel::CloseBatch(const ModelBatch& batch, const ModelTotals& told, bool accept,
                                bool own) {
  const Terminal& terminal = terminals.at(batch.first);
  if (own && (terminal.blocked || terminal.retired)) return Reason::kTerminalNotActive;
  if (closed_batches.contains(batch)) return absl::nullopt;
  if (TotalsOf(batch) != told && !accept) return Reason::kBatchChanged;
  closed_batches.insert(batch);
  return absl::nullopt;
}

}  // namespace puhui::testing
