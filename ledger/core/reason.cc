// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/reason.h"

#include "ledger/base/check.h"

#include "absl/strings/str_cat.h"

#include <array>
#include <cstdlib>
#include <vector>

namespace puhui::ledger {
namespace {

using enum Reason;

struct NamedReason {
  Reason reason;
  absl::string_view name;
};

// In order. A test holds it against puhui.v1.Reason.
constexpr std::array kNamedReasons = {
    NamedReason{kRequestIdReused, "REQUEST_ID_REUSED"},
    NamedReason{kInvalidField, "INVALID_FIELD"},
    NamedReason{kMessageTooLarge, "MESSAGE_TOO_LARGE"},
    NamedReason{kPictureFormat, "PICTURE_FORMAT"},
    NamedReason{kUnauthenticated, "UNAUTHENTICATED"},
    NamedReason{kPermissionDenied, "PERMISSION_DENIED"},
    NamedReason{kSamePerson, "SAME_PERSON"},
    NamedReason{kNotFound, "NOT_FOUND"},
    NamedReason{kCardNotFound, "CARD_NOT_FOUND"},
    NamedReason{kUnknownTerminal, "UNKNOWN_TERMINAL"},
    NamedReason{kAlreadyExists, "ALREADY_EXISTS"},
    NamedReason{kDuplicatePerson, "DUPLICATE_PERSON"},
    NamedReason{kBankReferenceUsed, "BANK_REFERENCE_USED"},
    NamedReason{kRulePackExists, "RULE_PACK_EXISTS"},
    NamedReason{kPaymentCodesBlocked, "PAYMENT_CODES_BLOCKED"},
    NamedReason{kPaymentCodeForeign, "PAYMENT_CODE_FOREIGN"},
    NamedReason{kPaymentCodeUnknown, "PAYMENT_CODE_UNKNOWN"},
    NamedReason{kCardsBlocked, "CARDS_BLOCKED"},
    NamedReason{kEnrolmentCodeRefused, "ENROLMENT_CODE_REFUSED"},
    NamedReason{kVouchersBlocked, "VOUCHERS_BLOCKED"},
    NamedReason{kVoucherUnknown, "VOUCHER_UNKNOWN"},
    NamedReason{kOfferNotFound, "OFFER_NOT_FOUND"},
    NamedReason{kPayoutMessageForeign, "PAYOUT_MESSAGE_FOREIGN"},
    NamedReason{kPaymentUnknown, "PAYMENT_UNKNOWN"},
    NamedReason{kMallLinkUnknown, "MALL_LINK_UNKNOWN"},
    NamedReason{kMallOrderUsed, "MALL_ORDER_USED"},
    NamedReason{kReversedBeforeArrival, "REVERSED_BEFORE_ARRIVAL"},
    NamedReason{kTraceNumberUsed, "TRACE_NUMBER_USED"},
    NamedReason{kTerminalNotActive, "TERMINAL_NOT_ACTIVE"},
    NamedReason{kMerchantNotActive, "MERCHANT_NOT_ACTIVE"},
    NamedReason{kMemberNotActive, "MEMBER_NOT_ACTIVE"},
    NamedReason{kFundingAlreadyConfirmed, "FUNDING_ALREADY_CONFIRMED"},
    NamedReason{kCampaignState, "CAMPAIGN_STATE"},
    NamedReason{kPlanEmpty, "PLAN_EMPTY"},
    NamedReason{kPlanChanged, "PLAN_CHANGED"},
    NamedReason{kPurchaseReversed, "PURCHASE_REVERSED"},
    NamedReason{kCampaignExpired, "CAMPAIGN_EXPIRED"},
    NamedReason{kPlanRowOutOfOrder, "PLAN_ROW_OUT_OF_ORDER"},
    NamedReason{kAuthorizationCaptured, "AUTHORIZATION_CAPTURED"},
    NamedReason{kAuthorizationVoided, "AUTHORIZATION_VOIDED"},
    NamedReason{kAuthorizationExpired, "AUTHORIZATION_EXPIRED"},
    NamedReason{kApprovalExpired, "APPROVAL_EXPIRED"},
    NamedReason{kRulePackChanged, "RULE_PACK_CHANGED"},
    NamedReason{kCampaignHasPoints, "CAMPAIGN_HAS_POINTS"},
    NamedReason{kClawBackState, "CLAW_BACK_STATE"},
    NamedReason{kFundingRejected, "FUNDING_REJECTED"},
    NamedReason{kUnionClosed, "UNION_CLOSED"},
    NamedReason{kUnionCycle, "UNION_CYCLE"},
    NamedReason{kUnionHasChildren, "UNION_HAS_CHILDREN"},
    NamedReason{kUnionHasMembers, "UNION_HAS_MEMBERS"},
    NamedReason{kUnionHasCampaigns, "UNION_HAS_CAMPAIGNS"},
    NamedReason{kUnionHasBudget, "UNION_HAS_BUDGET"},
    NamedReason{kCardBlocked, "CARD_BLOCKED"},
    NamedReason{kMemberState, "MEMBER_STATE"},
    NamedReason{kMemberErased, "MEMBER_ERASED"},
    NamedReason{kCardState, "CARD_STATE"},
    NamedReason{kApplicationState, "APPLICATION_STATE"},
    NamedReason{kKeyRotationRunning, "KEY_ROTATION_RUNNING"},
    NamedReason{kEtagMismatch, "ETAG_MISMATCH"},
    NamedReason{kMerchantState, "MERCHANT_STATE"},
    NamedReason{kMerchantHasAuthorizations, "MERCHANT_HAS_AUTHORIZATIONS"},
    NamedReason{kTerminalState, "TERMINAL_STATE"},
    NamedReason{kPaymentCodeExpired, "PAYMENT_CODE_EXPIRED"},
    NamedReason{kPaymentCodeUsed, "PAYMENT_CODE_USED"},
    NamedReason{kDeviceRevoked, "DEVICE_REVOKED"},
    NamedReason{kBillPaid, "BILL_PAID"},
    NamedReason{kBillCancelled, "BILL_CANCELLED"},
    NamedReason{kBillExpired, "BILL_EXPIRED"},
    NamedReason{kBatchClosed, "BATCH_CLOSED"},
    NamedReason{kBatchChanged, "BATCH_CHANGED"},
    NamedReason{kLineNotAllowed, "LINE_NOT_ALLOWED"},
    NamedReason{kOrderState, "ORDER_STATE"},
    NamedReason{kVoucherRedeemed, "VOUCHER_REDEEMED"},
    NamedReason{kVoucherVoid, "VOUCHER_VOID"},
    NamedReason{kVoucherExpired, "VOUCHER_EXPIRED"},
    NamedReason{kOrderNotOffered, "ORDER_NOT_OFFERED"},
    NamedReason{kBusinessDayNotOver, "BUSINESS_DAY_NOT_OVER"},
    NamedReason{kStatementState, "STATEMENT_STATE"},
    NamedReason{kStatementDisputed, "STATEMENT_DISPUTED"},
    NamedReason{kStatementDigest, "STATEMENT_DIGEST"},
    NamedReason{kDisputeState, "DISPUTE_STATE"},
    NamedReason{kOfferState, "OFFER_STATE"},
    NamedReason{kOfferNotPublished, "OFFER_NOT_PUBLISHED"},
    NamedReason{kOfferChanged, "OFFER_CHANGED"},
    NamedReason{kOfferNotOpen, "OFFER_NOT_OPEN"},
    NamedReason{kNoticeState, "NOTICE_STATE"},
    NamedReason{kPeriodNotNext, "PERIOD_NOT_NEXT"},
    NamedReason{kPeriodNotOver, "PERIOD_NOT_OVER"},
    NamedReason{kPeriodChanged, "PERIOD_CHANGED"},
    NamedReason{kPeriodUnbalanced, "PERIOD_UNBALANCED"},
    NamedReason{kMallBlocked, "MALL_BLOCKED"},
    NamedReason{kBankAccountState, "BANK_ACCOUNT_STATE"},
    NamedReason{kPayerNotConfigured, "PAYER_NOT_CONFIGURED"},
    NamedReason{kStatementNotDue, "STATEMENT_NOT_DUE"},
    NamedReason{kBankAccountMissing, "BANK_ACCOUNT_MISSING"},
    NamedReason{kPayoutRunState, "PAYOUT_RUN_STATE"},
    NamedReason{kPaymentDecided, "PAYMENT_DECIDED"},
    NamedReason{kPayoutFileChanged, "PAYOUT_FILE_CHANGED"},
    NamedReason{kPaymentState, "PAYMENT_STATE"},
    NamedReason{kUnionDepthLimit, "UNION_DEPTH_LIMIT"},
    NamedReason{kOpenLotsLimit, "OPEN_LOTS_LIMIT"},
    NamedReason{kPlanRowsLimit, "PLAN_ROWS_LIMIT"},
    NamedReason{kRefundAbovePurchase, "REFUND_ABOVE_PURCHASE"},
    NamedReason{kMemberOfOtherUnion, "MEMBER_OF_OTHER_UNION"},
    NamedReason{kDuplicateMemberInPlan, "DUPLICATE_MEMBER_IN_PLAN"},
    NamedReason{kLotsPerPurchaseLimit, "LOTS_PER_PURCHASE_LIMIT"},
    NamedReason{kAuthorizationsPerWalletLimit, "AUTHORIZATIONS_PER_WALLET_LIMIT"},
    NamedReason{kCaptureAboveAuthorization, "CAPTURE_ABOVE_AUTHORIZATION"},
    NamedReason{kNotAChild, "NOT_A_CHILD"},
    NamedReason{kOriginsPerEntryLimit, "ORIGINS_PER_ENTRY_LIMIT"},
    NamedReason{kOriginsPerMoveLimit, "ORIGINS_PER_MOVE_LIMIT"},
    NamedReason{kTreesJoinedLimit, "TREES_JOINED_LIMIT"},
    NamedReason{kCombinationsPerMoveLimit, "COMBINATIONS_PER_MOVE_LIMIT"},
    NamedReason{kOfferNotForMember, "OFFER_NOT_FOR_MEMBER"},
    NamedReason{kOfferNotForBill, "OFFER_NOT_FOR_BILL"},
    NamedReason{kOfferLimitReached, "OFFER_LIMIT_REACHED"},
    NamedReason{kOfferStockLimit, "OFFER_STOCK_LIMIT"},
    NamedReason{kExternalIdsLimit, "EXTERNAL_IDS_LIMIT"},
    NamedReason{kRulePackVersionsLimit, "RULE_PACK_VERSIONS_LIMIT"},
    NamedReason{kOccasionsReceivedLimit, "OCCASIONS_RECEIVED_LIMIT"},
    NamedReason{kRevealsLimit, "REVEALS_LIMIT"},
    NamedReason{kRulePackBroken, "RULE_PACK_BROKEN"},
    NamedReason{kRowWouldBeRefused, "ROW_WOULD_BE_REFUSED"},
    NamedReason{kAgreementOverlap, "AGREEMENT_OVERLAP"},
    NamedReason{kAgreementPastDated, "AGREEMENT_PAST_DATED"},
    NamedReason{kAgreementsLimit, "AGREEMENTS_LIMIT"},
    NamedReason{kMallLimit, "MALL_LIMIT"},
    NamedReason{kMallLinksLimit, "MALL_LINKS_LIMIT"},
    NamedReason{kMallInquiriesLimit, "MALL_INQUIRIES_LIMIT"},
    NamedReason{kPaymentCodesLimit, "PAYMENT_CODES_LIMIT"},
    NamedReason{kTerminalLimit, "TERMINAL_LIMIT"},
    NamedReason{kMerchantLimit, "MERCHANT_LIMIT"},
    NamedReason{kMemberLimit, "MEMBER_LIMIT"},
    NamedReason{kCardLimit, "CARD_LIMIT"},
    NamedReason{kDevicesLimit, "DEVICES_LIMIT"},
    NamedReason{kBillsPerTerminalLimit, "BILLS_PER_TERMINAL_LIMIT"},
    NamedReason{kBalanceNotShown, "BALANCE_NOT_SHOWN"},
    NamedReason{kRefundWindowClosed, "REFUND_WINDOW_CLOSED"},
    NamedReason{kVoucherNotTransferable, "VOUCHER_NOT_TRANSFERABLE"},
    NamedReason{kVoucherOtherStore, "VOUCHER_OTHER_STORE"},
    NamedReason{kVoucherCodesLimit, "VOUCHER_CODES_LIMIT"},
    NamedReason{kOrderReturnAbove, "ORDER_RETURN_ABOVE"},
    NamedReason{kOrderAddressesLimit, "ORDER_ADDRESSES_LIMIT"},
    NamedReason{kOutOfStock, "OUT_OF_STOCK"},
    NamedReason{kPeriodLinesLimit, "PERIOD_LINES_LIMIT"},
    NamedReason{kDisputesLimit, "DISPUTES_LIMIT"},
    NamedReason{kAdjustmentAboveLine, "ADJUSTMENT_ABOVE_LINE"},
    NamedReason{kBankAccountDiffers, "BANK_ACCOUNT_DIFFERS"},
    NamedReason{kBankAccountChanged, "BANK_ACCOUNT_CHANGED"},
    NamedReason{kBankAccountsLimit, "BANK_ACCOUNTS_LIMIT"},
    NamedReason{kPayoutOriginsLimit, "PAYOUT_ORIGINS_LIMIT"},
    NamedReason{kPaymentAmountDiffers, "PAYMENT_AMOUNT_DIFFERS"},
    NamedReason{kReconciliationLimit, "RECONCILIATION_LIMIT"},
    NamedReason{kBankReferenceDiffers, "BANK_REFERENCE_DIFFERS"},
    NamedReason{kStoreLocationsLimit, "STORE_LOCATIONS_LIMIT"},
    NamedReason{kPicturesLimit, "PICTURES_LIMIT"},
    NamedReason{kBudgetTooSmall, "BUDGET_TOO_SMALL"},
    NamedReason{kInsufficientPoints, "INSUFFICIENT_POINTS"},
    NamedReason{kAmountOverflow, "AMOUNT_OVERFLOW"},
    NamedReason{kOverloaded, "OVERLOADED"},
    NamedReason{kUnavailable, "UNAVAILABLE"},
    NamedReason{kDeadlineExceeded, "DEADLINE_EXCEEDED"},
    NamedReason{kInternal, "INTERNAL"},
    NamedReason{kSearchRebuilding, "SEARCH_REBUILDING"},
    NamedReason{kAuditIndexBehind, "AUDIT_INDEX_BEHIND"},
};

}  // namespace

absl::Span<const Reason> AllReasons() {
  static const auto* const reasons = [] {
    auto* all = new std::vector<Reason>();
    for (const NamedReason& named : kNamedReasons) all->push_back(named.reason);
    return all;
  }();
  return *reasons;
}

absl::string_view ReasonName(Reason reason) {
  for (const NamedReason& named : kNamedReasons) {
    if (named.reason == reason) return named.name;
  }
  std::abort();  // A reason without a name: the test that walks the enumeration fails first.
}

Reason ReasonFromNumber(std::uint32_t number) {
  for (const NamedReason& named : kNamedReasons) {
    if (static_cast<std::uint32_t>(named.reason) == number) return named.reason;
  }
  CheckFailed(__FILE__, __LINE__, absl::StrCat("no reason has the number ", number));
}

absl::StatusCode CodeFor(Reason reason) {
  switch (reason) {
    case kInvalidField:
    case kPictureFormat:
      return absl::StatusCode::kInvalidArgument;
    case kUnauthenticated:
      return absl::StatusCode::kUnauthenticated;
    case kPermissionDenied:
    case kSamePerson:
      return absl::StatusCode::kPermissionDenied;
    case kNotFound:
      return absl::StatusCode::kNotFound;
    case kRequestIdReused:
    case kAlreadyExists:
    case kDuplicatePerson:
    case kBankReferenceUsed:
    case kRulePackExists:
    case kMallOrderUsed:
      return absl::StatusCode::kAlreadyExists;
    case kOfferNotFound:
    case kOfferState:
    case kOfferNotPublished:
    case kOfferChanged:
    case kOfferNotOpen:
    case kNoticeState:
    case kPeriodNotNext:
    case kPeriodNotOver:
    case kPeriodUnbalanced:
    case kOfferNotForMember:
    case kOfferNotForBill:
    case kOfferLimitReached:
    case kOfferStockLimit:
    case kMallLinkUnknown:
    case kMallBlocked:
    case kMallLimit:
    case kMallLinksLimit:
    case kMallInquiriesLimit:
    case kPaymentCodesBlocked:
    case kPaymentCodeForeign:
    case kPaymentCodeUnknown:
    case kCardsBlocked:
    case kEnrolmentCodeRefused:
    case kPaymentCodeExpired:
    case kPaymentCodeUsed:
    case kPaymentCodesLimit:
    case kDeviceRevoked:
    case kBillPaid:
    case kBillCancelled:
    case kBillExpired:
    case kBillsPerTerminalLimit:
    case kTerminalLimit:
    case kMerchantLimit:
    case kMemberLimit:
    case kCardLimit:
    case kDevicesLimit:
    case kPeriodLinesLimit:
    case kCardNotFound:
    case kUnknownTerminal:
    case kReversedBeforeArrival:
    case kTraceNumberUsed:
    case kTerminalNotActive:
    case kMerchantNotActive:
    case kMemberNotActive:
    case kFundingAlreadyConfirmed:
    case kCampaignState:
    case kPlanEmpty:
    case kPlanChanged:
    case kPurchaseReversed:
    case kCampaignExpired:
    case kPlanRowOutOfOrder:
    case kAuthorizationCaptured:
    case kAuthorizationVoided:
    case kAuthorizationExpired:
    case kApprovalExpired:
    case kRulePackChanged:
    case kCampaignHasPoints:
    case kClawBackState:
    case kFundingRejected:
    case kUnionClosed:
    case kUnionCycle:
    case kUnionHasChildren:
    case kUnionHasMembers:
    case kUnionHasCampaigns:
    case kUnionHasBudget:
    case kCardBlocked:
    case kMemberState:
    case kMemberErased:
    case kCardState:
    case kApplicationState:
    case kKeyRotationRunning:
    case kUnionDepthLimit:
    case kOpenLotsLimit:
    case kPlanRowsLimit:
    case kRefundAbovePurchase:
    case kMemberOfOtherUnion:
    case kDuplicateMemberInPlan:
    case kLotsPerPurchaseLimit:
    case kAuthorizationsPerWalletLimit:
    case kCaptureAboveAuthorization:
    case kNotAChild:
    case kOriginsPerEntryLimit:
    case kOriginsPerMoveLimit:
    case kTreesJoinedLimit:
    case kCombinationsPerMoveLimit:
    case kExternalIdsLimit:
    case kRulePackVersionsLimit:
    case kOccasionsReceivedLimit:
    case kRevealsLimit:
    case kRulePackBroken:
    case kRowWouldBeRefused:
    case kBatchClosed:
    case kBatchChanged:
    case kLineNotAllowed:
    case kBalanceNotShown:
    case kRefundWindowClosed:
    case kBusinessDayNotOver:
    case kStatementState:
    case kStatementDisputed:
    case kStatementDigest:
    case kDisputeState:
    case kDisputesLimit:
    case kAdjustmentAboveLine:
    case kPayoutMessageForeign:
    case kPaymentUnknown:
    case kBankAccountState:
    case kPayerNotConfigured:
    case kStatementNotDue:
    case kBankAccountMissing:
    case kPayoutRunState:
    case kPaymentDecided:
    case kPayoutFileChanged:
    case kPaymentState:
    case kBankAccountDiffers:
    case kBankAccountChanged:
    case kBankAccountsLimit:
    case kPayoutOriginsLimit:
    case kPaymentAmountDiffers:
    case kReconciliationLimit:
    case kBankReferenceDiffers:
    case kStoreLocationsLimit:
    case kPicturesLimit:
    case kMerchantState:
    case kMerchantHasAuthorizations:
    case kTerminalState:
    case kAgreementOverlap:
    case kAgreementPastDated:
    case kAgreementsLimit:
    case kVouchersBlocked:
    case kVoucherUnknown:
    case kOrderState:
    case kVoucherRedeemed:
    case kVoucherVoid:
    case kVoucherExpired:
    case kOrderNotOffered:
    case kVoucherNotTransferable:
    case kVoucherOtherStore:
    case kVoucherCodesLimit:
    case kOrderReturnAbove:
    case kOrderAddressesLimit:
    case kOutOfStock:
    case kBudgetTooSmall:
    case kInsufficientPoints:
    case kAmountOverflow:
      return absl::StatusCode::kFailedPrecondition;
    case kEtagMismatch:
    case kPeriodChanged:
      return absl::StatusCode::kAborted;
    case kMessageTooLarge:
    case kOverloaded:
      return absl::StatusCode::kResourceExhausted;
    case kUnavailable:
    case kSearchRebuilding:
    case kAuditIndexBehind:
      return absl::StatusCode::kUnavailable;
    case kDeadlineExceeded:
      return absl::StatusCode::kDeadlineExceeded;
    case kInternal:
      return absl::StatusCode::kInternal;
  }
  std::abort();  // A new reason fails to compile above.
}

}  // namespace puhui::ledger
