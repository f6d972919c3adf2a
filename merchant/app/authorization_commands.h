// SPDX-License-Identifier: Apache-2.0
// Points that a till reserves first and takes later, or not at all. As at every till, a refusal is
// an outcome and so a record (till_commands.h).
#ifndef PUHUI_MERCHANT_APP_AUTHORIZATION_COMMANDS_H_
#define PUHUI_MERCHANT_APP_AUTHORIZATION_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/engine/command.h"
#include "merchant/app/till_commands.h"
#include "merchant/core/authorization.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <utility>
#include <vector>

namespace puhui::merchant {

// wallet → held, of the lots that a purchase would take.
// Refuses: as FindWallet, LINE_NOT_ALLOWED, LOTS_PER_PURCHASE_LIMIT (too many lots, or
// lots of more than kOriginsPerAuthorizationMax unions), AUTHORIZATIONS_PER_WALLET_LIMIT, as
// CheckLimits, INSUFFICIENT_POINTS.
class AuthorizeCommand final : public SpendCommand {
 public:
  // Requires: kAuthorizationLifetimeMin <= lifetime <= kAuthorizationLifetimeMax.
  AuthorizeCommand(TillState state, TillCall call, Wish wish, absl::Duration lifetime)
      : SpendCommand(state, std::move(call), std::move(wish)), lifetime_(lifetime) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;

  const absl::Duration lifetime_;
};

// held → payable, fee; what is not captured → wallet, of a basket of the lines that are named, or
// else of the last lines first. From then on it is a purchase, of the same lines. That the
// member or the merchant was suspended meanwhile does not matter: the points are promised to the
// merchant, which is not closed while any are.
// Refuses: NOT_FOUND, REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED, TERMINAL_NOT_ACTIVE,
// AUTHORIZATION_CAPTURED, AUTHORIZATION_VOIDED, AUTHORIZATION_EXPIRED, BATCH_CLOSED,
// CAPTURE_ABOVE_AUTHORIZATION.
class CaptureCommand final : public TillCommand {
 public:
  // Requires: the lines are empty, or add up to the points.
  CaptureCommand(TillState state, TillCall call, Sequence authorization, Points points,
                 std::vector<LineCapture> lines = {})
      : TillCommand(state, std::move(call)),
        authorization_(authorization),
        points_(points),
        lines_(std::move(lines)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override;
  // CAPTURE_ABOVE_AUTHORIZATION.
  absl::optional<ledger::Refusal> CheckAmount(const AuthorizationRow& held) const;

  const Sequence authorization_;
  const Points points_;
  const std::vector<LineCapture> lines_;
};

// held → wallet.
// Refuses: NOT_FOUND, REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED, TERMINAL_NOT_ACTIVE,
// AUTHORIZATION_CAPTURED, AUTHORIZATION_VOIDED, AUTHORIZATION_EXPIRED, BATCH_CLOSED.
class VoidCommand final : public TillCommand {
 public:
  VoidCommand(TillState state, TillCall call, Sequence authorization)
      : TillCommand(state, std::move(call)), authorization_(authorization) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override;

  const Sequence authorization_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_AUTHORIZATION_COMMANDS_H_
