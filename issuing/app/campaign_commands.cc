// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/campaign_commands.h"

#include "issuing/app/records.h"
#include "ledger/crypto/etag.h"
#include "ledger/engine/terms_record.h"

#include <vector>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

// The first contradiction in them. Sorts their lists, because whoever asks them searches by halves.
absl::optional<Refusal> SortAndCheck(ledger::Terms& terms) {
  ledger::SortLists(&terms);
  std::vector<Refusal> problems = ledger::CheckTerms(terms);
  if (problems.empty()) return absl::nullopt;
  problems.front().field.insert(0, "terms.");
  return problems.front();
}

void StoreDetails(const CampaignRow& row, const ledger::Terms& terms, jv1::CampaignDetails& out) {
  out.set_display_name(row.display_name);
  out.set_occasion(row.occasion);
  ledger::StoreTerms(terms, *out.mutable_terms());
}

}  // namespace

std::string CampaignEtag(CampaignNumber number, Sequence changed) {
  return ledger::EtagOf("campaign", NumberOf(number), changed);
}

absl::optional<Refusal> CreateCampaignCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  ledger::Terms terms = wish_.terms;
  if (absl::optional<Refusal> refusal = SortAndCheck(terms)) return refusal;
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  if (!number.has_value()) return Refuse(Reason::kNotFound, "union", "there is no such union");
  absl::optional<UnionNumber> origin = number;
  if (wish_.origin.has_value()) origin = tables_.FindUnion(*wish_.origin);
  if (!origin.has_value()) return Refuse(Reason::kNotFound, "origin", "there is no such union");
  if (tables_.FindCampaign(wish_.id).has_value()) {
    return Refuse(Reason::kAlreadyExists, "campaign_id", "a campaign has this id");
  }
  if (!tables_.UnionOf(*number).open()) return UnionClosed("union");
  jv1::CampaignCreated& created = *decision.Add().mutable_campaign_created();
  created.set_number(NumberOf(tables_.NextCampaign()));
  created.set_id(wish_.id.text());
  created.set_union_number(NumberOf(*number));
  created.set_display_name(wish_.display_name);
  created.set_occasion(wish_.occasion);
  ledger::StoreTerms(terms, *created.mutable_terms());
  created.set_person(wish_.person);
  if (*origin != *number) created.set_origin(NumberOf(*origin));
  return absl::nullopt;
}

absl::optional<Refusal> UpdateCampaignCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  absl::optional<ledger::Terms> terms = wish_.terms;
  if (terms.has_value()) {
    if (absl::optional<Refusal> refusal = SortAndCheck(*terms)) {
      refusal->field.insert(0, "campaign.");
      return refusal;
    }
  }
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("campaign.name");
  const CampaignRow& row = *campaign->row;
  if (!IsOpenToChange(row.state)) {
    return RefuseState(row.state, "to be changed any more", "campaign.name");
  }
  if (!tables_.UnionOf(row.union_number).open()) return UnionClosed("campaign.name");
  if (absl::optional<Refusal> refusal = CheckCampaignEtag(*campaign, wish_.etag)) {
    refusal->field = "campaign.etag";
    return refusal;
  }
  jv1::CampaignUpdated& updated = *decision.Add().mutable_campaign_updated();
  updated.set_campaign(NumberOf(campaign->number));
  StoreDetails(row, views_.TermsOf(campaign->number), *updated.mutable_before());
  CampaignRow after = row;
  if (wish_.display_name.has_value()) after.display_name = *wish_.display_name;
  if (wish_.occasion.has_value()) after.occasion = *wish_.occasion;
  StoreDetails(after, terms.has_value() ? *terms : views_.TermsOf(campaign->number),
               *updated.mutable_after());
  updated.set_person(wish_.person);
  ReturnReserved(*campaign, decision);
  return absl::nullopt;
}

}  // namespace puhui::issuing
