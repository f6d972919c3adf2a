// SPDX-License-Identifier: Apache-2.0
// What a mall can do: it is a till that knows a member by a token. As at every till, a refusal is
// an outcome and so a record (till_commands.h), but for a merchant that has no mall. Each call
// stands in batch 0 of the mall's terminal, which no till can name, under a trace number that
// counts them.
#ifndef PUHUI_MERCHANT_APP_MALL_CALL_COMMANDS_H_
#define PUHUI_MERCHANT_APP_MALL_CALL_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/basket.h"
#include "ledger/engine/command.h"
#include "merchant/app/mall_rows.h"
#include "merchant/app/mall_tokens.h"
#include "merchant/app/payer.h"
#include "merchant/app/till_commands.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Which mall asks, and when its call arrived.
struct MallCall {
  std::string merchant_id{};
  absl::Time time{};
};

// Which of a mall's limits.
enum class MallWindow : std::uint8_t { kPayment, kDay };  // The day is the civil day of China.
// The first that one more payment of so many points would go beyond.
absl::optional<MallWindow> FindMallLimit(const MallRow& mall, std::int64_t points, absl::Time now);
// The most that the mall may still take by one payment now.
std::int64_t MostTaken(const MallRow& mall, absl::Time now);
// MALL_LIMIT, naming the window. What is allowed is not said, as of every limit.
ledger::Refusal RefuseMallLimit(MallWindow window);
// MALL_BLOCKED.
absl::optional<ledger::Refusal> RefuseMall(MallState state);

// A member shows a payment code and so lets the mall take points; an earlier token of the two is
// void. Refuses: NOT_FOUND (no such mall), as Payer::Find of a code, TERMINAL_NOT_ACTIVE,
// MERCHANT_NOT_ACTIVE, as Payer::Check, MALL_BLOCKED, MALL_LINKS_LIMIT.
class LinkMallCommand final : public TillCommand {
 public:
  LinkMallCommand(TillState state, MallCall call, const ShownCode& code, MallTokens::Fresh token)
      : TillCommand(state, TillCall()),
        mall_call_(std::move(call)),
        payer_(ShownCard(), code),
        token_(std::move(token)) {}

 private:
  absl::variant<Till, ledger::Refusal> FindTill() override;
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override { payer_.Describe(declined); }

  const MallCall mall_call_;
  Payer payer_;
  const MallTokens::Fresh token_;
};

// wallet → payable, fee: a purchase of the member behind the token. The same once more, under
// whatever request id, is no record: the order was paid.
// Refuses: NOT_FOUND (no such mall), MALL_LINK_UNKNOWN, MALL_ORDER_USED, as CheckParties,
// LINE_NOT_ALLOWED, MALL_BLOCKED, as Buy with MALL_LIMIT before the other limits.
class MallPayCommand final : public SpendCommand {
 public:
  struct Payment {
    ledger::Tag token{};
    MemberId member{};  // Whose the token was when the call arrived; none: nobody's.
    std::string order_number{};
    Points points{};
    std::vector<ledger::BasketLine> lines{};
    std::string authorization_code{};
  };
  MallPayCommand(TillState state, MallCall call, Payment payment);

 private:
  absl::variant<Till, ledger::Refusal> FindTill() override;
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  // MALL_LIMIT, as SpendCommand.
  absl::optional<ledger::Refusal> CheckLimits(const Till& till, std::int64_t points,
                                              absl::Time now) override;
  void Describe(journal::v1::Declined& declined) const override;
  // Whether the order was paid with the same token, for the same points and lines.
  bool IsSame(const Till& till, const MallOrderRow& order) const;

  const MallCall mall_call_;
  const ledger::Tag token_;
  const std::string order_number_;
  absl::optional<MallWindow> limit_;  // That was hit.
};

// payable, fee → wallet, of what was paid for an order of the mall's. The same once more is no
// record. Goes on while the mall is blocked, and when the member has taken the link back.
// Refuses: NOT_FOUND (no such mall, no such order), MALL_ORDER_USED, as RefundCommand.
class MallRefundCommand final : public RefundCommand {
 public:
  struct Refund {
    std::string order_number{};
    Sequence purchase = 0;  // Of the order; 0: nothing was paid for it.
    std::string refund_number{};
    Points points{};
    std::vector<LineRefund> lines{};
  };
  MallRefundCommand(TillState state, MallCall call, Refund refund);

 private:
  absl::variant<Till, ledger::Refusal> FindTill() override;
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  // Whether it gave the same points of the same order back, and to the lines that are named.
  bool IsSame(const MallOrderRow& known) const;

  const MallCall mall_call_;
  const Refund refund_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MALL_CALL_COMMANDS_H_
