// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/part_caps.h"

#include "audit/bundle/bundle_caps.h"
#include "audit/bundle/misfit.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

namespace puhui::audit {

namespace jv1 = journal::v1;

absl::Status PartCaps::Check(const jv1::Entry& entry) {
  if (entry.has_grant()) return CheckGrant(entry);
  return TakesBack(entry) ? TakeBack(entry) : absl::OkStatus();
}

bool PartCaps::FindPlace(const jv1::Entry& entry, std::uint32_t campaign,
                         BundleReceived::Place* place) const {
  place->member = MemberId::FromBytes(entry.member());
  const BundleFacts::IssueRun* const run = facts_.FindIssueRun(campaign);
  const BundleFacts::Campaign* const known = facts_.FindCampaign(campaign);
  if (run == nullptr || (!run->under_rules && known == nullptr)) return false;
  place->year = YearOf(*run);
  place->occasion = run->under_rules ? run->rules.occasion() : known->occasion;
  return true;
}

bool PartCaps::Asks(const Question& question, std::int64_t says) {
  if (says > 0) asked_.insert(question);
  return asked_.contains(question);
}

absl::Status PartCaps::CheckGrant(const jv1::Entry& entry) {
  const jv1::Grant& grant = entry.grant();
  BundleReceived::Place place;
  if (!FindPlace(entry, grant.campaign(), &place)) return absl::OkStatus();
  const BundleFacts::IssueRun& run = *facts_.FindIssueRun(grant.campaign());
  if (!IsUnderRulesOf(grant, run)) {
    return Misfit("a grant by other rules than its run was begun under");
  }
  if (grant.points() <= 0 || grant.points() > Points::kMax) return Misfit("a grant of no points");
  if (run.under_rules) {
    const jv1::GrantRules& rules = grant.rules();
    if (!SaysReceivable(rules)) return Misfit("a grant beside what nobody can have received");
    const bool holiday = !IsLifeEventName(place.occasion);
    const auto asks = [&](char what, const std::string& of, std::int64_t says) {
      return holiday && Asks({what, rules.pack(), rules.version(), of}, says);
    };
    BundleReceived::Said said{.for_occasion = rules.received_for_occasion(),
                              .others = rules.other_occasions_received(),
                              .this_year = rules.received_this_year()};
    said.asks_occasion = !holiday || asks('o', place.occasion, said.for_occasion);
    said.asks_others = asks('n', "", said.others);
    said.asks_year = asks('y', absl::StrCat(run.rules.issuer_kind()), said.this_year);
    PUHUI_RETURN_IF_ERROR(received_.Follow(place, said).status());
  }
  return received_.Grant(place, grant.points());
}

absl::Status PartCaps::TakeBack(const jv1::Entry& entry) {
  PUHUI_ASSIGN_OR_RETURN(const TakenBack taken, TakenBackBy(entry));
  BundleReceived::Place place;
  if (FindPlace(entry, taken.campaign, &place)) return received_.TakeBack(place, taken.points);
  received_.TakeBackOfAny(place.member, taken.points);
  return absl::OkStatus();
}

}  // namespace puhui::audit
