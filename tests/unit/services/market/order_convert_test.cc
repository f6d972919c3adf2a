// SPDX-License-Identifier: Apache-2.0
#include "services/market/order_convert.h"

#include "ledger/base/limits.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/rows.h"
#include "services/ledger/reference.h"
#include "tests/support/refusal_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

constexpr char kBuyerName[] = "members/01ARZ3NDEKTSV4RRFFQ69G5FAV";
constexpr char kPickUpStore[] = "merchants/m-7/stores/s-1";

v1::PlaceOrderRequest PickUp() {
  v1::PlaceOrderRequest request;
  request.set_parent(kBuyerName);
  request.set_offer("offers/18");
  request.set_offer_version(2);
  request.set_quantity(3);
  request.set_fulfilment(v1::FULFILMENT_KIND_PICK_UP);
  request.set_store(kPickUpStore);
  return request;
}

v1::PlaceOrderRequest Delivered() {
  v1::PlaceOrderRequest request = PickUp();
  request.set_fulfilment(v1::FULFILMENT_KIND_DELIVERY);
  request.clear_store();
  request.mutable_delivery_address()->set_recipient("张三");
  request.mutable_delivery_address()->set_phone("13800000000");
  request.mutable_delivery_address()->set_address("厦门市思明区");
  return request;
}

TEST(OrderNameTest, IsTheReferenceOfItsRecord) {
  EXPECT_EQ(FormatOrderName(4711), "orders/000000004711");
  ASSERT_OK_AND_ASSIGN(const Sequence order, ParseOrderName("orders/000000004711", "name"));
  EXPECT_EQ(order, 4711U);
  ASSERT_OK_AND_ASSIGN(const Sequence of_voucher,
                       ParseVoucherName("orders/000000004711/voucher", "name"));
  EXPECT_EQ(of_voucher, 4711U);
  for (const char* bad : {"", "000000004711", "orders/4711", "orders/", "orders/000000000000",
                          "order/000000004711", "orders/000000004711/voucher"}) {
    EXPECT_THAT(ParseOrderName(bad, "name"), Refuses(Reason::kInvalidField, "name")) << bad;
  }
  for (const char* bad : {"", "/voucher", "orders/000000004711", "orders/x/voucher"}) {
    EXPECT_THAT(ParseVoucherName(bad, "name"), Refuses(Reason::kInvalidField, "name")) << bad;
  }
}

TEST(ReadPlaceOrderTest, TakesAStoreOrAnAddress) {
  ASSERT_OK_AND_ASSIGN(const OrderDraft picked_up, ReadPlaceOrder(PickUp()));
  EXPECT_EQ(picked_up.wish.offer, merchant::OfferNumber{18});
  EXPECT_EQ(picked_up.wish.version, 2U);
  EXPECT_EQ(picked_up.wish.quantity, 3U);
  EXPECT_EQ(picked_up.wish.fulfilment, merchant::FulfilmentKind::kPickUp);
  EXPECT_EQ(picked_up.wish.store, "s-1");
  EXPECT_FALSE(picked_up.address.has_value());
  ASSERT_OK_AND_ASSIGN(const OrderDraft delivered, ReadPlaceOrder(Delivered()));
  EXPECT_EQ(delivered.wish.store, "");
  ASSERT_TRUE(delivered.address.has_value());
  EXPECT_EQ(delivered.address->recipient, "张三");
  v1::PlaceOrderRequest coupon = PickUp();
  coupon.set_fulfilment(v1::FULFILMENT_KIND_E_COUPON);
  EXPECT_OK(ReadPlaceOrder(coupon));
  coupon.clear_store();
  EXPECT_OK(ReadPlaceOrder(coupon));
}

TEST(ReadPlaceOrderTest, NamesTheFieldThatIsWrong) {
  const auto expect = [](v1::PlaceOrderRequest request, const char* field) {
    EXPECT_THAT(ReadPlaceOrder(request), Refuses(Reason::kInvalidField, field)) << field;
  };
  v1::PlaceOrderRequest request = PickUp();
  request.set_parent("members/x");
  expect(request, "parent");
  request = PickUp();
  request.set_offer("offers/0");
  expect(request, "offer");
  request = PickUp();
  request.clear_offer_version();
  expect(request, "offer_version");
  for (const std::uint32_t quantity : {0U, kOrderQuantityMax + 1}) {
    request = PickUp();
    request.set_quantity(quantity);
    expect(request, "quantity");
  }
  request = PickUp();
  request.set_fulfilment(static_cast<v1::FulfilmentKind>(9));
  expect(request, "fulfilment");
  request = PickUp();
  request.clear_store();
  expect(request, "store");
  request = PickUp();
  *request.mutable_delivery_address() = Delivered().delivery_address();
  expect(request, "delivery_address");
  request = Delivered();
  request.clear_delivery_address();
  expect(request, "delivery_address");
}

// What is wrong with an address is said without repeating it.
TEST(ReadPlaceOrderTest, AnAddressIsLinesOfText) {
  v1::PlaceOrderRequest request = Delivered();
  request.mutable_delivery_address()->set_recipient("张\n三");
  const auto refused = ReadPlaceOrder(request);
  EXPECT_THAT(refused, Refuses(Reason::kInvalidField, "delivery_address.recipient"));
  EXPECT_EQ(refused.status().message().find("三"), absl::string_view::npos);
  request = Delivered();
  request.mutable_delivery_address()->clear_phone();
  EXPECT_THAT(ReadPlaceOrder(request), Refuses(Reason::kInvalidField, "delivery_address.phone"));
  request = Delivered();
  request.mutable_delivery_address()->set_address(std::string(kAddressBytesMax, 'x'));
  EXPECT_OK(ReadPlaceOrder(request));
  request.mutable_delivery_address()->set_address(std::string(kAddressBytesMax + 1, 'x'));
  EXPECT_THAT(ReadPlaceOrder(request), Refuses(Reason::kInvalidField, "delivery_address.address"));
}

