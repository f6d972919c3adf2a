// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/campaign_applier.h"

#include "issuing/app/plan_hash.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/records.h"
#include "issuing/core/rule_pack.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::TimeOf;
using ledger::TimerKey;

namespace {

constexpr std::size_t kRowsExpected = 16;  // Ahead of the one that is added.

absl::Status CampaignCannotFollow(absl::string_view what, std::uint32_t campaign) {
  return absl::DataLossError(absl::StrCat(what, " of campaign ", campaign, " cannot follow"));
}

TimerKey ApprovalsTimer(absl::Time due, CampaignNumber campaign) {
  return {due, ledger::kTimerApprovals, NumberOf(campaign)};
}

}  // namespace

void CampaignApplier::Create(const jv1::Record& record) {
  const jv1::CampaignCreated& created = record.campaign_created();
  const CampaignNumber number{created.number()};
  CampaignRow& row = tables_.campaigns.Edit(number);
  row.id = created.id();
  row.union_number = UnionNumber{created.union_number()};
  row.origin = OriginOf(created);
  row.display_name = created.display_name();
  row.occasion = created.occasion();
  row.personal = IsPersonalOccasion(row.occasion);
  row.create_time = TimeOf(record);
  row.creator = created.person();
  row.changed = record.sequence();
  tables_.campaign_ids.Put(created.id(), number);
  tables_.counts.Put(kCampaignCount, created.number());
}

absl::Status CampaignApplier::Update(const jv1::Record& record) {
  const jv1::CampaignUpdated& updated = record.campaign_updated();
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(updated.campaign()));
  if (!IsOpenToChange(row->state)) return CampaignCannotFollow("a change", updated.campaign());
  BackToDraft(CampaignNumber{updated.campaign()}, VoidReason::kDetailsChanged, *row);
  row->display_name = updated.after().display_name();
  row->occasion = updated.after().occasion();
  // For good: what was written under an earlier occasion stays in the journal, and in the plan.
  row->personal = row->personal || IsPersonalOccasion(row->occasion);
  row->changed = record.sequence();
  AddEditor(updated.person(), *row);
  return absl::OkStatus();
}

absl::StatusOr<CampaignRow*> CampaignApplier::Edit(std::uint32_t number) {
  const CampaignNumber campaign{number};
  if (tables_.campaigns.Find(campaign) == nullptr) return CampaignCannotFollow("a record", number);
  return &tables_.campaigns.Edit(campaign);
}

// The plan that is there stands until the upload is complete, without its approval.
absl::Status CampaignApplier::StartPlan(const jv1::Record& record) {
  const jv1::PlanStarted& started = record.plan_started();
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(started.campaign()));
  if (!IsOpenToChange(row->state) || started.version() != row->plan_versions + 1) {
    return CampaignCannotFollow("a plan", started.campaign());
  }
  const CampaignNumber number{started.campaign()};
  if (row->upload.has_value()) ErasePlanChunks(number, row->upload->version, row->upload->rows);
  BackToDraft(number, VoidReason::kPlanChanged, *row);
  row->plan_versions = started.version();
  row->upload = PlanUpload{.version = started.version(), .person = started.person()};
  row->changed = record.sequence();
  return absl::OkStatus();
}

absl::Status CampaignApplier::AddPlanRows(const jv1::PlanRows& added) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(added.campaign()));
  if (added.rows().size() % kPlanRowBytes != 0 || !row->upload.has_value() ||
      row->upload->version != added.version() || row->upload->rows != added.first_row() ||
      added.first_row() % kPlanChunkRows != 0) {
    return CampaignCannotFollow("rows", added.campaign());
  }
  const CampaignNumber number{added.campaign()};
  const PlanRowsView rows(added.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + kRowsExpected < rows.size()) {
      tables_.plan_members.Expect({number, rows[i + kRowsExpected].member}, ledger::Coming::kSoon);
    }
    const PlanMemberKey key{number, rows[i].member};
    PlanPlace place{.version = added.version(), .row = added.first_row() + i};
    const PlanPlace* before = row->plan.rows == 0 ? nullptr : tables_.plan_members.Find(key);
    if (before != nullptr) {
      if (const absl::optional<std::uint64_t> standing = before->RowIn(row->plan.version)) {
        place.standing_version = row->plan.version;
        place.standing_row = *standing;
      }
    }
    tables_.plan_members.Put(key, place);
  }
  const auto chunk = static_cast<std::uint32_t>(added.first_row() / kPlanChunkRows);
  tables_.plan_chunks.Put({number, added.version(), chunk}, added.rows());
  PlanReasons reasons;
  for (const jv1::PlanRowReason& reason : added.reasons()) {
    const bool ascends = reasons.of.empty() || reasons.of.back().row < reason.row();
    if (!ascends || reason.row() >= rows.size())
      return CampaignCannotFollow("a reason", added.campaign());
    reasons.of.push_back({.row = reason.row(), .text = reason.text()});
  }
  AppendRows(rows, reasons.of, &*row->upload);
  if (!reasons.of.empty()) {
    tables_.plan_reasons.Put({number, added.version(), chunk}, std::move(reasons));
  }
  return absl::OkStatus();
}

absl::Status CampaignApplier::CompletePlan(const jv1::Record& record) {
  const jv1::PlanCompleted& completed = record.plan_completed();
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(completed.campaign()));
  if (!row->upload.has_value() || row->upload->version != completed.version() ||
      row->upload->rows != completed.rows() || row->upload->points != completed.points() ||
      ledger::AsBytes(PlanHash(*row->upload)) != completed.plan_hash()) {
    return CampaignCannotFollow("the completion", completed.campaign());
  }
  ErasePlanChunks(CampaignNumber{completed.campaign()}, row->plan.version, row->plan.rows);
  row->plan = Plan{.version = completed.version(),
                   .rows = completed.rows(),
                   .points = completed.points(),
                   .hash = ledger::HashFromBytes(completed.plan_hash()),
                   .uploader = row->upload->person};
  row->upload.reset();
  row->changed = record.sequence();
  return absl::OkStatus();
}

