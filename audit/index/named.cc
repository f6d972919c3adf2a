// SPDX-License-Identifier: Apache-2.0
#include "audit/index/named.h"

#include "ledger/engine/ledger_views.h"
#include "puhui/journal/v1/record.pb.h"

#include <algorithm>

namespace puhui::audit {

namespace jv1 = journal::v1;

// NOLINTNEXTLINE(readability-function-size): a line for each kind; the compiler wants every one.
void Named::TakeBody(const jv1::Record& record) {
  switch (record.body_case()) {
    case jv1::Record::kEntry:
      return Take(record.entry());
    case jv1::Record::kUnionCreated:
      return Take(record.union_created());
    case jv1::Record::kFundingProposed:
      return Take(record.funding_proposed());
    case jv1::Record::kFundingRejected:
      return Take(record.funding_rejected());
    case jv1::Record::kMemberJoined:
      return Take(record.member_joined());
    case jv1::Record::kMemberBatch:
      return Take(record.member_batch());
    case jv1::Record::kCampaignCreated:
      return Take(record.campaign_created());
    case jv1::Record::kPlanRows:
      return Take(record.plan_rows());
    case jv1::Record::kPlanCompleted:
      return Take(record.plan_completed());
    case jv1::Record::kCampaignSubmitted:
      return Take(record.campaign_submitted());
    case jv1::Record::kIssueStarted:
      return Take(record.issue_started());
    case jv1::Record::kRowRefused:
      return Take(record.row_refused());
    case jv1::Record::kIssueFinished:
      return Take(record.issue_finished());
    case jv1::Record::kExpiryAdvanced:
      return Take(record.expiry_advanced());
    case jv1::Record::kMerchantRegistered:
      return Take(record.merchant_registered());
    case jv1::Record::kStoreCreated:
      return Take(record.store_created());
    case jv1::Record::kTerminalEnrolled:
      return Take(record.terminal_enrolled());
    case jv1::Record::kTerminalBlocked:
      return Take(record.terminal_blocked());
    case jv1::Record::kDeclined:
      return Take(record.declined());
    case jv1::Record::kTombstone:
      return Take(record.tombstone());
    case jv1::Record::kPlanStarted:
      return Take(record.plan_started());
    case jv1::Record::kRequestsForgotten:
      return Take(record.requests_forgotten());
    case jv1::Record::kUnionUpdated:
      return Take(record.union_updated());
    case jv1::Record::kUnionMoved:
      return Take(record.union_moved());
    case jv1::Record::kUnionClosed:
      return Take(record.union_closed());
    case jv1::Record::kMemberChanged:
      return Take(record.member_changed());
    case jv1::Record::kMemberRevealed:
      return Take(record.member_revealed());
    case jv1::Record::kApplicationSubmitted:
      return Take(record.application_submitted());
    case jv1::Record::kApplicationDecided:
      return Take(record.application_decided());
    case jv1::Record::kKeyRotationStarted:
      return Take(record.key_rotation_started());
    case jv1::Record::kKeyRotationAdvanced:
      return Take(record.key_rotation_advanced());
    case jv1::Record::kMembersExported:
      return Take(record.members_exported());
    case jv1::Record::kCampaignUpdated:
      return Take(record.campaign_updated());
    case jv1::Record::kApprovalGiven:
      return Take(record.approval_given());
    case jv1::Record::kCampaignRejected:
      return Take(record.campaign_rejected());
    case jv1::Record::kCampaignCancelled:
      return Take(record.campaign_cancelled());
    case jv1::Record::kApprovalsVoided:
      return Take(record.approvals_voided());
    case jv1::Record::kIssuePaused:
      return Take(record.issue_paused());
    case jv1::Record::kIssueResumed:
      return Take(record.issue_resumed());
    case jv1::Record::kCampaignClosed:
      return Take(record.campaign_closed());
    case jv1::Record::kRulePackLoaded:
      return Take(record.rule_pack_loaded());
    case jv1::Record::kClawBackProposed:
      return Take(record.claw_back_proposed());
    case jv1::Record::kClawBackDecided:
      return Take(record.claw_back_decided());
    case jv1::Record::kClawBackAdvanced:
      return Take(record.claw_back_advanced());
    case jv1::Record::kAgreementMade:
      return Take(record.agreement_made());
    case jv1::Record::kMerchantStateChanged:
      return Take(record.merchant_state_changed());
    case jv1::Record::kTerminalStateChanged:
      return Take(record.terminal_state_changed());
    case jv1::Record::kTerminalRenewed:
      return Take(record.terminal_renewed());
    case jv1::Record::kEnrolmentCodeMade:
      return Take(record.enrolment_code_made());
    case jv1::Record::kEnrolmentCodeRefused:
      return Take(record.enrolment_code_refused());
    case jv1::Record::kMerchantApplied:
      return Take(record.merchant_applied());
    case jv1::Record::kMerchantDecided:
      return Take(record.merchant_decided());
    case jv1::Record::kLimitsChanged:
      return Take(record.limits_changed());
    case jv1::Record::kDeviceEnrolled:
      return Take(record.device_enrolled());
    case jv1::Record::kDeviceRevoked:
      return Take(record.device_revoked());
    case jv1::Record::kBillCreated:
      return Take(record.bill_created());
    case jv1::Record::kBillCancelled:
      return Take(record.bill_cancelled());
    case jv1::Record::kBatchClosed:
      return Take(record.batch_closed());
    case jv1::Record::kDayCut:
      return Take(record.day_cut());
    case jv1::Record::kStatementAgreed:
      return Take(record.statement_agreed());
    case jv1::Record::kLinesDisputed:
      return Take(record.lines_disputed());
    case jv1::Record::kResolutionProposed:
      return Take(record.resolution_proposed());
    case jv1::Record::kDisputeDismissed:
      return Take(record.dispute_dismissed());
    case jv1::Record::kBankAccountProposed:
      return Take(record.bank_account_proposed());
    case jv1::Record::kBankAccountDecided:
      return Take(record.bank_account_decided());
    case jv1::Record::kPayoutRunCreated:
      return Take(record.payout_run_created());
    case jv1::Record::kPayoutRunApproved:
      return Take(record.payout_run_approved());
    case jv1::Record::kPayoutRunCancelled:
      return Take(record.payout_run_cancelled());
    case jv1::Record::kPayoutRunExported:
      return Take(record.payout_run_exported());
    case jv1::Record::kBankAnswered:
      return Take(record.bank_answered());
    case jv1::Record::kPaymentCorrectionProposed:
      return Take(record.payment_correction_proposed());
    case jv1::Record::kPaymentCorrectionDecided:
      return Take(record.payment_correction_decided());
    case jv1::Record::kOfferCreated:
      return Take(record.offer_created());
    case jv1::Record::kOfferChanged:
      return Take(record.offer_changed());
    case jv1::Record::kOfferMoved:
      return Take(record.offer_moved());
    case jv1::Record::kOfferRestocked:
      return Take(record.offer_restocked());
    case jv1::Record::kNoticePublished:
      return Take(record.notice_published());
    case jv1::Record::kNoticeWithdrawn:
      return Take(record.notice_withdrawn());
    case jv1::Record::kOrderShipped:
      return Take(record.order_shipped());
    case jv1::Record::kOrderFulfilled:
      return Take(record.order_fulfilled());
    case jv1::Record::kVoucherRedeemed:
      return Take(record.voucher_redeemed());
    case jv1::Record::kVoucherTransferred:
      return Take(record.voucher_transferred());
    case jv1::Record::kVoucherCodesAdded:
      return Take(record.voucher_codes_added());
    case jv1::Record::kMallEnabled:
      return Take(record.mall_enabled());
    case jv1::Record::kMallChanged:
      return Take(record.mall_changed());
    case jv1::Record::kMallLinked:
      return Take(record.mall_linked());
    case jv1::Record::kMallUnlinked:
      return Take(record.mall_unlinked());
    case jv1::Record::kOffersViewed:
      return Take(record.offers_viewed());
    case jv1::Record::kStoreLocated:
      return Take(record.store_located());
    case jv1::Record::kMandateGranted:
      return Take(record.mandate_granted());
    case jv1::Record::kMandateRevoked:
      return Take(record.mandate_revoked());
    case jv1::Record::kPeriodClosed:
      return Take(record.period_closed());
    case jv1::Record::kPeriodLines:
      return Take(record.period_lines());
    case jv1::Record::BODY_NOT_SET:
      malformed = true;
      return;
  }
  malformed = true;  // A kind of a later release.
}

void Named::Take(const jv1::Entry& entry) {
  TakePostings(entry);
  Member(entry.member());
  for (const jv1::LotChange& change : entry.lots()) Campaign(change.campaign());
  TakeCause(entry);
  TakeOrderOf(entry);
  if (entry.has_allocation()) Take(entry.allocation());
  if (entry.has_budget_return()) Take(entry.budget_return());
  if (facts.amount.has_value()) return;
  std::int64_t moved = 0;
  for (const ledger::Posting& posting : facts.postings) {
    moved += std::max<std::int64_t>(posting.points, 0);
  }
  Amount(moved);
}

void Named::TakeCause(const jv1::Entry& entry) {
  switch (entry.cause_case()) {
    case jv1::Entry::kFunding:
      return Take(entry.funding());
    case jv1::Entry::kApproval:
      return Take(entry.approval());
    case jv1::Entry::kGrant:
      return Take(entry.grant());
    case jv1::Entry::kPurchase:
      return Take(entry.purchase());
    case jv1::Entry::kRefund:
      return Take(entry.refund());
    case jv1::Entry::kReversal:
      return Take(entry.reversal());
    case jv1::Entry::kExpiry:
      return Take(entry.expiry());
    case jv1::Entry::kReturned:
      return Take(entry.returned());
    case jv1::Entry::kAuthorization:
      return Take(entry.authorization());
    case jv1::Entry::kCapture:
      return Take(entry.capture());
    case jv1::Entry::kVoided:
      return Take(entry.voided());
    case jv1::Entry::kAuthorizationExpiry:
      return Take(entry.authorization_expiry());
    case jv1::Entry::kLotReturned:
      return Take(entry.lot_returned());
    case jv1::Entry::kClawedBack:
      return Take(entry.clawed_back());
    case jv1::Entry::kAdjustment:
      return Take(entry.adjustment());
    case jv1::Entry::kPayoutPaid:
      return Take(entry.payout_paid());
    case jv1::Entry::kPayoutReturned:
      return Take(entry.payout_returned());
    case jv1::Entry::CAUSE_NOT_SET:
      return;  // From budget to budget.
  }
  malformed = true;  // A cause of a later release.
}

void Named::TakePostings(const jv1::Entry& entry) {
  if (!ledger::ReadPostings(entry, &facts.postings).ok()) malformed = true;
  for (const ledger::Posting& posting : facts.postings) {
    facts.unions.push_back(posting.origin);
    const auto number = static_cast<std::uint32_t>(posting.owner);
    switch (posting.kind) {
      case ledger::AccountKind::kFunding:
      case ledger::AccountKind::kBudget:
      case ledger::AccountKind::kExpired:
        Union(number);
        break;
      case ledger::AccountKind::kCampaign:
        Campaign(number);
        break;
      case ledger::AccountKind::kWallet:
      case ledger::AccountKind::kHeld:
        facts.members.push_back(posting.member);
        break;
      case ledger::AccountKind::kPayable:
      case ledger::AccountKind::kFee:
      case ledger::AccountKind::kPayout:
        Merchant(number);
        break;
      case ledger::AccountKind::kAid:
        break;
    }
  }
}

void Named::TakeOrderOf(const jv1::Entry& entry) {
  Person(entry.capture().order_accepted().person());
  Person(entry.voided().order_ended().person());
  Person(entry.refund().order_returned().person());
}

void Named::Member(absl::string_view bytes) {
  if (bytes.empty()) return;  // Nobody: a decline of a card that is not known, or of a voucher.
  if (bytes.size() != MemberId::kBytes) {
    malformed = true;
    return;
  }
  facts.members.push_back(MemberId::FromBytes(bytes));
}

void Named::Campaign(std::uint32_t number) {
  if (number != 0) facts.campaigns.push_back(CampaignNumber{number});
}

void Named::Union(std::uint32_t number) {
  if (number != 0) facts.unions.push_back(UnionNumber{number});
}

void Named::Merchant(std::uint32_t number) {
  if (number != 0) facts.merchants.push_back(MerchantNumber{number});
}

void Named::Store(std::uint32_t merchant, absl::string_view store) {
  if (store.empty()) return;
  facts.stores.push_back({.merchant = MerchantNumber{merchant}, .store = std::string(store)});
}

void Named::Terminal(std::uint32_t number) {
  if (number != 0) facts.terminals.push_back(TerminalNumber{number});
}

void Named::Till(const jv1::Till& till) {
  Merchant(till.merchant());
  Terminal(till.terminal());
}

void Named::Person(absl::string_view person) {
  if (!person.empty()) facts.person = std::string(person);
}

void Named::Amount(std::int64_t points) { facts.amount = points < 0 ? -points : points; }

void Named::Reason(std::uint32_t number) {
  if (number != 0) facts.reasons.push_back(number);
}

void Named::About(Sequence sequence) {
  if (sequence != 0) facts.about.push_back(sequence);
}

void Named::Inherit(Sequence sequence) {
  About(sequence);
  inherited.push_back(sequence);
}

}  // namespace puhui::audit
