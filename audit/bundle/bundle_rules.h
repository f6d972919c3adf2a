// SPDX-License-Identifier: Apache-2.0
// What a rule pack allows, written a second time (ADR 28).
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_RULES_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_RULES_H_

#include "audit/bundle/bundle_facts.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

#include <cstdint>
#include <string>

namespace puhui::audit {

// A grant, with what its record and that of its run say. Borrows everything.
struct RuledGrant {
  const journal::v1::PackRules* pack = nullptr;
  const BundleFacts::IssueRun* run = nullptr;  // Null: of before the range, and not in the bundle.
  const std::string* occasion = nullptr;
  const journal::v1::Grant* grant = nullptr;
};

// What a pack asks about a person who is granted something for that occasion.
struct RuleQuestions {
  bool for_occasion = false;
  bool others = false;
  bool this_year = false;
};
// Without the run, whatever a union of any kind may be asked.
RuleQuestions QuestionsOf(const RuledGrant& ruled);

// What a pack asks about a campaign for that occasion, for its issue run to say. Nothing else is
// said.
struct FrameQuestions {
  bool expiry_days = false;
  bool categories = false;
  bool earmark_share = false;
  bool earmark_regions = false;
  bool earmark_categories = false;
};
FrameQuestions FrameQuestionsOf(const journal::v1::PackRules& pack, const std::string& occasion);
// Whether the pack asks for the kind of who issues, whatever the occasion.
bool AsksForIssuerKind(const journal::v1::PackRules& pack);

// Whether the pack allows the grant beside what it says was received. Without the run what the pack
// says of the campaign is not checked, and the cap of a year is the highest.
// Requires: points and what was received are from 0 to Points::kMax.
// Fails: kDataLoss, with the rule that is broken.
absl::Status CheckAllowed(const RuledGrant& ruled);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_RULES_H_
