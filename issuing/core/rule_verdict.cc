// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/rule_verdict.h"

#include "ledger/base/check.h"
#include "ledger/core/terms.h"

#include "absl/types/optional.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace puhui::issuing {
namespace {

Points SumUpToMax(Points a, Points b) {
  return Points::FromStored(std::min(a.value() + b.value(), Points::kMax));
}

std::int64_t DayNumber(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }

bool Ascends(const std::vector<Received>& received) {
  return std::ranges::adjacent_find(received, std::ranges::greater_equal{}, &Received::occasion) ==
         received.end();
}

void AddReceived(const Facts& facts, const RulePack& pack, bool holiday, Inputs* inputs) {
  const bool ask_year = holiday && pack.YearCap(facts.issuer_kind).has_value();
  const bool ask_others = holiday && pack.occasions_per_year_max.has_value();
  const bool ask_occasion =
      !holiday || pack.OccasionCap(*pack.FindOccasion(facts.occasion)).has_value();
  for (const Received& received : facts.received) {
    if (received.points.zero()) continue;
    const bool same = received.occasion == facts.occasion;
    if (same && ask_occasion) inputs->received_for_occasion = received.points;
    if (IsLifeEvent(received.occasion)) continue;
    if (ask_others && !same) ++inputs->other_occasions_received;
    if (ask_year) {
      inputs->received_this_year = SumUpToMax(inputs->received_this_year, received.points);
    }
  }
}

using Broken = absl::optional<Verdict>;

// A cap that what was received and what is asked for together must not be above.
Broken BreaksCap(Rule rule, absl::optional<std::int64_t> allowed, Points used, Points asked) {
  // Neither is above 10^15, so that the sum of the two never overflows.
  if (!allowed.has_value() || used.value() + asked.value() <= *allowed) return absl::nullopt;
  return Verdict{rule, *allowed, used.value(), asked.value()};
}

// The first code of the terms that `allows` does not take; -1: they name none, which stands for
// all.
template <class Allows>
Broken BreaksList(Rule rule, const std::vector<std::uint32_t>& named, Allows allows) {
  if (named.empty()) return Verdict{rule, 0, 0, -1};
  const auto wrong = std::ranges::find_if_not(named, allows);
  if (wrong == named.end()) return absl::nullopt;
  return Verdict{rule, 0, 0, *wrong};
}

Broken BreaksCategories(Rule rule, const std::vector<std::uint32_t>& allowed,
                        const std::vector<std::uint32_t>& named) {
  if (allowed.empty()) return absl::nullopt;
  return BreaksList(rule, named, [&allowed](std::uint32_t category) {
    return std::ranges::find(allowed, category) != allowed.end();
  });
}

Broken BreaksExpiry(const RulePack& pack, const Inputs& inputs) {
  const std::int64_t days = inputs.expiry_days;
  if (pack.expiry_days_min.has_value() && days < *pack.expiry_days_min) {
    return Verdict{Rule::kExpiryMin, *pack.expiry_days_min, 0, days};
  }
  if (pack.expiry_days_max.has_value() && days > *pack.expiry_days_max) {
    return Verdict{Rule::kExpiryMax, *pack.expiry_days_max, 0, days};
  }
  return absl::nullopt;
}

// A share alone says nothing of where it has to be spent.
Broken BreaksEarmark(const RulePack& pack, const Inputs& inputs) {
  if (inputs.earmark_share.value() < pack.earmark_share_min.value_or(0)) {
    return Verdict{Rule::kEarmarkShare, *pack.earmark_share_min, 0, inputs.earmark_share.value()};
  }
  if (!pack.earmark_regions.empty()) {
    Broken broken = BreaksList(
        Rule::kEarmarkRegions, inputs.earmark_regions,
        [&pack](std::uint32_t region) { return ledger::TakesIn(pack.earmark_regions, region); });
    if (broken.has_value()) return broken;
  }
  return BreaksCategories(Rule::kEarmarkCategories, pack.earmark_categories,
                          inputs.earmark_categories);
}

Broken BreaksHoliday(const RulePack& pack, const OccasionRule& occasion, const Inputs& inputs) {
  if (Broken broken = BreaksEarmark(pack, inputs)) return broken;
  if (pack.occasions_per_year_max.has_value() &&
      inputs.other_occasions_received >= *pack.occasions_per_year_max) {
    return Verdict{Rule::kOccasionsPerYear, *pack.occasions_per_year_max,
                   inputs.other_occasions_received, 1};
  }
  if (Broken broken = BreaksCap(Rule::kPointsPerOccasion, pack.OccasionCap(occasion),
                                inputs.received_for_occasion, inputs.points)) {
    return broken;
  }
  return BreaksCap(Rule::kPointsPerYear, pack.YearCap(inputs.issuer_kind),
                   inputs.received_this_year, inputs.points);
}

Broken BreaksFrame(const RulePack& pack, const Inputs& inputs) {
  if (!pack.InForce(inputs.day)) {
    const bool early = inputs.day < pack.effective_from;
    return Verdict{Rule::kInForce, DayNumber(early ? pack.effective_from : *pack.effective_to), 0,
                   DayNumber(inputs.day)};
  }
  if (!pack.issuer_kinds.empty() && !std::ranges::count(pack.issuer_kinds, inputs.issuer_kind)) {
    return Verdict{Rule::kIssuerKind, 0, 0, static_cast<std::int64_t>(inputs.issuer_kind)};
  }
  return absl::nullopt;
}

}  // namespace

