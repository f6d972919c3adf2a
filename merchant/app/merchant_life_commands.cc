// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/merchant_life_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

#include <cstdlib>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal NotFound(absl::string_view field) {
  return {.reason = Reason::kNotFound,
          .field = std::string(field),
          .message = "there is no such merchant"};
}

Refusal WrongMerchantState(absl::string_view message) {
  return {.reason = Reason::kMerchantState, .field = "name", .message = std::string(message)};
}

// MERCHANT_STATE unless a merchant that stands at `from` may go to `to`.
absl::optional<Refusal> CheckStep(MerchantState from, MerchantState to) {
  if (from == MerchantState::kClosed) return WrongMerchantState("the merchant was closed");
  if (!WasAccepted(from)) return WrongMerchantState("the merchant was not accepted");
  switch (to) {
    case MerchantState::kSuspended:
      if (from == MerchantState::kActive) return absl::nullopt;
      return WrongMerchantState("the merchant is suspended already");
    case MerchantState::kActive:
      if (from == MerchantState::kSuspended) return absl::nullopt;
      return WrongMerchantState("the merchant is not suspended");
    case MerchantState::kClosed:
      return absl::nullopt;
    case MerchantState::kApplied:
    case MerchantState::kRejected:
      break;  // Nobody is sent back there.
  }
  std::abort();
}

}  // namespace

absl::optional<Refusal> SetAgreementCommand::Decide(const ledger::DecideContext& context,
                                                    ledger::Decision& decision) {
  const MerchantNumber* number = tables_.merchant_ids.Find(wish_.merchant.text());
  if (number == nullptr) return NotFound("merchant");
  const MerchantRow* row = tables_.merchants.Find(*number);
  PUHUI_CHECK(row != nullptr);
  if (row->state == MerchantState::kClosed) {
    return Refusal{.reason = Reason::kMerchantState,
                   .field = "merchant",
                   .message = "the merchant was closed"};
  }
  if (!WasAccepted(row->state)) {
    return Refusal{.reason = Reason::kMerchantState,
                   .field = "merchant",
                   .message = "the merchant was not accepted"};
  }
  Agreement agreement = wish_.agreement;
  agreement.start = wish_.start.value_or(context.now);
  if (const Agreement* other = OverlappedBy(agreement, row->agreements); other != nullptr) {
    return Refusal{
        .reason = Reason::kAgreementOverlap,
        .field = "first_day",
        .message = absl::StrCat("agreement ", other->number, " is in force on a day of this one"),
        .metadata = {{"agreement", absl::StrCat(other->number)}}};
  }
  const bool over = agreement.end.has_value() && *agreement.end <= context.now;
  if (agreement.start < context.now || over) {
    return Refusal{.reason = Reason::kAgreementPastDated,
                   .field = over ? "last_day" : "first_day",
                   .message = "want a day that has not begun: what was bought keeps its fee"};
  }
  if (row->agreements.size() >= kAgreementsPerMerchantMax) {
    return Refusal{.reason = Reason::kAgreementsLimit,
                   .message = absl::StrCat("a merchant has at most ", kAgreementsPerMerchantMax,
                                           " agreements")};
  }
  jv1::AgreementMade& made = *decision.Add().mutable_agreement_made();
  made.set_merchant(static_cast<std::uint32_t>(*number));
  made.set_number(static_cast<std::uint32_t>(row->agreements.size()) + 1);
  made.set_start_micros(absl::ToUnixMicros(agreement.start));
  if (agreement.end.has_value()) made.set_end_micros(absl::ToUnixMicros(*agreement.end));
  made.set_fee_basis_points(agreement.fee.value());
  made.set_discount_basis_points(agreement.discount.value());
  made.set_settlement_days(agreement.settlement_days);
  made.set_goods_named(agreement.goods_named);
  made.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ChangeMerchantStateCommand::Decide(const ledger::DecideContext& /*context*/,
                                                           ledger::Decision& decision) {
  const MerchantNumber* number = tables_.merchant_ids.Find(wish_.merchant.text());
  if (number == nullptr) return NotFound("name");
  const MerchantRow* row = tables_.merchants.Find(*number);
  PUHUI_CHECK(row != nullptr);
  if (auto refusal = CheckStep(row->state, wish_.state)) return refusal;
  const std::uint32_t* held = tables_.held.Find(*number);
  if (wish_.state == MerchantState::kClosed && held != nullptr && *held > 0) {
    return Refusal{.reason = Reason::kMerchantHasAuthorizations,
                   .field = "name",
                   .message = absl::StrCat(*held, " authorisations are open: capture or void them"),
                   .metadata = {{"open_authorizations", absl::StrCat(*held)}}};
  }
  jv1::MerchantStateChanged& changed = *decision.Add().mutable_merchant_state_changed();
  changed.set_merchant(static_cast<std::uint32_t>(*number));
  changed.set_state(static_cast<std::uint32_t>(wish_.state));
  changed.set_reason(wish_.reason);
  changed.set_person(wish_.person);
  return absl::nullopt;
}

}  // namespace puhui::merchant
