// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/order_applier.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"
#include "merchant/app/offers.h"
#include "merchant/app/order_records.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <tuple>
#include <utility>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Tag;
using ledger::TimeOf;

constexpr std::size_t kCodeHashBytes = std::tuple_size_v<Tag>;

absl::Status CannotBe(Sequence order, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("order ", order, " ", what));
}

// It is over: nobody waits for it at an address or with a voucher any more.
void Close(OrderState end, absl::Time time, OrderRow& row) {
  row.state = end;
  row.end_time = time;
  row.address.reset();
  if (end == OrderState::kFulfilled || !row.voucher.has_value()) return;
  if (row.voucher->state == VoucherState::kActive) row.voucher->state = VoucherState::kVoid;
}

}  // namespace

absl::Status OrderApplier::Apply(const jv1::Record& record) {
  if (record.has_entry()) return ApplyEntry(record);
  if (record.has_order_shipped()) return Ship(record.order_shipped());
  if (record.has_order_fulfilled()) return Fulfil(record, record.order_fulfilled().order());
  if (record.has_voucher_redeemed()) return Redeem(record);
  if (record.has_voucher_transferred()) return Transfer(record.voucher_transferred());
  if (record.has_voucher_codes_added()) return AddCodes(record.voucher_codes_added());
  return absl::OkStatus();
}

absl::Status OrderApplier::ApplyEntry(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  const bool is_placed =
      entry.authorization().has_order_placed() || entry.purchase().has_order_placed();
  if (is_placed) return Open(record);
  if (entry.capture().has_order_accepted()) return Accept(record);
  if (entry.voided().has_order_ended()) {
    return End(record, entry.voided().authorization(),
               static_cast<OrderState>(entry.voided().order_ended().state()));
  }
  if (entry.refund().has_order_returned()) return Return(record);
  if (!entry.has_authorization_expiry()) return absl::OkStatus();
  const Sequence number = entry.authorization_expiry().authorization();
  const AuthorizationRow* authorization = tables_.authorizations.Find(number);
  const bool of_till = authorization == nullptr || authorization->terminal != TerminalNumber{};
  return of_till ? absl::OkStatus() : End(record, number, OrderState::kLapsed);
}

absl::Status OrderApplier::Open(const jv1::Record& record) {
  const Sequence number = record.sequence();
  PUHUI_ASSIGN_OR_RETURN(OrderRow row, PlacedOrder(record));
  PUHUI_RETURN_IF_ERROR(TakeStock(row));
  if (row.first_code != 0) PUHUI_RETURN_IF_ERROR(GiveCodes(row));
  if (row.voucher.has_value() && row.voucher->made()) {
    PUHUI_RETURN_IF_ERROR(NameVoucher(row.voucher->digits, number));
  }
  tables_.member_orders.Put({row.member, number}, true);
  tables_.merchant_orders.Put({row.merchant, number}, true);
  tables_.orders.Put(number, std::move(row));
  return absl::OkStatus();
}

