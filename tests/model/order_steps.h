// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_ORDER_STEPS_H_
#define PUHUI_TESTS_MODEL_ORDER_STEPS_H_

#include "merchant/app/order_commands.h"
#include "merchant/app/place_order_command.h"
#include "tests/model/market_model.h"
#include "tests/model/model_offers.h"
#include "tests/model/settlement_steps.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {

// Offers that members order, what becomes of the orders, of their vouchers and of codes from
// elsewhere: the steps, and the model of all but the points, which the ledger's model has.
// Threads: none. Borrows: the desk's ledger and random numbers, the ledger's model.
class OrderSteps {
 public:
  struct Desk : SettlementSteps::Desk {
    MarketModel* model;
    const std::uint64_t* requests;  // The last one that was given.
    std::function<absl::optional<MemberId>()> any_member;
    std::function<LedgerModel::TillCall()> any_call;
    std::function<merchant::TillCall(const LedgerModel::TillCall&)> call_of;
    std::function<void(MemberId)> compare_member;
    std::function<merchant::TillState()> state;
    std::function<UnionNumber(std::uint32_t)> number_of;  // Of a union of the model.
  };
  explicit OrderSteps(Desk desk);

  void Step();
  // Everything, in the store.
  void Compare();

 private:
  struct Offer {
    std::uint32_t merchant = 0;
    std::int64_t price = 0;
    std::uint32_t version = 0;
    std::int64_t available = 0, sold = 0;
    std::uint32_t limit = 0;  // 0: any.
    ModelOffer terms{};       // When, where and for whom it is, and whether it is published.
    std::set<merchant::FulfilmentKind> ways{};
    bool transferable = false;
    bool external = false;
    std::uint32_t codes = 0, given = 0;
    std::map<MemberId, std::uint32_t> uses{};
  };
  struct Voucher {
    std::uint64_t digits = 0;  // 0: there are none yet.
    MemberId holder{};
    absl::Time expiry{};
    bool redeemed = false, is_void = false;
  };
  struct Order {
    std::uint32_t offer = 0;
    MemberId member{};
    merchant::FulfilmentKind way{};
    std::uint32_t store = 0;  // That it names; 0: none.
    std::uint32_t quantity = 0, returned = 0;
    std::int64_t own_money = 0;  // In fen, beside the points.
    merchant::OrderState state{};
    absl::optional<Voucher> voucher{};
    std::uint32_t first_code = 0;
  };

  void CreateOffer();
  void ChangeOffer();  // Its price, its state, its codes.
  void ChangePrice();
  void MoveOffer();
  void BringCodes();
  void Place();
  // Of nobody, at no store, of no offer, or of one that takes something off a bill.
  void PlaceWrongly();
  void Accept();
  void End();
  void Ship();
  void Fulfil();
  void Return();
  void Redeem();
  void GuessVouchers();
  void Transfer();

  // An offer as it is written, with all that is drawn.
  Offer DrawOffer();
  merchant::OfferContent ContentOf(const Offer& offer) const;
  void MoveTo(std::uint32_t number, ModelOffer::State state);
  static std::string StoreOf(std::uint32_t store);
  static merchant::PlaceOrderCommand::Wish WishOf(const Order& order, std::uint32_t version,
                                                  std::uint64_t digits);
  MarketModel::OfferRules RulesOf(const Offer& offer, const Order& order, std::uint32_t version,
                                  absl::Time now) const;
  static merchant::FreshVoucher FreshOf(std::uint64_t digits);
  // Digits of the order's voucher, or of none. True when what was ordered is handed out.
  bool RedeemAt(MarketModel::TillCall call, std::uint64_t digits, const Order* order);
  // Those whose time is over by the ledger's model.
  void NoteLapsed();
  void GiveStockBack(const Order& order, std::uint32_t quantity);
  void Close(Order& order, merchant::OrderState end);
  merchant::OrderState StateOf(Sequence number, const Order& order) const;
  // Runs it and compares; `change` is made once it is carried out. Of nobody's order: NOT_FOUND.
  template <class Command, class... Wish>
  bool Run(Sequence number, const merchant::OrderCall& call, const Verdict& expected,
           const Wish&... wish);
  // Mostly one of the last; 0: there is none.
  Sequence AnyOrder();
  // Mostly one who has so many points.
  absl::optional<MemberId> AnyBuyer(std::int64_t points);
  // Of those with a voucher that there ever were, mostly one that nobody has used; any other order
  // when there is none.
  Sequence AnyVoucher();
  std::uint32_t AnyOffer();
  // Mostly of its own merchant.
  merchant::OrderCall CallAbout(Sequence number);
  bool IsOwn(Sequence number, const merchant::OrderCall& call) const;
  // At a store, if one is named: its region is where points have to be good.
  LedgerModel::TillCall NoTill(std::uint32_t merchant, Sequence sequence,
                               std::uint32_t store = 0) const;

  const Desk desk_;
  std::map<std::uint32_t, Offer> offers_;
  std::map<Sequence, Order> orders_;
  std::uint64_t drawn_ = 0;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_ORDER_STEPS_H_
