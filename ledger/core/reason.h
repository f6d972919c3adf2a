// SPDX-License-Identifier: Apache-2.0
// NOLINT(size): a line for each reason.
#ifndef PUHUI_LEDGER_CORE_REASON_H_
#define PUHUI_LEDGER_CORE_REASON_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <cstdint>

namespace puhui::ledger {

// Why a rule said no, in order of precedence: replay, shape, permission, existence, state, rules,
// funds. A command that breaks two rules reports the earlier. One enumeration for both sides,
// because the order spans them. Numbers and names are those of puhui.v1.Reason; they are stored in
// records and never change.
enum class Reason : std::uint32_t {
  kRequestIdReused = 100,

  kInvalidField = 200,
  kMessageTooLarge = 201,
  kPictureFormat = 202,

  kUnauthenticated = 300,
  kPermissionDenied = 301,
  kSamePerson = 302,

  kNotFound = 400,
  kCardNotFound = 401,
  kUnknownTerminal = 402,
  kAlreadyExists = 403,
  kDuplicatePerson = 404,
  kBankReferenceUsed = 405,
  kRulePackExists = 406,
  kPaymentCodesBlocked = 415,
  kPaymentCodeForeign = 416,
  kPaymentCodeUnknown = 417,
  kCardsBlocked = 418,
  kEnrolmentCodeRefused = 420,
  kVouchersBlocked = 425,
  kVoucherUnknown = 426,
  kOfferNotFound = 430,
  kPayoutMessageForeign = 440,
  kPaymentUnknown = 441,
  kMallLinkUnknown = 448,
  kMallOrderUsed = 449,

  kReversedBeforeArrival = 500,
  kTraceNumberUsed = 501,
  kTerminalNotActive = 502,
  kMerchantNotActive = 503,
  kMemberNotActive = 504,
  kFundingAlreadyConfirmed = 505,
  kCampaignState = 506,
  kPlanEmpty = 507,
  kPlanChanged = 508,
  kPurchaseReversed = 509,
  kCampaignExpired = 510,
  kPlanRowOutOfOrder = 511,
  kAuthorizationCaptured = 512,
  kAuthorizationVoided = 513,
  kAuthorizationExpired = 514,
  kApprovalExpired = 515,
  kRulePackChanged = 516,
  kCampaignHasPoints = 517,
  kClawBackState = 518,
  kUnionClosed = 520,
  kUnionCycle = 521,
  kUnionHasChildren = 522,
  kUnionHasMembers = 523,
  kUnionHasCampaigns = 524,
  kUnionHasBudget = 525,
  kCardBlocked = 530,
  kMemberState = 531,
  kMemberErased = 532,
  kCardState = 533,
  kApplicationState = 534,
  kKeyRotationRunning = 535,
  kEtagMismatch = 539,
  kMerchantState = 540,
  kMerchantHasAuthorizations = 541,
  kTerminalState = 542,
  kPaymentCodeExpired = 550,
  kPaymentCodeUsed = 551,
  kDeviceRevoked = 552,
  kBillPaid = 555,
  kBillCancelled = 556,
  kBillExpired = 557,
  kBatchClosed = 560,
  kBatchChanged = 561,
  kLineNotAllowed = 562,
  kOrderState = 563,
  kVoucherRedeemed = 564,
  kVoucherVoid = 565,
  kVoucherExpired = 566,
  kOrderNotOffered = 567,
  kBusinessDayNotOver = 570,
  kStatementState = 571,
  kStatementDisputed = 572,
  kStatementDigest = 573,
  kDisputeState = 574,
  kOfferState = 575,
  kOfferNotPublished = 576,
  kOfferChanged = 577,
  kOfferNotOpen = 578,
  kNoticeState = 579,
  kPeriodNotNext = 580,
  kPeriodNotOver = 581,
  kPeriodChanged = 582,
  kPeriodUnbalanced = 583,
  kMallBlocked = 588,
  kBankAccountState = 590,
  kPayerNotConfigured = 591,
  kStatementNotDue = 592,
  kBankAccountMissing = 593,
  kPayoutRunState = 594,
  kPaymentDecided = 595,
  kPayoutFileChanged = 596,
  kPaymentState = 597,

  kUnionDepthLimit = 600,
  kOpenLotsLimit = 601,
  kPlanRowsLimit = 602,
  kRefundAbovePurchase = 603,
  kMemberOfOtherUnion = 604,
  kDuplicateMemberInPlan = 605,
  kLotsPerPurchaseLimit = 606,
  kAuthorizationsPerWalletLimit = 607,
  kCaptureAboveAuthorization = 608,
  kNotAChild = 610,
  kOriginsPerEntryLimit = 611,
  kOriginsPerMoveLimit = 612,
  kTreesJoinedLimit = 613,
  kOfferNotForMember = 620,
  kOfferNotForBill = 621,
  kOfferLimitReached = 622,
  kOfferStockLimit = 623,
  kExternalIdsLimit = 630,
  kRulePackVersionsLimit = 631,
  kOccasionsReceivedLimit = 632,
  kRevealsLimit = 633,
  kRulePackBroken = 640,
  kAgreementOverlap = 650,
  kAgreementPastDated = 651,
  kAgreementsLimit = 652,
  kMallLimit = 655,
  kMallLinksLimit = 656,
  kMallInquiriesLimit = 657,
  kPaymentCodesLimit = 660,
  kTerminalLimit = 661,
  kMerchantLimit = 662,
  kMemberLimit = 663,
  kCardLimit = 664,
  kDevicesLimit = 665,
  kBillsPerTerminalLimit = 666,
  kBalanceNotShown = 670,
  kRefundWindowClosed = 671,
  kVoucherNotTransferable = 672,
  kVoucherOtherStore = 673,
  kVoucherCodesLimit = 674,
  kOrderReturnAbove = 675,
  kOrderAddressesLimit = 676,
  kOutOfStock = 677,
  kPeriodLinesLimit = 678,
  kDisputesLimit = 680,
  kAdjustmentAboveLine = 681,
  kBankAccountDiffers = 690,
  kBankAccountChanged = 691,
  kBankAccountsLimit = 692,
  kPayoutOriginsLimit = 693,
  kPaymentAmountDiffers = 694,
  kReconciliationLimit = 695,
  kBankReferenceDiffers = 696,
  kStoreLocationsLimit = 697,
  kPicturesLimit = 698,

  kBudgetTooSmall = 700,
  kInsufficientPoints = 701,
  kAmountOverflow = 702,

  // Not refusals but failures; here so that every answer has a reason.
  kOverloaded = 900,
  kUnavailable = 901,
  kDeadlineExceeded = 902,
  kInternal = 903,
  kSearchRebuilding = 904,
  kAuditIndexBehind = 905,
};

// Every reason, in order.
absl::Span<const Reason> AllReasons();

// The name in puhui.v1.Reason without its prefix, for example "INSUFFICIENT_POINTS".
absl::string_view ReasonName(Reason reason);

// The reason with that number. Requires: there is one (checked).
Reason ReasonFromNumber(std::uint32_t number);

absl::StatusCode CodeFor(Reason reason);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_REASON_H_
