// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/refusal.h"

#include "ledger/base/check.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <array>
#include <cstdlib>
#include <string>

namespace puhui::ledger {
namespace {

using enum Reason;

constexpr std::array kReasons = {
    kRequestIdReused,
    kInvalidField,
    kUnauthenticated,
    kPermissionDenied,
    kSamePerson,
    kNotFound,
    kCardNotFound,
    kUnknownTerminal,
    kAlreadyExists,
    kDuplicatePerson,
    kBankReferenceUsed,
    kReversedBeforeArrival,
    kTraceNumberUsed,
    kTerminalNotActive,
    kMerchantNotActive,
    kMemberNotActive,
    kFundingAlreadyConfirmed,
    kCampaignState,
    kPlanEmpty,
    kPlanChanged,
    kPurchaseReversed,
    kCampaignExpired,
    kPlanRowOutOfOrder,
    kUnionDepthLimit,
    kOpenLotsLimit,
    kPlanRowsLimit,
    kRefundAbovePurchase,
    kMemberOfOtherUnion,
    kDuplicateMemberInPlan,
    kLotsPerPurchaseLimit,
    kBudgetTooSmall,
    kInsufficientPoints,
    kAmountOverflow,
    kOverloaded,
    kUnavailable,
    kDeadlineExceeded,
    kInternal,
};

constexpr char kPayloadUrl[] = "puhui.refusal";
// Separates the parts of the payload; no text of ours holds it.
constexpr char kSeparator = '\x1f';

}  // namespace

absl::Span<const Reason> AllReasons() { return kReasons; }

absl::string_view ReasonName(Reason reason) {
  switch (reason) {
    case kRequestIdReused:
      return "REQUEST_ID_REUSED";
    case kInvalidField:
      return "INVALID_FIELD";
    case kUnauthenticated:
      return "UNAUTHENTICATED";
    case kPermissionDenied:
      return "PERMISSION_DENIED";
    case kSamePerson:
      return "SAME_PERSON";
    case kNotFound:
      return "NOT_FOUND";
    case kCardNotFound:
      return "CARD_NOT_FOUND";
    case kUnknownTerminal:
      return "UNKNOWN_TERMINAL";
    case kAlreadyExists:
      return "ALREADY_EXISTS";
    case kDuplicatePerson:
      return "DUPLICATE_PERSON";
    case kBankReferenceUsed:
      return "BANK_REFERENCE_USED";
    case kReversedBeforeArrival:
      return "REVERSED_BEFORE_ARRIVAL";
    case kTraceNumberUsed:
      return "TRACE_NUMBER_USED";
    case kTerminalNotActive:
      return "TERMINAL_NOT_ACTIVE";
    case kMerchantNotActive:
      return "MERCHANT_NOT_ACTIVE";
    case kMemberNotActive:
      return "MEMBER_NOT_ACTIVE";
    case kFundingAlreadyConfirmed:
      return "FUNDING_ALREADY_CONFIRMED";
    case kCampaignState:
      return "CAMPAIGN_STATE";
    case kPlanEmpty:
      return "PLAN_EMPTY";
    case kPlanChanged:
      return "PLAN_CHANGED";
    case kPurchaseReversed:
      return "PURCHASE_REVERSED";
    case kCampaignExpired:
      return "CAMPAIGN_EXPIRED";
    case kPlanRowOutOfOrder:
      return "PLAN_ROW_OUT_OF_ORDER";
    case kUnionDepthLimit:
      return "UNION_DEPTH_LIMIT";
    case kOpenLotsLimit:
      return "OPEN_LOTS_LIMIT";
    case kPlanRowsLimit:
      return "PLAN_ROWS_LIMIT";
    case kRefundAbovePurchase:
      return "REFUND_ABOVE_PURCHASE";
    case kMemberOfOtherUnion:
      return "MEMBER_OF_OTHER_UNION";
    case kDuplicateMemberInPlan:
      return "DUPLICATE_MEMBER_IN_PLAN";
    case kLotsPerPurchaseLimit:
      return "LOTS_PER_PURCHASE_LIMIT";
    case kBudgetTooSmall:
      return "BUDGET_TOO_SMALL";
    case kInsufficientPoints:
      return "INSUFFICIENT_POINTS";
    case kAmountOverflow:
      return "AMOUNT_OVERFLOW";
    case kOverloaded:
      return "OVERLOADED";
    case kUnavailable:
      return "UNAVAILABLE";
    case kDeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case kInternal:
      return "INTERNAL";
  }
  std::abort();  // A new reason fails to compile above.
}

Reason ReasonFromNumber(std::uint32_t number) {
  for (const Reason reason : kReasons) {
    if (static_cast<std::uint32_t>(reason) == number) return reason;
  }
  CheckFailed(__FILE__, __LINE__, absl::StrCat("no reason has the number ", number));
}

absl::StatusCode CodeFor(Reason reason) {
  switch (reason) {
    case kInvalidField:
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
      return absl::StatusCode::kAlreadyExists;
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
    case kUnionDepthLimit:
    case kOpenLotsLimit:
    case kPlanRowsLimit:
    case kRefundAbovePurchase:
    case kMemberOfOtherUnion:
    case kDuplicateMemberInPlan:
    case kLotsPerPurchaseLimit:
    case kBudgetTooSmall:
    case kInsufficientPoints:
    case kAmountOverflow:
      return absl::StatusCode::kFailedPrecondition;
    case kOverloaded:
      return absl::StatusCode::kResourceExhausted;
    case kUnavailable:
      return absl::StatusCode::kUnavailable;
    case kDeadlineExceeded:
      return absl::StatusCode::kDeadlineExceeded;
    case kInternal:
      return absl::StatusCode::kInternal;
  }
  std::abort();  // A new reason fails to compile above.
}

absl::Status ToStatus(const Refusal& refusal) {
  absl::Status status(CodeFor(refusal.reason), refusal.message.empty()
                                                   ? ReasonName(refusal.reason)
                                                   : absl::string_view(refusal.message));
  std::string payload = absl::StrCat(static_cast<std::uint32_t>(refusal.reason),
                                     std::string(1, kSeparator), refusal.field);
  for (const auto& [key, value] : refusal.metadata) {
    absl::StrAppend(&payload, std::string(1, kSeparator), key, std::string(1, kSeparator), value);
  }
  status.SetPayload(kPayloadUrl, absl::Cord(payload));
  return status;
}

absl::optional<Refusal> RefusalOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return absl::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(std::string(*payload), kSeparator);
  PUHUI_CHECK(parts.size() >= 2 && parts.size() % 2 == 0);
  std::uint32_t number = 0;
  PUHUI_CHECK(absl::SimpleAtoi(parts[0], &number));
  Refusal refusal{.reason = ReasonFromNumber(number),
                  .field = parts[1],
                  .message = std::string(status.message())};
  for (std::size_t i = 2; i < parts.size(); i += 2) {
    refusal.metadata.emplace_back(parts[i], parts[i + 1]);
  }
  return refusal;
}

}  // namespace puhui::ledger
