// SPDX-License-Identifier: Apache-2.0
// What a till can do. A refusal here is an outcome and so a record (Declined), but for a terminal
// that nobody enrolled: there is nobody to record it for.
#ifndef PUHUI_MERCHANT_APP_TILL_COMMANDS_H_
#define PUHUI_MERCHANT_APP_TILL_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/spending_order.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/tables.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Where a call came from, as the till said it.
struct TillCall {
  std::string merchant_id{};
  std::string terminal_id{};
  std::uint32_t batch_number = 0;
  std::uint32_t trace_number = 0;
  absl::Time local_time{};
};

// What every till command reads.
struct TillState {
  Tables* tables;
  ledger::LedgerViews* views;
};

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

  const TillState state_;
  const TillCall call_;

 private:
  absl::optional<Till> FindTill();
};

// A call that asks for points of the wallet behind a card.
class SpendCommand : public TillCommand {
 public:
  struct Wish {
    ledger::Tag card{};  // Keyed hash of the card number.
    Points points{};
    std::string authorization_code{};  // Six random characters.
  };

 protected:
  SpendCommand(TillState state, TillCall call, Wish wish)
      : TillCommand(state, std::move(call)), wish_(std::move(wish)) {}

  // Sets `wallet`, good until the next call on the wallets. Refuses: CARD_NOT_FOUND,
  // REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED, TERMINAL_NOT_ACTIVE, MERCHANT_NOT_ACTIVE,
  // MEMBER_NOT_ACTIVE, CARD_BLOCKED.
  absl::optional<ledger::Refusal> FindWallet(const Till& till, const ledger::Wallet** wallet);
  // What the lots are asked to pay for. Good until the next call.
  ledger::Asked AskedBy(const Till& till, const ledger::Wallet& wallet, absl::Time now);
  // Once FindWallet has found it.
  MemberId member() const { return member_; }
  void Describe(journal::v1::Declined& declined) const final;

  const Wish wish_;

 private:
  MemberId member_;
  std::vector<ledger::SpentToday> spent_;
};

// wallet → payable, fee.
// Refuses: CARD_NOT_FOUND, REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED, TERMINAL_NOT_ACTIVE,
// MERCHANT_NOT_ACTIVE, MEMBER_NOT_ACTIVE, CARD_BLOCKED, LOTS_PER_PURCHASE_LIMIT (too many lots, or
// lots of so many unions that the entry would have more than kPostingsPerEntryMax postings),
// INSUFFICIENT_POINTS.
class PurchaseCommand final : public SpendCommand {
 public:
  PurchaseCommand(TillState state, TillCall call, Wish wish)
      : SpendCommand(state, std::move(call), std::move(wish)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
};

// payable, fee → wallet, to the lots that paid, the last one first. Needs no limit of its own: what
// fitted into the purchase's entry fits into that of any refund (RefundPostings).
// Refuses: NOT_FOUND, REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED, TERMINAL_NOT_ACTIVE,
// PURCHASE_REVERSED, REFUND_ABOVE_PURCHASE.
class RefundCommand final : public TillCommand {
 public:
  RefundCommand(TillState state, TillCall call, Sequence purchase, Points points)
      : TillCommand(state, std::move(call)), purchase_(purchase), points_(points) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override;

  const Sequence purchase_;
  const Points points_;
};

// Undoes a call by the till's own keys or request id; leaves a tombstone when it has not arrived.
// Of an authorisation: what it holds goes back and it is voided, or, captured meanwhile, what is
// left of the purchase does. Of a capture: what is left of the purchase; the hold ended with the
// capture and is not there again. Refuses nothing but a refund or a void as the original
// (NOT_FOUND): those took nothing.
class ReverseCommand final : public TillCommand {
 public:
  // By the caller's request id when `request_id` is not empty, else by the till's keys.
  struct Original {
    std::string request_id{};  // 16 bytes.
    std::uint32_t batch_number = 0;
    std::uint32_t trace_number = 0;
  };
  ReverseCommand(TillState state, TillCall call, Original original)
      : TillCommand(state, std::move(call)), original_(std::move(original)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override;
  // The purchase or authorisation; 0: none has arrived.
  Sequence FindOriginal(const Till& till, bool* is_final);
  // Adds what gives back what is left of it. Returns false when nothing is.
  bool Undo(Sequence sequence, const Till& till, absl::Time now, ledger::Decision& decision);

  const Original original_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_TILL_COMMANDS_H_
