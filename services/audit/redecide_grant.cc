// SPDX-License-Identifier: Apache-2.0
#include "services/audit/redecide_grant.h"

#include "issuing/app/queries.h"
#include "issuing/app/redecision.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "services/ledger/names.h"
#include "services/ledger/occasion.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"

#include "absl/time/civil_time.h"

#include <string>

namespace puhui::services {
namespace {

std::string NameOf(const issuing::RulePackName& pack) {
  return pack.none() ? std::string() : FormatRulePackVersionName(pack.id, pack.version);
}

v1::RuleAnswer AnswerOf(const issuing::Verdict& verdict) {
  v1::RuleAnswer message;
  message.set_granted(verdict.ok());
  if (verdict.ok()) return message;
  message.set_rule(std::string(issuing::RuleText(verdict.rule)));
  message.set_allowed(verdict.allowed);
  message.set_used(verdict.used);
  message.set_asked(verdict.asked);
  return message;
}

v1::RuleInputs InputsOf(const issuing::Inputs& inputs) {
  v1::RuleInputs message;
  message.set_points(inputs.points.value());
  message.set_occasion(inputs.occasion);
  message.set_day(absl::FormatCivilTime(inputs.day));
  message.set_issuer_kind(static_cast<v1::IssuerKind>(inputs.issuer_kind));
  message.set_expiry_days(inputs.expiry_days);
  for (const std::uint32_t category : inputs.categories) {
    message.add_merchant_categories(FormatCategory(category));
  }
  message.set_earmark_basis_points(inputs.earmark_share.value());
  message.set_other_occasions_received(inputs.other_occasions_received);
  message.set_received_for_occasion(inputs.received_for_occasion.value());
  message.set_received_this_year(inputs.received_this_year.value());
  for (const std::uint32_t region : inputs.earmark_regions) {
    message.add_earmark_regions(FormatRegion(region));
  }
  for (const std::uint32_t category : inputs.earmark_categories) {
    message.add_earmark_categories(FormatCategory(category));
  }
  return message;
}

absl::StatusOr<journal::v1::Record> ReadDecided(const ledger::Readable& store, Sequence sequence) {
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(store));
  if (sequence > last) return NotFound("record");
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(store, sequence));
  return ledger::ParseRecord(sequence, bytes);
}

absl::Status AllowCampaign(const Principal& principal, const issuing::CampaignRow& campaign,
                           const ledger::Readable& store, const UnionTree& tree) {
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(store, campaign.union_number));
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, UnionId::Parse(of.id, "union"));
  return AllowUnion(principal, id, tree).ok() ? absl::OkStatus() : NotFound("record");
}

}  // namespace

absl::StatusOr<v1::ReDecideGrantResponse> ReDecideGrant(const Principal& principal,
                                                        const v1::ReDecideGrantRequest& request,
                                                        const ledger::Readable& store,
                                                        const UnionTree& tree) {
  if (request.sequence() == 0) return InvalidField("sequence", "want a number from 1, got 0");
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record decided, ReadDecided(store, request.sequence()));
  const auto number = issuing::JudgedCampaign(decided);
  if (!number.has_value()) {
    PUHUI_RETURN_IF_ERROR(AllowWholeLedger(principal));
    return InvalidField("sequence", "want a grant, or a row that broke a rule");
  }
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign campaign,
                         issuing::CampaignByNumber(store, *number));
  PUHUI_RETURN_IF_ERROR(AllowCampaign(principal, campaign.row, store, tree));
  PUHUI_ASSIGN_OR_RETURN(const issuing::ReDecision again, issuing::ReDecide(store, decided));
  v1::ReDecideGrantResponse response;
  response.set_same(again.same());
  response.set_rule_pack(NameOf(again.bound));
  response.set_recorded_rule_pack(NameOf(again.recorded));
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_campaign(), Names(&store).OfCampaign(again.campaign));
  response.set_row(again.row);
  *response.mutable_inputs() = InputsOf(again.inputs);
  *response.mutable_then() = AnswerOf(again.then);
  *response.mutable_now() = AnswerOf(again.now);
  if (HidesOccasion(principal, campaign.row)) {
    response.mutable_inputs()->set_occasion(std::string(kNeutralOccasion));
    HideRule(response.mutable_then());
    HideRule(response.mutable_now());
  }
  return response;
}

}  // namespace puhui::services
