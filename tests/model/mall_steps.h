// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_MALL_STEPS_H_
#define PUHUI_TESTS_MODEL_MALL_STEPS_H_

#include "tests/model/mall_model.h"

#include <cstdint>
#include <map>
#include <string>

namespace puhui::testing {

class RandomDriver;

// Outside malls: who may be one, who links it, and what it takes and gives back, often twice. And
// what members look at. Threads: none. Borrows: the driver whose steps they are.
class MallSteps {
 public:
  explicit MallSteps(RandomDriver* driver);

  void Step();
  // Everything, in the store.
  void Compare();

 private:
  void Enable();
  void Change();
  void Link();
  void Unlink();
  void Pay();
  void GiveBack();
  void Look();
  using Token = std::map<std::uint64_t, MallModel::Link>::const_iterator;
  Token AnyToken();
  // Now and then of a merchant that there is not.
  std::uint32_t AnyMall();
  LedgerModel::TillCall CallOf(std::uint32_t merchant) const;
  void CompareTransactions(std::uint32_t merchant, const MallModel::Mall& expected);

  RandomDriver& driver_;
  MallModel model_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MALL_STEPS_H_
