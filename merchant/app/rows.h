// SPDX-License-Identifier: Apache-2.0
// The rows of the acquiring side's views, and the tables they stand in.
#ifndef PUHUI_MERCHANT_APP_ROWS_H_
#define PUHUI_MERCHANT_APP_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/tables.h"
#include "merchant/app/till_rows.h"
#include "merchant/core/agreement.h"
#include "merchant/core/offer.h"
#include "merchant/core/purchase.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

enum class MerchantState : std::uint8_t {  // Stored; the numbers of puhui.v1.MerchantState.
  kActive = 1,
  kSuspended = 2,
  kClosed = 3,
  kApplied = 4,
  kRejected = 5,
};
inline bool WasAccepted(MerchantState state) {  // It may sell, or once might.
  return state != MerchantState::kApplied && state != MerchantState::kRejected;
}
enum class TerminalState : std::uint8_t { kActive = 1, kBlocked = 2, kRetired = 3 };

struct MerchantRow {
  std::string id{};
  std::string display_name{};
  std::uint32_t category = 0;
  BasisPoints fee_rate{};
  MerchantState state = MerchantState::kActive;
  absl::Time create_time{};
  absl::optional<absl::Time> close_time{};
  std::vector<Agreement> agreements{};  // By start; no two overlap.
  bool balance_shown = false;           // Its tills may ask what a member could spend there.
  std::string applicant{};              // Who asked for it; empty: it was registered.
  absl::optional<absl::Time> decide_time{};
  std::string decide_reason{};
  std::string time_zone{};   // IANA, of its business days; empty: that of the configuration.
  bool goods_named = false;  // RefuseLines; while no agreement is in force.

  // What is taken of what is bought, or captured, at `now`; and whether goods are named then.
  Charge ChargeAt(absl::Time now) const;
  bool GoodsNamedAt(absl::Time now) const;
  std::size_t HeapBytes() const { return agreements.capacity() * sizeof(Agreement); }
  template <class F>
  void Fields(F& f) {
    f(id, display_name, category, fee_rate, state, create_time, close_time, agreements,
      balance_shown, applicant, decide_time, decide_reason, time_zone, goods_named);
  }
};

// A store or a terminal by the id that is unique within its merchant.
struct PlaceKey {
  MerchantNumber merchant{};
  std::string id{};

  template <class F>
  void Fields(F& f) {
    f(merchant, id);
  }
  friend bool operator==(const PlaceKey&, const PlaceKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const PlaceKey& key) {
    return H::combine(std::move(hash), key.merchant, key.id);
  }
};

struct StoreRow {
  std::string display_name{};
  std::uint32_t region = 0;  // GB/T 2260; 0: not known.
  std::string time_zone{};   // IANA; empty: Asia/Shanghai.

  template <class F>
  void Fields(F& f) {
    f(display_name, region, time_zone);
  }
};

struct TerminalRow {
  MerchantNumber merchant{};
  std::string store{};
  std::string id{};
  TerminalState state = TerminalState::kActive;

  template <class F>
  void Fields(F& f) {
    f(merchant, store, id, state);
  }
};

struct PurchaseRow {
  MerchantNumber merchant{};
  TerminalNumber terminal{};
  std::uint32_t batch_number = 0;
  std::uint32_t trace_number = 0;
  MemberId member{};
  std::int64_t points = 0;
  std::int64_t refunded = 0;
  std::int64_t fee = 0;  // On what was kept, as it was adjusted.
  BasisPoints fee_rate{};
  PurchaseState state = PurchaseState::kCaptured;
  absl::Time time{};
  std::string authorization_code{};
  std::string card_last_four{};
  std::vector<ledger::LotSlice> taken{};
  absl::optional<absl::CivilDay> day{};  // It counts on, if any of the terms has a cap per day.
  std::int64_t asked = 0;                // For more points than were approved; else 0.
  std::vector<PaidLine> lines{};         // Of the basket, if the till named any.
  BasisPoints discount{};                // Of fee_rate.
  OfferNumber offer{};                   // That took something off the bill; none: none did.
  std::int64_t offer_discount = 0;       // What it took off, beyond points, or asked.
  std::vector<FeeAdjustment> fee_adjustments{};

  std::size_t HeapBytes() const {
    return taken.capacity() * sizeof(ledger::LotSlice) + HeapBytesOf(lines) +
           fee_adjustments.capacity() * sizeof(FeeAdjustment);
  }
  template <class F>
  void Fields(F& f) {
    f(merchant, terminal, batch_number, trace_number, member, points, refunded, fee, fee_rate,
      state, time, authorization_code, card_last_four, taken, day, asked, lines, discount, offer,
      offer_discount, fee_adjustments);
  }
};

using ledger::Family;
using ledger::Table;
using ledger::TypedTable;
inline constexpr TypedTable<MerchantNumber, MerchantRow> kMerchantTable{
    Table::kMerchants, Family::kState, "merchants"};
inline constexpr TypedTable<std::string, MerchantNumber> kMerchantIdTable{
    Table::kMerchantIds, Family::kState, "merchant ids"};
inline constexpr TypedTable<PlaceKey, StoreRow> kStoreTable{Table::kStores, Family::kState,
                                                            "stores"};
inline constexpr TypedTable<TerminalNumber, TerminalRow> kTerminalTable{
    Table::kTerminals, Family::kState, "terminals"};
inline constexpr TypedTable<PlaceKey, TerminalNumber> kTerminalIdTable{
    Table::kTerminalIds, Family::kState, "terminal ids"};
inline constexpr TypedTable<Sequence, PurchaseRow> kPurchaseTable{Table::kPurchases, Family::kState,
                                                                  "purchases"};
inline constexpr TypedTable<ledger::Tag, Sequence> kTombstoneTable{Table::kTombstones,
                                                                   Family::kState, "tombstones"};
// Of what, kMerchantCount and its like say.
inline constexpr TypedTable<std::uint8_t, std::uint32_t> kMerchantCountTable{
    Table::kMerchantCounts, Family::kState, "merchant counts"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ROWS_H_
