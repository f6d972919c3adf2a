// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/authorization_commands.h"

#include "ledger/base/limits.h"
#include "merchant/app/sale_entries.h"
#include "merchant/app/spending.h"
#include "merchant/core/authorization.h"
#include "merchant/core/purchase.h"

#include "absl/strings/str_cat.h"

#include <cstdlib>
#include <vector>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

// NOT_FOUND unless `row` is an authorisation of a till of the merchant: an order has none, and is
// accepted or given up as an order.
absl::optional<Refusal> CheckOurs(const AuthorizationRow* row, MerchantNumber merchant) {
  const bool of_till = row != nullptr && row->terminal != TerminalNumber{};
  if (of_till && row->merchant == merchant) return absl::nullopt;
  return Refusal{.reason = Reason::kNotFound,
                 .field = "authorization_reference",
                 .message = "this merchant made no such authorisation"};
}

// How it has ended, if it has.
absl::optional<Refusal> CheckHeld(const AuthorizationRow& row, absl::Time now) {
  switch (row.StateAt(now)) {
    case AuthorizationState::kHeld:
      return absl::nullopt;
    case AuthorizationState::kCaptured:
      return Refusal{.reason = Reason::kAuthorizationCaptured,
                     .message = "the authorisation was captured"};
    case AuthorizationState::kVoided:
      return Refusal{.reason = Reason::kAuthorizationVoided,
                     .message = "the authorisation was voided"};
    case AuthorizationState::kExpired:
      return Refusal{.reason = Reason::kAuthorizationExpired,
                     .message = "the authorisation expired"};
  }
  std::abort();
}

}  // namespace

absl::optional<Refusal> AuthorizeCommand::Carry(const Till& till,
                                                const ledger::DecideContext& context,
                                                ledger::Decision& decision) {
  const ledger::Wallet* wallet = nullptr;
  if (auto refusal = FindWallet(till, context.now, &wallet)) return refusal;
  if (auto refusal = CheckLines(till, wish_.lines, context.now)) return refusal;
  const ledger::Asked asked = AskedBy(till, *wallet, context.now);
  const auto chosen = ChooseHeld(
      *wallet, {.amount = wish_.points, .asked = asked, .accept_partial = wish_.accept_partial},
      LinesAt(asked.line, wish_.lines), *state_.views,
      [&](std::int64_t points) { return CheckLimits(till, points, context.now); });
  if (const auto* refusal = absl::get_if<Refusal>(&chosen)) return *refusal;
  const auto& reserved = absl::get<Reserved>(chosen);
  jv1::Authorization& authorization =
      SaleWriter(state_.views, context.now, &decision)
          .Hold(reserved, {.member = member(), .day = asked.line.day});
  *authorization.mutable_till() = till.record;
  if (reserved.Points() < wish_.points.value())
    authorization.set_asked_points(wish_.points.value());
  authorization.set_expire_time_micros(
      absl::ToUnixMicros(ExpiryOfAuthorization(context.now, lifetime_)));
  authorization.set_authorization_code(wish_.authorization_code);
  authorization.set_card_last_four(wallet->card_last_four);
  DescribePayer(authorization);
  return absl::nullopt;
}

absl::optional<Refusal> CaptureCommand::Carry(const Till& till,
                                              const ledger::DecideContext& context,
                                              ledger::Decision& decision) {
  const AuthorizationRow* held = state_.tables->authorizations.Find(authorization_);
  if (auto refusal = CheckOurs(held, till.merchant_number)) return refusal;
  if (auto refusal = CheckCallIsNew(till)) return refusal;
  if (auto refusal = CheckTerminal(till)) return refusal;
  if (auto refusal = CheckHeld(*held, context.now)) return refusal;
  if (auto refusal = CheckBatch(till)) return refusal;
  if (auto refusal = CheckAmount(*held)) return refusal;
  const Reserved captured =
      CapturedPart({.slices = held->taken, .lines = held->lines}, points_.value(), lines_);
  jv1::Purchase& capture =
      SaleWriter(state_.views, context.now, &decision)
          .Capture({held, authorization_}, captured, till.merchant->ChargeAt(context.now));
  *capture.mutable_till() = till.record;
  return absl::nullopt;
}

absl::optional<Refusal> CaptureCommand::CheckAmount(const AuthorizationRow& held) const {
  const auto above = [](std::int64_t wanted, std::int64_t available) {
    return Refusal{.reason = Reason::kCaptureAboveAuthorization,
                   .field = "points",
                   .message = absl::StrCat("want ", wanted, " points, a tip included; ", available,
                                           " are held"),
                   .metadata = {{"available", absl::StrCat(available)}}};
  };
  if (points_.value() > held.points) return above(points_.value(), held.points);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const LineCapture& wish = lines_[i];
    // Nothing is held for a line that there is not.
    const std::int64_t available = wish.line < held.lines.size() ? held.lines[wish.line].Paid() : 0;
    if (wish.points <= available) continue;
    Refusal refusal = above(wish.points, available);
    refusal.metadata.emplace_back("line", absl::StrCat(i));
    return refusal;
  }
  return absl::nullopt;
}

void CaptureCommand::Describe(jv1::Declined& declined) const {
  declined.set_points(points_.value());
}

absl::optional<Refusal> VoidCommand::Carry(const Till& till, const ledger::DecideContext& context,
                                           ledger::Decision& decision) {
  const AuthorizationRow* held = state_.tables->authorizations.Find(authorization_);
  if (auto refusal = CheckOurs(held, till.merchant_number)) return refusal;
  if (auto refusal = CheckCallIsNew(till)) return refusal;
  if (auto refusal = CheckTerminal(till)) return refusal;
  if (auto refusal = CheckHeld(*held, context.now)) return refusal;
  if (auto refusal = CheckBatch(till)) return refusal;
  *SaleWriter(state_.views, context.now, &decision).Void({held, authorization_}).mutable_till() =
      till.record;
  return absl::nullopt;
}

void VoidCommand::Describe(jv1::Declined& /*declined*/) const {}

}  // namespace puhui::merchant
