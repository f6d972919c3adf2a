// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/rule_records.h"

#include "issuing/app/records.h"

#include <string>

namespace puhui::issuing {

namespace jv1 = journal::v1;

std::int32_t NumberOfDay(absl::CivilDay day) {
  return static_cast<std::int32_t>(day - absl::CivilDay(1970, 1, 1));
}

absl::CivilDay DayOfNumber(std::int32_t number) { return absl::CivilDay(1970, 1, 1) + number; }

void StorePack(const RulePack& pack, jv1::PackRules& stored) {
  stored.set_display_name(pack.display_name);
  stored.set_basis(pack.basis);
  stored.set_effective_from(NumberOfDay(pack.effective_from));
  if (pack.effective_to.has_value()) stored.set_effective_to(NumberOfDay(*pack.effective_to));
  for (const IssuerKind kind : pack.issuer_kinds) stored.add_issuer_kinds(NumberOf(kind));
  if (pack.points_per_year_max.has_value()) {
    stored.set_points_per_year_max(*pack.points_per_year_max);
  }
  for (const IssuerCap& cap : pack.issuer_caps) {
    jv1::PackIssuerCap& to = *stored.add_issuer_caps();
    to.set_issuer_kind(NumberOf(cap.issuer_kind));
    to.set_points_per_year_max(cap.points_per_year_max);
  }
  if (pack.points_per_occasion_max.has_value()) {
    stored.set_points_per_occasion_max(*pack.points_per_occasion_max);
  }
  for (const OccasionRule& occasion : pack.occasions) {
    jv1::PackOccasion& to = *stored.add_occasions();
    to.set_name(occasion.name);
    to.set_minority_festival(occasion.minority_festival);
    if (occasion.points_max.has_value()) to.set_points_max(*occasion.points_max);
  }
  if (pack.occasions_per_year_max.has_value()) {
    stored.set_occasions_per_year_max(*pack.occasions_per_year_max);
  }
  if (pack.earmark_share_min.has_value()) {
    stored.set_earmark_share_min_basis_points(*pack.earmark_share_min);
  }
  for (const std::uint32_t category : pack.merchant_categories) {
    stored.add_merchant_categories(category);
  }
  if (pack.expiry_days_min.has_value()) stored.set_expiry_days_min(*pack.expiry_days_min);
  if (pack.expiry_days_max.has_value()) stored.set_expiry_days_max(*pack.expiry_days_max);
  for (const LifeEventRule& event : pack.life_events) {
    jv1::PackLifeEvent& to = *stored.add_life_events();
    to.set_name(event.name);
    to.set_points_per_year_max(event.points_per_year_max);
  }
  stored.mutable_earmark_regions()->Assign(pack.earmark_regions.begin(),
                                           pack.earmark_regions.end());
  stored.mutable_earmark_categories()->Assign(pack.earmark_categories.begin(),
                                              pack.earmark_categories.end());
}

RulePack PackFrom(const jv1::RulePackLoaded& loaded) {
  const jv1::PackRules& stored = loaded.rules();
  RulePack pack{.id = loaded.id(),
                .version = loaded.version(),
                .display_name = stored.display_name(),
                .basis = stored.basis(),
                .effective_from = DayOfNumber(stored.effective_from())};
  if (stored.has_effective_to()) pack.effective_to = DayOfNumber(stored.effective_to());
  for (const std::uint32_t kind : stored.issuer_kinds()) {
    pack.issuer_kinds.push_back(static_cast<IssuerKind>(kind));
  }
  if (stored.has_points_per_year_max()) pack.points_per_year_max = stored.points_per_year_max();
  for (const jv1::PackIssuerCap& cap : stored.issuer_caps()) {
    pack.issuer_caps.push_back(
        {static_cast<IssuerKind>(cap.issuer_kind()), cap.points_per_year_max()});
  }
  if (stored.has_points_per_occasion_max()) {
    pack.points_per_occasion_max = stored.points_per_occasion_max();
  }
  for (const jv1::PackOccasion& occasion : stored.occasions()) {
    OccasionRule& to = pack.occasions.emplace_back();
    to.name = occasion.name();
    to.minority_festival = occasion.minority_festival();
    if (occasion.has_points_max()) to.points_max = occasion.points_max();
  }
  if (stored.has_occasions_per_year_max()) {
    pack.occasions_per_year_max = stored.occasions_per_year_max();
  }
  if (stored.has_earmark_share_min_basis_points()) {
    pack.earmark_share_min = stored.earmark_share_min_basis_points();
  }
  pack.merchant_categories.assign(stored.merchant_categories().begin(),
                                  stored.merchant_categories().end());
  if (stored.has_expiry_days_min()) pack.expiry_days_min = stored.expiry_days_min();
  if (stored.has_expiry_days_max()) pack.expiry_days_max = stored.expiry_days_max();
  for (const jv1::PackLifeEvent& event : stored.life_events()) {
    pack.life_events.push_back({event.name(), event.points_per_year_max()});
  }
  pack.earmark_regions.assign(stored.earmark_regions().begin(), stored.earmark_regions().end());
  pack.earmark_categories.assign(stored.earmark_categories().begin(),
                                 stored.earmark_categories().end());
  SortRegions(&pack);
  return pack;
}

void StoreFrame(const RulePackName& pack, const std::string& occasion, const RuleFrame& frame,
                jv1::RuleFrame& stored) {
  stored.set_pack(pack.id);
  stored.set_version(pack.version);
  stored.set_occasion(occasion);
  stored.set_issuer_kind(NumberOf(frame.issuer_kind));
  stored.set_expiry_days(frame.expiry_days);
  for (const std::uint32_t category : frame.categories) stored.add_categories(category);
  stored.set_earmark_basis_points(static_cast<std::uint32_t>(frame.earmark_share.value()));
  stored.mutable_earmark_regions()->Assign(frame.earmark_regions.begin(),
                                           frame.earmark_regions.end());
  stored.mutable_earmark_categories()->Assign(frame.earmark_categories.begin(),
                                              frame.earmark_categories.end());
}

RuleFrame FrameFrom(const jv1::RuleFrame& stored) {
  return {.issuer_kind = static_cast<IssuerKind>(stored.issuer_kind()),
          .expiry_days = stored.expiry_days(),
          .categories = {stored.categories().begin(), stored.categories().end()},
          .earmark_share = BasisPoints::FromStored(stored.earmark_basis_points()),
          .earmark_regions = {stored.earmark_regions().begin(), stored.earmark_regions().end()},
          .earmark_categories = {stored.earmark_categories().begin(),
                                 stored.earmark_categories().end()}};
}

void StoreRules(const RulePackName& pack, const Inputs& inputs, jv1::GrantRules& stored) {
  stored.set_pack(pack.id);
  stored.set_version(pack.version);
  stored.set_other_occasions_received(inputs.other_occasions_received);
  stored.set_received_for_occasion(inputs.received_for_occasion.value());
  stored.set_received_this_year(inputs.received_this_year.value());
}

void StoreBroken(const RulePackName& pack, const Inputs& inputs, const Verdict& verdict,
                 jv1::RuleBroken& stored) {
  stored.set_rule(NumberOf(verdict.rule));
  stored.set_allowed(verdict.allowed);
  stored.set_used(verdict.used);
  stored.set_asked(verdict.asked);
  StoreRules(pack, inputs, *stored.mutable_rules());
}

Verdict VerdictFrom(const jv1::RuleBroken& stored) {
  return {.rule = static_cast<Rule>(stored.rule()),
          .allowed = stored.allowed(),
          .used = stored.used(),
          .asked = stored.asked()};
}

}  // namespace puhui::issuing
