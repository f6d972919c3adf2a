// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_caps.h"

#include "audit/bundle/bundle_rules.h"
#include "audit/bundle/misfit.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"

#include "absl/time/civil_time.h"

#include <algorithm>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

// What the entry takes from the wallet.
std::int64_t TakenFromWallet(const jv1::Entry& entry) {
  std::int64_t taken = 0;
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() == jv1::ACCOUNT_KIND_WALLET) taken -= posting.points();
  }
  return taken;
}

}  // namespace

bool SaysReceivable(const jv1::GrantRules& rules) {
  const auto receivable = [](std::int64_t points) { return points >= 0 && points <= Points::kMax; };
  return receivable(rules.received_for_occasion()) && receivable(rules.received_this_year());
}

bool IsUnderRulesOf(const jv1::Grant& grant, const BundleFacts::IssueRun& run) {
  return grant.has_rules() == run.under_rules && grant.rules().pack() == run.rules.pack() &&
         grant.rules().version() == run.rules.version();
}

std::int64_t YearOf(const BundleFacts::IssueRun& run) {
  return (absl::CivilDay(1970, 1, 1) + run.day).year();
}

bool TakesBack(const jv1::Entry& entry) {
  return entry.has_clawed_back() || entry.has_lot_returned();
}

absl::StatusOr<TakenBack> TakenBackBy(const jv1::Entry& entry) {
  TakenBack taken{.campaign = entry.lot_returned().campaign(),
                  .points = entry.lot_returned().points()};
  if (entry.has_clawed_back()) {
    taken = {.campaign = entry.clawed_back().campaign(), .points = entry.clawed_back().points()};
  }
  if (taken.points <= 0 || taken.points != TakenFromWallet(entry)) {
    return Misfit("takes back other points than it says");
  }
  const bool same =
      std::all_of(entry.lots().begin(), entry.lots().end(),
                  [&taken](const jv1::LotChange& lot) { return lot.campaign() == taken.campaign; });
  if (!same) return Misfit("takes back points of another campaign");
  return taken;
}

absl::Status BundleCaps::Check(const jv1::Entry& entry) {
  if (entry.has_grant()) return CheckGrant(entry);
  return TakesBack(entry) ? TakeBack(entry) : absl::OkStatus();
}

absl::Status BundleCaps::FindPlace(const jv1::Entry& entry, std::uint32_t campaign,
                                   BundleReceived::Place* place) {
  const BundleFacts::Campaign* const known = facts_.FindCampaign(campaign);
  if (known == nullptr || entry.member().size() != MemberId::kBytes) {
    return Misfit("points of a campaign that is not there, or of nobody");
  }
  place->member = MemberId::FromBytes(entry.member());
  place->occasion = known->occasion;
  const BundleFacts::IssueRun* const run = facts_.FindIssueRun(campaign);
  if (run != nullptr) {
    place->year = YearOf(*run);
  } else if (whole_) {
    return Misfit("points of a campaign whose issue run never began");
  } else {
    lost_ = true;
  }
  return absl::OkStatus();
}

absl::Status BundleCaps::CheckGrant(const jv1::Entry& entry) {
  const jv1::Grant& grant = entry.grant();
  BundleReceived::Place place;
  PUHUI_RETURN_IF_ERROR(FindPlace(entry, grant.campaign(), &place));
  const BundleFacts::IssueRun* const run = facts_.FindIssueRun(grant.campaign());
  if (run != nullptr && !IsUnderRulesOf(grant, *run)) {
    return Misfit("a grant by other rules than its run was begun under");
  }
  if (run != nullptr && run->under_rules && run->rules.occasion() != place.occasion) {
    return Misfit("a grant of a run for another occasion than its campaign's");
  }
  if (grant.has_rules()) PUHUI_RETURN_IF_ERROR(CheckRules(grant, place));
  return lost_ ? absl::OkStatus() : received_.Grant(place, grant.points());
}

absl::Status BundleCaps::CheckRules(const jv1::Grant& grant, const BundleReceived::Place& place) {
  const jv1::GrantRules& rules = grant.rules();
  const jv1::PackRules* const pack = facts_.FindPack(rules.pack(), rules.version());
  if (pack == nullptr) return Misfit("a grant by a rule pack that is not there");
  if (!SaysReceivable(rules)) return Misfit("a grant beside what nobody can have received");
  const RuledGrant ruled{.pack = pack,
                         .run = facts_.FindIssueRun(grant.campaign()),
                         .occasion = &place.occasion,
                         .grant = &grant};
  const RuleQuestions asks = QuestionsOf(ruled);
  if ((!asks.for_occasion && rules.received_for_occasion() != 0) ||
      (!asks.others && rules.other_occasions_received() != 0) ||
      (!asks.this_year && rules.received_this_year() != 0)) {
    return Misfit("a grant that says what its pack does not ask for");
  }
  bool followed = false;
  if (!lost_) {
    PUHUI_ASSIGN_OR_RETURN(followed,
                           received_.Follow(place, {.asks_occasion = asks.for_occasion,
                                                    .asks_others = asks.others,
                                                    .asks_year = asks.this_year,
                                                    .for_occasion = rules.received_for_occasion(),
                                                    .others = rules.other_occasions_received(),
                                                    .this_year = rules.received_this_year()}));
  }
  ++(followed ? figures_.followed : figures_.unfollowed);
  return CheckAllowed(ruled);
}

absl::Status BundleCaps::TakeBack(const jv1::Entry& entry) {
  PUHUI_ASSIGN_OR_RETURN(const TakenBack taken, TakenBackBy(entry));
  BundleReceived::Place place;
  PUHUI_RETURN_IF_ERROR(FindPlace(entry, taken.campaign, &place));
  return lost_ ? absl::OkStatus() : received_.TakeBack(place, taken.points);
}

}  // namespace puhui::audit
