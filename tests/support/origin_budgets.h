// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_ORIGIN_BUDGETS_H_
#define PUHUI_TESTS_SUPPORT_ORIGIN_BUDGETS_H_

#include "ledger/engine/expired_points.h"

namespace puhui::testing {

// Expired points, where there is no issuing side: to the budget of the union whose money they are.
class OriginBudgets final : public ledger::ExpiredPoints {
 public:
  ledger::AccountKey AccountOf(CampaignNumber /*campaign*/, UnionNumber origin) override {
    return {ledger::AccountKind::kBudget, static_cast<std::uint64_t>(origin), origin};
  }
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_SUPPORT_ORIGIN_BUDGETS_H_
