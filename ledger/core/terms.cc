// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/terms.h"

#include "ledger/core/wallet.h"

#include <algorithm>
#include <cstdlib>

namespace puhui::ledger {
namespace {

template <class T>
void SortOnce(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

template <class T>
bool Has(const std::vector<T>& sorted, const T& value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

template <class T>
std::size_t BytesOf(const std::vector<T>& list) {
  return list.capacity() * sizeof(T);
}

absl::optional<WhyNot> BrokenByPlace(const Terms& terms, bool earmarked, const Line& line) {
  if (Has(terms.denied_merchants, line.merchant)) return WhyNot::kMerchantDenied;
  if (!terms.allowed_merchants.empty() && !Has(terms.allowed_merchants, line.merchant)) {
    return WhyNot::kMerchantNotAllowed;
  }
  if (!terms.categories.empty() && !Has(terms.categories, line.category)) return WhyNot::kCategory;
  if (!terms.regions.empty() && !TakesIn(terms.regions, line.region)) return WhyNot::kRegion;
  if (!earmarked) return absl::nullopt;
  const Earmark& earmark = terms.earmark;
  if (!earmark.categories.empty() && !Has(earmark.categories, line.category)) {
    return WhyNot::kEarmarkCategory;
  }
  if (!earmark.regions.empty() && !TakesIn(earmark.regions, line.region)) {
    return WhyNot::kEarmarkRegion;
  }
  return absl::nullopt;
}

}  // namespace

std::size_t Terms::HeapBytes() const {
  return BytesOf(categories) + time_zone.capacity() + BytesOf(regions) +
         BytesOf(allowed_merchants) + BytesOf(denied_merchants) + BytesOf(holidays) +
         BytesOf(earmark.categories) + BytesOf(earmark.regions);
}

void SortLists(Terms* terms) {
  SortOnce(terms->categories);
  SortOnce(terms->regions);
  SortOnce(terms->allowed_merchants);
  SortOnce(terms->denied_merchants);
  SortOnce(terms->holidays);
  SortOnce(terms->earmark.categories);
  SortOnce(terms->earmark.regions);
}

void ResolveDays(const CivilDays& days, absl::TimeZone zone, Terms* terms) {
  terms->first_day = days.first_day;
  terms->last_day = days.last_day;
  terms->time_zone = zone.name();
  // Of a midnight that there is twice FromCivil gives the first, of one that is skipped the moment
  // of the change; so the days follow each other without a gap.
  terms->start =
      days.first_day.has_value() ? absl::FromCivil(*days.first_day, zone) : absl::UnixEpoch();
  terms->expiry = absl::FromCivil(days.last_day + 1, zone);
}

bool AllowsWeekday(const Terms& terms, absl::CivilDay day) {
  // What a weekday costs is saved where all are allowed.
  return terms.weekdays == kEveryWeekday || (terms.weekdays & BitOf(absl::GetWeekday(day))) != 0;
}

bool AllowsHoliday(const Terms& terms, absl::CivilDay day) {
  switch (terms.holiday_rule) {
    case HolidayRule::kEveryDay:
      return true;
    case HolidayRule::kHolidaysOnly:
      return Has(terms.holidays, day);
    case HolidayRule::kWorkdaysOnly:
      return !Has(terms.holidays, day);
  }
  std::abort();
}

// Two digits each for province, city and district.
bool TakesIn(const std::vector<std::uint32_t>& regions, std::uint32_t region) {
  return region != 0 && (Has(regions, region) || Has(regions, region - region % 100) ||
                         Has(regions, region - region % 10'000));
}

Verdict Judge(const Terms& terms, const Lot& lot, const Line& line) {
  if (line.now < terms.start) return {.why_not = WhyNot::kNotStarted};
  if (line.now >= lot.expiry) return {.why_not = WhyNot::kExpired};
  if (const auto broken = BrokenByPlace(terms, IsEarmarked(lot.number), line)) {
    return {.why_not = broken};
  }
  if (!AllowsWeekday(terms, line.day)) return {.why_not = WhyNot::kWeekday};
  if (!AllowsHoliday(terms, line.day)) return {.why_not = WhyNot::kHoliday};
  std::int64_t points = lot.available();
  if (!terms.day_cap.zero()) {
    const std::int64_t left = terms.day_cap.value() - line.spent_today;
    if (left <= 0) return {.why_not = WhyNot::kDayCap};
    points = std::min(points, left);
  }
  if (points == 0) return {.why_not = WhyNot::kNothingLeft};
  return {.points = points};
}

absl::string_view WhyNotName(WhyNot reason) {
  switch (reason) {
    case WhyNot::kNotStarted:
      return "NOT_STARTED";
    case WhyNot::kExpired:
      return "EXPIRED";
    case WhyNot::kMerchantDenied:
      return "MERCHANT_DENIED";
    case WhyNot::kMerchantNotAllowed:
      return "MERCHANT_NOT_ALLOWED";
    case WhyNot::kCategory:
      return "CATEGORY";
    case WhyNot::kRegion:
      return "REGION";
    case WhyNot::kEarmarkCategory:
      return "EARMARK_CATEGORY";
    case WhyNot::kEarmarkRegion:
      return "EARMARK_REGION";
    case WhyNot::kWeekday:
      return "WEEKDAY";
    case WhyNot::kHoliday:
      return "HOLIDAY";
    case WhyNot::kDayCap:
      return "DAY_CAP";
    case WhyNot::kNothingLeft:
      return "NOTHING_LEFT";
  }
  std::abort();
}

EarmarkSplit SplitRoundedUp(Points grant, BasisPoints share) {
  // 10^15 * 10^4 is above int64, so whole ten-thousands and the rest are multiplied apart.
  const std::int64_t whole = grant.value() / 10'000;
  const std::int64_t rest = grant.value() % 10'000;
  const Points earmarked =
      Points::FromStored(whole * share.value() + (rest * share.value() + 9'999) / 10'000);
  return {.earmarked = earmarked, .free = Subtract(grant, earmarked)};
}

}  // namespace puhui::ledger
