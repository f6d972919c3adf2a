// SPDX-License-Identifier: Apache-2.0
// What becomes of an order after it was placed. A refusal leaves nothing behind; what happens at a
// till is in voucher_commands.h.
#ifndef PUHUI_MERCHANT_APP_ORDER_COMMANDS_H_
#define PUHUI_MERCHANT_APP_ORDER_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/order_rows.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/till_call.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

// Which order, and who asks: a merchant, or a member.
struct OrderCall {
  Sequence order = 0;
  std::string merchant_id{};
  MemberId member{};     // When it is no merchant.
  std::string person{};  // The person behind the merchant's identity.
};

class OrderCommand : public ledger::Command {
 public:
  // Refuses: NOT_FOUND (nobody but its merchant and its member sees an order), as Carry.
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) final;
  // What nobody needs any more goes out of the vault.
  void StorePersonalData() override;

 protected:
  OrderCommand(TillState state, OrderCall call) : state_(state), call_(std::move(call)) {}
  // Adds what happens. `order` is good until the next call on the orders.
  virtual absl::optional<ledger::Refusal> Carry(const OrderRow& order,
                                                const ledger::DecideContext& context,
                                                ledger::Decision& decision) = 0;
  bool by_merchant() const { return !call_.merchant_id.empty(); }
  // The order is over: address and digits are forgotten once it is decided.
  void Forget(const OrderRow& order);
  // held → wallet: it ends before it was accepted.
  void Void(const OrderRow& order, OrderState end, const std::string& reason, absl::Time now,
            ledger::Decision& decision);
  struct Back {
    std::uint32_t quantity = 0;
    OrderState end{};  // Where it stands once all of it is back.
    std::string reason{};
  };
  // payable, fee → wallet. Requires: the order was sold, and so many did not come back yet.
  void GiveBack(const OrderRow& order, const Back& back, absl::Time now,
                ledger::Decision& decision);
  // MERCHANT_NOT_ACTIVE: it was closed too long ago to give anything back.
  absl::optional<ledger::Refusal> CheckRefunds(const OrderRow& order, absl::Time now);
  // REFUND_WINDOW_CLOSED. Requires: the order was sold (checked).
  absl::optional<ledger::Refusal> CheckWindow(absl::Time now);

  const TillState state_;
  const OrderCall call_;

 private:
  MemberId member_{};                          // Whose address is forgotten.
  absl::optional<ledger::Tag> old_address_{};  // To be forgotten.
  absl::optional<ledger::Tag> old_digits_{};   // Likewise.
};

// held → payable, fee, as a capture of all. What is picked up has its voucher from now on.
// That the member or the merchant was suspended meanwhile does not matter: the points are promised.
// Refuses: as OrderCommand, ORDER_STATE.
class AcceptOrderCommand final : public OrderCommand {
 public:
  AcceptOrderCommand(TillState state, OrderCall call, FreshVoucher voucher)
      : OrderCommand(state, std::move(call)), voucher_(std::move(voucher)) {}
  void StorePersonalData() override;

 private:
  absl::optional<ledger::Refusal> Carry(const OrderRow& order, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;

  const FreshVoucher voucher_;
  bool gives_voucher_ = false;
};

// held → wallet. Refuses: as OrderCommand, ORDER_STATE.
class DeclineOrderCommand final : public OrderCommand {
 public:
  DeclineOrderCommand(TillState state, OrderCall call, std::string reason)
      : OrderCommand(state, std::move(call)), reason_(std::move(reason)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const OrderRow& order, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;

  const std::string reason_;
};

// Refuses: as OrderCommand, ORDER_STATE (it is not accepted, or not delivered at all).
class ShipOrderCommand final : public OrderCommand {
 public:
  ShipOrderCommand(TillState state, OrderCall call, std::string tracking)
      : OrderCommand(state, std::move(call)), tracking_(std::move(tracking)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const OrderRow& order, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;

  const std::string tracking_;
};

// Refuses: as OrderCommand, ORDER_STATE (it is not under way, or has a voucher).
class FulfilOrderCommand final : public OrderCommand {
 public:
  FulfilOrderCommand(TillState state, OrderCall call) : OrderCommand(state, std::move(call)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const OrderRow& order, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
};

// Whatever is held or was paid → wallet. A member cancels what is not accepted, a merchant what is
// not fulfilled. Refuses: as OrderCommand, MERCHANT_NOT_ACTIVE, ORDER_STATE, REFUND_WINDOW_CLOSED.
class CancelOrderCommand final : public OrderCommand {
 public:
  CancelOrderCommand(TillState state, OrderCall call, std::string reason)
      : OrderCommand(state, std::move(call)), reason_(std::move(reason)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const OrderRow& order, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;

  const std::string reason_;
};

// payable, fee → wallet, for so many of what was ordered. Refuses: as OrderCommand,
// MERCHANT_NOT_ACTIVE, ORDER_STATE, REFUND_WINDOW_CLOSED, ORDER_RETURN_ABOVE.
class ReturnOrderItemsCommand final : public OrderCommand {
 public:
  // Requires: quantity > 0.
  ReturnOrderItemsCommand(TillState state, OrderCall call, std::uint32_t quantity,
                          std::string reason)
      : OrderCommand(state, std::move(call)), quantity_(quantity), reason_(std::move(reason)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const OrderRow& order, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;

  const std::uint32_t quantity_;
  const std::string reason_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ORDER_COMMANDS_H_
