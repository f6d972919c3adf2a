// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/applier.h"

#include "ledger/base/status_macros.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;

absl::Status IssuingApplier::Apply(const jv1::Record& record) {
  switch (record.body_case()) {
    case jv1::Record::kEntry:
      return ApplyEntry(record);
    case jv1::Record::kRowRefused:
      return campaigns_.CountRefusal(record.row_refused());
    case jv1::Record::kMemberJoined:
      return Join(record), absl::OkStatus();
    case jv1::Record::kMemberChanged:
      return ChangeMember(record.member_changed());
    case jv1::Record::kApplicationSubmitted:
      return SubmitApplication(record), absl::OkStatus();
    case jv1::Record::kApplicationDecided:
      return DecideApplication(record);
    case jv1::Record::kMemberRevealed:
      return NoteReveal(record);
    case jv1::Record::kMembersExported:
      tables_.reveals.Put(
          {UnionNumber{record.members_exported().union_number()}, record.sequence()}, true);
      return absl::OkStatus();
    case jv1::Record::kKeyRotationStarted:
      return StartKeyRotation(record), absl::OkStatus();
    case jv1::Record::kKeyRotationAdvanced:
      return AdvanceKeyRotation(record);
    case jv1::Record::kUnionCreated:
      return unions_.Create(record);
    case jv1::Record::kUnionUpdated:
      return unions_.Update(record);
    case jv1::Record::kUnionMoved:
      PUHUI_RETURN_IF_ERROR(AddFigures());  // To those that it hung under until now.
      return unions_.Move(record);
    case jv1::Record::kUnionClosed:
      return unions_.Close(record);
    case jv1::Record::kFundingProposed:
      return unions_.ProposeFunding(record), absl::OkStatus();
    case jv1::Record::kFundingRejected:
      return unions_.RejectFunding(record);
    case jv1::Record::kCampaignCreated:
      return campaigns_.Create(record), absl::OkStatus();
    case jv1::Record::kCampaignUpdated:
      return campaigns_.Update(record);
    case jv1::Record::kPlanStarted:
      return campaigns_.StartPlan(record);
    case jv1::Record::kPlanRows:
      return campaigns_.AddPlanRows(record.plan_rows());
    case jv1::Record::kPlanCompleted:
      return campaigns_.CompletePlan(record);
    case jv1::Record::kCampaignSubmitted:
      return campaigns_.Submit(record);
    case jv1::Record::kApprovalGiven:
      return campaigns_.NoteApproval(record);
    case jv1::Record::kCampaignRejected:
      return campaigns_.Reject(record);
    case jv1::Record::kApprovalsVoided:
      return campaigns_.VoidApprovals(record);
    case jv1::Record::kCampaignCancelled:
      return campaigns_.Cancel(record);
    case jv1::Record::kCampaignClosed:
      return campaigns_.Close(record);
    case jv1::Record::kIssuePaused:
      return campaigns_.Pause(record.issue_paused());
    case jv1::Record::kIssueResumed:
      return campaigns_.Resume(record);
    case jv1::Record::kIssueStarted:
      return campaigns_.StartIssue(record);
    case jv1::Record::kIssueFinished:
      return campaigns_.FinishIssue(record.issue_finished());
    case jv1::Record::kExpiryAdvanced:
      return campaigns_.AdvanceSweep(record.expiry_advanced());
    case jv1::Record::kRulePackLoaded:
      return rules_.Load(record);
    case jv1::Record::kMandateGranted:
      return mandates_.Grant(record);
    case jv1::Record::kMandateRevoked:
      return mandates_.Revoke(record);
    case jv1::Record::kClawBackProposed:
      return claw_backs_.Propose(record);
    case jv1::Record::kClawBackDecided:
      return claw_backs_.Decide(record);
    case jv1::Record::kClawBackAdvanced:
      return claw_backs_.Advance(record);
    case jv1::Record::kMemberBatch:  // Only answers the call: its members have records.
    case jv1::Record::kMerchantRegistered:
    case jv1::Record::kStoreCreated:
    case jv1::Record::kTerminalEnrolled:
    case jv1::Record::kTerminalBlocked:
    case jv1::Record::kDeclined:
    case jv1::Record::kTombstone:
    case jv1::Record::kRequestsForgotten:
    case jv1::Record::kPeriodClosed:
    case jv1::Record::kPeriodLines:
    case jv1::Record::kAgreementMade:
    case jv1::Record::kMerchantStateChanged:
    case jv1::Record::kTerminalStateChanged:
    case jv1::Record::kTerminalRenewed:
    case jv1::Record::kEnrolmentCodeMade:
    case jv1::Record::kEnrolmentCodeRefused:
    case jv1::Record::kMerchantApplied:
    case jv1::Record::kMerchantDecided:
    case jv1::Record::kLimitsChanged:
    case jv1::Record::kDeviceEnrolled:
    case jv1::Record::kDeviceRevoked:
    case jv1::Record::kBillCreated:
    case jv1::Record::kBillCancelled:
    case jv1::Record::kBatchClosed:
    case jv1::Record::kDayCut:
    case jv1::Record::kStatementAgreed:
    case jv1::Record::kLinesDisputed:
    case jv1::Record::kResolutionProposed:
    case jv1::Record::kDisputeDismissed:
    case jv1::Record::kBankAccountProposed:
    case jv1::Record::kBankAccountDecided:
    case jv1::Record::kPayoutRunCreated:
    case jv1::Record::kPayoutRunApproved:
    case jv1::Record::kPayoutRunCancelled:
    case jv1::Record::kPayoutRunExported:
    case jv1::Record::kBankAnswered:
    case jv1::Record::kPaymentCorrectionProposed:
    case jv1::Record::kPaymentCorrectionDecided:
    case jv1::Record::kOfferCreated:
    case jv1::Record::kOfferChanged:
    case jv1::Record::kOfferMoved:
    case jv1::Record::kOfferRestocked:
    case jv1::Record::kNoticePublished:
    case jv1::Record::kNoticeWithdrawn:
    case jv1::Record::kOrderShipped:
    case jv1::Record::kOrderFulfilled:
    case jv1::Record::kVoucherRedeemed:
    case jv1::Record::kVoucherTransferred:
    case jv1::Record::kVoucherCodesAdded:
    case jv1::Record::kStoreLocated:
    case jv1::Record::kMallEnabled:
    case jv1::Record::kMallChanged:
    case jv1::Record::kMallLinked:
    case jv1::Record::kMallUnlinked:
    case jv1::Record::kOffersViewed:
    case jv1::Record::BODY_NOT_SET:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

void IssuingApplier::Expect(const jv1::Record& record, ledger::Coming coming) {
  const jv1::Entry& entry = record.entry();
  if (!entry.has_grant() || entry.member().size() != MemberId::kBytes) return;
  const CampaignRow* campaign = tables_.campaigns.Peek(CampaignNumber{entry.grant().campaign()});
  if (campaign == nullptr) return;
  tables_.received.Expect(ReceivedIn(MemberId::FromBytes(entry.member()), campaign->run_day),
                          coming);
}

absl::Status IssuingApplier::EndSegment(Sequence /*last*/) { return AddFigures(); }

absl::Status IssuingApplier::AddFigures() {
  for (const auto& change : views_.campaign_figures.changes()) {
    PUHUI_RETURN_IF_ERROR(unions_.AddFigures(change));
  }
  views_.campaign_figures.ForgetChanges();
  participation_.AddUp();
  return absl::OkStatus();
}

absl::Status IssuingApplier::ApplyEntry(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  PUHUI_RETURN_IF_ERROR(unions_.AddUp(entry));
  switch (entry.cause_case()) {
    case jv1::Entry::kGrant:
      PUHUI_RETURN_IF_ERROR(campaigns_.CountGrant(entry));
      return participation_.NoteGrant(entry);
    case jv1::Entry::kPurchase:
      return participation_.NoteSpending(entry);
    case jv1::Entry::kFunding:
      return unions_.ConfirmFunding(record);
    case jv1::Entry::kApproval:
      return campaigns_.Approve(record);
    case jv1::Entry::kRefund:
    case jv1::Entry::kReversal:
    case jv1::Entry::kVoided:
    case jv1::Entry::kAuthorizationExpiry:
      return campaigns_.NoteReopened(entry);
    case jv1::Entry::kCapture:
      PUHUI_RETURN_IF_ERROR(participation_.NoteSpending(entry));
      return campaigns_.NoteReopened(entry);
    case jv1::Entry::kLotReturned:
      return rules_.TakeBack(entry);
    case jv1::Entry::kClawedBack:
      PUHUI_RETURN_IF_ERROR(rules_.TakeBack(entry));
      return claw_backs_.CountTaken(entry.clawed_back());
    case jv1::Entry::kReturned:  // The record beside it says where the campaign stands.
    case jv1::Entry::kAuthorization:
    case jv1::Entry::kExpiry:
    case jv1::Entry::kAdjustment:
    case jv1::Entry::kPayoutPaid:
    case jv1::Entry::kPayoutReturned:
    case jv1::Entry::CAUSE_NOT_SET:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

}  // namespace puhui::issuing
