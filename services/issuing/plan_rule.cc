// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/plan_rule.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::services {
namespace {

absl::StatusOr<absl::optional<absl::CivilDay>> ReadDayIfGiven(const std::string& text,
                                                              const std::string& field) {
  if (text.empty()) return absl::optional<absl::CivilDay>();
  absl::CivilDay day;
  // Nothing but the one form: what is read loosely is read wrongly sooner or later.
  if (text.size() != 10 || !absl::ParseCivilTime(text, &day)) {
    return InvalidField(field, "want a day such as 2027-01-31");
  }
  return absl::make_optional(day);
}

absl::StatusOr<std::vector<std::string>> ReadTexts(
    const google::protobuf::RepeatedPtrField<std::string>& texts, const std::string& field) {
  if (static_cast<std::size_t>(texts.size()) > kPlanTierTextsMax) {
    return InvalidField(field,
                        absl::StrCat("want at most ", kPlanTierTextsMax, ", got ", texts.size()));
  }
  std::vector<std::string> read(texts.begin(), texts.end());
  std::sort(read.begin(), read.end());
  if (!read.empty() && read.front().empty())
    return InvalidField(field, "want texts, got an empty one");
  return read;
}

bool IsAmong(const std::vector<std::string>& sorted, const std::string& text) {
  return sorted.empty() || std::binary_search(sorted.begin(), sorted.end(), text);
}

}  // namespace

absl::StatusOr<PlanRule> PlanRule::Read(const v1::PlanRule& rule, absl::TimeZone zone) {
  const auto tiers = static_cast<std::size_t>(rule.tiers_size());
  if (tiers == 0 || tiers > kPlanTiersMax) {
    return InvalidField("rule.tiers", absl::StrCat("want 1 to ", kPlanTiersMax, ", got ", tiers));
  }
  PlanRule read;
  read.subtree_ = rule.subtree();
  read.zone_ = zone;
  for (int i = 0; i < rule.tiers_size(); ++i) {
    PUHUI_ASSIGN_OR_RETURN(Tier tier,
                           ReadTier(rule.tiers(i), absl::StrCat("rule.tiers[", i, "].")));
    if (!tier.employments.empty() || !tier.departments.empty()) {
      read.asks_for_personal_data_ = true;
    }
    read.tiers_.push_back(std::move(tier));
  }
  return read;
}

absl::StatusOr<PlanRule::Tier> PlanRule::ReadTier(const v1::PlanTier& tier,
                                                  const std::string& field) {
  Tier read;
  PUHUI_ASSIGN_OR_RETURN(read.points,
                         Points::FromRequest(tier.points(), absl::StrCat(field, "points")));
  PUHUI_ASSIGN_OR_RETURN(read.employments,
                         ReadTexts(tier.employments(), absl::StrCat(field, "employments")));
  PUHUI_ASSIGN_OR_RETURN(read.departments,
                         ReadTexts(tier.departments(), absl::StrCat(field, "departments")));
  PUHUI_ASSIGN_OR_RETURN(read.joined_from,
                         ReadDayIfGiven(tier.joined_from(), absl::StrCat(field, "joined_from")));
  PUHUI_ASSIGN_OR_RETURN(read.joined_to,
                         ReadDayIfGiven(tier.joined_to(), absl::StrCat(field, "joined_to")));
  if (read.joined_from.has_value() && read.joined_to.has_value() &&
      *read.joined_to < *read.joined_from) {
    return InvalidField(absl::StrCat(field, "joined_to"), "want a day not before joined_from");
  }
  return read;
}

absl::optional<Points> PlanRule::PointsFor(absl::Time enrolled,
                                           const issuing::PersonalData* data) const {
  const absl::CivilDay day = absl::ToCivilDay(enrolled, zone_);
  for (const Tier& tier : tiers_) {
    if (Fits(tier, day, data)) return tier.points;
  }
  return absl::nullopt;
}

bool PlanRule::Fits(const Tier& tier, absl::CivilDay enrolled, const issuing::PersonalData* data) {
  if (tier.joined_from.has_value() && enrolled < *tier.joined_from) return false;
  if (tier.joined_to.has_value() && enrolled > *tier.joined_to) return false;
  if (tier.employments.empty() && tier.departments.empty()) return true;
  return data != nullptr && IsAmong(tier.employments, data->employment) &&
         IsAmong(tier.departments, data->department);
}

}  // namespace puhui::services
