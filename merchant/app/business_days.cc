// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/business_days.h"

#include "ledger/base/check.h"
#include "ledger/engine/record_day.h"
#include "merchant/app/statement_line.h"
#include "merchant/app/statement_records.h"

#include <utility>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;

constexpr int kMerchantBits = 32;

// The day that begins at `now`, after what the row has.
BusinessDay NextDay(const OpenDayRow* row, const MerchantRow& merchant, absl::TimeZone otherwise,
                    absl::Time now) {
  const absl::TimeZone zone = ZoneOf(merchant, otherwise);
  if (row == nullptr) return BusinessDayAt(now, zone, absl::nullopt);
  BusinessDay day = BusinessDayAt(now, zone, row->day);
  // Lines of before there were business days belong to the first one.
  if (!row->day.has_value() && row->lines.first != 0) day.start = merchant.create_time;
  return day;
}

template <class GivesBack>
void DescribeOriginal(const PurchaseRow& purchase, absl::Time start, GivesBack& back) {
  back.set_of_earlier_day(purchase.time < start);
  if (purchase.discount.value() == 0) return;  // Then all that goes back is fee.
  back.set_fee_basis_points(purchase.fee_rate.value());
  back.set_discount_basis_points(purchase.discount.value());
}

}  // namespace

absl::TimeZone ZoneOf(const MerchantRow& merchant, absl::TimeZone otherwise) {
  absl::TimeZone zone;  // Kept by the library once it was read.
  const bool known = !merchant.time_zone.empty() && absl::LoadTimeZone(merchant.time_zone, &zone);
  return known ? zone : otherwise;
}

void AssignBusinessDay(Tables& tables, MerchantNumber merchant, absl::TimeZone otherwise,
                       absl::Time now, jv1::Entry& entry) {
  if (!IsLine(entry)) return;
  const OpenDayRow* row = tables.open_days.Find(merchant);
  absl::Time start;
  if (row != nullptr && row->day.has_value() && !row->day->OverAt(now)) {
    start = row->day->start;
  } else {
    const MerchantRow* known = tables.merchants.Find(merchant);
    PUHUI_CHECK(known != nullptr);
    const BusinessDay day = NextDay(row, *known, otherwise, now);
    StoreDay(day, merchant, *entry.mutable_opened_day());
    start = day.start;
  }
  if (!entry.has_refund() && !entry.has_reversal()) return;
  const PurchaseRow* purchase = tables.purchases.Find(
      entry.has_refund() ? entry.refund().purchase() : entry.reversal().purchase());
  PUHUI_CHECK(purchase != nullptr);
  if (entry.has_refund()) {
    DescribeOriginal(*purchase, start, *entry.mutable_refund());
  } else {
    DescribeOriginal(*purchase, start, *entry.mutable_reversal());
  }
}

BusinessDay DayOfLines(const OpenDayRow& row, const MerchantRow& merchant,
                       absl::TimeZone otherwise) {
  if (row.day.has_value()) return *row.day;
  BusinessDay day = BusinessDayAt(row.lines.last_time, ZoneOf(merchant, otherwise), absl::nullopt);
  day.start = merchant.create_time;
  return day;
}

ledger::TimerKey CutTimer(MerchantNumber merchant, const BusinessDay& day) {
  const auto days = static_cast<std::uint32_t>(ledger::DayForRecord(day.day));
  return {day.end, ledger::kTimerBusinessDay,
          (std::uint64_t{days} << kMerchantBits) | static_cast<std::uint32_t>(merchant)};
}

ledger::TimerKey UndatedTimer(MerchantNumber merchant) {
  return {absl::UnixEpoch(), ledger::kTimerBusinessDay, static_cast<std::uint32_t>(merchant)};
}

CutReference ReadReference(const ledger::TimerKey& timer) {
  return {
      .merchant = MerchantNumber{static_cast<std::uint32_t>(timer.reference)},
      .day = ledger::DayFromRecord(static_cast<std::int32_t>(timer.reference >> kMerchantBits))};
}

}  // namespace puhui::merchant
