// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_ORDER_STEPS_H_
#define PUHUI_TESTS_MODEL_ORDER_STEPS_H_

#include "merchant/app/member_profiles.h"
#include "merchant/app/order_commands.h"
#include "tests/model/market_model.h"
#include "tests/model/settlement_steps.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <functional>
#include <map>
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
    std::uint32_t quantity = 0, returned = 0;
    merchant::OrderState state{};
    absl::optional<Voucher> voucher{};
    std::uint32_t first_code = 0;
  };

  void CreateOffer();
  void ChangePrice();
  void BringCodes();
  void Place();
  void Accept();
  void End();
  void Ship();
  void Fulfil();
  void Return();
  void Redeem();
  void Transfer();

  static merchant::FreshVoucher FreshOf(std::uint64_t digits);
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
  std::uint32_t AnyOffer();
  // Mostly of its own merchant.
  merchant::OrderCall CallAbout(Sequence number);
  bool IsOwn(Sequence number, const merchant::OrderCall& call) const;
  LedgerModel::TillCall NoTill(std::uint32_t merchant, Sequence sequence) const;
  merchant::TillState State();

  // Everybody is whom an offer is for.
  class Everybody final : public merchant::MemberProfiles {
   public:
    absl::optional<merchant::MemberProfile> Read(MemberId /*member*/,
                                                 const merchant::Audience& /*audience*/) override {
      return merchant::MemberProfile();
    }
  };

  const Desk desk_;
  Everybody everybody_;
  std::map<std::uint32_t, Offer> offers_;
  std::map<Sequence, Order> orders_;
  std::uint64_t drawn_ = 0;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_ORDER_STEPS_H_