absl::string_view RuleText(Rule rule) {
  switch (rule) {
    case Rule::kNone:
      return "NONE";
    case Rule::kInForce:
      return "IN_FORCE";
    case Rule::kIssuerKind:
      return "ISSUER_KIND";
    case Rule::kOccasion:
      return "OCCASION";
    case Rule::kCategories:
      return "CATEGORIES";
    case Rule::kExpiryMin:
      return "EXPIRY_MIN";
    case Rule::kExpiryMax:
      return "EXPIRY_MAX";
    case Rule::kEarmarkShare:
      return "EARMARK_SHARE";
    case Rule::kEarmarkRegions:
      return "EARMARK_REGIONS";
    case Rule::kEarmarkCategories:
      return "EARMARK_CATEGORIES";
    case Rule::kOccasionsPerYear:
      return "OCCASIONS_PER_YEAR";
    case Rule::kPointsPerOccasion:
      return "POINTS_PER_OCCASION";
    case Rule::kPointsPerYear:
      return "POINTS_PER_YEAR";
    case Rule::kPointsPerLifeEvent:
      return "POINTS_PER_LIFE_EVENT";
  }
  std::abort();  // A new enumerator fails to compile above.
}

Inputs InputsOf(const RulePack& pack, const Facts& facts) {
  PUHUI_CHECK(!facts.points.zero());
  PUHUI_CHECK(Ascends(facts.received));
  Inputs inputs{.points = facts.points, .occasion = facts.occasion, .day = facts.day};
  if (!pack.issuer_kinds.empty() || !pack.issuer_caps.empty()) {
    inputs.issuer_kind = facts.issuer_kind;
  }
  const bool holiday = pack.FindOccasion(facts.occasion) != nullptr;
  if (!holiday && pack.FindLifeEvent(facts.occasion) == nullptr) return inputs;
  if (!pack.merchant_categories.empty()) inputs.categories = facts.categories;
  if (pack.expiry_days_min.has_value() || pack.expiry_days_max.has_value()) {
    inputs.expiry_days = facts.last_day - facts.day;
  }
  if (holiday && pack.earmark_share_min.has_value()) inputs.earmark_share = facts.earmark_share;
  if (holiday && !pack.earmark_regions.empty()) inputs.earmark_regions = facts.earmark_regions;
  if (holiday && !pack.earmark_categories.empty()) {
    inputs.earmark_categories = facts.earmark_categories;
  }
  AddReceived(facts, pack, holiday, &inputs);
  return inputs;
}

Verdict Evaluate(const RulePack& pack, const Inputs& inputs) {
  if (const Broken broken = BreaksFrame(pack, inputs)) return *broken;
  const OccasionRule* holiday = pack.FindOccasion(inputs.occasion);
  const LifeEventRule* event = pack.FindLifeEvent(inputs.occasion);
  if (holiday == nullptr && event == nullptr) return Verdict{.rule = Rule::kOccasion};
  if (const Broken broken =
          BreaksCategories(Rule::kCategories, pack.merchant_categories, inputs.categories)) {
    return *broken;
  }
  if (const Broken broken = BreaksExpiry(pack, inputs)) return *broken;
  const Broken broken = holiday != nullptr
                            ? BreaksHoliday(pack, *holiday, inputs)
                            : BreaksCap(Rule::kPointsPerLifeEvent, event->points_per_year_max,
                                        inputs.received_for_occasion, inputs.points);
  return broken.value_or(Verdict{});
}

}  // namespace puhui::issuing
