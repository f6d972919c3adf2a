// SPDX-License-Identifier: Apache-2.0
// Payments that came back, or were paid after all.
#include "merchant/app/payout_correction_commands.h"
#include "tests/model/payout_steps.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>

namespace puhui::testing {
namespace {

using ledger::Reason;

constexpr std::uint64_t kReferences = 200;  // So few that some come again.

}  // namespace

PayoutSteps::Payment* PayoutSteps::PaymentAt(std::uint32_t run) {
  return run <= runs_.size() ? &runs_[run - 1].payments.front() : nullptr;
}

void PayoutSteps::CountPaid(const Payment& payment, std::int64_t sign) {
  for (const auto& [origin, points] : payouts_[payment.statement].sums) {
    paid_[{payment.statement.first, origin}] += sign * points;
  }
}

Verdict PayoutSteps::JudgeTurn(const Payment& payment, const Correction& correction,
                               bool waits) const {
  if (movements_.contains(correction.reference)) return Reason::kBankReferenceUsed;
  const bool returned = correction.turned == Standing::kReturned;
  if (!returned && payment.standing == Standing::kRejected) {
    const Payout& payout = payouts_.at(payment.statement);
    const Standing latest = runs_[payout.run - 1].payments.front().standing;
    if (latest == Standing::kOpen || latest == Standing::kPaid) return Reason::kStatementNotDue;
  }
  if (waits || payment.standing != (returned ? Standing::kPaid : Standing::kRejected)) {
    return Reason::kPaymentState;
  }
  return absl::nullopt;
}

void PayoutSteps::ProposeCorrection() {
  const std::uint32_t run = AnyRun();
  Payment* const payment = PaymentAt(run);
  const Correction correction{
      .turned = desk_.random->Below(2) == 0 ? Standing::kReturned : Standing::kPaid,
      .reference = absl::StrCat("TR-", desk_.random->Below(kReferences)),
      .proposer = AnyPerson()};
  Verdict expected = Reason::kNotFound;
  if (payment != nullptr) {
    expected = JudgeTurn(*payment, correction, payment->correction.has_value());
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::ProposeCorrectionCommand>(
        &desk_.ledger->merchant(),
        merchant::ProposeCorrectionCommand::Wish{.payment = {run, 1},
                                                 .state = correction.turned == Standing::kReturned
                                                              ? merchant::PaymentState::kReturned
                                                              : merchant::PaymentState::kPaid,
                                                 .bank_reference = correction.reference,
                                                 .reason = "x",
                                                 .person = correction.proposer});
  });
  if (desk_.expect(expected, outcome)) payment->correction = correction;
}

void PayoutSteps::ConfirmCorrection() {
  const std::uint32_t run = AnyRun();
  Payment* const payment = PaymentAt(run);
  const std::string person = AnyPerson();
  const bool waits = payment != nullptr && payment->correction.has_value();
  const Correction correction = waits ? *payment->correction : Correction{};
  const bool said_alike = desk_.random->Below(6) != 0;
  Verdict expected;
  if (payment == nullptr) {
    expected = Reason::kNotFound;
  } else if (!waits) {
    expected = Reason::kPaymentState;
  } else if (correction.proposer == person) {
    expected = Reason::kSamePerson;
  } else {
    expected = JudgeTurn(*payment, correction, /*waits=*/false);
    if (!expected.has_value() && !said_alike) expected = Reason::kBankReferenceDiffers;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::ConfirmCorrectionCommand>(
        &desk_.ledger->merchant(), merchant::ConfirmCorrectionCommand::Wish{
                                       .payment = {run, 1},
                                       .bank_reference = said_alike ? correction.reference : "TR-x",
                                       .person = person});
  });
  if (!desk_.expect(expected, outcome)) return;
  movements_.insert(correction.reference);
  payment->correction.reset();
  payment->standing = correction.turned;
  const bool returned = correction.turned == Standing::kReturned;
  CountPaid(*payment, returned ? -1 : 1);
  if (!returned) payouts_[payment->statement].run = run;
}

void PayoutSteps::RejectCorrection() {
  const std::uint32_t run = AnyRun();
  Payment* const payment = PaymentAt(run);
  Verdict expected;
  if (payment == nullptr) {
    expected = Reason::kNotFound;
  } else if (!payment->correction.has_value()) {
    expected = Reason::kPaymentState;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::RejectCorrectionCommand>(
        &desk_.ledger->merchant(), merchant::RejectCorrectionCommand::Wish{
                                       .payment = {run, 1}, .reason = "x", .person = "people/9"});
  });
  if (desk_.expect(expected, outcome)) payment->correction.reset();
}

}  // namespace puhui::testing
