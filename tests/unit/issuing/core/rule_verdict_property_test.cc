// SPDX-License-Identifier: Apache-2.0
// Random packs and facts: the answer is that of an obvious model, it is the same from the inputs
// alone, and no order of grants by any issuers takes a person above a cap.
#include "issuing/core/rule_pack.h"
#include "issuing/core/rule_verdict.h"
#include "tests/support/seeded_random.h"

#include "absl/types/optional.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using absl::CivilDay;

constexpr std::array<const char*, 7> kHolidays = {"new-year",   "spring-festival", "qingming",
                                                  "labour-day", "dragon-boat",     "mid-autumn",
                                                  "sanyuesan"};
constexpr std::array<const char*, 5> kEvents = {"birthday", "marriage", "birth", "illness",
                                                "retirement"};
constexpr std::array<std::uint32_t, 4> kCategories = {5'411, 5'812, 5'814, 742};
// A province, a city and a district of it, and other ones.
constexpr std::array<std::uint32_t, 5> kRegions = {420'000, 420'100, 420'106, 610'100, 610'200};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  bool Odds(std::uint64_t of) { return random_.Below(of) == 0; }
  std::int64_t UpTo(std::int64_t max) {
    return static_cast<std::int64_t>(random_.Below(static_cast<std::uint64_t>(max))) + 1;
  }
  absl::optional<std::int64_t> PerhapsUpTo(std::int64_t max) {
    return Odds(2) ? absl::optional<std::int64_t>(UpTo(max)) : absl::nullopt;
  }
  absl::optional<std::uint32_t> PerhapsCount(std::int64_t max) {
    return Odds(2) ? absl::optional<std::uint32_t>(UpTo(max)) : absl::nullopt;
  }
  IssuerKind Kind() { return static_cast<IssuerKind>(UpTo(4)); }
  template <class List>
  typename List::value_type Of(const List& list) {
    return list[random_.Below(list.size())];
  }

  RulePack Pack() {
    RulePack pack = {.id = "dice", .version = 1, .display_name = "Dice", .basis = "None"};
    pack.effective_from = CivilDay(2026, 1, 1) + UpTo(3) - 2;
    if (Odds(3)) pack.effective_to = CivilDay(2026, 12, 31) - UpTo(3);
    if (Odds(3)) pack.issuer_kinds = {IssuerKind::kEnterprise, IssuerKind::kWellFundedEnterprise};
    pack.points_per_year_max = PerhapsUpTo(20);
    if (Odds(3)) pack.issuer_caps = {{IssuerKind::kWellFundedEnterprise, UpTo(30)}};
    pack.points_per_occasion_max = PerhapsUpTo(10);
    for (const char* name : kHolidays) {
      if (Odds(5)) continue;
      const bool minority = name == kHolidays.back();
      pack.occasions.push_back({name, minority, Odds(4) ? PerhapsUpTo(10) : absl::nullopt});
    }
    pack.occasions_per_year_max = PerhapsCount(5);
    if (Odds(3)) pack.earmark_share_min = static_cast<std::uint32_t>(UpTo(10'000));
    for (const std::uint32_t category : kCategories) {
      if (Odds(4)) pack.merchant_categories.push_back(category);
    }
    if (Odds(3)) pack.expiry_days_min = static_cast<std::uint32_t>(UpTo(20));
    if (Odds(3)) pack.expiry_days_max = static_cast<std::uint32_t>(UpTo(40) + 10);
    for (const char* name : kEvents) {
      if (Odds(2)) pack.life_events.push_back({name, UpTo(10)});
    }
    if (pack.earmark_share_min.has_value()) NameEarmark(&pack);
    return pack;
  }

  void NameEarmark(RulePack* pack) {
    for (const std::uint32_t region : kRegions) {
      if (Odds(3)) pack->earmark_regions.push_back(region);
    }
    if (!Odds(2)) return;
    pack->earmark_categories = {pack->merchant_categories.empty() ? Of(kCategories)
                                                                  : Of(pack->merchant_categories)};
  }

  // Terms and issuer that break a rule now and then, so that those of the person get their turn.
  Facts Grant(const RulePack& pack) {
    Facts facts;
    facts.points = Points::FromStored(UpTo(8));
    facts.occasion = Odds(4) ? Of(kEvents) : Of(kHolidays);
    facts.day = CivilDay(2026, 6, 1);
    if (Odds(20)) facts.day = Odds(2) ? CivilDay(2025, 12, 31) : CivilDay(2026, 12, 30);
    facts.issuer_kind = Kind();
    if (!pack.issuer_kinds.empty() && !Odds(10)) facts.issuer_kind = Of(pack.issuer_kinds);
    facts.last_day = facts.day + 20 + (Odds(8) ? UpTo(60) - 30 : 0);
    if (!pack.merchant_categories.empty() && !Odds(10)) {
      facts.categories = {Of(pack.merchant_categories)};
    }
    if (Odds(10)) facts.categories.push_back(Of(kCategories));
    facts.earmark_share =
        BasisPoints::FromStored(Odds(10) ? static_cast<std::uint32_t>(UpTo(10'000)) : 10'000);
    if (!pack.earmark_regions.empty() && !Odds(10)) {
      facts.earmark_regions = {Of(pack.earmark_regions)};
    }
    if (Odds(5)) facts.earmark_regions.push_back(Of(kRegions));
    if (!Odds(10)) facts.earmark_categories = pack.earmark_categories;
    if (Odds(5)) facts.earmark_categories.push_back(Of(kCategories));
    return facts;
  }

  std::vector<Received> Past() {
    std::map<std::string, Points> sums;
    for (std::int64_t n = UpTo(6); n > 1; --n) {
      sums[Odds(4) ? Of(kEvents) : Of(kHolidays)] = Points::FromStored(UpTo(9) - 1);
    }
    std::vector<Received> past;
    for (const auto& [occasion, points] : sums) past.push_back({occasion, points});
    return past;
  }

 private:
  SeededRandom random_;
};

// Looks at the facts, never at the inputs, and at every rule, not only up to the first broken one.
class Model {
 public:
  Model(const RulePack& pack, const Facts& facts) : pack_(pack), facts_(facts) {
    for (const OccasionRule& occasion : pack.occasions) {
      if (occasion.name == facts.occasion) holiday_ = &occasion;
    }
    for (const Received& received : facts.received) {
      const std::int64_t points = received.points.value();
      if (received.occasion == facts.occasion) same_ += points;
      if (std::ranges::count(kEvents, received.occasion)) continue;
      year_ += points;
      if (points > 0 && received.occasion != facts.occasion) ++others_;
    }
  }

  Verdict Answer() {
    Frame();
    Terms();
    if (holiday_ != nullptr) Holiday();
    for (const LifeEventRule& event : pack_.life_events) {
      if (event.name == facts_.occasion) {
        Cap(Rule::kPointsPerLifeEvent, event.points_per_year_max, same_);
      }
    }
    return broken_.empty() ? Verdict{} : broken_.begin()->second;
  }

 private:
  // In which order they are looked at: what an earmark names comes after its share.
  static int PlaceOf(Rule rule) {
    const int share = 10 * static_cast<int>(Rule::kEarmarkShare);
    if (rule == Rule::kEarmarkRegions) return share + 1;
    if (rule == Rule::kEarmarkCategories) return share + 2;
    return 10 * static_cast<int>(rule);
  }
  void Break(Rule rule, std::int64_t allowed, std::int64_t used, std::int64_t asked) {
    broken_.emplace(PlaceOf(rule), Verdict{rule, allowed, used, asked});
  }
  void Cap(Rule rule, absl::optional<std::int64_t> cap, std::int64_t used) {
    const std::int64_t asked = facts_.points.value();
    if (cap.has_value() && asked > *cap - used) Break(rule, *cap, used, asked);
  }
  void Frame() {
    const CivilDay epoch(1970, 1, 1);
    if (facts_.day < pack_.effective_from) {
      Break(Rule::kInForce, pack_.effective_from - epoch, 0, facts_.day - epoch);
    } else if (pack_.effective_to.has_value() && facts_.day > *pack_.effective_to) {
      Break(Rule::kInForce, *pack_.effective_to - epoch, 0, facts_.day - epoch);
    }
    bool known = pack_.issuer_kinds.empty();
    for (const IssuerKind kind : pack_.issuer_kinds) known |= kind == facts_.issuer_kind;
    if (!known) Break(Rule::kIssuerKind, 0, 0, static_cast<std::int64_t>(facts_.issuer_kind));
    bool listed = holiday_ != nullptr;
    for (const LifeEventRule& event : pack_.life_events) listed |= event.name == facts_.occasion;
    if (!listed) Break(Rule::kOccasion, 0, 0, 0);
  }
  static bool LiesIn(std::uint32_t region, std::uint32_t wide) {
    if (wide % 10'000 == 0) return region / 10'000 == wide / 10'000;
    if (wide % 100 == 0) return region / 100 == wide / 100;
    return region == wide;
  }
  void Earmark() {
    if (!pack_.earmark_regions.empty() && facts_.earmark_regions.empty()) {
      Break(Rule::kEarmarkRegions, 0, 0, -1);
    }
    for (const std::uint32_t region : facts_.earmark_regions) {
      bool in_one = pack_.earmark_regions.empty();
      for (const std::uint32_t wide : pack_.earmark_regions) in_one |= LiesIn(region, wide);
      if (!in_one) Break(Rule::kEarmarkRegions, 0, 0, region);
    }
    if (pack_.earmark_categories.empty()) return;
    if (facts_.earmark_categories.empty()) Break(Rule::kEarmarkCategories, 0, 0, -1);
    for (const std::uint32_t category : facts_.earmark_categories) {
      if (category == pack_.earmark_categories[0]) continue;
      Break(Rule::kEarmarkCategories, 0, 0, category);
    }
  }
  void Terms() {
    if (!pack_.merchant_categories.empty()) {
      if (facts_.categories.empty()) Break(Rule::kCategories, 0, 0, -1);
      for (const std::uint32_t category : facts_.categories) {
        if (!std::ranges::count(pack_.merchant_categories, category)) {
          Break(Rule::kCategories, 0, 0, category);
        }
      }
    }
    const std::int64_t days = facts_.last_day - facts_.day;
    const std::int64_t min = pack_.expiry_days_min.value_or(0);
    const std::int64_t max = pack_.expiry_days_max.value_or(1'000'000);
    if (pack_.expiry_days_min && days < min) Break(Rule::kExpiryMin, min, 0, days);
    if (days > max) Break(Rule::kExpiryMax, max, 0, days);
  }
  void Holiday() {
    const std::int64_t share = facts_.earmark_share.value();
    const std::int64_t share_min = pack_.earmark_share_min.value_or(0);
    if (share < share_min) Break(Rule::kEarmarkShare, share_min, 0, share);
    Earmark();
    if (pack_.occasions_per_year_max && others_ + 1 > *pack_.occasions_per_year_max) {
      Break(Rule::kOccasionsPerYear, *pack_.occasions_per_year_max, others_, 1);
    }
    Cap(Rule::kPointsPerOccasion,
        holiday_->points_max ? holiday_->points_max : pack_.points_per_occasion_max, same_);
    absl::optional<std::int64_t> year = pack_.points_per_year_max;
    for (const IssuerCap& cap : pack_.issuer_caps) {
      if (cap.issuer_kind == facts_.issuer_kind) year = cap.points_per_year_max;
    }
    Cap(Rule::kPointsPerYear, year, year_);
  }

  const RulePack& pack_;
  const Facts& facts_;
  const OccasionRule* holiday_ = nullptr;
  std::int64_t same_ = 0;
  std::int64_t year_ = 0;
  std::int64_t others_ = 0;
  std::map<int, Verdict> broken_;  // By their places.
};

constexpr std::uint64_t kSeeds = 200;

TEST(RuleVerdictPropertyTest, AgreesWithTheObviousModel) {
  std::map<Rule, int> seen;
  int sound = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Dice dice(seed);
    const RulePack pack = dice.Pack();
    if (CheckPack(pack).has_value()) continue;
    ++sound;
    for (int i = 0; i < 50; ++i) {
      Facts facts = dice.Grant(pack);
      facts.received = dice.Past();
      const Verdict verdict = Evaluate(pack, InputsOf(pack, facts));
      ASSERT_EQ(verdict, Model(pack, facts).Answer()) << "seed " << seed << " grant " << i;
      ++seen[verdict.rule];
    }
  }
  EXPECT_GT(sound, 50);
  EXPECT_EQ(seen.size(), 14U) << "every rule had its turn";
}

// Facts that are as the inputs say and of which nothing else is known.
Facts OnlyWhatWasUsed(const Inputs& inputs) {
  Facts facts;
  facts.points = inputs.points;
  facts.occasion = inputs.occasion;
  facts.day = inputs.day;
  facts.issuer_kind = inputs.issuer_kind;
  facts.last_day = inputs.day + inputs.expiry_days;
  facts.categories = inputs.categories;
  facts.earmark_share = inputs.earmark_share;
  facts.earmark_regions = inputs.earmark_regions;
  facts.earmark_categories = inputs.earmark_categories;
  return facts;
}

TEST(RuleVerdictPropertyTest, TheInputsAloneGiveTheSameAnswer) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Dice dice(seed);
    const RulePack pack = dice.Pack();
    if (CheckPack(pack).has_value()) continue;
    for (int i = 0; i < 20; ++i) {
      Facts facts = dice.Grant(pack);
      facts.received = dice.Past();
      const Inputs inputs = InputsOf(pack, facts);
      // What the pack did not ask for has no part in the answer.
      Inputs again = InputsOf(pack, OnlyWhatWasUsed(inputs));
      again.other_occasions_received = inputs.other_occasions_received;
      again.received_for_occasion = inputs.received_for_occasion;
      again.received_this_year = inputs.received_this_year;
      ASSERT_EQ(again, inputs) << "seed " << seed;
      ASSERT_EQ(Evaluate(pack, again), Model(pack, facts).Answer()) << "seed " << seed;
    }
  }
}

// A year of grants to one person by issuers of every kind, each granted when the pack says so.
TEST(RuleVerdictPropertyTest, NoIssuersTogetherTakeAPersonAboveACap) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Dice dice(seed);
    const RulePack pack = dice.Pack();
    if (CheckPack(pack).has_value()) continue;
    std::map<std::string, std::int64_t> sums;
    for (int i = 0; i < 60; ++i) {
      Facts facts = dice.Grant(pack);
      for (const auto& [occasion, points] : sums) {
        facts.received.push_back({occasion, Points::FromStored(points)});
      }
      if (!Evaluate(pack, InputsOf(pack, facts)).ok()) continue;
      sums[facts.occasion] += facts.points.value();
    }
    std::int64_t year = 0;
    std::size_t holidays = 0;
    std::int64_t cap = pack.points_per_year_max.value_or(Points::kMax);
    for (const IssuerCap& own : pack.issuer_caps) cap = std::max(cap, own.points_per_year_max);
    for (const auto& [occasion, points] : sums) {
      if (const LifeEventRule* event = pack.FindLifeEvent(occasion)) {
        EXPECT_LE(points, event->points_per_year_max) << "seed " << seed;
        continue;
      }
      const auto own = pack.OccasionCap(*pack.FindOccasion(occasion));
      EXPECT_LE(points, own.value_or(Points::kMax)) << "seed " << seed;
      year += points;
      ++holidays;
    }
    EXPECT_LE(year, cap) << "seed " << seed;
    EXPECT_LE(holidays, pack.occasions_per_year_max.value_or(99)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace puhui::issuing
