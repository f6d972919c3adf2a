// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_ORDERED_PAIRS_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_ORDERED_PAIRS_H_

#include <utility>
#include <vector>

namespace puhui::testing {

// Every fault alone, and with every later one, but for pairs that cannot be.
template <class Possible>
std::vector<std::pair<int, int>> OrderedPairs(int faults, Possible possible) {
  std::vector<std::pair<int, int>> pairs;
  for (int first = 0; first < faults; ++first) {
    for (int second = first; second < faults; ++second) {
      if (possible(first, second)) pairs.emplace_back(first, second);
    }
  }
  return pairs;
}

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_ORDERED_PAIRS_H_
