// SPDX-License-Identifier: Apache-2.0
#include "services/market/order_convert.h"

#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "services/ledger/reference.h"
#include "services/rpc/error.h"
#include "services/rpc/text_field.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include <algorithm>

namespace puhui::services {
namespace {

constexpr absl::string_view kOrders = "orders/";
constexpr absl::string_view kVoucher = "/voucher";
constexpr std::size_t kCurrencyLetters = 3;

absl::StatusOr<Sequence> ReadName(absl::string_view name, absl::string_view field,
                                  absl::string_view format) {
  const bool is_order = absl::ConsumePrefix(&name, kOrders);
  const auto number = ParseReference(name, field);
  if (is_order && number.ok()) return *number;
  return InvalidField(field, absl::StrCat("want ", format));
}

absl::StatusOr<merchant::FulfilmentKind> ReadFulfilment(v1::FulfilmentKind kind) {
  const bool is_known = kind == v1::FULFILMENT_KIND_PICK_UP ||
                        kind == v1::FULFILMENT_KIND_DELIVERY ||
                        kind == v1::FULFILMENT_KIND_E_COUPON;
  if (is_known) return static_cast<merchant::FulfilmentKind>(kind);
  return InvalidField("fulfilment", "want how the member gets what is ordered");
}

// One line of text of at most so many bytes. Never repeats it: it may say who somebody is.
absl::Status CheckLine(absl::string_view text, absl::string_view field, std::size_t bytes_max) {
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  if (!text.empty() && text.size() <= bytes_max && !has_control) {
    return absl::OkStatus();
  }
  return InvalidField(field, absl::StrCat("want 1 to ", bytes_max, " bytes of one line of text"));
}

absl::StatusOr<merchant::DeliveryAddress> ReadAddress(const v1::DeliveryAddress& address) {
  PUHUI_RETURN_IF_ERROR(
      CheckLine(address.recipient(), "delivery_address.recipient", kNameBytesMax));
  PUHUI_RETURN_IF_ERROR(CheckLine(address.phone(), "delivery_address.phone", kPhoneCharactersMax));
  PUHUI_RETURN_IF_ERROR(CheckLine(address.address(), "delivery_address.address", kAddressBytesMax));
  return merchant::DeliveryAddress{
      .recipient = address.recipient(), .phone = address.phone(), .address = address.address()};
}

absl::StatusOr<merchant::OwnMoney> ReadOwnMoney(const v1::OwnMoney& own) {
  PUHUI_ASSIGN_OR_RETURN(const Points amount,
                         Points::FromRequest(own.amount(), "own_money.amount"));
  const std::string& currency = own.currency();
  const bool is_currency = currency.size() == kCurrencyLetters &&
                           std::all_of(currency.begin(), currency.end(), [](char c) {
                             return absl::ascii_isupper(static_cast<unsigned char>(c));
                           });
  if (!is_currency) return InvalidField("own_money.currency", "want three letters of ISO 4217");
  if (!own.tender().empty()) {
    PUHUI_RETURN_IF_ERROR(CheckLine(own.tender(), "own_money.tender", kTenderCharactersMax));
  }
  return merchant::OwnMoney{.amount = amount.value(), .currency = currency, .tender = own.tender()};
}

// A store is required where something is picked up, an address where it is delivered, and only
// there.
absl::Status ReadWhere(const v1::PlaceOrderRequest& request, OrderDraft* draft) {
  const merchant::FulfilmentKind fulfilment = draft->wish.fulfilment;
  if (!request.store().empty() || fulfilment == merchant::FulfilmentKind::kPickUp) {
    PUHUI_ASSIGN_OR_RETURN(draft->store, ParseStoreName(request.store(), "store"));
    draft->wish.store = draft->store->store_id.text();
  }
  const bool is_delivered = fulfilment == merchant::FulfilmentKind::kDelivery;
  if (request.has_delivery_address() != is_delivered) {
    return InvalidField("delivery_address", "want it of what is delivered, and of nothing else");
  }
  if (!is_delivered) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(draft->address, ReadAddress(request.delivery_address()));
  return absl::OkStatus();
}

void SetOwnMoney(const merchant::OwnMoney& own, v1::OwnMoney* message) {
  message->set_amount(own.amount);
  message->set_currency(own.currency);
  message->set_tender(own.tender);
}

}  // namespace

absl::StatusOr<Sequence> ParseOrderName(absl::string_view name, absl::string_view field) {
  return ReadName(name, field, "orders/{order}");
}

absl::StatusOr<Sequence> ParseVoucherName(absl::string_view name, absl::string_view field) {
  constexpr absl::string_view kFormat = "orders/{order}/voucher";
  if (!absl::ConsumeSuffix(&name, kVoucher)) {
    return InvalidField(field, absl::StrCat("want ", kFormat));
  }
  return ReadName(name, field, kFormat);
}

absl::StatusOr<OrderDraft> ReadPlaceOrder(const v1::PlaceOrderRequest& request) {
  OrderDraft draft;
  merchant::PlaceOrderCommand::Wish& wish = draft.wish;
  PUHUI_ASSIGN_OR_RETURN(wish.member, ParseMemberName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t offer, ParseOfferName(request.offer(), "offer"));
  wish.offer = merchant::OfferNumber{offer};
  wish.version = request.offer_version();
  if (wish.version == 0) return InvalidField("offer_version", "want the version that was seen");
  wish.quantity = request.quantity();
  if (wish.quantity == 0 || wish.quantity > kOrderQuantityMax) {
    return InvalidField("quantity", absl::StrCat("want 1 to ", kOrderQuantityMax));
  }
  PUHUI_ASSIGN_OR_RETURN(wish.fulfilment, ReadFulfilment(request.fulfilment()));
  PUHUI_RETURN_IF_ERROR(ReadWhere(request, &draft));
  if (request.has_own_money()) {
    PUHUI_ASSIGN_OR_RETURN(wish.own_money, ReadOwnMoney(request.own_money()));
  }
  return draft;
}

absl::StatusOr<v1::Order> OrderOf(const merchant::FoundOrder& order, absl::Time now,
                                  const Principal& reader, Names& names) {
  const merchant::OrderRow& row = order.row;
  v1::Order message;
  message.set_name(FormatOrderName(order.number));
  message.set_offer(FormatOfferName(static_cast<std::uint32_t>(row.offer)));
  message.set_offer_version(row.version);
  message.set_quantity(row.quantity);
  message.set_returned(row.returned);
  message.set_unit_points(row.unit_points);
  message.set_points(row.points());
  message.set_returned_points(row.unit_points * row.returned);
  message.set_state(static_cast<v1::OrderState>(row.StateAt(now)));
  message.set_fulfilment(static_cast<v1::FulfilmentKind>(row.fulfilment));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_merchant(), names.OfMerchant(row.merchant));
  if (!row.store.empty())
    message.set_store(absl::StrCat(message.merchant(), "/stores/", row.store));
  if (reader.role != Role::kMerchant) message.set_member(FormatMemberName(row.member));
  *message.mutable_place_time() = ToTimestamp(row.place_time);
  *message.mutable_lapse_time() = ToTimestamp(row.lapse_time);
  if (row.accept_time.has_value()) *message.mutable_accept_time() = ToTimestamp(*row.accept_time);
  if (row.end_time.has_value()) *message.mutable_end_time() = ToTimestamp(*row.end_time);
  message.set_tracking(row.tracking);
  message.set_reason(row.reason);
  if (row.own_money.amount != 0) SetOwnMoney(row.own_money, message.mutable_own_money());
  return message;
}

