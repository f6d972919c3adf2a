// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_LIFE_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_LIFE_FIXTURE_H_

#include "merchant/app/merchant_life_commands.h"
#include "merchant/app/terminal_life_commands.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include <cstdint>
#include <string>

namespace puhui::merchant {

// The till of TillTest, whose merchant and terminals go their ways.
class LifeTest : public TillTest {
 protected:
  absl::StatusOr<ledger::Outcome> Put(const std::string& terminal, TerminalState state) {
    ChangeTerminalStateCommand command(&tables_, *MerchantId::Parse("m-1", "id"),
                                       *TerminalId::Parse(terminal, "id"), state);
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Put(MerchantState state, const std::string& merchant = "m-1") {
    ChangeMerchantStateCommand command(&tables_, {.merchant = *MerchantId::Parse(merchant, "id"),
                                                  .state = state,
                                                  .reason = "audit",
                                                  .person = "people/zhao"});
    return ledger_.Run(command);
  }
  // m-1's agreement from `start` on, until `end` if there is one.
  absl::StatusOr<ledger::Outcome> Agree(std::uint32_t fee, absl::optional<absl::Time> start,
                                        absl::optional<absl::Time> end = absl::nullopt,
                                        std::uint32_t discount = 0) {
    SetAgreementCommand command(&tables_,
                                {.merchant = *MerchantId::Parse("m-1", "id"),
                                 .start = start,
                                 .agreement = {.end = end,
                                               .fee = BasisPoints::FromStored(fee),
                                               .discount = BasisPoints::FromStored(discount),
                                               .settlement_days = 2},
                                 .person = "people/zhao"});
    return ledger_.Run(command);
  }
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_LIFE_FIXTURE_H_
