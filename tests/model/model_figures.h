// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_MODEL_FIGURES_H_
#define PUHUI_TESTS_MODEL_MODEL_FIGURES_H_

#include <cstdint>

namespace puhui::testing {

// What became of a campaign's points.
struct ModelFigures {
  std::int64_t granted = 0;
  std::int64_t available = 0;
  std::int64_t held = 0;
  std::int64_t spent = 0;
  std::int64_t refunded = 0;
  std::int64_t expired = 0;
  std::int64_t clawed_back = 0;
  std::int64_t returned = 0;
  std::uint64_t grants = 0;
  std::uint64_t grants_spent = 0;
  friend bool operator==(const ModelFigures&, const ModelFigures&) = default;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_FIGURES_H_
