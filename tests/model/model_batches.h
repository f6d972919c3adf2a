// SPDX-License-Identifier: Apache-2.0
// What the model keeps of tills' batches.
#ifndef PUHUI_TESTS_MODEL_MODEL_BATCHES_H_
#define PUHUI_TESTS_MODEL_MODEL_BATCHES_H_

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::testing {

// Terminal and batch number.
using ModelBatch = std::pair<std::uint32_t, std::uint32_t>;

// The kinds of calls that totals count, by the numbers of puhui.v1.BatchKind.
enum class CountedKind {
  kPurchase = 1,
  kRefund,
  kReversal,
  kAuthorization,
  kCapture,
  kVoid,
};

// A call that moved points.
struct CountedCall {
  ModelBatch batch{};
  std::uint32_t trace = 0;
  CountedKind kind{};
  std::int64_t points = 0;
  bool is_first = false;  // Under its trace number.
  bool is_late = false;   // The batch was closed: totals do not count it.
};

// By kind: how many, and of how many points.
using ModelTotals = std::map<CountedKind, std::pair<std::int64_t, std::int64_t>>;
// A call as both sides list it: trace number, kind, points.
using ListedCall = std::tuple<std::uint32_t, CountedKind, std::int64_t>;

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_BATCHES_H_
