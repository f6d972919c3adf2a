// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/core/terms.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::uint32_t kCategoryMax = 9'999;
constexpr std::uint32_t kRegionMin = 110'000;
constexpr std::uint32_t kRegionMax = 999'999;
// No zone is further from UTC.
constexpr absl::Duration kZoneOffsetMax = absl::Hours(24);

template <class T>
bool SortedOnce(const std::vector<T>& list) {
  return std::adjacent_find(list.begin(), list.end(),
                            [](const T& a, const T& b) { return !(a < b); }) == list.end();
}

bool Near(absl::Time moment, absl::CivilDay day) {
  return absl::AbsDuration(moment - absl::FromCivil(day, absl::UTCTimeZone())) <= kZoneOffsetMax;
}

// Whether the two have a place in common.
bool Meet(const std::vector<std::uint32_t>& regions, std::uint32_t region) {
  return TakesIn(regions, region) ||
         std::any_of(regions.begin(), regions.end(),
                     [region](std::uint32_t other) { return TakesIn({region}, other); });
}

class Check {
 public:
  explicit Check(const Terms& terms) : terms_(terms) {}

  std::vector<Refusal> Run() && {
    CheckWindow();
    CheckCategories(terms_.categories, "categories");
    CheckRegions(terms_.regions, "regions");
    CheckMerchants();
    CheckDays();
    CheckEarmark();
    return std::move(problems_);
  }

 private:
  void Add(absl::string_view field, std::string message) {
    problems_.push_back({.reason = Reason::kInvalidField,
                         .field = std::string(field),
                         .message = std::move(message)});
  }

  void CheckCount(std::size_t count, std::size_t most, absl::string_view field) {
    if (count > most) Add(field, absl::StrCat("want at most ", most, ", got ", count));
  }

  void CheckWindow() {
    const bool has_days = terms_.last_day.has_value();
    if (terms_.first_day.has_value() && !has_days) {
      Add("last_day", "want the last day, beside the first");
    } else if (has_days && terms_.first_day.has_value() && *terms_.last_day < *terms_.first_day) {
      Add("last_day", absl::StrCat("want a day from ", absl::FormatCivilTime(*terms_.first_day),
                                   " on, got ", absl::FormatCivilTime(*terms_.last_day)));
    } else if (terms_.expiry <= terms_.start) {
      Add("expiry", "want an end after the start: no moment is left between them");
    } else if (has_days && !MomentsAreOfTheDays()) {
      Add("expiry", "want the moments at which the days begin and end");
    }
    if (has_days == terms_.time_zone.empty()) {
      Add("time_zone", has_days ? "want the zone that the days are of" : "want days of this zone");
    }
  }

  bool MomentsAreOfTheDays() const {
    return Near(terms_.expiry, *terms_.last_day + 1) &&
           (!terms_.first_day.has_value() || Near(terms_.start, *terms_.first_day));
  }

  void CheckCategories(const std::vector<std::uint32_t>& categories, absl::string_view field) {
    CheckCount(categories.size(), kCategoriesPerTermsMax, field);
    if (!categories.empty() && categories.back() > kCategoryMax) {
      Add(field, absl::StrCat("want four digits, got ", categories.back()));
    }
  }

  void CheckRegions(const std::vector<std::uint32_t>& regions, absl::string_view field) {
    CheckCount(regions.size(), kRegionsPerTermsMax, field);
    const auto wrong = std::find_if_not(regions.begin(), regions.end(), IsRegion);
    if (wrong != regions.end()) Add(field, absl::StrCat("want codes of GB/T 2260, got ", *wrong));
  }

  void CheckMerchants() {
    const auto& allowed = terms_.allowed_merchants;
    const auto& denied = terms_.denied_merchants;
    CheckCount(allowed.size(), kMerchantsPerTermsMax, "allowed_merchants");
    CheckCount(denied.size(), kMerchantsPerTermsMax, "denied_merchants");
    const auto both = std::count_if(allowed.begin(), allowed.end(), [&denied](MerchantNumber m) {
      return std::binary_search(denied.begin(), denied.end(), m);
    });
    if (both > 0) {
      Add("denied_merchants", absl::StrCat("want none that is allowed, got ", both, " of the ",
                                           allowed.size(), " allowed"));
    }
  }

