// SPDX-License-Identifier: Apache-2.0
// Bills that a till presents and a member pays. As at every till, a refusal is an outcome and so a
// record (till_commands.h), also of the member's call: it is for the till that presented the bill.
#ifndef PUHUI_MERCHANT_APP_BILL_COMMANDS_H_
#define PUHUI_MERCHANT_APP_BILL_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/basket.h"
#include "ledger/engine/command.h"
#include "merchant/app/bill_rows.h"
#include "merchant/app/bill_tokens.h"
#include "merchant/app/till_commands.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Moves nothing, and counts in no batch before somebody pays it.
// Refuses: REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED, TERMINAL_NOT_ACTIVE, MERCHANT_NOT_ACTIVE,
// BATCH_CLOSED, LINE_NOT_ALLOWED, BILLS_PER_TERMINAL_LIMIT.
class CreateBillCommand final : public TillCommand {
 public:
  struct Wish {
    Points points{};
    bool accept_partial = false;
    std::vector<ledger::BasketLine> lines{};  // As of a purchase.
    absl::Duration lifetime{};
    BillTokens::Fresh token{};
  };
  // Requires: kBillLifetimeMin <= wish.lifetime <= kBillLifetimeMax.
  CreateBillCommand(TillState state, TillCall call, Wish wish)
      : TillCommand(state, std::move(call)), wish_(std::move(wish)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override;
  // BILLS_PER_TERMINAL_LIMIT.
  absl::optional<ledger::Refusal> CheckRoom(const Till& till, absl::Time now);

  const Wish wish_;
};

// BILL_PAID, BILL_CANCELLED, BILL_EXPIRED.
absl::optional<ledger::Refusal> RefuseBill(BillState state);

// wallet → payable, fee: what a purchase with a code of the member's would take, by the same rules
// and in the same words. The purchase has the bill's sequence and its till's keys.
// Refuses, and is no record, because there is no till: NOT_FOUND, whatever of `shown` is wrong.
// Refuses: as CheckParties, as RefuseBill, BATCH_CLOSED, as Buy.
class PayBillCommand final : public SpendCommand {
 public:
  // Requires: there is such a member.
  PayBillCommand(TillState state, const ShownBill& shown, MemberId member,
                 std::string authorization_code)
      : SpendCommand(state, member), shown_(shown) {
    wish_.authorization_code = std::move(authorization_code);
  }

 private:
  absl::variant<Till, ledger::Refusal> FindTill() override;
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override;

  const ShownBill shown_;
  TillKey key_{};        // Of the bill, once it is found.
  absl::Time expiry_{};  // Likewise.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BILL_COMMANDS_H_
