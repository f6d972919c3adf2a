// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payout_correction_commands.h"

#include "ledger/base/check.h"
#include "merchant/app/payout_entries.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal NoSuchPayment() {
  return {.reason = Reason::kNotFound, .field = "name", .message = "there is no such payment"};
}

Refusal WrongPaymentState(absl::string_view message) {
  return {.reason = Reason::kPaymentState, .field = "name", .message = std::string(message)};
}

absl::optional<Refusal> CheckReference(Tables& tables, const std::string& bank_reference) {
  const PaymentKey* used = tables.bank_movements.Find(bank_reference);
  if (used == nullptr) return absl::nullopt;
  return Refusal{.reason = Reason::kBankReferenceUsed,
                 .field = "bank_reference",
                 .message = absl::StrCat("it corrected payment ", used->payment, " of run ",
                                         used->run, " before")};
}

// That what was rejected is not with the bank again, or was paid meanwhile: the merchant would have
// been paid twice, which is nothing that the ledger can set right.
absl::optional<Refusal> CheckDue(Tables& tables, const PaymentRow& payment, PaymentState turned) {
  if (turned != PaymentState::kPaid || payment.state != PaymentState::kRejected) {
    return absl::nullopt;
  }
  const PayoutRow* payout = tables.payouts.Find(payment.statement);
  PUHUI_CHECK(payout != nullptr);
  const PaymentRow* latest = tables.payments.Find({payout->run, payout->payment});
  PUHUI_CHECK(latest != nullptr);
  if (latest->state != PaymentState::kOpen && latest->state != PaymentState::kPaid) {
    return absl::nullopt;
  }
  return Refusal{.reason = Reason::kStatementNotDue,
                 .field = "name",
                 .message = absl::StrCat("run ", payout->run, " has the statement by now"),
                 .metadata = {{"run", absl::StrCat(payout->run)}}};
}

// Whether the payment can turn out to be so.
absl::optional<Refusal> CheckTurn(const PaymentRow& payment, PaymentState turned) {
  const bool returned = turned == PaymentState::kReturned;
  if (payment.state == (returned ? PaymentState::kPaid : PaymentState::kRejected)) {
    return absl::nullopt;
  }
  return WrongPaymentState(returned ? "only what was paid can come back"
                                    : "only what was rejected can have been paid after all");
}

}  // namespace

absl::optional<Refusal> ProposeCorrectionCommand::Decide(const ledger::DecideContext& /*context*/,
                                                         ledger::Decision& decision) {
  const PaymentRow* known = tables_.payments.Find(wish_.payment);
  if (known == nullptr) return NoSuchPayment();
  const PaymentRow payment = *known;
  if (auto refusal = CheckReference(tables_, wish_.bank_reference)) return refusal;
  if (auto refusal = CheckDue(tables_, payment, wish_.state)) return refusal;
  if (payment.CorrectionWaits()) {
    return WrongPaymentState("a correction is proposed: decide on that first");
  }
  if (auto refusal = CheckTurn(payment, wish_.state)) return refusal;
  jv1::PaymentCorrectionProposed& proposed = *decision.Add().mutable_payment_correction_proposed();
  proposed.set_run(wish_.payment.run);
  proposed.set_payment(wish_.payment.payment);
  proposed.set_state(static_cast<std::uint32_t>(wish_.state));
  proposed.set_bank_reference(wish_.bank_reference);
  proposed.set_reason(wish_.reason);
  proposed.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ConfirmCorrectionCommand::Decide(const ledger::DecideContext& /*context*/,
                                                         ledger::Decision& decision) {
  const PaymentRow* known = tables_.payments.Find(wish_.payment);
  if (known == nullptr) return NoSuchPayment();
  const PaymentRow payment = *known;
  if (payment.CorrectionWaits() && payment.correction->proposer == wish_.person) {
    return Refusal{.reason = Reason::kSamePerson,
                   .field = "name",
                   .message = "who proposed the correction may not confirm it"};
  }
  if (!payment.CorrectionWaits()) return WrongPaymentState("no correction is proposed");
  const PaymentCorrectionRow& correction = *payment.correction;
  // What was proposed of two payments is confirmed of one.
  if (auto refusal = CheckReference(tables_, correction.bank_reference)) return refusal;
  if (auto refusal = CheckDue(tables_, payment, correction.state)) return refusal;
  if (auto refusal = CheckTurn(payment, correction.state)) return refusal;
  if (correction.bank_reference != wish_.bank_reference) {
    return Refusal{.reason = Reason::kBankReferenceDiffers,
                   .field = "bank_reference",
                   .message = "what was proposed has another reference of the bank"};
  }
  jv1::PaymentCorrectionDecided& decided = *decision.Add().mutable_payment_correction_decided();
  decided.set_run(wish_.payment.run);
  decided.set_payment(wish_.payment.payment);
  decided.set_proposal(correction.proposal);
  decided.set_confirmed(true);
  decided.set_person(wish_.person);
  AddPayoutEntries(tables_, wish_.payment, correction.state, decision);
  return absl::nullopt;
}

absl::optional<Refusal> RejectCorrectionCommand::Decide(const ledger::DecideContext& /*context*/,
                                                        ledger::Decision& decision) {
  const PaymentRow* payment = tables_.payments.Find(wish_.payment);
  if (payment == nullptr) return NoSuchPayment();
  if (!payment->CorrectionWaits()) return WrongPaymentState("no correction is proposed");
  jv1::PaymentCorrectionDecided& decided = *decision.Add().mutable_payment_correction_decided();
  decided.set_run(wish_.payment.run);
  decided.set_payment(wish_.payment.payment);
  decided.set_proposal(payment->correction->proposal);
  decided.set_reason(wish_.reason);
  decided.set_person(wish_.person);
  return absl::nullopt;
}

}  // namespace puhui::merchant