absl::Status OrderApplier::Accept(const jv1::Record& record) {
  const jv1::Purchase& capture = record.entry().capture();
  const Sequence number = capture.authorization();
  const OrderRow* known = tables_.orders.Find(number);
  if (known == nullptr || known->state != OrderState::kPlaced) {
    return CannotBe(number, "is accepted and cannot be");
  }
  OrderRow& row = tables_.orders.Edit(number);
  row.state = OrderState::kAccepted;
  row.accept_time = TimeOf(record);
  if (!row.voucher.has_value()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(row.voucher->digits, TagIn(capture.order_accepted().digits_hash()));
  return NameVoucher(row.voucher->digits, number);
}

absl::Status OrderApplier::End(const jv1::Record& record, Sequence number, OrderState end) {
  const OrderRow* known = tables_.orders.Find(number);
  const bool can_end_so =
      end == OrderState::kLapsed || end == OrderState::kDeclined || end == OrderState::kCancelled;
  if (known == nullptr || known->state != OrderState::kPlaced || !can_end_so) {
    return CannotBe(number, "ends as it cannot");
  }
  OrderRow& row = tables_.orders.Edit(number);
  row.reason = record.entry().voided().order_ended().reason();
  Close(end, TimeOf(record), row);
  return GiveStockBack(row, row.quantity);
}

absl::Status OrderApplier::Return(const jv1::Record& record) {
  const jv1::Refund& refund = record.entry().refund();
  const jv1::OrderReturned& returned = refund.order_returned();
  const OrderRow* known = tables_.orders.Find(refund.purchase());
  if (known == nullptr || !IsSold(known->state)) {
    return CannotBe(refund.purchase(), "comes back and cannot");
  }
  OrderRow& row = tables_.orders.Edit(refund.purchase());
  row.returned += returned.quantity();
  const auto state = static_cast<OrderState>(returned.state());
  const bool is_cancelled = state == OrderState::kCancelled && IsUnderWay(row.state);
  const bool is_over = is_cancelled || state == OrderState::kReturned;
  if (row.returned > row.quantity || row.returned != returned.returned() ||
      is_over != (row.returned == row.quantity) || (!is_over && state != row.state)) {
    return CannotBe(refund.purchase(), "comes back as it was not ordered");
  }
  row.reason = returned.reason();
  if (is_over) Close(state, TimeOf(record), row);
  return GiveStockBack(row, returned.quantity());
}

absl::Status OrderApplier::Ship(const jv1::OrderShipped& shipped) {
  const OrderRow* known = tables_.orders.Find(shipped.order());
  if (known == nullptr || known->state != OrderState::kAccepted) {
    return CannotBe(shipped.order(), "is shipped and cannot be");
  }
  OrderRow& row = tables_.orders.Edit(shipped.order());
  row.state = OrderState::kShipped;
  row.tracking = shipped.tracking();
  return absl::OkStatus();
}

absl::Status OrderApplier::Fulfil(const jv1::Record& record, Sequence number) {
  const OrderRow* known = tables_.orders.Find(number);
  if (known == nullptr || !IsUnderWay(known->state)) {
    return CannotBe(number, "is fulfilled and cannot be");
  }
  Close(OrderState::kFulfilled, TimeOf(record), tables_.orders.Edit(number));
  return absl::OkStatus();
}

// Single use: a second redemption does not fold.
absl::Status OrderApplier::Redeem(const jv1::Record& record) {
  const Sequence number = record.voucher_redeemed().order();
  PUHUI_RETURN_IF_ERROR(Fulfil(record, number));
  OrderRow& row = tables_.orders.Edit(number);
  if (!row.voucher.has_value() || row.voucher->StateAt(TimeOf(record)) != VoucherState::kActive) {
    return CannotBe(number, "has no voucher that can be redeemed");
  }
  row.voucher->state = VoucherState::kRedeemed;
  row.voucher->redeem_time = TimeOf(record);
  return absl::OkStatus();
}

absl::Status OrderApplier::Transfer(const jv1::VoucherTransferred& transferred) {
  const Sequence number = transferred.order();
  const OrderRow* known = tables_.orders.Find(number);
  const bool whose = known != nullptr && known->voucher.has_value() && known->voucher->made() &&
                     known->voucher->holder.ToBytes() == transferred.from();
  if (!whose || transferred.to().size() != MemberId::kBytes) {
    return CannotBe(number, "has no voucher that could be given on so");
  }
  PUHUI_ASSIGN_OR_RETURN(const Tag digits, TagIn(transferred.digits_hash()));
  PUHUI_RETURN_IF_ERROR(NameVoucher(digits, number));
  OrderRow& row = tables_.orders.Edit(number);
  tables_.vouchers.Erase(row.voucher->digits);
  row.voucher->digits = digits;
  row.voucher->holder = MemberId::FromBytes(transferred.to());
  tables_.member_orders.Put({row.voucher->holder, number}, row.voucher->holder == row.member);
  return absl::OkStatus();
}

absl::Status OrderApplier::AddCodes(const jv1::VoucherCodesAdded& added) {
  const OfferNumber offer{added.offer()};
  const std::string& hashes = added.code_hashes();
  if (hashes.size() % kCodeHashBytes != 0) return absl::DataLossError("codes without their hashes");
  OfferCodeCounts& counts = tables_.offer_code_counts.Edit(offer);
  for (std::size_t at = 0; at < hashes.size(); at += kCodeHashBytes) {
    const Tag hash = ledger::TagFromBytes(absl::string_view(hashes).substr(at, kCodeHashBytes));
    if (tables_.offer_code_hashes.Find(hash) != nullptr) {
      return absl::DataLossError("a code was brought twice");
    }
    tables_.offer_code_hashes.Put(hash, offer);
    ++counts.added;
  }
  // What can be ordered is what is left of them.
  tables_.offer_stocks.Edit(offer).available = counts.left();
  return absl::OkStatus();
}

// Stock is never negative: an order of more than there is does not fold.
absl::Status OrderApplier::TakeStock(const OrderRow& row) {
  OfferStockRow& stock = tables_.offer_stocks.Edit(row.offer);
  stock.available -= row.quantity;
  stock.sold += row.quantity;
  if (stock.available < 0) {
    return absl::DataLossError(absl::StrCat(
        "more is ordered of offer ", static_cast<std::uint32_t>(row.offer), " than there is"));
  }
  return CountUses(tables_, {row.offer, row.member}, row.quantity);
}

// A code that somebody has seen is not given again.
absl::Status OrderApplier::GiveStockBack(const OrderRow& row, std::uint32_t quantity) {
  OfferStockRow& stock = tables_.offer_stocks.Edit(row.offer);
  stock.sold -= quantity;
  if (row.first_code == 0) stock.available += quantity;
  if (stock.sold < 0) return absl::DataLossError("more came back of an offer than was ordered");
  return CountUses(tables_, {row.offer, row.member}, -std::int64_t{quantity});
}

absl::Status OrderApplier::GiveCodes(const OrderRow& row) {
  OfferCodeCounts& counts = tables_.offer_code_counts.Edit(row.offer);
  if (row.first_code != counts.given + 1 || row.quantity > counts.left()) {
    return absl::DataLossError("a code of an offer is given twice, or is not there");
  }
  counts.given += row.quantity;
  return absl::OkStatus();
}

absl::Status OrderApplier::NameVoucher(const Tag& digits, Sequence order) {
  if (tables_.vouchers.Find(digits) != nullptr) {
    return CannotBe(order, "has the voucher of another");
  }
  tables_.vouchers.Put(digits, order);
  return absl::OkStatus();
}

}  // namespace puhui::merchant
