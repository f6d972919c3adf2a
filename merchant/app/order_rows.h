// SPDX-License-Identifier: Apache-2.0
// The rows of orders, their vouchers and codes from elsewhere, and the tables they stand in.
// Readers use these with typed_reads.h.
#ifndef PUHUI_MERCHANT_APP_ORDER_ROWS_H_
#define PUHUI_MERCHANT_APP_ORDER_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/tables.h"
#include "merchant/core/guesses.h"
#include "merchant/core/offer.h"
#include "merchant/core/order.h"
#include "merchant/core/voucher.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// What an order is had for at a till.
struct OrderVoucher {
  ledger::Tag digits{};  // Keyed hash; nothing but zeros before the order is accepted.
  absl::Time expiry{};
  bool transferable = false;
  MemberId holder{};
  VoucherState state = VoucherState::kActive;
  absl::optional<absl::Time> redeem_time{};

  bool made() const { return digits != ledger::Tag{}; }
  VoucherState StateAt(absl::Time now) const {
    return state == VoucherState::kActive && expiry <= now ? VoucherState::kExpired : state;
  }
  template <class F>
  void Fields(F& f) {
    f(digits, expiry, transferable, holder, state, redeem_time);
  }
};

// Recorded for the merchant, moved by nobody here.
struct OwnMoney {
  std::int64_t amount = 0;  // In the smallest unit of the currency; 0: there is none.
  std::string currency{};
  std::string tender{};
};

// By its number: the sequence of the record that placed it, under which its authorisation and its
// purchase stand too.
struct OrderRow {
  MerchantNumber merchant{};
  MemberId member{};
  OfferNumber offer{};
  std::uint32_t version = 0;  // Of the offer.
  std::uint32_t quantity = 0;
  std::uint32_t returned = 0;  // Of those.
  std::int64_t unit_points = 0;
  FulfilmentKind fulfilment{};
  std::string store{};  // Where it is picked up.
  OrderState state = OrderState::kPlaced;
  absl::Time place_time{};
  absl::Time lapse_time{};  // Of one that is sold at once: when it was placed.
  absl::optional<absl::Time> accept_time{};
  absl::optional<absl::Time> end_time{};
  std::string tracking{};
  std::string reason{};  // Why it was declined, cancelled or returned.
  OwnMoney own_money{};
  absl::optional<ledger::Tag> address{};  // In the vault, while it waits.
  absl::optional<OrderVoucher> voucher{};
  std::uint32_t first_code = 0;  // Of codes from elsewhere, from 1; 0: it has none.

  std::int64_t points() const { return unit_points * quantity; }
  // What it is for a caller: its time is over when it is, not when the timer has come to it.
  OrderState StateAt(absl::Time now) const {
    const bool over = state == OrderState::kPlaced && lapse_time <= now;
    return over ? OrderState::kLapsed : state;
  }
  // Field by field, so that more can follow.
  template <class F>
  void Fields(F& f) {
    f(merchant, member, offer, version, quantity, returned, unit_points, fulfilment, store, state,
      place_time, lapse_time, accept_time, end_time, tracking, reason, own_money.amount,
      own_money.currency, own_money.tender, address, voucher, first_code);
  }
};

// An order of a member, or one whose voucher the member was given.
struct MemberOrderKey {
  MemberId member{};
  Sequence order = 0;

  template <class F>
  void Fields(F& f) {
    f(member, order);
  }
};

struct MerchantOrderKey {
  MerchantNumber merchant{};
  Sequence order = 0;

  template <class F>
  void Fields(F& f) {
    f(merchant, order);
  }
};

// Where orders of one member are delivered to, sealed. In the vault.
struct SealedAddress {
  ledger::Tag id{};  // As the order has it.
  std::string sealed{};

  template <class F>
  void Fields(F& f) {
    f(id, sealed);
  }
};
struct MemberAddresses {
  std::vector<SealedAddress> waiting{};

  std::size_t HeapBytes() const { return waiting.capacity() * sizeof(SealedAddress); }
  template <class F>
  void Fields(F& f) {
    f(waiting);
  }
};

// A code that a merchant brought, by its place among those of an offer, from 1.
struct OfferCodeKey {
  OfferNumber offer{};
  std::uint32_t place = 0;

  template <class F>
  void Fields(F& f) {
    f(offer, place);
  }
  friend bool operator==(const OfferCodeKey&, const OfferCodeKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const OfferCodeKey& key) {
    return H::combine(std::move(hash), key.offer, key.place);
  }
};

struct OfferCodeCounts {
  std::uint32_t added = 0;
  std::uint32_t given = 0;  // The first so many of them.

  std::uint32_t left() const { return added - given; }
  template <class F>
  void Fields(F& f) {
    f(added, given);
  }
};

inline constexpr ledger::TypedTable<Sequence, OrderRow> kOrderTable{
    ledger::Table::kOrders, ledger::Family::kState, "orders"};
// The value: whether the member ordered it.
inline constexpr ledger::TypedTable<MemberOrderKey, bool> kMemberOrderTable{
    ledger::Table::kMemberOrders, ledger::Family::kIndex, "member orders"};
inline constexpr ledger::TypedTable<MerchantOrderKey, bool> kMerchantOrderTable{
    ledger::Table::kMerchantOrders, ledger::Family::kIndex, "merchant orders"};
// By the keyed hash of the digits; also of one that cannot be redeemed any more.
inline constexpr ledger::TypedTable<ledger::Tag, Sequence> kVoucherTable{
    ledger::Table::kVouchers, ledger::Family::kState, "vouchers"};
inline constexpr ledger::TypedTable<TerminalNumber, Guesses> kVoucherGuessTable{
    ledger::Table::kVoucherGuesses, ledger::Family::kState, "voucher guesses"};
inline constexpr ledger::TypedTable<ledger::Tag, std::string> kVoucherDigitTable{
    ledger::Table::kVoucherDigits, ledger::Family::kVault, "voucher digits"};
inline constexpr ledger::TypedTable<MemberId, MemberAddresses> kDeliveryAddressTable{
    ledger::Table::kDeliveryAddresses, ledger::Family::kVault, "delivery addresses"};
inline constexpr ledger::TypedTable<OfferCodeKey, std::string> kOfferCodeTable{
    ledger::Table::kOfferCodes, ledger::Family::kVault, "offer codes"};
inline constexpr ledger::TypedTable<OfferNumber, OfferCodeCounts> kOfferCodeCountTable{
    ledger::Table::kOfferCodeCounts, ledger::Family::kState, "offer code counts"};
inline constexpr ledger::TypedTable<ledger::Tag, OfferNumber> kOfferCodeHashTable{
    ledger::Table::kOfferCodeHashes, ledger::Family::kState, "offer code hashes"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ORDER_ROWS_H_
