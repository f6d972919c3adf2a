// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_plans.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <algorithm>
#include <utility>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

constexpr std::size_t kPlannedRowBytes = 24;
constexpr std::size_t kPlannedMemberBytes = 16;

std::int64_t PlannedPoints(absl::string_view row) {
  return static_cast<std::int64_t>(
      absl::big_endian::Load64(row.substr(kPlannedMemberBytes).data()));
}

// The row in the pieces of a plan; empty: it has none of that number.
absl::string_view RowIn(const std::map<std::uint64_t, std::string>& pieces, std::uint64_t row) {
  auto piece = pieces.upper_bound(row);
  if (piece == pieces.begin()) return {};
  --piece;
  const std::uint64_t in_piece = row - piece->first;
  if (in_piece >= piece->second.size() / kPlannedRowBytes) return {};
  return absl::string_view(piece->second).substr(in_piece * kPlannedRowBytes, kPlannedRowBytes);
}

// Of two hashes of plans, where both are said: records of before they were do not.
bool AreOfOnePlan(const std::string& one, const std::string& other) {
  return one.empty() || other.empty() || one == other;
}

// What makes void whatever was approved of a campaign: its number, or 0.
std::uint32_t ChangedBy(const jv1::Record& record) {
  if (record.has_campaign_created()) return record.campaign_created().number();
  if (record.has_campaign_updated()) return record.campaign_updated().campaign();
  if (record.has_plan_started()) return record.plan_started().campaign();
  if (record.has_campaign_rejected()) return record.campaign_rejected().campaign();
  if (record.has_campaign_cancelled()) return record.campaign_cancelled().campaign();
  return record.approvals_voided().campaign();
}

std::int64_t PostedToCampaign(const jv1::Entry& entry, std::uint32_t campaign) {
  std::int64_t sum = 0;
  for (const jv1::Posting& posting : entry.postings()) {
    const bool own = posting.kind() == jv1::ACCOUNT_KIND_CAMPAIGN && posting.owner() == campaign;
    if (own) sum += posting.points();
  }
  return sum;
}

}  // namespace

BundlePlans::Campaign& BundlePlans::Of(std::uint32_t number) {
  std::unique_ptr<Campaign>& campaign = campaigns_[number];
  if (campaign == nullptr) campaign = std::make_unique<Campaign>();
  return *campaign;
}

void BundlePlans::TakePlan(const jv1::Record& record, Campaign* campaign) {
  const jv1::PlanCompleted& completed = record.plan_completed();
  campaign->planned_at = record.sequence();
  campaign->plan = {.rows = completed.rows(),
                    .points = completed.points(),
                    .hash = completed.plan_hash(),
                    .pieces = {}};
}

void BundlePlans::TakeSubmission(const jv1::Record& record, Campaign* campaign) {
  const jv1::CampaignSubmitted& submitted = record.campaign_submitted();
  campaign->submitted_at = record.sequence();
  // Records that do not say how many are of a time when one approved.
  campaign->submission = {.plan_hash = submitted.plan_hash(),
                          .pack = submitted.rule_pack(),
                          .version = submitted.rule_pack_version(),
                          .approvers = std::max(submitted.approvers(), std::uint32_t{1})};
}

void BundlePlans::LearnEarlier(const jv1::Record& record) {
  const Sequence at = record.sequence();
  if (record.has_plan_completed()) {
    Campaign& campaign = Of(record.plan_completed().campaign());
    if (at > campaign.planned_at) TakePlan(record, &campaign);
  } else if (record.has_campaign_submitted()) {
    Campaign& campaign = Of(record.campaign_submitted().campaign());
    if (at > campaign.submitted_at) TakeSubmission(record, &campaign);
  } else if (record.entry().has_approval()) {
    Campaign& campaign = Of(record.entry().approval().campaign());
    if (at <= campaign.approved_at) return;
    campaign.approved_at = at;
    campaign.approved_hash = record.entry().approval().plan_hash();
  } else if (record.has_issue_started()) {
    Campaign& campaign = Of(record.issue_started().campaign());
    campaign.begun_at = std::max(campaign.begun_at, at);
  } else if (const std::uint32_t number = ChangedBy(record)) {
    Campaign& campaign = Of(number);
    campaign.changed_at = std::max(campaign.changed_at, at);
  }
}

absl::Status BundlePlans::Check(const jv1::Record& record) {
  if (record.has_entry()) {
    if (record.entry().has_grant()) return CheckGrant(record.entry());
    return record.entry().has_approval() ? CheckApproval(record) : absl::OkStatus();
  }
  if (const std::uint32_t number = ChangedBy(record)) {
    Change(number, record.sequence());
    if (record.has_plan_started()) {
      Of(number).upload = std::make_unique<Rows>();
      Of(number).upload->version = record.plan_started().version();
    }
    if (record.has_campaign_cancelled()) Of(number).plan.pieces.clear();
    return absl::OkStatus();
  }
  if (record.has_plan_rows()) return CheckUpload(record);
  if (record.has_plan_completed()) return CheckCompletion(record);
  if (record.has_campaign_submitted()) return CheckSubmission(record);
  if (record.has_approval_given()) return CheckApprovalGiven(record.approval_given());
  if (record.has_issue_started()) return CheckStart(record);
  if (record.has_row_refused()) {
    return CheckVerdict(record.row_refused().campaign(), record.row_refused().row());
  }
  return record.has_issue_finished() ? CheckFinish(record.issue_finished()) : absl::OkStatus();
}

