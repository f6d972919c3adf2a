// SPDX-License-Identifier: Apache-2.0
// The rows of offers and notices, and the tables they stand in. Readers use these with
// typed_reads.h.
#ifndef PUHUI_MERCHANT_APP_OFFER_ROWS_H_
#define PUHUI_MERCHANT_APP_OFFER_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/storage/tables.h"
#include "merchant/core/offer.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

struct OfferRow {
  MerchantNumber merchant{};
  OfferState state = OfferState::kDraft;
  std::uint32_t version = 0;  // From 1; one more with each change.
  absl::Time create_time{};
  absl::Time change_time{};
  OfferContent content{};
  bool was_published = false;  // At some time, if not now.

  std::size_t HeapBytes() const { return content.HeapBytes(); }
  // Field by field, so that more can follow.
  template <class F>
  void Fields(F& f) {
    OfferContent& c = content;
    f(merchant, state, version, create_time, change_time, c.title, c.text, c.kind,
      c.discount.off_rate, c.discount.off_points, c.discount.minimum_points, c.price, c.components,
      c.journey.day, c.journey.from, c.journey.to, c.category, c.regions, c.audience.unions,
      c.audience.employments, c.audience.departments, c.audience.joined_from, c.audience.joined_to,
      c.audience.campaigns, c.window.first_day, c.window.last_day, c.window.time_zone,
      c.window.start, c.window.end, c.per_member_limit, c.pictures, c.fulfilments, c.transferable,
      c.voucher_days, c.external_codes, was_published);
  }
};

struct OfferVersionKey {
  MerchantNumber merchant{};
  OfferNumber offer{};
  std::uint32_t version = 0;

  template <class F>
  void Fields(F& f) {
    f(merchant, offer, version);
  }
};

// How many there are of an item or seats. A row of its own: it changes with every order.
struct OfferStockRow {
  std::int64_t available = 0;  // That can be ordered.
  std::int64_t sold = 0;       // That were ordered and not returned.

  template <class F>
  void Fields(F& f) {
    f(available, sold);
  }
};

struct OfferUseKey {
  OfferNumber offer{};
  MemberId member{};

  template <class F>
  void Fields(F& f) {
    f(offer, member);
  }
  friend bool operator==(const OfferUseKey&, const OfferUseKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const OfferUseKey& key) {
    return H::combine(std::move(hash), key.offer, key.member);
  }
};

struct NoticeRow {
  UnionNumber union_number{};  // Whose members are told; none: the operator tells everybody.
  std::string title{};
  std::string text{};
  absl::Time publish_time{};
  Audience audience{};
  DayWindow window{};
  absl::optional<absl::Time> withdraw_time{};

  std::size_t HeapBytes() const {
    return title.capacity() + text.capacity() + audience.HeapBytes();
  }
  template <class F>
  void Fields(F& f) {
    f(union_number, title, text, publish_time, audience.unions, audience.employments,
      audience.departments, audience.joined_from, audience.joined_to, audience.campaigns,
      window.first_day, window.last_day, window.time_zone, window.start, window.end, withdraw_time);
  }
};

inline constexpr ledger::TypedTable<OfferNumber, OfferRow> kOfferTable{
    ledger::Table::kOffers, ledger::Family::kState, "offers"};
inline constexpr ledger::TypedTable<OfferVersionKey, Sequence> kOfferVersionTable{
    ledger::Table::kOfferVersions, ledger::Family::kIndex, "offer versions"};
inline constexpr ledger::TypedTable<OfferNumber, OfferStockRow> kOfferStockTable{
    ledger::Table::kOfferStocks, ledger::Family::kState, "offer stocks"};
// How often a member used an offer that takes something off the bill, or how many the member
// ordered of one; what was given back in full, or returned, does not count. Without a row none.
inline constexpr ledger::TypedTable<OfferUseKey, std::uint32_t> kOfferUseTable{
    ledger::Table::kOfferUses, ledger::Family::kState, "offer uses"};
inline constexpr ledger::TypedTable<NoticeNumber, NoticeRow> kNoticeTable{
    ledger::Table::kNotices, ledger::Family::kIndex, "notices"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFER_ROWS_H_