  void CheckDays() {
    if (terms_.weekdays == 0 || terms_.weekdays > kEveryWeekday) {
      Add("weekdays", "want at least one day of the week");
    }
    CheckCount(terms_.holidays.size(), kHolidaysPerTermsMax, "holidays");
    const bool rule = terms_.holiday_rule != HolidayRule::kEveryDay;
    if (!rule && !terms_.holidays.empty()) Add("holidays", "want none without a rule for them");
    if (rule && terms_.holidays.empty()) Add("holidays", "want the days that the rule is about");
    if (problems_.empty() && !HasADay()) {
      Add(rule ? "holiday_rule" : "weekdays", "want a day from the first to the last to be left");
    }
  }

  // Moments that are of no civil days may be of any zone.
  bool HasADay() const {
    const absl::TimeZone utc = absl::UTCTimeZone();
    const absl::CivilDay first = terms_.first_day.value_or(absl::ToCivilDay(terms_.start, utc) - 1);
    const absl::CivilDay last = terms_.last_day.value_or(absl::ToCivilDay(terms_.expiry, utc) + 1);
    if (terms_.holiday_rule == HolidayRule::kHolidaysOnly) {
      return std::any_of(terms_.holidays.begin(), terms_.holidays.end(), [&](absl::CivilDay day) {
        return day >= first && day <= last && AllowsWeekday(terms_, day);
      });
    }
    // Of so many days in a row one weekday comes more often than there are holidays.
    const auto most = static_cast<absl::civil_diff_t>(7 * (terms_.holidays.size() + 1));
    for (absl::CivilDay day = first; day <= last && day - first < most; ++day) {
      if (AllowsWeekday(terms_, day) && AllowsHoliday(terms_, day)) return true;
    }
    return false;
  }

  void CheckEarmark() {
    const Earmark& earmark = terms_.earmark;
    const bool bound = !earmark.categories.empty() || !earmark.regions.empty();
    if (bound && earmark.share.value() == 0) {
      Add("earmark.share", "want a share for the categories and regions");
    }
    if (!bound && earmark.share.value() != 0) {
      Add("earmark.categories", "want categories or regions for the share");
    }
    CheckCategories(earmark.categories, "earmark.categories");
    if (!terms_.categories.empty() &&
        !std::includes(terms_.categories.begin(), terms_.categories.end(),
                       earmark.categories.begin(), earmark.categories.end())) {
      Add("earmark.categories", "want some of the categories that may be paid");
    }
    CheckRegions(earmark.regions, "earmark.regions");
    const bool elsewhere =
        !terms_.regions.empty() &&
        std::any_of(earmark.regions.begin(), earmark.regions.end(),
                    [this](std::uint32_t region) { return !Meet(terms_.regions, region); });
    if (elsewhere) Add("earmark.regions", "want regions within those that may be paid");
  }

  const Terms& terms_;
  std::vector<Refusal> problems_;
};

}  // namespace

bool IsRegion(std::uint32_t code) {
  const bool has_district = code % 100 != 0;
  const bool has_city = code / 100 % 100 != 0;
  return code >= kRegionMin && code <= kRegionMax && (has_city || !has_district);
}

std::vector<Refusal> CheckTerms(const Terms& terms) {
  PUHUI_CHECK(SortedOnce(terms.categories) && SortedOnce(terms.regions) &&
              SortedOnce(terms.allowed_merchants) && SortedOnce(terms.denied_merchants) &&
              SortedOnce(terms.holidays) && SortedOnce(terms.earmark.categories) &&
              SortedOnce(terms.earmark.regions));
  return Check(terms).Run();
}

}  // namespace puhui::ledger
