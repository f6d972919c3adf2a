// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payout_applier.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/record_day.h"
#include "ledger/engine/record_time.h"

#include "absl/strings/str_cat.h"

#include <utility>
#include <vector>

namespace puhui::merchant {

namespace jv1 = journal::v1;
using ledger::TimeOf;

namespace {

std::vector<OriginSum> SumsFrom(const google::protobuf::RepeatedPtrField<jv1::PayoutSum>& stored) {
  std::vector<OriginSum> sums;
  sums.reserve(static_cast<std::size_t>(stored.size()));
  for (const jv1::PayoutSum& sum : stored) {
    sums.push_back({UnionNumber{sum.origin()}, sum.points()});
  }
  return sums;
}

absl::Status CannotFollow(absl::string_view what, std::uint32_t run) {
  return absl::DataLossError(absl::StrCat("payout run ", run, " cannot be ", what));
}

void FinishIfDone(PayoutRunRow& run, absl::Time now) {
  if (run.open > 0) return;
  run.state = PayoutRunState::kFinished;
  run.finish_time = now;
}

}  // namespace

absl::Status PayoutApplier::Apply(const jv1::Record& record) {
  if (record.has_day_cut()) return Await(record.day_cut());
  if (record.has_payout_run_created()) return Create(record);
  if (record.has_payout_run_approved()) return Approve(record);
  if (record.has_payout_run_cancelled()) return Cancel(record);
  if (record.has_payout_run_exported()) return Export(record);
  if (record.has_bank_answered()) return Answer(record);
  if (record.has_payment_correction_proposed()) return ProposeCorrection(record);
  if (record.has_payment_correction_decided()) return DecideCorrection(record);
  if (record.entry().has_payout_paid()) {
    return CheckPosted(record.entry().payout_paid(), PaymentState::kPaid);
  }
  if (record.entry().has_payout_returned()) {
    return CheckPosted(record.entry().payout_returned(), PaymentState::kReturned);
  }
  return absl::OkStatus();
}

absl::Status PayoutApplier::Await(const jv1::DayCut& cut) {
  const StatementKey key{MerchantNumber{cut.merchant()}, ledger::DayFromRecord(cut.day().day())};
  if (tables_.payouts.Find(key) != nullptr) {
    return absl::DataLossError(
        absl::StrCat("a day of merchant ", cut.merchant(), " was cut for the second time"));
  }
  PayeeRow& payee = tables_.payees.Edit(key.merchant);
  PayoutRow payout;
  if (!payee.next_day.has_value() || key.day < *payee.next_day) {
    payout.following = payee.next_day;
    payee.next_day = key.day;
  } else {
    // Behind the newest, unless days are cut out of their order after a stop.
    const PayoutRow* newest = tables_.payouts.Find({key.merchant, *payee.last_day});
    const bool waits = newest != nullptr && newest->attempts == 0 && key.day > *payee.last_day;
    absl::CivilDay before = waits ? *payee.last_day : *payee.next_day;
    absl::optional<absl::CivilDay> after = tables_.payouts.Find({key.merchant, before})->following;
    while (after.has_value() && *after < key.day) {
      before = *after;
      after = tables_.payouts.Find({key.merchant, before})->following;
    }
    tables_.payouts.Edit({key.merchant, before}).following = key.day;
    payout.following = after;
  }
  if (!payee.last_day.has_value() || *payee.last_day < key.day) payee.last_day = key.day;
  tables_.payouts.Put(key, std::move(payout));
  tables_.unsettled_days.Put(key, true);
  return absl::OkStatus();
}

absl::Status PayoutApplier::Create(const jv1::Record& record) {
  const jv1::PayoutRunCreated& created = record.payout_run_created();
  const std::uint32_t* runs = tables_.counts.Find(kPayoutRunCount);
  if (created.run() != (runs == nullptr ? 0 : *runs) + 1) {
    return CannotFollow("created", created.run());
  }
  tables_.counts.Put(kPayoutRunCount, created.run());
  PayoutRunRow run{.message_id = created.message_id(),
                   .fen_per_point = created.fen_per_point(),
                   .payments = static_cast<std::uint32_t>(created.payments_size()),
                   .maker = created.person(),
                   .create_time = TimeOf(record)};
  std::uint32_t number = 0;
  for (const jv1::RunPayment& payment : created.payments()) {
    PUHUI_RETURN_IF_ERROR(AddPayment({created.run(), ++number}, payment, run));
  }
  FinishIfDone(run, run.create_time);
  tables_.payout_runs.Put(created.run(), std::move(run));
  return absl::OkStatus();
}

absl::Status PayoutApplier::AddPayment(const PaymentKey& key, const jv1::RunPayment& stored,
                                       PayoutRunRow& run) {
  const StatementKey statement{MerchantNumber{stored.merchant()},
                               ledger::DayFromRecord(stored.day())};
  const PayoutRow* known = tables_.payouts.Find(statement);
  if (known == nullptr || stored.attempt() != known->attempts + 1) {
    return CannotFollow("paying such a statement", key.run);
  }
  PayoutRow& payout = tables_.payouts.Edit(statement);
  payout.attempts = stored.attempt();
  payout.run = key.run;
  payout.payment = key.payment;
  if (stored.attempt() == 1) {
    payout.sums = SumsFrom(stored.sums());
    payout.carried = SumsFrom(stored.carried());
    PayeeRow& payee = tables_.payees.Edit(statement.merchant);
    if (payee.next_day != statement.day) return CannotFollow("paying a later day first", key.run);
    payee.next_day = payout.following;
    payee.carried = payout.carried;
  }
  const bool due = stored.points() > 0;
  tables_.payments.Put(key,
                       PaymentRow{.state = due ? PaymentState::kOpen : PaymentState::kNothingDue,
                                  .statement = statement,
                                  .account = stored.account(),
                                  .account_changed = stored.account_changed(),
                                  .attempt = stored.attempt(),
                                  .points = stored.points()});
  tables_.unsettled_days.Erase(statement);
  run.points += stored.points();
  if (stored.account_changed()) ++run.account_changes;
  ++(due ? run.open : run.nothing_due);
  return due ? absl::OkStatus() : Settle(statement);
}

absl::Status PayoutApplier::Settle(const StatementKey& statement) {
  const StatementRow* row = tables_.statements.Find(statement);
  if (row == nullptr || row->state != StatementState::kAgreed) {
    return absl::DataLossError("a statement was paid that was not agreed");
  }
  tables_.statements.Edit(statement).state = StatementState::kPaid;
  return absl::OkStatus();
}

absl::Status PayoutApplier::Approve(const jv1::Record& record) {
  const jv1::PayoutRunApproved& approved = record.payout_run_approved();
  const PayoutRunRow* known = tables_.payout_runs.Find(approved.run());
  if (known == nullptr || known->state != PayoutRunState::kCreated) {
    return CannotFollow("approved", approved.run());
  }
  PayoutRunRow& run = tables_.payout_runs.Edit(approved.run());
  run.state = PayoutRunState::kApproved;
  run.approver = approved.person();
  run.approve_time = TimeOf(record);
  return absl::OkStatus();
}

absl::Status PayoutApplier::Cancel(const jv1::Record& record) {
  const jv1::PayoutRunCancelled& cancelled = record.payout_run_cancelled();
  const PayoutRunRow* known = tables_.payout_runs.Find(cancelled.run());
  if (known == nullptr ||
      (known->state != PayoutRunState::kCreated && known->state != PayoutRunState::kApproved)) {
    return CannotFollow("cancelled", cancelled.run());
  }
  PayoutRunRow& run = tables_.payout_runs.Edit(cancelled.run());
  run.state = PayoutRunState::kCancelled;
  run.cancel_reason = cancelled.reason();
  run.finish_time = TimeOf(record);
  run.open = 0;
  for (std::uint32_t number = 1; number <= run.payments; ++number) {
    PaymentRow& payment = tables_.payments.Edit({cancelled.run(), number});
    if (payment.state != PaymentState::kOpen) continue;
    payment.state = PaymentState::kCancelled;
    tables_.unsettled_days.Put(payment.statement, true);
  }
  return absl::OkStatus();
}

absl::Status PayoutApplier::Export(const jv1::Record& record) {
  const jv1::PayoutRunExported& exported = record.payout_run_exported();
  const PayoutRunRow* known = tables_.payout_runs.Find(exported.run());
  if (known == nullptr || exported.file_hash().size() != sizeof(ledger::Hash)) {
    return CannotFollow("exported", exported.run());
  }
  const ledger::Hash hash = ledger::HashFromBytes(exported.file_hash());
  if (known->state == PayoutRunState::kExported && known->file_hash == hash) {
    return absl::OkStatus();
  }
  if (known->state != PayoutRunState::kApproved) return CannotFollow("exported", exported.run());
  PayoutRunRow& run = tables_.payout_runs.Edit(exported.run());
  run.state = PayoutRunState::kExported;
  run.file_hash = hash;
  run.execution_day = ledger::DayFromRecord(exported.execution_day());
  run.export_time = TimeOf(record);
  return absl::OkStatus();
}

absl::Status PayoutApplier::Answer(const jv1::Record& record) {
  const jv1::BankAnswered& answered = record.bank_answered();
  const PayoutRunRow* known = tables_.payout_runs.Find(answered.run());
  const bool repeats = answered.answers().empty();  // Then all of it was known.
  const bool can = known != nullptr && (known->state == PayoutRunState::kExported ||
                                        (repeats && known->state == PayoutRunState::kFinished));
  if (!can) return CannotFollow("answered", answered.run());
  if (repeats) return absl::OkStatus();
  for (const jv1::PaymentAnswer& answer : answered.answers()) {
    PUHUI_RETURN_IF_ERROR(
        AnswerPayment({answered.run(), answer.payment()}, answer, TimeOf(record)));
  }
  FinishIfDone(tables_.payout_runs.Edit(answered.run()), TimeOf(record));
  return absl::OkStatus();
}

absl::Status PayoutApplier::AnswerPayment(const PaymentKey& key, const jv1::PaymentAnswer& answer,
                                          absl::Time now) {
  const PaymentRow* known = tables_.payments.Find(key);
  const auto state = static_cast<PaymentState>(answer.state());
  const bool can = state >= PaymentState::kOpen && state <= PaymentState::kRejected;
  if (known == nullptr || known->state != PaymentState::kOpen || !can) {
    return CannotFollow("answered so", key.run);
  }
  PaymentRow& payment = tables_.payments.Edit(key);
  payment.state = state;
  payment.bank_status = answer.status();
  payment.bank_reason = answer.reason();
  payment.answer_time = now;
  if (state == PaymentState::kOpen) return absl::OkStatus();
  PayoutRunRow& run = tables_.payout_runs.Edit(key.run);
  --run.open;
  if (state == PaymentState::kPaid) {
    ++run.paid;
    return Settle(payment.statement);
  }
  ++run.rejected;
  tables_.unsettled_days.Put(payment.statement, true);
  return absl::OkStatus();
}

template <class Cause>
absl::Status PayoutApplier::CheckPosted(const Cause& cause, PaymentState state) {
  const PaymentRow* payment = tables_.payments.Find({cause.run(), cause.payment()});
  const StatementKey statement{MerchantNumber{cause.merchant()},
                               ledger::DayFromRecord(cause.day())};
  if (payment == nullptr || payment->state != state || payment->statement != statement) {
    return CannotFollow("posted without the bank's answer", cause.run());
  }
  return absl::OkStatus();
}

absl::Status PayoutApplier::ProposeCorrection(const jv1::Record& record) {
  const jv1::PaymentCorrectionProposed& proposed = record.payment_correction_proposed();
  const PaymentKey key{proposed.run(), proposed.payment()};
  const PaymentRow* known = tables_.payments.Find(key);
  if (known == nullptr || known->CorrectionWaits()) {
    return CannotFollow("corrected twice at a time", key.run);
  }
  PaymentRow& payment = tables_.payments.Edit(key);
  payment.correction = PaymentCorrectionRow{.proposal = record.sequence(),
                                            .state = static_cast<PaymentState>(proposed.state()),
                                            .bank_reference = proposed.bank_reference(),
                                            .reason = proposed.reason(),
                                            .proposer = proposed.person(),
                                            .propose_time = TimeOf(record)};
  if (payment.correction->state == PaymentState::kPaid) {
    ++tables_.payouts.Edit(payment.statement).claims;
  }
  return absl::OkStatus();
}

absl::Status PayoutApplier::DecideCorrection(const jv1::Record& record) {
  const jv1::PaymentCorrectionDecided& decided = record.payment_correction_decided();
  const PaymentKey key{decided.run(), decided.payment()};
  const PaymentRow* known = tables_.payments.Find(key);
  if (known == nullptr || !known->CorrectionWaits() ||
      known->correction->proposal != decided.proposal()) {
    return CannotFollow("corrected as nobody proposed", key.run);
  }
  PaymentRow& payment = tables_.payments.Edit(key);
  PaymentCorrectionRow& correction = *payment.correction;
  correction.decider = decided.person();
  correction.decide_time = TimeOf(record);
  correction.confirmed = decided.confirmed();
  correction.rejection = decided.reason();
  if (correction.state == PaymentState::kPaid) --tables_.payouts.Edit(payment.statement).claims;
  if (!decided.confirmed()) return absl::OkStatus();
  tables_.bank_movements.Put(correction.bank_reference, key);
  return Correct(key, correction.state);
}

absl::Status PayoutApplier::Correct(const PaymentKey& key, PaymentState turned) {
  PaymentRow& payment = tables_.payments.Edit(key);
  const StatementKey statement = payment.statement;
  PayoutRunRow& run = tables_.payout_runs.Edit(key.run);
  if (turned == PaymentState::kReturned && payment.state == PaymentState::kPaid) {
    payment.state = turned;
    --run.paid;
    ++run.returned;
    tables_.statements.Edit(statement).state = StatementState::kAgreed;
    tables_.unsettled_days.Put(statement, true);
    return absl::OkStatus();
  }
  if (turned != PaymentState::kPaid || payment.state != PaymentState::kRejected) {
    return CannotFollow("corrected so", key.run);
  }
  payment.state = turned;
  --run.rejected;
  ++run.paid;
  // The payment that counts, whatever was tried after it.
  PayoutRow& payout = tables_.payouts.Edit(statement);
  payout.run = key.run;
  payout.payment = key.payment;
  tables_.unsettled_days.Erase(statement);
  return Settle(statement);
}

}  // namespace puhui::merchant
