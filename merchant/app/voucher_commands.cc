// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/voucher_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/app/spending.h"
#include "merchant/core/guesses.h"

#include "absl/strings/str_cat.h"

#include <cstdlib>
#include <set>

namespace puhui::merchant {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> RefuseVoucher(VoucherState state) {
  switch (state) {
    case VoucherState::kActive:
      return absl::nullopt;
    case VoucherState::kRedeemed:
      return Refusal{.reason = Reason::kVoucherRedeemed, .message = "the voucher was redeemed"};
    case VoucherState::kVoid:
      return Refusal{.reason = Reason::kVoucherVoid,
                     .message = "the order was cancelled, or came back"};
    case VoucherState::kExpired:
      return Refusal{.reason = Reason::kVoucherExpired, .message = "the voucher expired"};
  }
  std::abort();
}

absl::optional<Refusal> RedeemVoucherCommand::FindOrder(const Till& till, absl::Time now) {
  const Guesses* known = state_.tables->voucher_guesses.Find(till.terminal_number);
  if (known != nullptr && known->blocked_until > now) {
    return Refusal{.reason = Reason::kVouchersBlocked,
                   .message = "the terminal sent too many digits that are no voucher's"};
  }
  const Sequence* number = state_.tables->vouchers.Find(digits_);
  const OrderRow* order = number == nullptr ? nullptr : state_.tables->orders.Find(*number);
  if (order != nullptr && order->merchant == till.merchant_number) {
    order_ = *number;
    return absl::nullopt;
  }
  blocked_until_ = BlockedByOneMore(kVoucherGuessBounds, known, now);
  return Refusal{.reason = Reason::kVoucherUnknown,
                 .field = "digits",
                 .message = "no voucher of the merchant has these digits"};
}

absl::optional<Refusal> RedeemVoucherCommand::Carry(const Till& till,
                                                    const ledger::DecideContext& context,
                                                    ledger::Decision& decision) {
  if (auto refusal = FindOrder(till, context.now)) return refusal;
  if (auto refusal = CheckCallIsNew(till)) return refusal;
  if (auto refusal = CheckTerminal(till)) return refusal;
  if (auto refusal = CheckMerchant(till)) return refusal;
  if (auto refusal = CheckBatch(till)) return refusal;
  const OrderRow* order = state_.tables->orders.Find(order_);
  PUHUI_CHECK(order != nullptr && order->voucher.has_value());
  if (auto refusal = RefuseVoucher(order->voucher->StateAt(context.now))) return refusal;
  // Also of an e-coupon whose buyer named the store: points may have been good for that one only.
  const bool is_here = order->store.empty() || order->store == till.terminal->store;
  if (!is_here) {
    return Refusal{.reason = Reason::kVoucherOtherStore,
                   .message = "what was ordered is picked up at another store"};
  }
  jv1::VoucherRedeemed& redeemed = *decision.Add().mutable_voucher_redeemed();
  *redeemed.mutable_till() = till.record;
  redeemed.set_order(order_);
  redeemed.set_quantity(order->quantity - order->returned);
  redeemed_ = true;
  return absl::nullopt;
}

// Nobody shows them any more.
void RedeemVoucherCommand::StorePersonalData() {
  if (redeemed_) state_.tables->voucher_digits.Erase(digits_);
}

void RedeemVoucherCommand::Describe(jv1::Declined& declined) const {
  declined.set_order(order_);
  if (blocked_until_ != absl::UnixEpoch()) {
    declined.set_vouchers_blocked_until_micros(absl::ToUnixMicros(blocked_until_));
  }
}

absl::optional<Refusal> TransferVoucherCommand::Decide(const ledger::DecideContext& context,
                                                       ledger::Decision& decision) {
  const OrderRow* order = state_.tables->orders.Find(wish_.order);
  const OrderVoucher* voucher =
      order == nullptr || !order->voucher.has_value() ? nullptr : &*order->voucher;
  if (voucher == nullptr || !voucher->made() || voucher->holder != wish_.holder) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "name", .message = "there is no such voucher"};
  }
  const ledger::Wallet* recipient = state_.views->wallets.Find(wish_.recipient);
  if (recipient == nullptr) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "recipient", .message = "there is no such member"};
  }
  if (auto refusal = RefuseSpender(recipient->state, ledger::CardState::kActive)) return refusal;
  if (auto refusal = RefuseVoucher(voucher->StateAt(context.now))) return refusal;
  if (!voucher->transferable) {
    return Refusal{.reason = Reason::kVoucherNotTransferable,
                   .message = "the offer does not say that its vouchers may be given on"};
  }
  if (state_.tables->vouchers.Find(wish_.voucher.digits) != nullptr) {
    return Refusal{.reason = Reason::kUnavailable, .message = "the digits are taken; try again"};
  }
  old_digits_ = voucher->digits;
  jv1::VoucherTransferred& transferred = *decision.Add().mutable_voucher_transferred();
  transferred.set_order(wish_.order);
  transferred.set_from(wish_.holder.ToBytes());
  transferred.set_to(wish_.recipient.ToBytes());
  transferred.set_digits_hash(std::string(ledger::TagBytes(wish_.voucher.digits)));
  return absl::nullopt;
}

void TransferVoucherCommand::StorePersonalData() {
  state_.tables->voucher_digits.Erase(old_digits_);
  state_.tables->voucher_digits.Put(wish_.voucher.digits, wish_.voucher.sealed);
}

absl::optional<Refusal> AddVoucherCodesCommand::Decide(const ledger::DecideContext& /*context*/,
                                                       ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant_id);
  const OfferRow* offer = tables_.offers.Find(wish_.offer);
  if (offer == nullptr || merchant == nullptr || offer->merchant != *merchant) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "start.offer", .message = "there is no such offer"};
  }
  if (!offer->content.external_codes) {
    return Refusal{.reason = Reason::kOrderNotOffered,
                   .field = "start.offer",
                   .message = "the offer is not sold as codes from elsewhere"};
  }
  const OfferCodeCounts* counts = tables_.offer_code_counts.Find(wish_.offer);
  first_place_ = (counts == nullptr ? 0 : counts->added) + 1;
  std::string hashes;
  std::set<ledger::Tag> seen;
  for (const SealedCode& code : wish_.codes) {
    const bool is_new = tables_.offer_code_hashes.Find(code.hash) == nullptr;
    if (!is_new || !seen.insert(code.hash).second) continue;
    added_.push_back(&code);
    absl::StrAppend(&hashes, ledger::TagBytes(code.hash));
  }
  if (first_place_ - 1 + added_.size() > kVoucherCodesMax) {
    return Refusal{.reason = Reason::kVoucherCodesLimit,
                   .message = absl::StrCat("an offer has at most ", kVoucherCodesMax, " codes"),
                   .metadata = {{"codes_max", absl::StrCat(kVoucherCodesMax)}}};
  }
  jv1::VoucherCodesAdded& added = *decision.Add().mutable_voucher_codes_added();
  added.set_offer(static_cast<std::uint32_t>(wish_.offer));
  added.set_code_hashes(hashes);
  added.set_known(static_cast<std::uint32_t>(wish_.codes.size() - added_.size()));
  added.set_person(wish_.person);
  return absl::nullopt;
}

void AddVoucherCodesCommand::StorePersonalData() {
  for (std::size_t i = 0; i < added_.size(); ++i) {
    tables_.offer_codes.Put({wish_.offer, first_place_ + static_cast<std::uint32_t>(i)},
                            added_[i]->sealed);
  }
}

}  // namespace puhui::merchant
