// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_terms.h"

#include "audit/bundle/bundle_rules.h"
#include "audit/bundle/misfit.h"
#include "ledger/base/points.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <limits>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

constexpr std::int64_t kWholeShare = 10'000;

std::vector<std::uint32_t> SortedCodes(
    const google::protobuf::RepeatedField<std::uint32_t>& codes) {
  std::vector<std::uint32_t> sorted(codes.begin(), codes.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

// Rounded up, in two parts because the product of points and share may be too large.
std::int64_t EarmarkedOf(std::int64_t points, std::int64_t basis_points) {
  return points / kWholeShare * basis_points +
         (points % kWholeShare * basis_points + kWholeShare - 1) / kWholeShare;
}

}  // namespace

void BundleTerms::Learn(const jv1::Record& record) {
  if (record.has_campaign_created()) {
    const jv1::CampaignCreated& created = record.campaign_created();
    Take(created.number(), created.terms(), record.sequence());
  } else if (record.has_campaign_updated()) {
    const jv1::CampaignUpdated& updated = record.campaign_updated();
    Take(updated.campaign(), updated.after().terms(), record.sequence());
  }
}

void BundleTerms::Take(std::uint32_t campaign, const jv1::Terms& terms, Sequence at) {
  Terms& known = terms_[campaign];
  if (at <= known.said_at) return;
  const jv1::Earmark& earmark = terms.earmark();
  known = {.said_at = at,
           .expiry_micros = terms.expiry_micros(),
           .last_day = absl::nullopt,
           .earmark_basis_points = earmark.basis_points(),
           .lists = nullptr};
  if (terms.has_last_day()) known.last_day = terms.last_day();
  if (terms.categories().empty() && earmark.regions().empty() && earmark.categories().empty()) {
    return;
  }
  known.lists =
      std::make_unique<Lists>(Lists{.categories = SortedCodes(terms.categories()),
                                    .earmark_regions = SortedCodes(earmark.regions()),
                                    .earmark_categories = SortedCodes(earmark.categories())});
}

absl::Status BundleTerms::CheckGrant(const jv1::Grant& grant) const {
  const auto found = terms_.find(grant.campaign());
  if (found == terms_.end()) return absl::OkStatus();
  const Terms& terms = found->second;
  if (grant.expiry_micros() != terms.expiry_micros) {
    return Misfit("a grant that expires at another time than its campaign's terms say");
  }
  if (grant.points() <= 0 || grant.points() > Points::kMax) return Misfit("a grant of no points");
  if (terms.earmark_basis_points > kWholeShare) return Misfit("terms that earmark more than all");
  const std::int64_t earmarked = EarmarkedOf(grant.points(), terms.earmark_basis_points);
  if (grant.earmarked_points() == earmarked) return absl::OkStatus();
  return Misfit(absl::StrCat("a grant of which ", grant.earmarked_points(),
                             " points are earmarked, where its campaign's terms ask for ",
                             earmarked));
}

// Terms that were given as a moment do not say which day that is in the union's zone: it is the one
// of UTC, or one beside it.
bool BundleTerms::Expires(const Terms& terms, const BundleFacts::IssueRun& run) {
  const std::int64_t said = run.rules.expiry_days();
  if (terms.last_day.has_value()) return said == *terms.last_day - run.day;
  constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();
  const std::int64_t in_utc = DayOfMicros(std::max(terms.expiry_micros, kEarliest + 1) - 1);
  return said >= in_utc - 1 - run.day && said <= in_utc + 1 - run.day;
}

absl::Status BundleTerms::CheckFrame(std::uint32_t campaign, const BundleFacts::IssueRun& run,
                                     const jv1::PackRules& pack) const {
  const auto found = terms_.find(campaign);
  if (found == terms_.end()) return absl::OkStatus();
  const Terms& terms = found->second;
  static const Lists* const none = new Lists;
  const Lists& lists = terms.lists == nullptr ? *none : *terms.lists;
  const FrameQuestions asks = FrameQuestionsOf(pack, run.rules.occasion());
  const auto same = [](bool asked, const auto& said, const Codes& codes) {
    return SortedCodes(said) == (asked ? codes : Codes());
  };
  if (asks.expiry_days ? !Expires(terms, run) : run.rules.expiry_days() != 0) {
    return Misfit("an issue run that says another expiry than its campaign's terms");
  }
  if (!same(asks.categories, run.rules.categories(), lists.categories)) {
    return Misfit("an issue run that says other categories than its campaign's terms");
  }
  if (run.rules.earmark_basis_points() != (asks.earmark_share ? terms.earmark_basis_points : 0) ||
      !same(asks.earmark_regions, run.rules.earmark_regions(), lists.earmark_regions) ||
      !same(asks.earmark_categories, run.rules.earmark_categories(), lists.earmark_categories)) {
    return Misfit("an issue run that says another earmark than its campaign's terms");
  }
  return absl::OkStatus();
}

}  // namespace puhui::audit
