// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/sale_entries.h"

#include "ledger/base/limits.h"
#include "merchant/core/purchase.h"

#include "absl/strings/str_cat.h"

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Posting;
using ledger::Reason;
using ledger::Refusal;

// Rules come before funds: what is refused for want of points would have been of all that were
// asked for.
template <class Chosen>
absl::optional<Refusal> AskRules(const absl::variant<Chosen, Refusal>& chosen, Points asked,
                                 LaterRules rules) {
  const Refusal* refused = absl::get_if<Refusal>(&chosen);
  const std::int64_t points =
      refused != nullptr ? asked.value() : absl::get<Chosen>(chosen).Points();
  if (auto refusal = rules(points)) return refusal;
  if (refused != nullptr) return *refused;
  return absl::nullopt;
}

template <class Chosen>
const Refusal* BrokenRule(const absl::variant<Chosen, Refusal>& chosen) {
  const Refusal* refused = absl::get_if<Refusal>(&chosen);
  const bool is_rule = refused != nullptr && refused->reason != Reason::kInsufficientPoints;
  return is_rule ? refused : nullptr;
}

}  // namespace

absl::variant<Reserved, Refusal> ChooseHeld(const ledger::Wallet& wallet,
                                            const ledger::Spend& spend,
                                            const std::vector<ledger::BasketLine>& lines,
                                            ledger::TermsReader& terms, LaterRules rules) {
  auto chosen = ChooseReserved(wallet, spend, lines, terms);
  if (const Refusal* broken = BrokenRule(chosen)) return *broken;
  const Reserved* reserved = absl::get_if<Reserved>(&chosen);
  if (reserved != nullptr && OriginsOf(reserved->slices) > kOriginsPerAuthorizationMax) {
    return Refusal{.reason = Reason::kLotsPerPurchaseLimit,
                   .message = absl::StrCat("the points come from more than ",
                                           kOriginsPerAuthorizationMax, " unions")};
  }
  if (wallet.open_authorizations >= kAuthorizationsPerWalletMax) {
    return Refusal{.reason = Reason::kAuthorizationsPerWalletLimit,
                   .message = absl::StrCat("the member has ", kAuthorizationsPerWalletMax,
                                           " open authorisations")};
  }
  if (auto refusal = AskRules(chosen, spend.amount, rules)) return *std::move(refusal);
  return chosen;
}

absl::variant<Payment, Refusal> ChooseBought(const ledger::Wallet& wallet,
                                             const ledger::Spend& spend,
                                             const std::vector<ledger::BasketLine>& lines,
                                             const Parties& parties, ledger::TermsReader& terms,
                                             LaterRules rules) {
  auto chosen = ChoosePayment(wallet, spend, lines, parties, terms);
  if (const Refusal* broken = BrokenRule(chosen)) return *broken;
  if (auto refusal = AskRules(chosen, spend.amount, rules)) return *std::move(refusal);
  return chosen;
}

jv1::Authorization& SaleWriter::Hold(const Reserved& reserved, const Buyer& buyer) {
  jv1::Entry& entry = *decision_.Add().mutable_entry();
  AddPostings(HoldPostings(buyer.member, reserved.slices), buyer.member, entry);
  AddHolding(reserved.slices, buyer.day, views_, entry);
  jv1::Authorization& authorization = *entry.mutable_authorization();
  authorization.set_points(reserved.Points());
  StoreLines(reserved.lines, authorization.mutable_lines());
  return authorization;
}

jv1::Purchase& SaleWriter::Sell(const Payment& payment, const Charge& charge, const Buyer& buyer) {
  jv1::Entry& entry = *decision_.Add().mutable_entry();
  AddPostings(payment.postings, buyer.member, entry);
  AddTaking(payment.slices, buyer.day, views_, entry);
  jv1::Purchase& purchase = *entry.mutable_purchase();
  purchase.set_points(payment.Points());
  purchase.set_fee(FeeOf(payment.postings));
  AddCharge(charge, purchase);
  StoreLines(payment.lines, purchase.mutable_lines());
  return purchase;
}

jv1::Purchase& SaleWriter::Capture(const Held& held, const Reserved& captured,
                                   const Charge& charge) {
  const AuthorizationRow& row = *held.row;
  const std::vector<Posting> postings =
      CapturePostings({.member = row.member, .merchant = row.merchant, .fee_rate = charge.rate},
                      row.taken, captured.slices);
  jv1::Entry& entry = *decision_.Add().mutable_entry();
  AddPostings(postings, row.member, entry);
  AddEnding({.authorization = &row, .captured = captured.slices}, views_, now_, entry);
  ExpireRests({&entry}, views_, now_, decision_);
  jv1::Purchase& capture = *entry.mutable_capture();
  capture.set_points(captured.Points());
  capture.set_fee(FeeOf(postings));
  AddCharge(charge, capture);
  capture.set_authorization_code(row.authorization_code);
  capture.set_card_last_four(row.card_last_four);
  capture.set_authorization(held.sequence);
  StoreLines(captured.lines, capture.mutable_lines());
  return capture;
}

jv1::Void& SaleWriter::Void(const Held& held) {
  jv1::Entry& entry = *decision_.Add().mutable_entry();
  AddRelease(*held.row, views_, now_, entry);
  ExpireRests({&entry}, views_, now_, decision_);
  jv1::Void& voided = *entry.mutable_voided();
  voided.set_authorization(held.sequence);
  voided.set_points(held.row->points);
  return voided;
}

jv1::Refund& SaleWriter::Refund(const GiveBack& back, Sequence purchase) {
  jv1::Entry& entry = *decision_.Add().mutable_entry();
  const FeeBack fee = AddGivingBack(back, views_, now_, entry);
  ExpireRests({&entry}, views_, now_, decision_);
  jv1::Refund& refund = *entry.mutable_refund();
  refund.set_purchase(purchase);
  refund.set_points(back.points);
  refund.set_refunded(back.purchase->refunded + back.points);
  refund.set_fee(fee.points);
  StoreAdjustments(fee.adjustments_left, refund.mutable_fee_adjustments());
  for (const LineRefund& line : back.lines) {
    jv1::LineRefund& stored = *refund.add_lines();
    stored.set_line(static_cast<std::uint32_t>(line.line));
    stored.set_points(line.points);
  }
  return refund;
}

}  // namespace puhui::merchant
