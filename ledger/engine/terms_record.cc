// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/terms_record.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/record_day.h"

#include "absl/strings/str_cat.h"

#include <cstdint>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

absl::Status OutOfRange(absl::string_view what, std::int64_t number) {
  return absl::DataLossError(absl::StrCat("terms with ", what, " ", number));
}

absl::Status ReadEarmark(const jv1::Earmark& stored, Earmark* earmark) {
  if (!BasisPoints::FromRequest(stored.basis_points(), "earmark").ok()) {
    return OutOfRange("an earmark of", stored.basis_points());
  }
  earmark->share = BasisPoints::FromStored(stored.basis_points());
  earmark->categories = {stored.categories().begin(), stored.categories().end()};
  earmark->regions = {stored.regions().begin(), stored.regions().end()};
  return absl::OkStatus();
}

absl::Status ReadDays(const jv1::Terms& stored, Terms* terms) {
  if (stored.weekdays() > kEveryWeekday) return OutOfRange("weekdays", stored.weekdays());
  // 0 is what records have that do not know weekdays.
  if (stored.weekdays() != 0) terms->weekdays = static_cast<Weekdays>(stored.weekdays());
  if (stored.holiday_rule() > static_cast<std::uint32_t>(HolidayRule::kWorkdaysOnly)) {
    return OutOfRange("holiday rule", stored.holiday_rule());
  }
  terms->holiday_rule = static_cast<HolidayRule>(stored.holiday_rule());
  for (const std::int32_t day : stored.holidays()) terms->holidays.push_back(DayFromRecord(day));
  if (stored.has_first_day()) terms->first_day = DayFromRecord(stored.first_day());
  if (stored.has_last_day()) terms->last_day = DayFromRecord(stored.last_day());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Terms> TermsFrom(const jv1::Terms& stored, UnionNumber origin) {
  Terms terms{.origin = origin,
              .expiry = absl::FromUnixMicros(stored.expiry_micros()),
              .categories = {stored.categories().begin(), stored.categories().end()},
              .expire_to_union = stored.expire_to_union(),
              .start = absl::FromUnixMicros(stored.start_micros()),
              .time_zone = stored.time_zone(),
              .regions = {stored.regions().begin(), stored.regions().end()}};
  for (const std::uint32_t merchant : stored.allowed_merchants()) {
    terms.allowed_merchants.push_back(MerchantNumber{merchant});
  }
  for (const std::uint32_t merchant : stored.denied_merchants()) {
    terms.denied_merchants.push_back(MerchantNumber{merchant});
  }
  PUHUI_RETURN_IF_ERROR(ReadDays(stored, &terms));
  if (stored.day_cap() < 0 || stored.day_cap() > Points::kMax) {
    return OutOfRange("a cap of", stored.day_cap());
  }
  terms.day_cap = Points::FromStored(stored.day_cap());
  PUHUI_RETURN_IF_ERROR(ReadEarmark(stored.earmark(), &terms.earmark));
  return terms;
}

void StoreTerms(const Terms& terms, jv1::Terms& stored) {
  stored.set_expiry_micros(absl::ToUnixMicros(terms.expiry));
  stored.mutable_categories()->Add(terms.categories.begin(), terms.categories.end());
  stored.set_expire_to_union(terms.expire_to_union);
  stored.set_start_micros(absl::ToUnixMicros(terms.start));
  if (terms.first_day.has_value()) stored.set_first_day(DayForRecord(*terms.first_day));
  if (terms.last_day.has_value()) stored.set_last_day(DayForRecord(*terms.last_day));
  stored.set_time_zone(terms.time_zone);
  stored.mutable_regions()->Add(terms.regions.begin(), terms.regions.end());
  for (const MerchantNumber merchant : terms.allowed_merchants) {
    stored.add_allowed_merchants(static_cast<std::uint32_t>(merchant));
  }
  for (const MerchantNumber merchant : terms.denied_merchants) {
    stored.add_denied_merchants(static_cast<std::uint32_t>(merchant));
  }
  if (terms.weekdays != kEveryWeekday) stored.set_weekdays(terms.weekdays);
  for (const absl::CivilDay day : terms.holidays) stored.add_holidays(DayForRecord(day));
  stored.set_holiday_rule(static_cast<std::uint32_t>(terms.holiday_rule));
  stored.set_day_cap(terms.day_cap.value());
  if (terms.earmark.share.value() == 0) return;
  jv1::Earmark& earmark = *stored.mutable_earmark();
  earmark.set_basis_points(terms.earmark.share.value());
  earmark.mutable_categories()->Add(terms.earmark.categories.begin(),
                                    terms.earmark.categories.end());
  earmark.mutable_regions()->Add(terms.earmark.regions.begin(), terms.earmark.regions.end());
}

}  // namespace puhui::ledger
