// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/redecision.h"

#include "issuing/app/plan_queries.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/queries.h"
#include "issuing/app/rule_packs.h"
#include "issuing/app/rule_records.h"
#include "ledger/base/check.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <string>
#include <utility>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::Readable;

namespace {

absl::Status Impossible(const jv1::Record& decided) {
  return absl::DataLossError(
      absl::StrCat("record ", decided.sequence(), " has a verdict that cannot be"));
}

absl::StatusOr<jv1::IssueStarted> StartOf(const Readable& from, const CampaignRow& campaign) {
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(from, campaign.run_record));
  PUHUI_ASSIGN_OR_RETURN(jv1::Record record, ledger::ParseRecord(campaign.run_record, bytes));
  if (!record.has_issue_started()) return Impossible(record);
  return std::move(*record.mutable_issue_started());
}

bool IsAmount(std::int64_t points) { return points >= 0 && points <= Points::kMax; }

// What stands in the record about the person, beside what stands in `started` about the campaign.
absl::Status ReadInputs(const jv1::GrantRules& rules, const jv1::IssueStarted& started,
                        Inputs* inputs) {
  RuleFrame frame = FrameFrom(started.rules());
  if (!IsAmount(rules.received_for_occasion()) || !IsAmount(rules.received_this_year())) {
    return absl::DataLossError("a recorded amount is none");
  }
  inputs->occasion = started.rules().occasion();
  inputs->day = DayOfNumber(started.day());
  inputs->issuer_kind = frame.issuer_kind;
  inputs->expiry_days = frame.expiry_days;
  inputs->categories = std::move(frame.categories);
  inputs->earmark_share = frame.earmark_share;
  inputs->earmark_regions = std::move(frame.earmark_regions);
  inputs->earmark_categories = std::move(frame.earmark_categories);
  inputs->other_occasions_received = rules.other_occasions_received();
  inputs->received_for_occasion = Points::FromStored(rules.received_for_occasion());
  inputs->received_this_year = Points::FromStored(rules.received_this_year());
  return absl::OkStatus();
}

// Of a row that was refused: its record does not say, the plan does, which stays.
absl::StatusOr<std::int64_t> PlannedPoints(const Readable& from, const FoundCampaign& campaign,
                                           std::uint64_t row) {
  PUHUI_ASSIGN_OR_RETURN(const std::string piece,
                         ReadPlanPiece(from, campaign.number, campaign.row.plan, row, 1));
  if (piece.empty()) return absl::DataLossError("a verdict on a row that is in no plan");
  return PlanRowsView(piece)[0].points;
}

}  // namespace

absl::optional<CampaignNumber> JudgedCampaign(const jv1::Record& decided) {
  if (decided.has_entry() && decided.entry().has_grant()) {
    return CampaignNumber{decided.entry().grant().campaign()};
  }
  if (decided.has_row_refused() && decided.row_refused().has_broken()) {
    return CampaignNumber{decided.row_refused().campaign()};
  }
  return absl::nullopt;
}

absl::StatusOr<ReDecision> ReDecide(const Readable& from, const jv1::Record& decided) {
  const absl::optional<CampaignNumber> number = JudgedCampaign(decided);
  PUHUI_CHECK(number.has_value());
  PUHUI_ASSIGN_OR_RETURN(const FoundCampaign campaign, CampaignByNumber(from, *number));
  PUHUI_ASSIGN_OR_RETURN(const jv1::IssueStarted started, StartOf(from, campaign.row));
  ReDecision again{.campaign = *number,
                   .bound = {started.rules().pack(), started.rules().version()}};
  std::int64_t points = 0;
  jv1::GrantRules rules;
  if (decided.has_entry()) {
    const jv1::Grant& grant = decided.entry().grant();
    again.row = grant.row();
    points = grant.points();
    rules = grant.rules();
  } else {
    const jv1::RowRefused& refused = decided.row_refused();
    again.row = refused.row();
    PUHUI_ASSIGN_OR_RETURN(points, PlannedPoints(from, campaign, refused.row()));
    rules = refused.broken().rules();
    again.then = VerdictFrom(refused.broken());
  }
  if (points <= 0 || !IsAmount(points)) return Impossible(decided);
  again.recorded = {rules.pack(), rules.version()};
  PUHUI_RETURN_IF_ERROR(ReadInputs(rules, started, &again.inputs));
  again.inputs.points = Points::FromStored(points);
  if (again.bound.none()) return again;  // Whatever is asked for is granted.
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<RulePackRow> pack, FindRulePack(from, again.bound));
  if (!pack.has_value()) return Impossible(decided);
  again.now = Evaluate(pack->pack, again.inputs);
  return again;
}

}  // namespace puhui::issuing
