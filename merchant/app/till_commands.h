// SPDX-License-Identifier: Apache-2.0
// What a till can do. A refusal here is an outcome and so a record (Declined), but for a terminal
// that nobody enrolled: there is nobody to record it for.
#ifndef PUHUI_MERCHANT_APP_TILL_COMMANDS_H_
#define PUHUI_MERCHANT_APP_TILL_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/tables.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

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

  const TillState state_;
  const TillCall call_;

 private:
  absl::optional<Till> FindTill();
};

// wallet → payable, fee.
// Refuses: CARD_NOT_FOUND, REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED, TERMINAL_NOT_ACTIVE,
// MERCHANT_NOT_ACTIVE, MEMBER_NOT_ACTIVE, LOTS_PER_PURCHASE_LIMIT (too many lots, or lots of so
// many unions that the entry would have more than kPostingsPerEntryMax postings),
// INSUFFICIENT_POINTS.
class PurchaseCommand final : public TillCommand {
 public:
  struct Wish {
    ledger::Tag card{};  // Keyed hash of the card number.
    Points points{};
    std::string authorization_code{};  // Six random characters.
  };
  PurchaseCommand(TillState state, TillCall call, Wish wish)
      : TillCommand(state, std::move(call)), wish_(std::move(wish)) {}

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override;

  const Wish wish_;
  MemberId member_;  // Once the card is known.
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

// Undoes a purchase by the till's own keys or request id; leaves a tombstone when it has not
// arrived. Refuses nothing but a refund as the original (NOT_FOUND).
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
  Sequence FindOriginal(const Till& till, bool* is_refund);

  const Original original_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_TILL_COMMANDS_H_
