// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_ORDER_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_ORDER_FIXTURE_H_

#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/authorization_expiry.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/order_commands.h"
#include "merchant/app/order_queries.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/place_order_command.h"
#include "merchant/app/voucher_commands.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

inline const MemberId kBuyer = kMember;
inline const MemberId kFriend(1, 2);

// Everybody is of one union.
class OneUnion final : public MemberProfiles {
 public:
  absl::optional<MemberProfile> Read(MemberId /*member*/, const Audience& /*audience*/) override {
    return MemberProfile{.unions = {UnionNumber{1}}};
  }
};

// The merchants of TillTest, of which "m-1" offers things for points, and a second member.
class OrderTest : public TillTest {
 protected:
  OrderTest() {
    Run([](ledger::Decision& decision) {
      testing::AddMember(kFriend, testing::TagOf(0xCA6E), decision);
    });
  }

  OfferContent Item(std::int64_t price, std::vector<FulfilmentKind> ways) {
    return {.title = "中秋月饼",
            .kind = OfferKind::kItem,
            .price = price,
            .window = {.last_day = absl::CivilDay(2026, 12, 31)},
            .fulfilments = std::move(ways)};
  }
  // A published offer of m-1.
  OfferNumber Offer(OfferContent content, std::int64_t stock) {
    const OfferNumber number = tables_.NextOffer();
    CreateOfferCommand create({.tables = &tables_, .merchant_zone = absl::UTCTimeZone()},
                              {.merchant = *MerchantId::Parse("m-1", "id"),
                               .content = std::move(content),
                               .stock = stock,
                               .person = "people/li-1"});
    PUHUI_CHECK_OK(ledger_.Run(create).status());
    MoveOfferCommand publish(
        &tables_, {.offer = number, .state = OfferState::kPublished, .person = "people/li-1"});
    PUHUI_CHECK_OK(ledger_.Run(publish).status());
    return number;
  }
  OfferNumber Offer(std::int64_t price, std::int64_t stock,
                    std::vector<FulfilmentKind> ways = {FulfilmentKind::kPickUp,
                                                        FulfilmentKind::kDelivery}) {
    return Offer(Item(price, std::move(ways)), stock);
  }

  TillState OrderState() {
    return {.tables = &tables_, .views = &ledger_.views(), .profiles = &profiles_};
  }
  using Wish = PlaceOrderCommand::Wish;
  // As the member reads the offer now.
  Wish WishFor(OfferNumber offer, std::uint32_t quantity = 1,
               FulfilmentKind way = FulfilmentKind::kPickUp) {
    Wish wish{.member = kBuyer,
              .offer = offer,
              .version = tables_.offers.Find(offer)->version,
              .quantity = quantity,
              .fulfilment = way,
              .voucher = vault_.DrawVoucher(),
              .authorization_code = "A1B2C3"};
    if (way == FulfilmentKind::kPickUp) wish.store = "s-1";
    if (way == FulfilmentKind::kDelivery) {
      wish.address = vault_.SealAddress(kBuyer, {"张三", "13800000000", "厦门市思明区"});
    }
    return wish;
  }
  absl::StatusOr<ledger::Outcome> Place(Wish wish, std::uint64_t request = 0) {
    PlaceOrderCommand command(OrderState(), std::move(wish));
    return Ask(command, request);
  }
  // An order that must come about.
  Sequence Ordered(const Wish& wish) {
    const auto outcome = Place(wish);
    PUHUI_CHECK_OK(outcome.status());
    return outcome->first().sequence();
  }

  static OrderCall ByMerchant(Sequence order, std::string merchant = "m-1") {
    return {.order = order, .merchant_id = std::move(merchant), .person = "people/li-1"};
  }
  static OrderCall ByMember(Sequence order, MemberId member = kBuyer) {
    return {.order = order, .member = member};
  }
  absl::StatusOr<ledger::Outcome> Accept(OrderCall call) {
    AcceptOrderCommand command(OrderState(), std::move(call), vault_.DrawVoucher());
    return Ask(command);
  }
  absl::StatusOr<ledger::Outcome> Decline(OrderCall call) {
    DeclineOrderCommand command(OrderState(), std::move(call), "sold elsewhere");
    return Ask(command);
  }
  absl::StatusOr<ledger::Outcome> Ship(OrderCall call) {
    ShipOrderCommand command(OrderState(), std::move(call), "SF 1234567890");
    return Ask(command);
  }
  absl::StatusOr<ledger::Outcome> Fulfil(OrderCall call) {
    FulfilOrderCommand command(OrderState(), std::move(call));
    return Ask(command);
  }
  absl::StatusOr<ledger::Outcome> Cancel(OrderCall call) {
    CancelOrderCommand command(OrderState(), std::move(call), "no more of it");
    return Ask(command);
  }
  absl::StatusOr<ledger::Outcome> Return(OrderCall call, std::uint32_t quantity) {
    ReturnOrderItemsCommand command(OrderState(), std::move(call), quantity, "broken");
    return Ask(command);
  }
  absl::StatusOr<ledger::Outcome> Redeem(TillCall call, const ledger::Tag& digits) {
    RedeemVoucherCommand command(OrderState(), std::move(call), digits);
    return Submit(command);
  }
  absl::StatusOr<ledger::Outcome> Transfer(Sequence order, MemberId from, MemberId to) {
    TransferVoucherCommand command(
        OrderState(),
        {.order = order, .holder = from, .recipient = to, .voucher = vault_.DrawVoucher()});
    return Ask(command);
  }
  absl::StatusOr<ledger::Outcome> Bring(OfferNumber offer, const std::vector<std::string>& codes,
                                        const std::string& merchant = "m-1") {
    AddVoucherCodesCommand::Wish wish{
        .merchant_id = merchant, .offer = offer, .person = "people/li-1"};
    for (const std::string& code : codes) {
      wish.codes.push_back(vault_.SealCode(MerchantNumber{1}, offer, code));
    }
    AddVoucherCodesCommand command(&tables_, std::move(wish));
    return Ask(command);
  }
  // The timer's work.
  void Lapse(std::vector<Sequence> orders) {
    ExpireAuthorizationsCommand command(State(), std::move(orders));
    PUHUI_CHECK_OK(ledger_.Run(command).status());
  }

  OrderRow Order(Sequence order) { return **FindOrder(ledger_.store(), order); }
  ledger::Tag DigitsOf(Sequence order) { return Order(order).voucher->digits; }
  std::int64_t InStock(OfferNumber offer) { return tables_.offer_stocks.Find(offer)->available; }
  std::int64_t Sold(OfferNumber offer) { return tables_.offer_stocks.Find(offer)->sold; }
  std::uint32_t Uses(OfferNumber offer, MemberId member = kBuyer) {
    const std::uint32_t* uses = tables_.offer_uses.Find({offer, member});
    return uses == nullptr ? 0 : *uses;
  }
  std::size_t Addresses(MemberId member = kBuyer) {
    const MemberAddresses* kept = tables_.delivery_addresses.Find(member);
    return kept == nullptr ? 0 : kept->waiting.size();
  }

  absl::StatusOr<ledger::Outcome> Ask(ledger::Command& command, std::uint64_t request = 0) {
    command.request = testing::RequestOf(request != 0 ? request : ++requests_);
    return ledger_.Run(command);
  }

  SeededRandom random_{7};
  ledger::KeyedHash keyed_hash_{std::string(32, 'k')};
  const OrderVault vault_{&keyed_hash_, &random_};
  OneUnion profiles_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_ORDER_FIXTURE_H_
