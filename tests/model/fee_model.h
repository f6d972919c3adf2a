// SPDX-License-Identifier: Apache-2.0
// Merchants' fees, worked out anew whenever somebody asks.
#ifndef PUHUI_TESTS_MODEL_FEE_MODEL_H_
#define PUHUI_TESTS_MODEL_FEE_MODEL_H_

#include "ledger/base/id.h"
#include "tests/model/model_state.h"

#include <cstdint>
#include <map>
#include <utility>

namespace puhui::testing {

// What is payable to a merchant, and its fee.
struct ModelShare {
  std::int64_t payable = 0;
  std::int64_t fee = 0;
};

// Of what is kept of a purchase, by origin, as its fee was adjusted.
std::map<std::uint32_t, ModelShare> FeesOf(const ModelState& model, Sequence purchase);
// The same of all purchases, by merchant and origin.
std::map<std::pair<std::uint32_t, std::uint32_t>, ModelShare> AllFees(const ModelState& model);
// So much of a fee is payable instead.
void AdjustFee(ModelState* model, Sequence purchase, std::uint32_t origin, std::int64_t points);
// Some of the purchase was given back: no fee is below zero or above what is kept by that.
void BoundFees(ModelState* model, Sequence purchase);

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_FEE_MODEL_H_
