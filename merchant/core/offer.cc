// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/offer.h"

#include "ledger/base/check.h"

#include "absl/numeric/int128.h"

#include <algorithm>
#include <numeric>

namespace puhui::merchant {
namespace {

constexpr std::uint32_t kWhole = 10'000;  // Basis points.

// floor(value * part / whole). Requires: 0 <= part <= whole, so that it fits.
std::int64_t PartOf(std::int64_t value, std::int64_t part, std::int64_t whole) {
  return static_cast<std::int64_t>(absl::int128(value) * part / whole);
}

}  // namespace

DayWindow ResolveWindow(const absl::optional<absl::CivilDay>& first_day, absl::CivilDay last_day,
                        absl::TimeZone zone) {
  return {.first_day = first_day,
          .last_day = last_day,
          .time_zone = zone.name(),
          // As with terms: the days follow each other without a gap, whatever the clocks do.
          .start = first_day.has_value() ? absl::FromCivil(*first_day, zone) : absl::UnixEpoch(),
          .end = absl::FromCivil(last_day + 1, zone)};
}

std::size_t OfferContent::HeapBytes() const {
  std::size_t bytes = title.capacity() + text.capacity() + journey.from.capacity() +
                      journey.to.capacity() + window.time_zone.capacity() +
                      regions.capacity() * sizeof(std::uint32_t) + audience.HeapBytes() +
                      fulfilments.capacity() * sizeof(FulfilmentKind);
  for (const OfferComponent& component : components) {
    bytes += sizeof component + component.text.capacity();
  }
  for (const OfferPicture& picture : pictures) bytes += sizeof picture;
  return bytes;
}

std::int64_t DiscountOf(OfferKind kind, const BillDiscount& discount, std::int64_t bill) {
  PUHUI_CHECK(bill > 0 && IsDiscount(kind));
  if (bill < discount.minimum_points) return 0;
  std::int64_t off = discount.off_points;
  if (kind == OfferKind::kPercentageOff) {
    const std::int64_t exact = bill - PartOf(bill, kWhole - discount.off_rate.value(), kWhole);
    off = off == 0 ? exact : std::min(exact, off);
  }
  return std::min(off, bill - 1);
}

absl::optional<ledger::Refusal> RefuseContent(const OfferContent& content) {
  const auto wrong = [](const char* field, const char* message) {
    return ledger::Refusal{
        .reason = ledger::Reason::kInvalidField, .field = field, .message = message};
  };
  const DayWindow& window = content.window;
  if (window.first_day.has_value() && window.last_day < *window.first_day) {
    return wrong("offer.last_day", "want a day not before first_day");
  }
  const bool is_amount = content.kind == OfferKind::kAmountOff;
  if (is_amount && content.discount.minimum_points <= content.discount.off_points) {
    return wrong("offer.amount_off.minimum_points", "want more than goes off");
  }
  if (IsDiscount(content.kind)) {
    if (!content.fulfilments.empty()) {
      return wrong("offer.fulfilments", "want none: a discount is not ordered");
    }
    if (content.transferable || content.voucher_days != 0) {
      return wrong(content.transferable ? "offer.transferable" : "offer.voucher_days",
                   "want none: a discount has no voucher");
    }
  } else if (content.fulfilments.empty()) {
    return wrong("offer.fulfilments", "want one at least: it is ordered");
  }
  const auto fulfils = [&content](FulfilmentKind kind) {
    return std::count(content.fulfilments.begin(), content.fulfilments.end(), kind) > 0;
  };
  if (content.kind == OfferKind::kSeats && fulfils(FulfilmentKind::kDelivery)) {
    return wrong("offer.fulfilments", "want no delivery of seats");
  }
  if (content.external_codes &&
      (content.fulfilments.size() != 1 || !fulfils(FulfilmentKind::kECoupon))) {
    return wrong("offer.external_codes", "want them of an e-coupon alone");
  }
  return absl::nullopt;
}

std::vector<std::int64_t> SplitInProportion(const std::vector<std::int64_t>& lines,
                                            std::int64_t paid) {
  const std::int64_t whole = std::accumulate(lines.begin(), lines.end(), std::int64_t{0});
  PUHUI_CHECK(paid >= 0 && paid <= whole);
  std::vector<std::int64_t> left;
  left.reserve(lines.size());
  // Of the sum up to each line the part is rounded down, and a line has what its sum has more than
  // the one before: no line has more than it had, and the last sum is all that is paid.
  std::int64_t sum = 0;
  std::int64_t before = 0;
  for (const std::int64_t line : lines) {
    PUHUI_CHECK(line >= 0);
    sum += line;
    const std::int64_t upto = whole == 0 ? 0 : PartOf(sum, paid, whole);
    left.push_back(upto - before);
    before = upto;
  }
  return left;
}

}  // namespace puhui::merchant
