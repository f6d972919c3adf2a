// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_STATEMENT_COMMANDS_H_
#define PUHUI_MERCHANT_APP_STATEMENT_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "merchant/app/statement_rows.h"
#include "merchant/app/till_call.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::merchant {

// Cuts a business day that is over: its statement stands as it is, with the remark for the invoice
// that the configuration has now. What was cut before stays, and there is no record then. Requires:
// there is such a merchant (checked). Refuses: NOT_FOUND (nothing was sold on the day),
// BUSINESS_DAY_NOT_OVER.
class CutDayCommand final : public ledger::Command {
 public:
  // `person` is empty when nobody asked.
  CutDayCommand(TillState state, StatementKey statement, std::string person = {})
      : state_(state), key_(statement), person_(std::move(person)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  // The lines of the day, and in `day` when it is. Null when there are none.
  const DayLines* FindLines(const MerchantRow& merchant, BusinessDay* day);

  const TillState state_;
  const StatementKey key_;
  const std::string person_;
};

// Agrees with exactly the statement that the digest is of.
// Refuses: NOT_FOUND, STATEMENT_STATE (not cut yet, or agreed), STATEMENT_DISPUTED,
// STATEMENT_DIGEST.
class AgreeStatementCommand final : public ledger::Command {
 public:
  struct Wish {
    StatementKey statement{};
    ledger::Hash digest{};
    std::string person{};
  };
  AgreeStatementCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_STATEMENT_COMMANDS_H_