v1::DeliveryAddress AddressOf(const merchant::DeliveryAddress& address) {
  v1::DeliveryAddress message;
  message.set_recipient(address.recipient);
  message.set_phone(address.phone);
  message.set_address(address.address);
  return message;
}

absl::StatusOr<v1::Voucher> VoucherOf(const merchant::FoundOrder& order, absl::Time now,
                                      Names& names) {
  const merchant::OrderVoucher& voucher = *order.row.voucher;
  v1::Voucher message;
  message.set_name(absl::StrCat(FormatOrderName(order.number), kVoucher));
  message.set_state(static_cast<v1::VoucherState>(voucher.StateAt(now)));
  message.set_offer(FormatOfferName(static_cast<std::uint32_t>(order.row.offer)));
  message.set_offer_version(order.row.version);
  message.set_quantity(order.row.quantity - order.row.returned);
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_merchant(), names.OfMerchant(order.row.merchant));
  if (!order.row.store.empty()) {
    message.set_store(absl::StrCat(message.merchant(), "/stores/", order.row.store));
  }
  *message.mutable_expire_time() = ToTimestamp(voucher.expiry);
  message.set_transferable(voucher.transferable);
  if (voucher.redeem_time.has_value()) {
    *message.mutable_redeem_time() = ToTimestamp(*voucher.redeem_time);
  }
  return message;
}

}  // namespace puhui::services
