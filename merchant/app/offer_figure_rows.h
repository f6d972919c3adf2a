// SPDX-License-Identifier: Apache-2.0
// What became of offers: the rows, and the tables they stand in.
#ifndef PUHUI_MERCHANT_APP_OFFER_FIGURE_ROWS_H_
#define PUHUI_MERCHANT_APP_OFFER_FIGURE_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/storage/tables.h"

#include <cstdint>
#include <utility>

namespace puhui::merchant {

// What figures are of. Stored.
enum class OfferFigureKind : std::uint8_t { kOffer = 1, kMerchant = 2, kAll = 3 };

// Of the union and all below it, as the tree was then. The number is the offer's or the merchant's;
// of all it is 0.
struct OfferFigureKey {
  UnionNumber of{};
  OfferFigureKind kind{};
  std::uint32_t number = 0;

  template <class F>
  void Fields(F& f) {
    f(of, kind, number);
  }
  friend bool operator==(const OfferFigureKey&, const OfferFigureKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const OfferFigureKey& key) {
    return H::combine(std::move(hash), key.of, key.kind, key.number);
  }
};

struct OfferFigures {
  std::int64_t views = 0;
  std::int64_t orders = 0;
  std::int64_t cancelled = 0;
  std::int64_t ordered_points = 0;
  std::int64_t returned_points = 0;  // Of orders.
  std::int64_t redemptions = 0;
  std::int64_t uses = 0;  // On bills at tills.
  std::int64_t used_points = 0;
  std::int64_t participants = 0;

  template <class F>
  void Fields(F& f) {
    f(views, orders, cancelled, ordered_points, returned_points, redemptions, uses, used_points,
      participants);
  }
  friend bool operator==(const OfferFigures&, const OfferFigures&) = default;
};

// A member who took part, at least once.
struct OfferParticipantKey {
  OfferFigureKind kind{};
  std::uint32_t number = 0;
  MemberId member{};

  template <class F>
  void Fields(F& f) {
    f(kind, number, member);
  }
  friend bool operator==(const OfferParticipantKey&, const OfferParticipantKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const OfferParticipantKey& key) {
    return H::combine(std::move(hash), key.kind, key.number, key.member);
  }
};

inline constexpr ledger::TypedTable<OfferFigureKey, OfferFigures> kOfferFigureTable{
    ledger::Table::kOfferFigures, ledger::Family::kIndex, "offer figures"};
inline constexpr ledger::TypedTable<OfferParticipantKey, bool> kOfferParticipantTable{
    ledger::Table::kOfferParticipants, ledger::Family::kState, "offer participants"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFER_FIGURE_ROWS_H_
