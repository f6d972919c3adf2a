// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payer.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/app/spending.h"
#include "merchant/core/guesses.h"

namespace puhui::merchant {

using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> Payer::Find(Tables& tables, ledger::LedgerViews& views,
                                    TerminalNumber terminal, absl::Time now) {
  if (code_.has_value()) return FindByCode(tables, terminal, now);
  if (!card_.has_value()) return absl::nullopt;
  const Guesses* known = tables.card_guesses.Find(terminal);
  if (known != nullptr && known->blocked_until > now) {
    return Refusal{.reason = Reason::kCardsBlocked,
                   .message = "the terminal sent too many card numbers that do not exist"};
  }
  const ledger::CardRow* card = views.cards.Find(*card_);
  if (card == nullptr) {
    if (!card_foreign_) blocked_until_ = BlockedByOneMore(kCardGuessBounds, known, now);
    return Refusal{.reason = Reason::kCardNotFound,
                   .field = "card_number",
                   .message = "there is no card with this number"};
  }
  member_ = card->member;
  card_state_ = card->state;
  return absl::nullopt;
}

absl::optional<Refusal> Payer::FindByCode(Tables& tables, TerminalNumber terminal, absl::Time now) {
  const CodeGuesses* known = tables.code_guesses.Find(terminal);
  if (known != nullptr && known->counted.blocked_until > now) {
    return Refusal{.reason = Reason::kPaymentCodesBlocked,
                   .message = "the terminal sent too many codes that do not exist"};
  }
  if (code_->foreign) {
    return Refusal{.reason = Reason::kPaymentCodeForeign,
                   .field = "payment_code",
                   .message = "the code is of another scheme"};
  }
  // To a terminal that is doubted a device's code is as good as made up: any other answer would
  // tell it that it has found one. So would a block that comes one guess later.
  const bool hidden = known != nullptr && known->doubted_until > now && code_->known.has_value() &&
                      code_->known->device.has_value();
  if (hidden) code_->known.reset();
  if (code_->known.has_value()) {
    member_ = code_->known->member;
    return absl::nullopt;
  }
  // What it was made of may be forgotten here before its use is, by a restart.
  if (tables.used_codes.Find(code_->tag) != nullptr) return absl::nullopt;
  hidden_ = hidden;
  blocked_until_ = BlockedByOneMoreCode(known, now);
  return Refusal{.reason = Reason::kPaymentCodeUnknown,
                 .field = "payment_code",
                 .message = "there is no such code"};
}

absl::optional<Refusal> Payer::Check(Tables& tables, ledger::LedgerViews& views, absl::Time now,
                                     const ledger::Wallet** wallet) const {
  if (!member_.none()) {
    *wallet = views.wallets.Find(member_);
    PUHUI_CHECK(*wallet != nullptr);
    if (auto refusal = RefuseSpender((*wallet)->state, card_state_)) return refusal;
  }
  return code_.has_value() ? CheckCode(tables, now) : absl::nullopt;
}

absl::optional<Refusal> Payer::CheckCode(Tables& tables, absl::Time now) const {
  const absl::optional<ShownCode::Known>& known = code_->known;
  if (known.has_value() && known->expiry <= now) {
    return Refusal{.reason = Reason::kPaymentCodeExpired,
                   .field = "payment_code",
                   .message = "the code is no longer good"};
  }
  if (tables.used_codes.Find(code_->tag) != nullptr) {
    return Refusal{.reason = Reason::kPaymentCodeUsed,
                   .field = "payment_code",
                   .message = "something was paid with the code"};
  }
  PUHUI_CHECK(known.has_value());
  if (!known->device.has_value()) return absl::nullopt;
  const DeviceRow* device = tables.devices.Find(*known->device);
  if (device != nullptr && device->state == DeviceState::kActive) return absl::nullopt;
  return Refusal{.reason = Reason::kDeviceRevoked,
                 .field = "payment_code",
                 .message = "the device that made the code is revoked"};
}

void Payer::Describe(journal::v1::Declined& declined) const {
  if (!member_.none()) declined.set_member(member_.ToBytes());
  const bool not_found = declined.reason() == static_cast<std::uint32_t>(Reason::kCardNotFound);
  if (not_found && card_foreign_) declined.set_card_foreign(true);
  if (hidden_) declined.set_device_code(true);
  if (blocked_until_ == absl::UnixEpoch()) return;
  if (not_found) {
    declined.set_cards_blocked_until_micros(absl::ToUnixMicros(blocked_until_));
  } else {
    declined.set_codes_blocked_until_micros(absl::ToUnixMicros(blocked_until_));
  }
}

journal::v1::UsedCode Payer::Used() const {
  PUHUI_CHECK(code_->known.has_value());
  journal::v1::UsedCode used;
  used.set_code_hash(std::string(ledger::TagBytes(code_->tag)));
  used.set_expire_time_micros(absl::ToUnixMicros(code_->known->expiry));
  if (code_->known->device.has_value()) used.set_device(*code_->known->device + 1);
  return used;
}

}  // namespace puhui::merchant
