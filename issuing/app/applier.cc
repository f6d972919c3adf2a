// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/applier.h"

#include "issuing/app/plan_hash.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/records.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <string>

namespace puhui::issuing {

namespace jv1 = journal::v1;

namespace {

absl::Time TimeOf(const jv1::Record& record) { return absl::FromUnixMicros(record.time_micros()); }

absl::Status CannotFollow(absl::string_view what, std::uint32_t campaign) {
  return absl::DataLossError(absl::StrCat(what, " of campaign ", campaign, " cannot follow"));
}

}  // namespace

absl::Status IssuingApplier::Apply(const jv1::Record& record) {
  switch (record.body_case()) {
    case jv1::Record::kEntry:
      return ApplyEntry(record);
    case jv1::Record::kRowRefused:
      return CountRefusal(record.row_refused());
    case jv1::Record::kMemberJoined:
      return Join(record), absl::OkStatus();
    case jv1::Record::kMemberChanged:
      return ChangeMember(record.member_changed());
    case jv1::Record::kApplicationSubmitted:
      return SubmitApplication(record), absl::OkStatus();
    case jv1::Record::kApplicationDecided:
      return DecideApplication(record);
    case jv1::Record::kKeyRotationStarted:
      return StartKeyRotation(record), absl::OkStatus();
    case jv1::Record::kKeyRotationAdvanced:
      return AdvanceKeyRotation(record);
    case jv1::Record::kUnionCreated:
      return unions_.Create(record);
    case jv1::Record::kUnionUpdated:
      return unions_.Update(record);
    case jv1::Record::kUnionMoved:
      return unions_.Move(record);
    case jv1::Record::kUnionClosed:
      return unions_.Close(record);
    case jv1::Record::kFundingProposed:
      return unions_.ProposeFunding(record), absl::OkStatus();
    case jv1::Record::kCampaignCreated:
      return CreateCampaign(record), absl::OkStatus();
    case jv1::Record::kPlanStarted:
      return StartPlan(record.plan_started());
    case jv1::Record::kPlanRows:
      return AddPlanRows(record.plan_rows());
    case jv1::Record::kPlanCompleted:
      return CompletePlan(record.plan_completed());
    case jv1::Record::kCampaignSubmitted:
      return Submit(record.campaign_submitted());
    case jv1::Record::kIssueStarted:
      return StartIssue(record);
    case jv1::Record::kIssueFinished:
      return FinishIssue(record.issue_finished());
    case jv1::Record::kExpiryAdvanced:
      return AdvanceSweep(record.expiry_advanced());
    case jv1::Record::kMemberBatch:     // Only answers the call: its members have records.
    case jv1::Record::kMemberRevealed:  // For auditors to read.
    case jv1::Record::kMembersExported:
    case jv1::Record::kMerchantRegistered:
    case jv1::Record::kStoreCreated:
    case jv1::Record::kTerminalEnrolled:
    case jv1::Record::kTerminalBlocked:
    case jv1::Record::kDeclined:
    case jv1::Record::kTombstone:
    case jv1::Record::kRequestsForgotten:
    case jv1::Record::BODY_NOT_SET:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

void IssuingApplier::CreateCampaign(const jv1::Record& record) {
  const jv1::CampaignCreated& created = record.campaign_created();
  const CampaignNumber number{created.number()};
  CampaignRow& row = tables_.campaigns.Edit(number);
  row.id = created.id();
  row.union_number = UnionNumber{created.union_number()};
  row.display_name = created.display_name();
  row.occasion = created.occasion();
  row.create_time = TimeOf(record);
  row.creator = created.person();
  tables_.campaign_ids.Put(created.id(), number);
  tables_.counts.Put(kCampaignCount, created.number());
}

absl::StatusOr<CampaignRow*> IssuingApplier::EditCampaign(std::uint32_t number) {
  const CampaignNumber campaign{number};
  if (tables_.campaigns.Find(campaign) == nullptr) return CannotFollow("a record", number);
  return &tables_.campaigns.Edit(campaign);
}

// The plan that is there stands until the upload is complete, without its approval.
absl::Status IssuingApplier::StartPlan(const jv1::PlanStarted& started) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(started.campaign()));
  if (row->state >= CampaignState::kIssuing || started.version() != row->plan_versions + 1) {
    return CannotFollow("a plan", started.campaign());
  }
  if (row->upload.has_value()) {
    ErasePlanChunks(CampaignNumber{started.campaign()}, row->upload->version, row->upload->rows);
  }
  SetState(CampaignState::kDraft, *row);
  row->submitter.clear();
  row->approver.clear();
  row->plan_versions = started.version();
  row->upload = PlanUpload{.version = started.version(), .person = started.person()};
  return absl::OkStatus();
}

absl::Status IssuingApplier::AddPlanRows(const jv1::PlanRows& added) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(added.campaign()));
  if (added.rows().size() % kPlanRowBytes != 0 || !row->upload.has_value() ||
      row->upload->version != added.version() || row->upload->rows != added.first_row() ||
      added.first_row() % kPlanChunkRows != 0) {
    return CannotFollow("rows", added.campaign());
  }
  const CampaignNumber number{added.campaign()};
  const PlanRowsView rows(added.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    tables_.plan_members.Put({number, rows[i].member}, added.version());
  }
  const auto chunk = static_cast<std::uint32_t>(added.first_row() / kPlanChunkRows);
  tables_.plan_chunks.Put({number, added.version(), chunk}, added.rows());
  AppendRows(rows, &*row->upload);
  return absl::OkStatus();
}

