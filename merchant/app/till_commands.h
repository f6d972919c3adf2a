// SPDX-License-Identifier: Apache-2.0
// What a till can do; what undoes it is in reverse_command.h, what it presents in bill_commands.h.
// A refusal here is an outcome and so a record (Declined), but for a terminal that nobody enrolled:
// there is nobody to record it for.
#ifndef PUHUI_MERCHANT_APP_TILL_COMMANDS_H_
#define PUHUI_MERCHANT_APP_TILL_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/basket.h"
#include "ledger/core/spending_order.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/limits.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/payer.h"
#include "merchant/app/tables.h"
#include "merchant/app/till_call.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

class TillCommand : public ledger::Command {
 public:
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) final;

 protected:
  TillCommand(TillState state, TillCall call) : state_(state), call_(std::move(call)) {}

  // The till that asks, found and known.
  struct Till {
    MerchantNumber merchant_number{};
    TerminalNumber terminal_number{};
    const MerchantRow* merchant = nullptr;
    const TerminalRow* terminal = nullptr;
    journal::v1::Till record{};
  };
  // Refuses, for nobody's call cannot be recorded: UNKNOWN_TERMINAL.
  virtual absl::variant<Till, ledger::Refusal> FindTill();
  // Requires: the terminal was enrolled (checked).
  Till TillOf(const TillKey& key, absl::Time local_time) const;
  // Adds the outcome to `decision`, or returns why not.
  virtual absl::optional<ledger::Refusal> Carry(const Till& till,
                                                const ledger::DecideContext& context,
                                                ledger::Decision& decision) = 0;
  // What a declined record says besides the reason.
  virtual void Describe(journal::v1::Declined& declined) const = 0;

  // REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED: in this order.
  absl::optional<ledger::Refusal> CheckCallIsNew(const Till& till);
  // TERMINAL_NOT_ACTIVE.
  static absl::optional<ledger::Refusal> CheckTerminal(const Till& till);
  // MERCHANT_NOT_ACTIVE.
  static absl::optional<ledger::Refusal> CheckMerchant(const Till& till);
  // BATCH_CLOSED.
  absl::optional<ledger::Refusal> CheckBatch(const Till& till) const;
  // LINE_NOT_ALLOWED.
  absl::optional<ledger::Refusal> CheckLines(const Till& till,
                                             const std::vector<ledger::BasketLine>& lines,
                                             absl::Time now) const;

  const TillState state_;
  const TillCall call_;

 private:
  // That the member is in, if there is one.
  void NameUnion(journal::v1::Declined& declined) const;
};

// A call that asks for points of the wallet behind a card or a payment code.
class SpendCommand : public TillCommand {
 public:
  struct Wish {
    ledger::Tag card{};         // Keyed hash of the card number.
    bool card_foreign = false;  // As of ShownCard.
    Points points{};
    std::string authorization_code{};  // Six random characters.
    bool accept_partial = false;       // Fewer points will do.
    // What is bought, adding up to the points. Category or region 0: as of the place.
    std::vector<ledger::BasketLine> lines{};
    absl::optional<ShownCode> code{};  // Instead of a card.
    OfferNumber offer{};  // That takes something off the points and the lines; none: nothing does.
  };

 protected:
  SpendCommand(TillState state, TillCall call, Wish wish)
      : TillCommand(state, std::move(call)),
        wish_(std::move(wish)),
        payer_({.hash = wish_.card, .foreign = wish_.card_foreign}, wish_.code) {}
  // Of a member, for what a till has wished for before.
  SpendCommand(TillState state, MemberId member) : TillCommand(state, TillCall()), payer_(member) {}

