// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_PLACE_ORDER_COMMAND_H_
#define PUHUI_MERCHANT_APP_PLACE_ORDER_COMMAND_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/command.h"
#include "merchant/app/order_rows.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/till_call.h"

#include "absl/types/optional.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

// A member orders an offer: stock, limit and points in one decision. wallet → held, until the
// merchant accepts it; of an e-coupon, which is sold at once, wallet → payable, fee.
// Refuses, and is no record, because no till stands waiting: NOT_FOUND (the member, or the store),
// OFFER_NOT_FOUND, MERCHANT_NOT_ACTIVE, MEMBER_NOT_ACTIVE, ORDER_NOT_OFFERED, OFFER_NOT_PUBLISHED,
// OFFER_CHANGED, OFFER_NOT_OPEN, AMOUNT_OVERFLOW, LOTS_PER_PURCHASE_LIMIT,
// AUTHORIZATIONS_PER_WALLET_LIMIT, OFFER_NOT_FOR_MEMBER, OFFER_LIMIT_REACHED, MERCHANT_LIMIT,
// MEMBER_LIMIT, ORDER_ADDRESSES_LIMIT, OUT_OF_STOCK, INSUFFICIENT_POINTS.
class PlaceOrderCommand final : public ledger::Command {
 public:
  struct Wish {
    MemberId member{};
    OfferNumber offer{};
    std::uint32_t version = 0;   // That the member saw.
    std::uint32_t quantity = 0;  // From 1 to kOrderQuantityMax.
    FulfilmentKind fulfilment{};
    std::string store{};  // Where it is picked up, or sent from.
    OwnMoney own_money{};
    absl::optional<SealedAddress> address{};  // If it is delivered.
    FreshVoucher voucher{};                   // Of an e-coupon.
    std::string authorization_code{};         // Six random characters.
  };
  // Requires: the quantity is in its bounds (checked).
  PlaceOrderCommand(TillState state, Wish wish);
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  // What is ordered, of whom, by whom.
  struct Deal {
    const OfferRow* offer = nullptr;
    const MerchantRow* merchant = nullptr;
    const StoreRow* store = nullptr;  // If one was named.
    const ledger::Wallet* wallet = nullptr;
    Points points{};
  };
  absl::variant<Deal, ledger::Refusal> FindDeal(absl::Time now);
  // All that comes after existence and before rules.
  absl::optional<ledger::Refusal> CheckState(const Deal& deal, absl::Time now) const;
  // ORDER_NOT_OFFERED.
  absl::optional<ledger::Refusal> CheckOffered(const Deal& deal) const;
  // The rules of the offer and the limits of members and merchants.
  absl::optional<ledger::Refusal> CheckRules(const Deal& deal, std::int64_t points, absl::Time now);
  // OUT_OF_STOCK.
  absl::optional<ledger::Refusal> CheckStock(const OfferContent& offer);
  absl::optional<ledger::Refusal> Hold(const Deal& deal, absl::Time now,
                                       ledger::Decision& decision);
  absl::optional<ledger::Refusal> Sell(const Deal& deal, absl::Time now,
                                       ledger::Decision& decision);
  void Describe(const Deal& deal, absl::Time now, journal::v1::OrderPlaced& placed);
  bool HasVoucher(const OfferContent& offer) const;

  const TillState state_;
  const Wish wish_;
  bool gives_voucher_ = false;  // Its digits go into the vault.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PLACE_ORDER_COMMAND_H_
