// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/order_records.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"

#include <tuple>
#include <utility>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Tag;
using ledger::TimeOf;

absl::StatusOr<OrderVoucher> VoucherIn(const jv1::OrderVoucher& stored, MemberId holder) {
  OrderVoucher voucher{.expiry = absl::FromUnixMicros(stored.expire_time_micros()),
                       .transferable = stored.transferable(),
                       .holder = holder};
  if (!stored.digits_hash().empty()) {
    PUHUI_ASSIGN_OR_RETURN(voucher.digits, TagIn(stored.digits_hash()));
  }
  return voucher;
}

const jv1::OrderPlaced& PlacedIn(const jv1::Entry& entry) {
  return entry.has_purchase() ? entry.purchase().order_placed()
                              : entry.authorization().order_placed();
}

// Of one that is sold at once: nobody accepts it.
void SellAtOnce(OrderRow& row) {
  row.state = OrderState::kAccepted;
  row.lapse_time = row.place_time;
  row.accept_time = row.place_time;
  if (row.first_code == 0) return;
  row.state = OrderState::kFulfilled;  // Nobody has to hand anything out.
  row.end_time = row.place_time;
}

}  // namespace

absl::StatusOr<Tag> TagIn(absl::string_view bytes) {
  if (bytes.size() == std::tuple_size_v<Tag>) return ledger::TagFromBytes(bytes);
  return absl::DataLossError("a voucher, a code or an address without its 16 bytes");
}

Sequence OrderOf(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  if (entry.authorization().has_order_placed()) return record.sequence();
  if (entry.purchase().has_order_placed()) return record.sequence();
  if (entry.capture().has_order_accepted()) return entry.capture().authorization();
  if (entry.voided().has_order_ended()) return entry.voided().authorization();
  if (entry.refund().has_order_returned()) return entry.refund().purchase();
  if (record.has_order_shipped()) return record.order_shipped().order();
  if (record.has_order_fulfilled()) return record.order_fulfilled().order();
  if (record.has_voucher_redeemed()) return record.voucher_redeemed().order();
  if (record.has_voucher_transferred()) return record.voucher_transferred().order();
  return 0;
}

absl::StatusOr<OrderRow> PlacedOrder(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  const jv1::OrderPlaced& placed = PlacedIn(entry);
  if (entry.member().size() != MemberId::kBytes || placed.quantity() == 0) {
    return absl::DataLossError("an order of nobody, or for nothing");
  }
  const jv1::Till& till =
      entry.has_purchase() ? entry.purchase().till() : entry.authorization().till();
  OrderRow row{.merchant = MerchantNumber{till.merchant()},
               .member = MemberId::FromBytes(entry.member()),
               .offer = OfferNumber{placed.offer()},
               .version = placed.version(),
               .quantity = placed.quantity(),
               .unit_points = placed.unit_points(),
               .fulfilment = static_cast<FulfilmentKind>(placed.fulfilment()),
               .store = placed.store(),
               .place_time = TimeOf(record),
               .lapse_time = absl::FromUnixMicros(entry.authorization().expire_time_micros()),
               .own_money = {.amount = placed.own_money().amount(),
                             .currency = placed.own_money().currency(),
                             .tender = placed.own_money().tender()},
               .first_code = placed.first_code()};
  if (!placed.address().empty()) {
    PUHUI_ASSIGN_OR_RETURN(row.address, TagIn(placed.address()));
  }
  if (placed.has_voucher()) {
    PUHUI_ASSIGN_OR_RETURN(row.voucher, VoucherIn(placed.voucher(), row.member));
  }
  if (entry.has_purchase()) SellAtOnce(row);
  return row;
}

OrderRow OrderAfter(const jv1::Record& record, OrderRow known) {
  const jv1::Entry& entry = record.entry();
  OrderRow row = std::move(known);
  row.end_time.reset();
  row.reason.clear();
  row.returned = 0;
  if (entry.has_capture()) {
    row.state = OrderState::kAccepted;
  } else if (entry.has_voided()) {
    row.state = static_cast<OrderState>(entry.voided().order_ended().state());
    row.reason = entry.voided().order_ended().reason();
  } else if (entry.has_refund()) {
    const jv1::OrderReturned& returned = entry.refund().order_returned();
    row.state = static_cast<OrderState>(returned.state());
    row.reason = returned.reason();
    row.returned = returned.returned();
  } else if (record.has_order_shipped()) {
    row.state = OrderState::kShipped;
    row.returned = record.order_shipped().returned();
  } else if (record.has_order_fulfilled()) {
    row.state = OrderState::kFulfilled;
    row.returned = record.order_fulfilled().returned();
  }
  // What a parcel is called is said once it is under way; later it does not change.
  if (row.state == OrderState::kAccepted) row.tracking.clear();
  const bool of_earlier_end = entry.has_refund() && row.returned < row.quantity;
  if (row.state > OrderState::kShipped && !of_earlier_end) row.end_time = TimeOf(record);
  return row;
}

}  // namespace puhui::merchant