absl::Status IssuingApplier::CompletePlan(const jv1::PlanCompleted& completed) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(completed.campaign()));
  if (!row->upload.has_value() || row->upload->version != completed.version() ||
      row->upload->rows != completed.rows() || row->upload->points != completed.points() ||
      ledger::AsBytes(PlanHash(*row->upload)) != completed.plan_hash()) {
    return CannotFollow("the completion", completed.campaign());
  }
  ErasePlanChunks(CampaignNumber{completed.campaign()}, row->plan.version, row->plan.rows);
  row->plan = Plan{.version = completed.version(),
                   .rows = completed.rows(),
                   .points = completed.points(),
                   .hash = ledger::HashFromBytes(completed.plan_hash()),
                   .uploader = row->upload->person};
  row->upload.reset();
  return absl::OkStatus();
}

void IssuingApplier::ErasePlanChunks(CampaignNumber campaign, std::uint32_t version,
                                     std::uint64_t rows) {
  const std::uint64_t chunks = (rows + kPlanChunkRows - 1) / kPlanChunkRows;
  for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) {
    tables_.plan_chunks.Erase({campaign, version, chunk});
  }
}

void IssuingApplier::SetState(CampaignState state, CampaignRow& campaign) {
  const int change = int{IsActive(state)} - int{IsActive(campaign.state)};
  campaign.state = state;
  if (change != 0) unions_.CountActiveCampaigns(campaign.union_number, change);
}

absl::Status IssuingApplier::Submit(const jv1::CampaignSubmitted& submitted) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(submitted.campaign()));
  SetState(CampaignState::kSubmitted, *row);
  row->submitter = submitted.person();
  return absl::OkStatus();
}

absl::Status IssuingApplier::ApplyEntry(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  PUHUI_RETURN_IF_ERROR(unions_.AddUp(entry));
  switch (entry.cause_case()) {
    case jv1::Entry::kGrant:
      return CountGrant(entry.grant());
    case jv1::Entry::kFunding:
      return unions_.ConfirmFunding(record);
    case jv1::Entry::kApproval:
      return Approve(entry.approval());
    case jv1::Entry::kRefund:
    case jv1::Entry::kReversal:
    case jv1::Entry::kCapture:
    case jv1::Entry::kVoided:
    case jv1::Entry::kAuthorizationExpiry:
      return NoteReopened(entry);
    case jv1::Entry::kReturned:  // The record beside it says where the campaign stands.
    case jv1::Entry::kPurchase:
    case jv1::Entry::kAuthorization:
    case jv1::Entry::kExpiry:
    case jv1::Entry::kLotReturned:
    case jv1::Entry::CAUSE_NOT_SET:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status IssuingApplier::Approve(const jv1::CampaignApproved& approved) {
  PUHUI_ASSIGN_OR_RETURN(CampaignRow* const row, EditCampaign(approved.campaign()));
  if (row->state != CampaignState::kSubmitted) {
    return CannotFollow("an approval", approved.campaign());
  }
  SetState(CampaignState::kApproved, *row);
  row->approver = approved.person();
  return absl::OkStatus();
}

}  // namespace puhui::issuing