void CampaignApplier::ErasePlanChunks(CampaignNumber campaign, std::uint32_t version,
                                      std::uint64_t rows) {
  const std::uint64_t chunks = (rows + kPlanChunkRows - 1) / kPlanChunkRows;
  for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) {
    tables_.plan_chunks.Erase({campaign, version, chunk});
    tables_.plan_reasons.Erase({campaign, version, chunk});
  }
}

void CampaignApplier::SetState(CampaignState state, CampaignRow& campaign) {
  const int change = int{IsActive(state)} - int{IsActive(campaign.state)};
  campaign.state = state;
  if (change != 0) unions_.CountActiveCampaigns(campaign.union_number, change);
}

void CampaignApplier::AddEditor(const std::string& person, CampaignRow& campaign) {
  const bool known = std::ranges::find(campaign.editors, person) != campaign.editors.end();
  if (!known) campaign.editors.push_back(person);
}

void CampaignApplier::BackToDraft(CampaignNumber number, VoidReason reason, CampaignRow& campaign) {
  if (IsActive(campaign.state)) campaign.void_reason = reason;
  SetState(CampaignState::kDraft, campaign);
  if (!campaign.submitter.empty()) AddEditor(campaign.submitter, campaign);
  campaign.submitter.clear();
  campaign.end_reason.clear();
  EndApprovals(number, campaign);
}

absl::Status CampaignApplier::Submit(const jv1::Record& record) {
  const jv1::CampaignSubmitted& submitted = record.campaign_submitted();
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(submitted.campaign()));
  // Of one that is submitted again, because its rule pack is gone.
  EndApprovals(CampaignNumber{submitted.campaign()}, *row);
  SetState(CampaignState::kSubmitted, *row);
  if (!row->submitter.empty()) AddEditor(row->submitter, *row);
  row->submitter = submitted.person();
  row->rule_pack = {submitted.rule_pack(), submitted.rule_pack_version()};
  // Records that do not say so are of a time when one approved, whatever the policy.
  row->approvers_needed = std::max(submitted.approvers(), std::uint32_t{1});
  row->void_reason = VoidReason::kNone;
  row->changed = record.sequence();
  return absl::OkStatus();
}

void CampaignApplier::AddApproval(CampaignNumber number, Approval approval, CampaignRow& campaign) {
  if (!campaign.approvals_due.has_value()) {
    campaign.approvals_due = approval.time + kApprovalsKeptFor;
    views_.timers.Put(ApprovalsTimer(*campaign.approvals_due, number), true);
  }
  campaign.approvals.push_back(std::move(approval));
}

void CampaignApplier::EndApprovals(CampaignNumber number, CampaignRow& campaign) {
  if (campaign.approvals_due.has_value()) {
    views_.timers.Erase(ApprovalsTimer(*campaign.approvals_due, number));
    campaign.approvals_due.reset();
  }
  campaign.approvals.clear();
}

absl::Status CampaignApplier::NoteApproval(const jv1::Record& record) {
  const jv1::ApprovalGiven& given = record.approval_given();
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(given.campaign()));
  if (row->state != CampaignState::kSubmitted ||
      row->approvals.size() + 1 >= row->approvers_needed) {
    return CampaignCannotFollow("an approval", given.campaign());
  }
  AddApproval(CampaignNumber{given.campaign()}, {given.person(), TimeOf(record)}, *row);
  return absl::OkStatus();
}

// Invariant: what is reserved has as many approvals as were needed when it was submitted.
absl::Status CampaignApplier::Approve(const jv1::Record& record) {
  const jv1::CampaignApproved& approved = record.entry().approval();
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(approved.campaign()));
  if (row->state != CampaignState::kSubmitted ||
      row->approvals.size() + 1 != row->approvers_needed) {
    return CampaignCannotFollow("the last approval", approved.campaign());
  }
  AddApproval(CampaignNumber{approved.campaign()}, {approved.person(), TimeOf(record)}, *row);
  SetState(CampaignState::kApproved, *row);
  return absl::OkStatus();
}

absl::Status CampaignApplier::Reject(const jv1::Record& record) {
  const jv1::CampaignRejected& rejected = record.campaign_rejected();
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(rejected.campaign()));
  if (!AwaitsIssue(row->state)) return CampaignCannotFollow("a rejection", rejected.campaign());
  BackToDraft(CampaignNumber{rejected.campaign()}, VoidReason::kNone, *row);
  SetState(CampaignState::kRejected, *row);
  row->end_reason = rejected.reason();
  row->changed = record.sequence();
  return absl::OkStatus();
}

absl::Status CampaignApplier::VoidApprovals(const jv1::Record& record) {
  const jv1::ApprovalsVoided& voided = record.approvals_voided();
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, Edit(voided.campaign()));
  // A run that has not granted anything can still be called off.
  const bool unbegun = row->state == CampaignState::kIssuing && row->rows_done == 0;
  if (!AwaitsIssue(row->state) && !unbegun) {
    return CampaignCannotFollow("an end of approvals", voided.campaign());
  }
  const CampaignNumber number{voided.campaign()};
  StopRun(number, *row);
  row->all_or_nothing = false;
  if (unbegun) StopSweep(number, *row);
  BackToDraft(number, static_cast<VoidReason>(voided.reason()), *row);
  row->changed = record.sequence();
  return absl::OkStatus();
}

}  // namespace puhui::issuing