void BundlePlans::Change(std::uint32_t number, Sequence at) {
  Campaign& campaign = Of(number);
  campaign.changed_at = at;
  campaign.of_range = true;
  campaign.approved_at = 0;
}

absl::Status BundlePlans::CheckUpload(const jv1::Record& record) {
  const jv1::PlanRows& added = record.plan_rows();
  Rows* const upload = Of(added.campaign()).upload.get();
  if (upload == nullptr) {
    return whole_ ? Misfit("rows of a plan that nobody uploads") : absl::OkStatus();
  }
  const absl::string_view rows = added.rows();
  if (rows.empty() || rows.size() % kPlannedRowBytes != 0 || added.version() != upload->version ||
      added.first_row() != upload->tree.size()) {
    return Misfit("rows of a plan that do not come next");
  }
  auto reason = added.reasons().begin();
  for (std::size_t i = 0; i * kPlannedRowBytes < rows.size(); ++i) {
    const absl::string_view row = rows.substr(i * kPlannedRowBytes, kPlannedRowBytes);
    const std::int64_t points = PlannedPoints(row);
    if (points <= 0 || points > Points::kMax - upload->points) {
      return Misfit("a plan of no points, or of too many");
    }
    upload->points += points;
    const bool says_why = reason != added.reasons().end() && reason->row() == i;
    upload->tree.Append(ledger::LeafHash(says_why ? absl::StrCat(row, reason->text()) : row));
    if (says_why) ++reason;
  }
  if (reason != added.reasons().end()) return Misfit("a reason for no row of a plan");
  upload->pieces.emplace(added.first_row(), added.rows());
  return absl::OkStatus();
}

absl::Status BundlePlans::CheckCompletion(const jv1::Record& record) {
  const jv1::PlanCompleted& completed = record.plan_completed();
  Campaign& campaign = Of(completed.campaign());
  TakePlan(record, &campaign);
  const std::unique_ptr<Rows> upload = std::move(campaign.upload);
  if (upload == nullptr) {
    return whole_ ? Misfit("a plan that nobody uploaded") : absl::OkStatus();
  }
  const ledger::Hash root = upload->tree.Root();
  if (completed.version() != upload->version || completed.rows() != upload->tree.size() ||
      completed.points() != upload->points || completed.plan_hash() != ledger::AsBytes(root)) {
    return Misfit("a plan that is not what its rows come to");
  }
  campaign.plan.pieces = std::move(upload->pieces);
  return absl::OkStatus();
}

absl::Status BundlePlans::CheckSubmission(const jv1::Record& record) {
  Campaign& campaign = Of(record.campaign_submitted().campaign());
  TakeSubmission(record, &campaign);
  campaign.submission.of_range = true;
  campaign.of_range = true;
  campaign.approved_at = 0;  // Of one that is submitted again.
  if (campaign.planned_at == 0) {
    return whole_ ? Misfit("a campaign without a plan is submitted") : absl::OkStatus();
  }
  if (AreOfOnePlan(campaign.submission.plan_hash, campaign.plan.hash)) return absl::OkStatus();
  return Misfit("another plan is submitted than the campaign has");
}

absl::Status BundlePlans::CheckApprovalGiven(const jv1::ApprovalGiven& given) {
  Campaign& campaign = Of(given.campaign());
  if (campaign.submitted_at == 0) {
    return whole_ ? Misfit("an approval of what nobody submitted") : absl::OkStatus();
  }
  if (campaign.submitted_at < campaign.changed_at) {
    return Misfit("an approval of what was changed since it was submitted");
  }
  if (!AreOfOnePlan(given.plan_hash(), campaign.submission.plan_hash)) {
    return Misfit("an approval of another plan than was submitted");
  }
  ++campaign.submission.approvals;
  return absl::OkStatus();
}

absl::Status BundlePlans::CheckApproval(const jv1::Record& record) {
  const jv1::CampaignApproved& approved = record.entry().approval();
  Campaign& campaign = Of(approved.campaign());
  const Submission& submission = campaign.submission;
  if (campaign.submitted_at == 0) {
    if (whole_) return Misfit("an approval of what nobody submitted");
  } else if (campaign.submitted_at < campaign.changed_at || campaign.approved_at != 0) {
    return Misfit("an approval of what was not submitted since it was changed, or approved");
  } else if (!AreOfOnePlan(approved.plan_hash(), submission.plan_hash)) {
    return Misfit("an approval of another plan than was submitted");
  } else if (submission.of_range && submission.approvals + 1 != submission.approvers) {
    return Misfit(absl::StrCat("approved by ", submission.approvals + 1, " where ",
                               submission.approvers, " have to"));
  }
  if (campaign.planned_at != 0 &&
      PostedToCampaign(record.entry(), approved.campaign()) != campaign.plan.points) {
    return Misfit("an approval that reserves other points than its plan has");
  }
  campaign.approved_at = record.sequence();
  campaign.approved_hash = approved.plan_hash();
  return absl::OkStatus();
}

