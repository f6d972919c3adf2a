// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_rules.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <algorithm>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

using Codes = google::protobuf::RepeatedField<std::uint32_t>;

template <class Named>
auto FindNamed(const google::protobuf::RepeatedPtrField<Named>& all, const std::string& name)
    -> const Named* {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&name](const Named& each) { return each.name() == name; });
  return found == all.end() ? nullptr : &*found;
}

bool Lists(const Codes& codes, std::uint32_t code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// Whether a region of GB/T 2260 is one of `regions`, or lies in one.
bool LiesIn(const Codes& regions, std::uint32_t region) {
  return region != 0 && (Lists(regions, region) || Lists(regions, region - region % 100) ||
                         Lists(regions, region - region % 10'000));
}

// Whether all that is named is allowed; nothing that is named stands for all.
template <class Allows>
bool AllAllowed(const Codes& allowed, const Codes& named, Allows allows) {
  if (allowed.empty()) return true;
  return !named.empty() && std::all_of(named.begin(), named.end(),
                                       [&](std::uint32_t code) { return allows(allowed, code); });
}

absl::optional<std::int64_t> OccasionCapOf(const jv1::PackRules& pack,
                                           const jv1::PackOccasion& occasion) {
  if (occasion.has_points_max()) return occasion.points_max();
  if (pack.has_points_per_occasion_max()) return pack.points_per_occasion_max();
  return absl::nullopt;
}

// Of a kind of issuer; without one, the highest that any has.
absl::optional<std::int64_t> YearCapOf(const jv1::PackRules& pack,
                                       const BundleFacts::IssueRun* run) {
  absl::optional<std::int64_t> cap;
  if (pack.has_points_per_year_max()) cap = pack.points_per_year_max();
  for (const jv1::PackIssuerCap& own : pack.issuer_caps()) {
    if (run == nullptr) {
      if (cap.has_value()) cap = std::max(*cap, own.points_per_year_max());
    } else if (own.issuer_kind() == run->rules.issuer_kind()) {
      return own.points_per_year_max();
    }
  }
  return cap;
}

absl::Status CheckCapOf(absl::string_view what, absl::optional<std::int64_t> most,
                        std::int64_t received, std::int64_t points) {
  if (!most.has_value() || received + points <= *most) return absl::OkStatus();
  return Misfit(absl::StrCat("grants ", points, " points beside ", received, ", above the cap ",
                             what, ", ", *most));
}

// What the pack says of the campaign, the same for all of its grants.
absl::Status CheckCampaign(const jv1::PackRules& pack, const BundleFacts::IssueRun& run,
                           bool holiday) {
  const jv1::RuleFrame& asked = run.rules;
  if (run.day < pack.effective_from() ||
      (pack.has_effective_to() && run.day > pack.effective_to())) {
    return Misfit("a grant by a rule pack that is not in force on its day");
  }
  if (!pack.issuer_kinds().empty() && !Lists(pack.issuer_kinds(), asked.issuer_kind())) {
    return Misfit("a grant of a kind of issuer that its pack does not name");
  }
  if (!AllAllowed(pack.merchant_categories(), asked.categories(), Lists)) {
    return Misfit("a grant that pays categories that its pack does not name");
  }
  const std::int64_t days = asked.expiry_days();
  if ((pack.has_expiry_days_min() && days < pack.expiry_days_min()) ||
      (pack.has_expiry_days_max() && days > pack.expiry_days_max())) {
    return Misfit(absl::StrCat("a grant that expires after ", days, " days"));
  }
  if (!holiday) return absl::OkStatus();
  if (asked.earmark_basis_points() < pack.earmark_share_min_basis_points()) {
    return Misfit("a grant of which too little is earmarked");
  }
  if (!AllAllowed(pack.earmark_regions(), asked.earmark_regions(), LiesIn) ||
      !AllAllowed(pack.earmark_categories(), asked.earmark_categories(), Lists)) {
    return Misfit("a grant whose earmark names what its pack does not");
  }
  return absl::OkStatus();
}

}  // namespace

RuleQuestions QuestionsOf(const RuledGrant& ruled) {
  const jv1::PackRules& pack = *ruled.pack;
  const jv1::PackOccasion* const holiday = FindNamed(pack.occasions(), *ruled.occasion);
  if (holiday == nullptr) return {.for_occasion = true};
  const bool any_year = pack.has_points_per_year_max() || !pack.issuer_caps().empty();
  return {.for_occasion = OccasionCapOf(pack, *holiday).has_value(),
          .others = pack.has_occasions_per_year_max(),
          .this_year = ruled.run == nullptr ? any_year : YearCapOf(pack, ruled.run).has_value()};
}

bool AsksForIssuerKind(const jv1::PackRules& pack) {
  return !pack.issuer_kinds().empty() || !pack.issuer_caps().empty();
}

FrameQuestions FrameQuestionsOf(const jv1::PackRules& pack, const std::string& occasion) {
  const bool holiday = FindNamed(pack.occasions(), occasion) != nullptr;
  if (!holiday && FindNamed(pack.life_events(), occasion) == nullptr) return {};
  return {.expiry_days = pack.has_expiry_days_min() || pack.has_expiry_days_max(),
          .categories = !pack.merchant_categories().empty(),
          .earmark_share = holiday && pack.has_earmark_share_min_basis_points(),
          .earmark_regions = holiday && !pack.earmark_regions().empty(),
          .earmark_categories = holiday && !pack.earmark_categories().empty()};
}

absl::Status CheckAllowed(const RuledGrant& ruled) {
  const jv1::PackRules& pack = *ruled.pack;
  const jv1::GrantRules& rules = ruled.grant->rules();
  const std::int64_t points = ruled.grant->points();
  const jv1::PackOccasion* const holiday = FindNamed(pack.occasions(), *ruled.occasion);
  const jv1::PackLifeEvent* const event = FindNamed(pack.life_events(), *ruled.occasion);
  if (holiday == nullptr && event == nullptr) {
    return Misfit("a grant for no occasion of its pack");
  }
  if (ruled.run != nullptr) {
    PUHUI_RETURN_IF_ERROR(CheckCampaign(pack, *ruled.run, holiday != nullptr));
  }
  if (holiday == nullptr) {
    return CheckCapOf("of the event", event->points_per_year_max(), rules.received_for_occasion(),
                      points);
  }
  if (pack.has_occasions_per_year_max() &&
      rules.other_occasions_received() >= pack.occasions_per_year_max()) {
    return Misfit(absl::StrCat("a grant beside ", rules.other_occasions_received(),
                               " other occasions, where ", pack.occasions_per_year_max(),
                               " are allowed"));
  }
  PUHUI_RETURN_IF_ERROR(CheckCapOf("of the occasion", OccasionCapOf(pack, *holiday),
                                   rules.received_for_occasion(), points));
  return CheckCapOf("of the year", YearCapOf(pack, ruled.run), rules.received_this_year(), points);
}

}  // namespace puhui::audit
