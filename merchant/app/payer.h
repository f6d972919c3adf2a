// SPDX-License-Identifier: Apache-2.0
// Who pays: the one place where what a member shows at a till, a card or a payment code, becomes
// the member; or the member who reads what the till shows.
#ifndef PUHUI_MERCHANT_APP_PAYER_H_
#define PUHUI_MERCHANT_APP_PAYER_H_

#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <utility>

namespace puhui::merchant {

// A payment code that a till read, with what was known of it outside of the ledger when the call
// arrived. Whether it is good then is decided with the call.
struct ShownCode {
  // Whose it is, and from when on it is no longer good. One that is nobody's never was: it has the
  // number of a device whose secret was destroyed.
  struct Known {
    MemberId member{};
    absl::Time expiry{};
    absl::optional<std::uint32_t> device{};  // That computed it; else it was made here.
  };
  ledger::Tag tag{};     // Keyed hash of the digits.
  bool foreign = false;  // Another scheme's, by its prefix.
  absl::optional<Known> known{};
};

// The number of a card that a till read, or was told.
struct ShownCard {
  ledger::Tag hash{};    // Keyed.
  bool foreign = false;  // Another scheme's, by its prefix: nobody guesses with it.
};

// Threads: none; one for each decision. Borrows: the tables and the ledger's views.
class Payer {
 public:
  // By the code, when there is one.
  Payer(const ShownCard& card, absl::optional<ShownCode> code) : code_(std::move(code)) {
    if (code_.has_value()) return;
    card_ = card.hash;
    card_foreign_ = card.foreign;
  }
  // A member who is known, and needs neither.
  explicit Payer(MemberId member) : member_(member) {}

  // Refuses: of a card CARDS_BLOCKED, CARD_NOT_FOUND; of a code PAYMENT_CODES_BLOCKED,
  // PAYMENT_CODE_FOREIGN, PAYMENT_CODE_UNKNOWN. A blocked terminal learns nothing about any card,
  // or any code.
  absl::optional<ledger::Refusal> Find(Tables& tables, ledger::LedgerViews& views,
                                       TerminalNumber terminal, absl::Time now);
  // Sets `wallet`, good until the next call on the wallets. Requires: Find did not refuse.
  // Refuses: MEMBER_NOT_ACTIVE, CARD_BLOCKED, PAYMENT_CODE_EXPIRED, PAYMENT_CODE_USED,
  // DEVICE_REVOKED.
  absl::optional<ledger::Refusal> Check(Tables& tables, ledger::LedgerViews& views, absl::Time now,
                                        const ledger::Wallet** wallet) const;

  // None before Find has found one.
  MemberId member() const { return member_; }
  // None when it is a code, or the member.
  absl::optional<ledger::Tag> card() const { return card_; }
  // What a declined record says of the payer, once its reason is set.
  void Describe(journal::v1::Declined& declined) const;
  // What the record of a Purchase or an Authorization says of it: a code is used with it.
  template <class Spent>
  void Describe(Spent& spent) const {
    if (code_.has_value()) *spent.mutable_code() = Used();
  }

 private:
  absl::optional<ledger::Refusal> FindByCode(Tables& tables, TerminalNumber terminal,
                                             absl::Time now);
  absl::optional<ledger::Refusal> CheckCode(Tables& tables, absl::Time now) const;
  journal::v1::UsedCode Used() const;

  absl::optional<ledger::Tag> card_;
  bool card_foreign_ = false;
  absl::optional<ShownCode> code_;
  MemberId member_{};
  ledger::CardState card_state_ = ledger::CardState::kActive;  // A code needs no card.
  absl::Time blocked_until_{};  // By this one, which was one too many.
  bool hidden_ = false;         // The code is a device's, and the terminal is not told of those.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PAYER_H_
