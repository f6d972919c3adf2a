// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"
#include "tests/support/seeded_random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace puhui::ledger::terms_check_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Day = absl::CivilDay;

const Day kFirst(2026, 10, 1);  // A Thursday.
const Day kLast(2026, 10, 7);

// Terms that ask everything there is to ask.
Terms Sound() {
  Terms terms{.categories = {5411, 5812},
              .regions = {110'101, 610'000},
              .allowed_merchants = {MerchantNumber{7}},
              .denied_merchants = {MerchantNumber{8}},
              .weekdays = BitOf(absl::Weekday::thursday) | BitOf(absl::Weekday::friday),
              .holidays = {kFirst, kFirst + 1},
              .holiday_rule = HolidayRule::kHolidaysOnly,
              .day_cap = Points::FromStored(100),
              .earmark = {.share = BasisPoints::FromStored(3'000),
                          .categories = {5411},
                          .regions = {110'000, 610'113}}};
  ResolveDays({.first_day = kFirst, .last_day = kLast}, absl::FixedTimeZone(8 * 3'600), &terms);
  return terms;
}

std::vector<std::string> FieldsAtFault(const Terms& terms) {
  std::vector<std::string> fields;
  for (const Refusal& problem : CheckTerms(terms)) {
    EXPECT_EQ(problem.reason, Reason::kInvalidField);
    EXPECT_FALSE(problem.message.empty());
    fields.push_back(problem.field);
  }
  return fields;
}

template <class T>
std::vector<T> UpTo(std::size_t count, std::uint32_t first) {
  std::vector<T> list;
  for (std::size_t i = 0; i < count; ++i) {
    list.push_back(static_cast<T>(first + static_cast<std::uint32_t>(i)));
  }
  return list;
}

std::vector<Day> Days(Day first, std::size_t count) {
  std::vector<Day> days(count);
  std::iota(days.begin(), days.end(), first);
  return days;
}

struct Row {
  const char* field;
  std::function<void(Terms&)> broken;
};

// In the order in which they are named.
std::vector<Row> Rows() {
  return {
      {"last_day", [](Terms& t) { t.last_day.reset(), t.time_zone.clear(); }},
      {"last_day", [](Terms& t) { t.last_day = kFirst - 1; }},
      {"expiry", [](Terms& t) { t.expiry = t.start; }},
      {"expiry", [](Terms& t) { t.expiry += absl::Hours(41); }},
      {"expiry", [](Terms& t) { t.start -= absl::Hours(41); }},
      {"time_zone", [](Terms& t) { t.time_zone.clear(); }},
      {"time_zone", [](Terms& t) { t.first_day.reset(), t.last_day.reset(); }},
      {"categories", [](Terms& t) { t.categories.push_back(10'000); }},
      {"categories",
       [](Terms& t) { t.categories = UpTo<std::uint32_t>(kCategoriesPerTermsMax + 1, 5411); }},
      {"regions", [](Terms& t) { t.regions.push_back(1'100'000); }},
      {"regions", [](Terms& t) { t.regions.insert(t.regions.begin(), 61); }},
      {"regions", [](Terms& t) { t.regions.push_back(620'001); }},
      {"regions",
       [](Terms& t) {
         t.regions = UpTo<std::uint32_t>(kRegionsPerTermsMax, 110'101);
         t.regions.push_back(610'000);
       }},
      {"allowed_merchants",
       [](Terms& t) { t.allowed_merchants = UpTo<MerchantNumber>(kMerchantsPerTermsMax + 1, 9); }},
      {"denied_merchants",
       [](Terms& t) { t.denied_merchants = UpTo<MerchantNumber>(kMerchantsPerTermsMax + 1, 9); }},
      {"denied_merchants", [](Terms& t) { t.denied_merchants = t.allowed_merchants; }},
      {"weekdays", [](Terms& t) { t.weekdays = 0; }},
      {"weekdays", [](Terms& t) { t.weekdays = 0x80; }},
      {"holidays", [](Terms& t) { t.holidays = Days(kFirst, kHolidaysPerTermsMax + 1); }},
      {"holidays", [](Terms& t) { t.holiday_rule = HolidayRule::kEveryDay; }},
      {"holidays", [](Terms& t) { t.holidays.clear(); }},
      {"holiday_rule",
       [](Terms& t) {
         t.holidays = {kFirst - 1, kLast + 1};
       }},
      {"holiday_rule", [](Terms& t) { t.holiday_rule = HolidayRule::kWorkdaysOnly; }},
      {"weekdays",
       [](Terms& t) {
         t.holidays.clear();
         t.holiday_rule = HolidayRule::kEveryDay;
         ResolveDays({.first_day = kFirst + 2, .last_day = kLast}, absl::FixedTimeZone(0), &t);
       }},
      {"earmark.share", [](Terms& t) { t.earmark.share = {}; }},
      {"earmark.categories",
       [](Terms& t) { t.earmark.categories.clear(), t.earmark.regions.clear(); }},
      {"earmark.categories", [](Terms& t) { t.earmark.categories.push_back(5499); }},
      {"earmark.regions", [](Terms& t) { t.earmark.regions.push_back(620'000); }},
      {"earmark.regions", [](Terms& t) { t.earmark.regions = {110'102}; }},
  };
}

TEST(CheckTermsTest, SoundTermsHaveNoProblem) {
  EXPECT_THAT(FieldsAtFault(Sound()), IsEmpty());
  EXPECT_THAT(FieldsAtFault({.expiry = absl::FromUnixSeconds(1)}), IsEmpty());
}

TEST(CheckTermsTest, EachContradictionIsNamedByItsField) {
  int number = 0;
  for (const Row& row : Rows()) {
    Terms broken = Sound();
    row.broken(broken);
    EXPECT_THAT(FieldsAtFault(broken), ElementsAre(row.field)) << "row " << number;
    ++number;
  }
}

TEST(CheckTermsTest, ContradictionsAreNamedTogetherAndInOrder) {
  Terms broken = Sound();
  broken.expiry = broken.start;
  broken.time_zone.clear();
  broken.categories.push_back(10'000);
  broken.regions.push_back(1'100'000);
  broken.denied_merchants = broken.allowed_merchants;
  broken.weekdays = 0;
  broken.holidays.clear();
  broken.earmark.share = {};
  EXPECT_THAT(FieldsAtFault(broken),
              ElementsAre("expiry", "time_zone", "categories", "regions", "denied_merchants",
                          "weekdays", "holidays", "earmark.share"));
}

TEST(CheckTermsTest, EverybodyAllowedAndDeniedIsNobody) {
  Terms broken = Sound();
  broken.allowed_merchants = UpTo<MerchantNumber>(3, 1);
  broken.denied_merchants = UpTo<MerchantNumber>(3, 1);
  const std::vector<Refusal> problems = CheckTerms(broken);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].message, "want none that is allowed, got 3 of the 3 allowed");
}

TEST(CheckTermsTest, AWorkdayIsFoundBehindAsManyHolidaysAsThereCanBe) {
  Terms terms = Sound();
  terms.holidays = Days(kFirst, kHolidaysPerTermsMax);
  terms.holiday_rule = HolidayRule::kWorkdaysOnly;
  const Day last = kFirst + static_cast<absl::civil_diff_t>(kHolidaysPerTermsMax);
  ResolveDays({.first_day = kFirst, .last_day = last - 1}, absl::UTCTimeZone(), &terms);
  EXPECT_THAT(FieldsAtFault(terms), ElementsAre("holiday_rule"));
  terms.weekdays = kEveryWeekday;
  ResolveDays({.first_day = kFirst, .last_day = last}, absl::UTCTimeZone(), &terms);
  EXPECT_THAT(FieldsAtFault(terms), IsEmpty());
}

TEST(CheckTermsDeathTest, ListsThatAreNotSortedAbort) {
  EXPECT_DEATH(CheckTerms({.categories = {2, 1}}), "SortedOnce");
  EXPECT_DEATH(CheckTerms({.categories = {1, 1}}), "SortedOnce");
}

TEST(SortListsTest, SortsEveryListAndDropsWhatIsThereTwice) {
  Terms terms{.categories = {2, 1, 2},
              .regions = {2, 1, 2},
              .allowed_merchants = {MerchantNumber{2}, MerchantNumber{1}, MerchantNumber{2}},
              .denied_merchants = {MerchantNumber{2}, MerchantNumber{1}, MerchantNumber{2}},
              .holidays = {kLast, kFirst, kLast},
              .earmark = {.categories = {2, 1, 2}, .regions = {2, 1, 2}}};
  SortLists(&terms);
  EXPECT_THAT(terms.categories, ElementsAre(1, 2));
  EXPECT_THAT(terms.regions, ElementsAre(1, 2));
  EXPECT_THAT(terms.allowed_merchants, ElementsAre(MerchantNumber{1}, MerchantNumber{2}));
  EXPECT_THAT(terms.denied_merchants, ElementsAre(MerchantNumber{1}, MerchantNumber{2}));
  EXPECT_THAT(terms.holidays, ElementsAre(kFirst, kLast));
  EXPECT_THAT(terms.earmark.categories, ElementsAre(1, 2));
  EXPECT_THAT(terms.earmark.regions, ElementsAre(1, 2));
}

template <class T>
std::vector<T> Some(SeededRandom& random, const std::vector<T>& of) {
  std::vector<T> some(random.Below(4));
  for (T& value : some) value = of[random.Below(of.size())];
  return some;
}

const std::vector<std::uint32_t>& Categories() {
  static const auto* const categories = new std::vector<std::uint32_t>{5411, 5812, 5942};
  return *categories;
}
const std::vector<std::uint32_t>& Regions() {
  static const auto* const regions =
      new std::vector<std::uint32_t>{110'000, 110'100, 110'101, 610'000, 610'113};
  return *regions;
}

Terms AnyTerms(SeededRandom& random) {
  const auto merchants = UpTo<MerchantNumber>(4, 1);
  Terms terms{.categories = Some(random, Categories()),
              .regions = Some(random, Regions()),
              .allowed_merchants = Some(random, merchants),
              .denied_merchants = Some(random, merchants),
              .weekdays = static_cast<Weekdays>(random.Below(0x80)),
              .holidays = Some(random, Days(kFirst, 14)),
              .holiday_rule = static_cast<HolidayRule>(random.Below(3)),
              .earmark = {.share = BasisPoints::FromStored(
                              static_cast<std::uint32_t>(random.Below(2) * random.Below(10'001)))}};
  if (!terms.earmark.share.value() || random.Below(8) == 0) {
    ResolveDays({.last_day = kFirst + 5}, absl::UTCTimeZone(), &terms);
  } else {
    const Day first = kFirst + static_cast<absl::civil_diff_t>(random.Below(6));
    ResolveDays({.first_day = first, .last_day = kFirst + 5}, absl::UTCTimeZone(), &terms);
  }
  if (terms.earmark.share.value() != 0) {
    terms.earmark.categories = Some(random, Categories());
    terms.earmark.regions = Some(random, Regions());
  }
  SortLists(&terms);
  return terms;
}

// Some day, somebody can be paid something with an earmarked lot, and so with the other.
bool SomethingCanBeBought(const Terms& terms) {
  const Lot lot{.number = Earmarked(LotNumber{1}), .remaining = 1, .expiry = terms.expiry};
  const Day last = *terms.last_day;
  for (Day day = terms.first_day.value_or(last - 30); day <= last; ++day) {
    for (std::uint32_t merchant = 1; merchant <= 5; ++merchant) {
      for (const std::uint32_t category : Categories()) {
        for (const std::uint32_t region : Regions()) {
          const Line line{.now = absl::FromCivil(day, absl::UTCTimeZone()),
                          .day = day,
                          .merchant = MerchantNumber{merchant},
                          .category = category,
                          .region = region};
          if (Judge(terms, lot, line).points > 0) return true;
        }
      }
    }
  }
  return false;
}

TEST(CheckTermsTest, WithTermsThatPassSomethingCanBeBought) {
  SeededRandom random(23);
  int passed = 0;
  for (int round = 0; round < 2'000; ++round) {
    const Terms terms = AnyTerms(random);
    if (!CheckTerms(terms).empty()) continue;
    ++passed;
    ASSERT_TRUE(SomethingCanBeBought(terms)) << round;
  }
  EXPECT_GT(passed, 100);
}

TEST(CheckTermsTest, WhereNothingCanBeBoughtSomethingIsNamed) {
  SeededRandom random(24);
  int refused = 0;
  for (int round = 0; round < 400; ++round) {
    const Terms terms = AnyTerms(random);
    if (SomethingCanBeBought(terms)) continue;
    ++refused;
    ASSERT_FALSE(CheckTerms(terms).empty()) << round;
  }
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace puhui::ledger::terms_check_test