  // Sets `wallet`, good until the next call on the wallets. Refuses: as Payer::Find,
  // OFFER_NOT_FOUND, REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED, as CheckParties, BATCH_CLOSED.
  absl::optional<ledger::Refusal> FindWallet(const Till& till, absl::Time now,
                                             const ledger::Wallet** wallet);
  // Sets `wallet` likewise, of a payer who was found. Refuses: TERMINAL_NOT_ACTIVE,
  // MERCHANT_NOT_ACTIVE, as Payer::Check.
  absl::optional<ledger::Refusal> CheckParties(const Till& till, absl::Time now,
                                               const ledger::Wallet** wallet);
  // wallet → payable, fee: what is wished for, less what the offer takes off, when nothing of the
  // above forbids it. Refuses: as CheckLines, OFFER_NOT_PUBLISHED, OFFER_NOT_OPEN,
  // LOTS_PER_PURCHASE_LIMIT (too many lots, or lots of so many unions that the entry would have
  // more than kPostingsPerEntryMax postings), OFFER_NOT_FOR_MEMBER, OFFER_NOT_FOR_BILL,
  // OFFER_LIMIT_REACHED, as CheckLimits, INSUFFICIENT_POINTS.
  absl::optional<ledger::Refusal> Buy(const Till& till, const ledger::Wallet& wallet,
                                      absl::Time now, ledger::Decision& decision);
  // Of a payment of so many points that nothing else forbids. Refuses: TERMINAL_LIMIT,
  // MERCHANT_LIMIT, MEMBER_LIMIT, CARD_LIMIT.
  virtual absl::optional<ledger::Refusal> CheckLimits(const Till& till, std::int64_t points,
                                                      absl::Time now);
  // What the record of a Purchase or an Authorization says of who paid.
  template <class Spent>
  void DescribePayer(Spent& spent) {
    payer_.Describe(spent);
    if (payer_.card().has_value() && CardsAreLimited(*state_.tables)) {
      spent.set_card_hash(std::string(ledger::TagBytes(*payer_.card())));
    }
  }
  // What the lots are asked to pay for. Good until the next call.
  ledger::Asked AskedBy(const Till& till, const ledger::Wallet& wallet, absl::Time now);
  // Once FindWallet has found it.
  MemberId member() const { return payer_.member(); }
  void Describe(journal::v1::Declined& declined) const override;

  Wish wish_{};  // Of a member it is that of the till, once that is found.

 private:
  // OFFER_NOT_FOUND, unless the merchant has the offer that is wished for, if one is.
  absl::optional<ledger::Refusal> FindOffer(const Till& till);

  Payer payer_;
  bool offer_found_ = false;
  absl::optional<LimitFound> limit_;  // That was hit.
  std::vector<ledger::SpentToday> spent_;
};

// wallet → payable, fee. Refuses: as FindWallet, as Buy.
class PurchaseCommand final : public SpendCommand {
 public:
  PurchaseCommand(TillState state, TillCall call, Wish wish)
      : SpendCommand(state, std::move(call), std::move(wish)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
};

// payable, fee → wallet, to the lots that paid, the last one first; of a basket for the lines that
// are named, or else for the last line first. Needs no limit of its own: what fitted into the
// purchase's entry fits into that of any refund (RefundPostings).
// Goes on while the merchant is suspended, and kRefundsAfterClosing after it was closed.
// Refuses: NOT_FOUND, REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED, TERMINAL_NOT_ACTIVE,
// MERCHANT_NOT_ACTIVE, PURCHASE_REVERSED, BATCH_CLOSED, REFUND_ABOVE_PURCHASE,
// REFUND_WINDOW_CLOSED.
class RefundCommand : public TillCommand {
 public:
  // Requires: the lines are empty, or add up to the points.
  RefundCommand(TillState state, TillCall call, Sequence purchase, Points points,
                std::vector<LineRefund> lines = {})
      : TillCommand(state, std::move(call)),
        purchase_(purchase),
        points_(points),
        lines_(std::move(lines)) {}

 protected:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;

 private:
  void Describe(journal::v1::Declined& declined) const override;
  // MERCHANT_NOT_ACTIVE.
  static absl::optional<ledger::Refusal> CheckRefunds(const MerchantRow& merchant, absl::Time now);

  // REFUND_ABOVE_PURCHASE, REFUND_WINDOW_CLOSED.
  absl::optional<ledger::Refusal> CheckAmount(const PurchaseRow& purchase, absl::Time now) const;

  const Sequence purchase_;
  const Points points_;
  const std::vector<LineRefund> lines_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_TILL_COMMANDS_H_
