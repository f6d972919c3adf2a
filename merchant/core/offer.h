// SPDX-License-Identifier: Apache-2.0
// What a merchant promises, and what of a bill that takes off. Pure.
#ifndef PUHUI_MERCHANT_CORE_OFFER_H_
#define PUHUI_MERCHANT_CORE_OFFER_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/refusal.h"
#include "merchant/core/audience.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::merchant {

// Given out from 1 up, in the order of creation; 0 means none.
enum class OfferNumber : std::uint32_t {};
enum class NoticeNumber : std::uint32_t {};

// Stored; numbers are those of puhui.v1.OfferState.
enum class OfferState : std::uint8_t { kDraft = 1, kPublished = 2, kWithdrawn = 3 };
// Stored; numbers are those of the journal.
enum class OfferKind : std::uint8_t { kPercentageOff = 1, kAmountOff = 2, kItem = 3, kSeats = 4 };
constexpr bool IsDiscount(OfferKind kind) { return kind <= OfferKind::kAmountOff; }
// Stored; numbers are those of puhui.v1.FulfilmentKind.
enum class FulfilmentKind : std::uint8_t { kPickUp = 1, kDelivery = 2, kECoupon = 3 };

// Civil days in a zone, both in it, and the moments that they are.
struct DayWindow {
  absl::optional<absl::CivilDay> first_day{};  // Not set: from the beginning.
  absl::CivilDay last_day{};
  std::string time_zone{};  // IANA; its rules were asked once.
  absl::Time start{};
  absl::Time end{};  // The first moment after it.

  bool OpenAt(absl::Time now) const { return now >= start && now < end; }
  friend bool operator==(const DayWindow&, const DayWindow&) = default;
};
// From the first moment of `first_day` (without one: from ever) until the last of `last_day`.
DayWindow ResolveWindow(const absl::optional<absl::CivilDay>& first_day, absl::CivilDay last_day,
                        absl::TimeZone zone);

// What goes off a bill.
struct BillDiscount {
  BasisPoints off_rate{};           // Of a percentage.
  std::int64_t off_points = 0;      // Of an amount; of a percentage the most, 0: any.
  std::int64_t minimum_points = 0;  // That the bill comes to at least.

  friend bool operator==(const BillDiscount&, const BillDiscount&) = default;
};

struct OfferComponent {
  std::string text{};
  std::uint32_t quantity = 0;

  template <class F>
  void Fields(F& f) {
    f(text, quantity);
  }
  friend bool operator==(const OfferComponent&, const OfferComponent&) = default;
};

struct OfferPicture {
  std::array<std::uint8_t, 32> hash{};  // SHA-256 of its bytes.
  std::string media_type{};

  template <class F>
  void Fields(F& f) {
    f(hash, media_type);
  }
  friend bool operator==(const OfferPicture&, const OfferPicture&) = default;
};

struct Journey {
  absl::CivilDay day{};
  std::string from{};
  std::string to{};

  friend bool operator==(const Journey&, const Journey&) = default;
};

// What an offer says in one version. Lists of regions and of the audience are sorted.
struct OfferContent {
  std::string title{};
  std::string text{};
  OfferKind kind{};
  BillDiscount discount{};                   // Of the first two kinds.
  std::int64_t price = 0;                    // Of the others: of one.
  std::vector<OfferComponent> components{};  // Of an item that is a bundle.
  Journey journey{};                         // Of seats.
  std::uint32_t category = 0;
  std::vector<std::uint32_t> regions{};  // Codes of GB/T 2260, as those of terms.
  Audience audience{};
  DayWindow window{};
  std::uint32_t per_member_limit = 0;  // 0: any.
  std::vector<OfferPicture> pictures{};
  std::vector<FulfilmentKind> fulfilments{};  // Sorted.
  bool transferable = false;
  std::uint32_t voucher_days = 0;  // 0: until the end of the window, or of the journey's day.
  bool external_codes = false;

  std::size_t HeapBytes() const;
  friend bool operator==(const OfferContent&, const OfferContent&) = default;
};

// What goes off a bill of so many points; 0 when it does not qualify. Of a percentage the member
// pays the rest rounded down, so that the promise is kept to the last point; whatever the discount,
// one point at least is paid. Requires: `bill` > 0 (checked), and that `kind` is a discount.
std::int64_t DiscountOf(OfferKind kind, const BillDiscount& discount, std::int64_t bill);

// What contradicts itself, as kInvalidField naming a field of "offer": days in the wrong order, a
// discount that leaves nothing to pay or is fulfilled somehow, an item or seats that are not, codes
// of the merchant's that are no e-coupon.
absl::optional<ledger::Refusal> RefuseContent(const OfferContent& content);

// What is left of each line when `paid` points are left of all of them: in proportion, rounded so
// that they add up to it. A line may be left with nothing.
// Requires: the lines are not negative and add up to at least `paid` (checked).
std::vector<std::int64_t> SplitInProportion(const std::vector<std::int64_t>& lines,
                                            std::int64_t paid);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_OFFER_H_
