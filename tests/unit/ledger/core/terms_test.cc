// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/terms.h"

#include "ledger/core/wallet.h"
#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace puhui::ledger::terms_test {
namespace {

constexpr std::uint32_t kGrocer = 5411;
constexpr std::uint32_t kShaanxi = 610'000;
constexpr std::uint32_t kXian = 610'100;
constexpr std::uint32_t kXianYanta = 610'113;
constexpr std::uint32_t kBeijing = 110'000;
constexpr MerchantNumber kMerchant{7};
const absl::CivilDay kDay(2026, 10, 1);  // A Thursday.
const absl::Time kNow = absl::FromCivil(kDay, absl::UTCTimeZone());

// Terms that ask everything there is to ask, a lot of theirs and a line that it may pay for.
struct Case {
  Terms terms{
      .expiry = kNow + absl::Hours(1),
      .categories = {kGrocer},
      .start = kNow,
      .regions = {kShaanxi},
      .allowed_merchants = {kMerchant},
      .denied_merchants = {MerchantNumber{8}},
      .weekdays = BitOf(absl::Weekday::thursday),
      .holidays = {kDay},
      .holiday_rule = HolidayRule::kHolidaysOnly,
      .day_cap = Points::FromStored(100),
      .earmark = {
          .share = BasisPoints::FromStored(3'000), .categories = {kGrocer}, .regions = {kXian}}};
  Lot lot{.number = Earmarked(LotNumber{1}),
          .granted = 60,
          .remaining = 50,
          .held = 10,
          .expiry = kNow + absl::Hours(1)};
  Line line{.now = kNow,
            .day = kDay,
            .merchant = kMerchant,
            .category = kGrocer,
            .region = kXianYanta,
            .spent_today = 30};

  Verdict Ask() const { return Judge(terms, lot, line); }
};

struct Row {
  WhyNot reason;
  const char* name;
  std::function<void(Case&)> broken;
};

// In the order in which they are asked, one broken rule each.
std::vector<Row> Rows() {
  return {
      {WhyNot::kNotStarted, "NOT_STARTED", [](Case& c) { c.line.now -= absl::Microseconds(1); }},
      {WhyNot::kExpired, "EXPIRED", [](Case& c) { c.lot.expiry = kNow; }},
      {WhyNot::kMerchantDenied, "MERCHANT_DENIED",
       [](Case& c) { c.terms.denied_merchants = {kMerchant}; }},
      {WhyNot::kMerchantNotAllowed, "MERCHANT_NOT_ALLOWED",
       [](Case& c) { c.terms.allowed_merchants = {MerchantNumber{9}}; }},
      {WhyNot::kCategory, "CATEGORY", [](Case& c) { c.terms.categories = {5812}; }},
      {WhyNot::kRegion, "REGION", [](Case& c) { c.terms.regions = {kBeijing}; }},
      {WhyNot::kEarmarkCategory, "EARMARK_CATEGORY",
       [](Case& c) { c.terms.earmark.categories = {5812}; }},
      {WhyNot::kEarmarkRegion, "EARMARK_REGION",
       [](Case& c) { c.terms.earmark.regions = {kBeijing}; }},
      {WhyNot::kWeekday, "WEEKDAY",
       [](Case& c) { c.terms.weekdays = BitOf(absl::Weekday::friday); }},
      {WhyNot::kHoliday, "HOLIDAY", [](Case& c) { c.terms.holidays = {kDay + 1}; }},
      {WhyNot::kDayCap, "DAY_CAP", [](Case& c) { c.line.spent_today = 100; }},
      {WhyNot::kNothingLeft, "NOTHING_LEFT", [](Case& c) { c.lot.held = c.lot.remaining; }},
  };
}

TEST(JudgeTest, PaysWhatIsAvailableWhenNoRuleIsBroken) {
  const Verdict verdict = Case().Ask();
  EXPECT_EQ(verdict.why_not, absl::nullopt);
  EXPECT_EQ(verdict.points, 40);
}

TEST(JudgeTest, EachBrokenRuleHasItsReason) {
  std::uint8_t number = 0;
  for (const Row& row : Rows()) {
    Case broken;
    row.broken(broken);
    EXPECT_EQ(broken.Ask().why_not, row.reason) << row.name;
    EXPECT_EQ(broken.Ask().points, 0) << row.name;
    EXPECT_EQ(WhyNotName(row.reason), row.name);
    EXPECT_EQ(static_cast<std::uint8_t>(row.reason), ++number);
  }
}

TEST(JudgeTest, OfTwoBrokenRulesTheEarlierIsTheReason) {
  const std::vector<Row> rows = Rows();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      Case broken;
      rows[j].broken(broken);
      rows[i].broken(broken);
      EXPECT_EQ(broken.Ask().why_not, rows[i].reason) << rows[i].name << ", " << rows[j].name;
    }
  }
}

TEST(JudgeTest, TermsThatAskNothingAllowEverything) {
  Case open;
  open.terms = {.expiry = open.terms.expiry};
  open.line = {.now = kNow};
  EXPECT_EQ(open.Ask().points, 40);
}

TEST(JudgeTest, TheEarmarkBindsItsOwnLotAlone) {
  Case bound;
  bound.terms.earmark.regions = {kBeijing};
  EXPECT_EQ(bound.Ask().why_not, WhyNot::kEarmarkRegion);
  bound.lot.number = LotNumber{GrantOf(bound.lot.number)};
  EXPECT_EQ(bound.Ask().points, 40);
}

TEST(JudgeTest, ALotThatCameBackLastsLongerThanItsTerms) {
  Case back;
  back.lot.expiry += absl::Hours(24);
  back.line.now = back.terms.expiry;
  EXPECT_EQ(back.Ask().points, 40);
}

TEST(JudgeTest, TheDayCapBoundsWhatIsLeftOfIt) {
  Case capped;
  capped.line.spent_today = 61;
  EXPECT_EQ(capped.Ask().points, 39);
  capped.line.spent_today = 101;  // The cap was higher once.
  EXPECT_EQ(capped.Ask().why_not, WhyNot::kDayCap);
}

TEST(JudgeTest, ARegionTakesInWhatLiesInIt) {
  const std::vector<std::uint32_t> province = {kShaanxi};
  EXPECT_TRUE(TakesIn(province, kShaanxi));
  EXPECT_TRUE(TakesIn(province, kXian));
  EXPECT_TRUE(TakesIn(province, kXianYanta));
  EXPECT_FALSE(TakesIn(province, 620'102));
  EXPECT_FALSE(TakesIn({kXian}, kShaanxi));
  EXPECT_FALSE(TakesIn({kXian}, 610'302));
  EXPECT_TRUE(TakesIn({kXianYanta}, kXianYanta));
  EXPECT_FALSE(TakesIn({kXianYanta}, 610'114));
  EXPECT_FALSE(TakesIn({}, kXian));
  EXPECT_FALSE(TakesIn(province, 0));
}

template <class T>
std::vector<T> Some(SeededRandom& random, std::uint64_t values) {
  std::vector<T> some(random.Below(4));
  for (T& value : some) value = static_cast<T>(1 + random.Below(values));
  return some;
}

std::uint32_t Province(std::uint64_t n) { return static_cast<std::uint32_t>(10 + n) * 10'000; }

// Of few values, so that they often meet.
Terms AnyTerms(SeededRandom& random) {
  Terms terms{.expiry = kNow + absl::Hours(1),
              .categories = Some<std::uint32_t>(random, 4),
              .start = kNow + absl::Hours(static_cast<std::int64_t>(random.Below(8)) - 6),
              .regions = Some<std::uint32_t>(random, 4),
              .allowed_merchants = Some<MerchantNumber>(random, 4),
              .denied_merchants = Some<MerchantNumber>(random, 8),
              .weekdays = static_cast<Weekdays>(random.Below(0x80)),
              .holiday_rule = static_cast<HolidayRule>(random.Below(3)),
              .day_cap = Points::FromStored(static_cast<std::int64_t>(random.Below(3) * 30)),
              .earmark = {.categories = Some<std::uint32_t>(random, 4),
                          .regions = Some<std::uint32_t>(random, 4)}};
  for (std::uint32_t& region : terms.regions) region = Province(region);
  for (std::uint32_t& region : terms.earmark.regions) region = Province(region) + 100;
  for (const auto ahead : Some<std::int64_t>(random, 7)) terms.holidays.push_back(kDay + ahead);
  SortLists(&terms);
  return terms;
}

Line AnyLine(SeededRandom& random) {
  return {.now = kNow,
          .day = kDay + static_cast<std::int64_t>(random.Below(8)),
          .merchant = static_cast<MerchantNumber>(1 + random.Below(4)),
          .category = static_cast<std::uint32_t>(1 + random.Below(4)),
          .region = random.Below(8) == 0 ? 0
                                         : Province(1 + random.Below(4)) +
                                               static_cast<std::uint32_t>(random.Below(2) * 101),
          .spent_today = static_cast<std::int64_t>(random.Below(80))};
}

template <class T>
bool IsIn(const std::vector<T>& list, T value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// The same rules in the plainest words.
std::vector<bool> Broken(const Terms& terms, const Lot& lot, const Line& line) {
  const auto place_is_in = [&line](const std::vector<std::uint32_t>& regions) {
    return std::any_of(regions.begin(), regions.end(), [&line](std::uint32_t region) {
      std::string prefix = std::to_string(region);
      while (prefix.size() > 2 && prefix.substr(prefix.size() - 2) == "00") {
        prefix.resize(prefix.size() - 2);
      }
      return std::to_string(line.region).rfind(prefix, 0) == 0;
    });
  };
  const bool bound = IsEarmarked(lot.number);
  const auto weekday = static_cast<unsigned>(absl::GetWeekday(line.day));
  const bool holiday = IsIn(terms.holidays, line.day);
  const bool capped = terms.day_cap.value() != 0;
  return {
      line.now < terms.start,
      line.now >= lot.expiry,
      IsIn(terms.denied_merchants, line.merchant),
      !terms.allowed_merchants.empty() && !IsIn(terms.allowed_merchants, line.merchant),
      !terms.categories.empty() && !IsIn(terms.categories, line.category),
      !terms.regions.empty() && !place_is_in(terms.regions),
      bound && !terms.earmark.categories.empty() && !IsIn(terms.earmark.categories, line.category),
      bound && !terms.earmark.regions.empty() && !place_is_in(terms.earmark.regions),
      ((terms.weekdays >> weekday) & 1) == 0,
      (terms.holiday_rule == HolidayRule::kHolidaysOnly && !holiday) ||
          (terms.holiday_rule == HolidayRule::kWorkdaysOnly && holiday),
      capped && line.spent_today >= terms.day_cap.value(),
      lot.available() == 0};
}

TEST(JudgeTest, AgreesWithThePlainestWordsOfTheRules) {
  SeededRandom random(21);
  std::set<std::size_t> seen;
  for (int round = 0; round < 10'000; ++round) {
    const Terms terms = AnyTerms(random);
    const Lot lot{.number = LotNumber{random.Below(2) == 0 ? 1 : 1 | kEarmarkedBit},
                  .remaining = 40,
                  .held = static_cast<std::int64_t>(random.Below(3) * 20),
                  .expiry = kNow + absl::Hours(static_cast<std::int64_t>(random.Below(6)))};
    const Line line = AnyLine(random);
    const std::vector<bool> broken = Broken(terms, lot, line);
    const auto first =
        static_cast<std::size_t>(std::find(broken.begin(), broken.end(), true) - broken.begin());
    const Verdict verdict = Judge(terms, lot, line);
    seen.insert(first);
    if (first < broken.size()) {
      ASSERT_EQ(verdict.why_not, static_cast<WhyNot>(first + 1)) << round;
      ASSERT_EQ(verdict.points, 0);
    } else {
      ASSERT_EQ(verdict.why_not, absl::nullopt) << round;
      ASSERT_GT(verdict.points, 0);
      ASSERT_LE(verdict.points, lot.available());
      if (!terms.day_cap.zero()) {
        ASSERT_LE(verdict.points + line.spent_today, terms.day_cap.value());
      }
    }
  }
  EXPECT_EQ(seen.size(), 13U);
}

TEST(EarmarkTest, ALotNumberKeepsWhatBindsIt) {
  const LotNumber free{300};
  EXPECT_FALSE(IsEarmarked(free));
  EXPECT_TRUE(IsEarmarked(Earmarked(free)));
  EXPECT_EQ(GrantOf(free), 300U);
  EXPECT_EQ(GrantOf(Earmarked(free)), 300U);
}

TEST(EarmarkTest, TheShareIsRoundedUp) {
  const auto split = [](std::int64_t grant, std::uint32_t share) {
    return SplitRoundedUp(Points::FromStored(grant), BasisPoints::FromStored(share));
  };
  EXPECT_EQ(split(10, 3'000).earmarked.value(), 3);
  EXPECT_EQ(split(11, 3'000).earmarked.value(), 4);
  EXPECT_EQ(split(1, 1).earmarked.value(), 1);
  EXPECT_EQ(split(1, 1).free.value(), 0);
  EXPECT_EQ(split(10, 0).earmarked.value(), 0);
  EXPECT_EQ(split(10, 10'000).free.value(), 0);
  EXPECT_EQ(split(Points::kMax, 9'999).earmarked.value(), Points::kMax / 10'000 * 9'999);
}

TEST(EarmarkTest, ThePartsAreTheGrantAndTheShareIsTheLeastThatIsEnough) {
  SeededRandom random(22);
  for (int round = 0; round < 50'000; ++round) {
    const auto most = static_cast<std::uint64_t>(Points::kMax) >> random.Below(50);
    const Points grant = Points::FromStored(static_cast<std::int64_t>(random.Below(most + 1)));
    const auto share = static_cast<std::uint32_t>(random.Below(10'001));
    const EarmarkSplit split = SplitRoundedUp(grant, BasisPoints::FromStored(share));
    ASSERT_EQ(split.earmarked.value() + split.free.value(), grant.value());
    // At least the share, and one point less would be below it.
    __extension__ using Wide = __int128;
    const Wide wanted = Wide{grant.value()} * share;
    ASSERT_GE(Wide{split.earmarked.value()} * 10'000, wanted);
    ASSERT_LT((Wide{split.earmarked.value()} - 1) * 10'000, wanted);
  }
}

TEST(EarmarkTest, AboveAHundredPercentThereIsNoShare) {
  EXPECT_TRUE(BasisPoints::FromRequest(10'000, "earmark.share").ok());
  EXPECT_FALSE(BasisPoints::FromRequest(10'001, "earmark.share").ok());
  EXPECT_FALSE(BasisPoints::FromRequest(-1, "earmark.share").ok());
}

}  // namespace
}  // namespace puhui::ledger::terms_test