absl::Status BundlePlans::CheckApproved(const Campaign& campaign) {
  if (campaign.approved_at == 0) {
    if (whole_ || campaign.of_range) return Misfit("an issue run that nobody approved");
    ++figures_.unapproved;
    return absl::OkStatus();
  }
  const Sequence since = std::max(
      {campaign.changed_at, campaign.planned_at, campaign.submitted_at, campaign.begun_at});
  if (campaign.approved_at < since) {
    return Misfit("an issue run of what was changed or begun since it was approved");
  }
  if (!AreOfOnePlan(campaign.approved_hash, campaign.plan.hash)) {
    return Misfit("an issue run of another plan than was approved");
  }
  ++figures_.approved;
  return absl::OkStatus();
}

absl::Status BundlePlans::CheckStart(const jv1::Record& record) {
  const jv1::IssueStarted& started = record.issue_started();
  Campaign& campaign = Of(started.campaign());
  PUHUI_RETURN_IF_ERROR(CheckApproved(campaign));
  const std::string& hash = started.plan_hash();
  if (!AreOfOnePlan(hash, campaign.approved_hash)) {
    return Misfit("an issue run of another plan than was approved");
  }
  // Records of before runs said what they carry out do not.
  if (campaign.planned_at != 0 && !hash.empty() &&
      (hash != campaign.plan.hash || started.rows() != campaign.plan.rows ||
       started.points() != campaign.plan.points)) {
    return Misfit("an issue run of another plan than its campaign has");
  }
  const Submission& submission = campaign.submission;
  if (campaign.submitted_at != 0 && (started.rules().pack() != submission.pack ||
                                     started.rules().version() != submission.version)) {
    return Misfit("an issue run under another rule pack than was submitted");
  }
  campaign.begun_at = record.sequence();
  campaign.row_known = true;
  campaign.counted = true;
  campaign.next_row = 0;
  campaign.granted = 0;
  campaign.points_granted = 0;
  return absl::OkStatus();
}

// Rows get their verdicts in the order of the plan, while the run goes on.
absl::Status BundlePlans::CheckVerdict(std::uint32_t number, std::uint64_t row) {
  Campaign& campaign = Of(number);
  if (campaign.begun_at == 0) {
    const bool never = whole_ || campaign.of_range;
    return never ? Misfit("a verdict on a row of a campaign whose issue run never began")
                 : absl::OkStatus();
  }
  if (campaign.begun_at < campaign.changed_at) {
    return Misfit("a verdict on a row of an issue run that was called off");
  }
  if (campaign.row_known && row != campaign.next_row) {
    return Misfit(absl::StrCat("a verdict on row ", row, ", where row ", campaign.next_row,
                               " of the plan comes next"));
  }
  if (campaign.planned_at != 0 && row >= campaign.plan.rows) {
    return Misfit("a verdict on a row that its plan does not have");
  }
  campaign.row_known = true;
  campaign.next_row = row + 1;
  return absl::OkStatus();
}

absl::Status BundlePlans::CheckGrant(const jv1::Entry& entry) {
  const jv1::Grant& grant = entry.grant();
  PUHUI_RETURN_IF_ERROR(CheckVerdict(grant.campaign(), grant.row()));
  Campaign& campaign = Of(grant.campaign());
  ++campaign.granted;
  campaign.points_granted += std::min(grant.points(), Points::kMax - campaign.points_granted);
  if (campaign.plan.pieces.empty()) {
    ++figures_.unplanned;
    return absl::OkStatus();
  }
  const absl::string_view row = RowIn(campaign.plan.pieces, grant.row());
  if (row.empty() || row.substr(0, kPlannedMemberBytes) != entry.member() ||
      PlannedPoints(row) != grant.points()) {
    return Misfit(absl::StrCat("grants something else than row ", grant.row(), " of the plan"));
  }
  ++figures_.planned;
  return absl::OkStatus();
}

absl::Status BundlePlans::CheckFinish(const jv1::IssueFinished& finished) {
  Campaign& campaign = Of(finished.campaign());
  campaign.plan.pieces.clear();
  if (!campaign.counted) return absl::OkStatus();
  if (finished.rows_granted() != campaign.granted ||
      finished.rows_refused() != campaign.next_row - campaign.granted ||
      finished.points_granted() != campaign.points_granted ||
      (campaign.planned_at != 0 && campaign.next_row != campaign.plan.rows)) {
    return Misfit("an issue run that ends with other rows than got a verdict");
  }
  return absl::OkStatus();
}

}  // namespace puhui::audit