TEST(ReadPlaceOrderTest, OwnMoneyIsAnAmountInACurrency) {
  v1::PlaceOrderRequest request = PickUp();
  request.mutable_own_money()->set_amount(1'250);
  request.mutable_own_money()->set_currency("CNY");
  request.mutable_own_money()->set_tender("微信支付");
  ASSERT_OK_AND_ASSIGN(const OrderDraft draft, ReadPlaceOrder(request));
  EXPECT_EQ(draft.wish.own_money.amount, 1'250);
  EXPECT_EQ(draft.wish.own_money.tender, "微信支付");
  for (const char* bad : {"", "CN", "cny", "CNYY", "元"}) {
    request.mutable_own_money()->set_currency(bad);
    EXPECT_THAT(ReadPlaceOrder(request), Refuses(Reason::kInvalidField, "own_money.currency"))
        << bad;
  }
  request.mutable_own_money()->set_currency("CNY");
  request.mutable_own_money()->set_amount(0);
  EXPECT_THAT(ReadPlaceOrder(request), HasCode(absl::StatusCode::kInvalidArgument));
}

class OrderAnswerTest : public ::testing::Test {
 protected:
  OrderAnswerTest() {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, merchant::kMerchantTable, MerchantNumber{1},
                   merchant::MerchantRow{.id = "m-7"});
    EXPECT_OK(store_.Commit(batch, ledger::Durability::kView));
    order_.number = 4711;
    order_.row.merchant = MerchantNumber{1};
    order_.row.member = MemberId(1, 2);
    order_.row.offer = merchant::OfferNumber{18};
    order_.row.version = 2;
    order_.row.quantity = 3;
    order_.row.returned = 1;
    order_.row.unit_points = 100;
    order_.row.fulfilment = merchant::FulfilmentKind::kPickUp;
    order_.row.store = "s-1";
    order_.row.place_time = kPlaced;
    order_.row.lapse_time = kPlaced + absl::Hours(48);
  }
  v1::Order ReadAs(Role role, absl::Time now = kPlaced) {
    Names names(&store_);
    Principal reader;
    reader.role = role;
    const auto order = OrderOf(order_, now, reader, names);
    EXPECT_OK(order);
    return order.value_or(v1::Order());
  }

  static inline const absl::Time kPlaced = absl::FromUnixSeconds(1'800'000'000);
  ledger::MemoryStore store_;
  merchant::FoundOrder order_;
};

TEST_F(OrderAnswerTest, SaysWhoOrderedToAnybodyButTheMerchant) {
  const v1::Order order = ReadAs(Role::kMember);
  EXPECT_EQ(order.name(), "orders/000000004711");
  EXPECT_EQ(order.offer(), "offers/18");
  EXPECT_EQ(order.merchant(), "merchants/m-7");
  EXPECT_EQ(order.store(), kPickUpStore);
  EXPECT_EQ(order.points(), 300);
  EXPECT_EQ(order.returned_points(), 100);
  EXPECT_EQ(order.fulfilment(), v1::FULFILMENT_KIND_PICK_UP);
  EXPECT_EQ(order.member(), FormatMemberName(MemberId(1, 2)));
  EXPECT_FALSE(order.has_accept_time());
  EXPECT_FALSE(order.has_own_money());
  EXPECT_EQ(ReadAs(Role::kMerchant).member(), "");
}

// Whatever the timer has come to.
TEST_F(OrderAnswerTest, HasLapsedFromItsTimeOn) {
  const absl::Time lapse = order_.row.lapse_time;
  EXPECT_EQ(ReadAs(Role::kMember, lapse - absl::Microseconds(1)).state(), v1::ORDER_STATE_PLACED);
  EXPECT_EQ(ReadAs(Role::kMember, lapse).state(), v1::ORDER_STATE_LAPSED);
  order_.row.state = merchant::OrderState::kAccepted;
  EXPECT_EQ(ReadAs(Role::kMember, lapse).state(), v1::ORDER_STATE_ACCEPTED);
}

TEST_F(OrderAnswerTest, AVoucherIsOfWhatIsLeftAndExpiresByTheClock) {
  order_.row.voucher.emplace();
  order_.row.voucher->expiry = kPlaced + absl::Hours(1);
  Names names(&store_);
  ASSERT_OK_AND_ASSIGN(const v1::Voucher good, VoucherOf(order_, kPlaced, names));
  EXPECT_EQ(good.name(), "orders/000000004711/voucher");
  EXPECT_EQ(good.quantity(), 2U);
  EXPECT_EQ(good.state(), v1::VOUCHER_STATE_ACTIVE);
  EXPECT_EQ(good.store(), kPickUpStore);
  EXPECT_FALSE(good.has_redeem_time());
  ASSERT_OK_AND_ASSIGN(const v1::Voucher over, VoucherOf(order_, kPlaced + absl::Hours(1), names));
  EXPECT_EQ(over.state(), v1::VOUCHER_STATE_EXPIRED);
}

}  // namespace
}  // namespace puhui::services
