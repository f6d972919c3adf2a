// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/bank_answer_command.h"

#include "ledger/base/check.h"
#include "merchant/app/payout_entries.h"
#include "merchant/app/payout_run_commands.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include <cstdlib>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

PaymentState StateAfter(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPending:
      return PaymentState::kOpen;
    case Verdict::kPaid:
      return PaymentState::kPaid;
    case Verdict::kRejected:
      return PaymentState::kRejected;
  }
  std::abort();
}

// Whether of a payment that was decided the bank says what it has said before, or what became of it
// since: money that came back had been paid.
bool Repeats(const PaymentRow& payment, Verdict verdict) {
  const bool returned = payment.state == PaymentState::kReturned;
  return VerdictOf(payment.bank_status) == verdict ||
         StateAfter(verdict) == (returned ? PaymentState::kPaid : payment.state);
}

absl::string_view NameOf(PaymentState state) {
  switch (state) {
    case PaymentState::kOpen:
      return "is open";
    case PaymentState::kPaid:
      return "was paid before";
    case PaymentState::kRejected:
      return "was rejected before";
    case PaymentState::kCancelled:
      return "was cancelled";
    case PaymentState::kNothingDue:
      return "was never made: nothing was due";
    case PaymentState::kReturned:
      return "was paid before, and came back";
  }
  std::abort();
}

Refusal Decided(std::uint32_t payment, PaymentState state, absl::string_view where) {
  return {.reason = Reason::kPaymentDecided,
          .field = "answer",
          .message = absl::StrCat(where, ": payment ", payment, " ", NameOf(state)),
          .metadata = {{"payment", absl::StrCat(payment)}}};
}

Refusal Differs(absl::string_view where, absl::string_view what, std::int64_t wanted,
                std::int64_t came) {
  return {.reason = Reason::kPaymentAmountDiffers,
          .field = "answer",
          .message = absl::StrCat(where, ": want ", wanted, " ", what, ", the bank says ", came),
          .metadata = {{"wanted", absl::StrCat(wanted)}, {"came", absl::StrCat(came)}}};
}

}  // namespace

absl::optional<Refusal> BankAnswerCommand::FindNamed(std::uint32_t run, const PayoutRunRow& row) {
  absl::flat_hash_map<std::string, std::uint32_t> payments;
  for (std::uint32_t number = 1; number <= row.payments; ++number) {
    const PaymentRow* payment = tables_.payments.Find({run, number});
    PUHUI_CHECK(payment != nullptr);
    payments.emplace(EndToEndId(run, payment->statement.merchant, payment->statement.day), number);
  }
  for (const PaymentAnswer& answer : wish_.answer.payments) {
    const auto named = payments.find(answer.end_to_end_id);
    if (named == payments.end()) {
      return Refusal{.reason = Reason::kPaymentUnknown,
                     .field = "answer",
                     .message = absl::StrCat(answer.where, ": the run has no such payment")};
    }
    said_.push_back({.payment = named->second,
                     .verdict = answer.verdict,
                     .status = answer.status,
                     .reason = answer.reason,
                     .amount_fen = answer.amount_fen,
                     .where = answer.where});
  }
  return absl::nullopt;
}

absl::optional<Refusal> BankAnswerCommand::AddOthers(std::uint32_t run, const PayoutRunRow& row) {
  if (!wish_.answer.others.has_value()) return absl::nullopt;
  const GroupAnswer& others = *wish_.answer.others;
  constexpr char kWhere[] = "the whole file";
  absl::flat_hash_set<std::uint32_t> named;
  for (const Said& said : said_) named.insert(said.payment);
  for (std::uint32_t number = 1; number <= row.payments; ++number) {
    if (named.contains(number)) continue;
    const PaymentRow& payment = *tables_.payments.Find({run, number});
    if (payment.state == PaymentState::kNothingDue) continue;  // It was not in the file.
    const bool known = payment.state != PaymentState::kOpen;
    if (known && !Repeats(payment, others.verdict)) {
      return Decided(number, payment.state, kWhere);
    }
    said_.push_back({.payment = number,
                     .verdict = others.verdict,
                     .status = others.status,
                     .reason = others.reason,
                     .where = kWhere,
                     .known = known});
  }
  if (said_.empty()) return RefuseRun(row.state, "EXPORTED");  // There never was a file.
  return absl::nullopt;
}

absl::optional<Refusal> BankAnswerCommand::CheckDecided(std::uint32_t run) {
  for (Said& said : said_) {
    const PaymentRow& payment = *tables_.payments.Find({run, said.payment});
    if (payment.state == PaymentState::kOpen) continue;
    if (!Repeats(payment, said.verdict)) return Decided(said.payment, payment.state, said.where);
    said.known = true;
  }
  return absl::nullopt;
}

absl::optional<Refusal> BankAnswerCommand::CheckAmounts(std::uint32_t run,
                                                        const PayoutRunRow& row) {
  for (const Said& said : said_) {
    const std::int64_t wanted =
        tables_.payments.Find({run, said.payment})->points * row.fen_per_point;
    if (said.amount_fen.value_or(wanted) != wanted) {
      return Differs(said.where, "fen", wanted, *said.amount_fen);
    }
  }
  const std::int64_t total = row.points * row.fen_per_point;
  if (wish_.answer.total_fen.value_or(total) != total) {
    return Differs("the whole file", "fen", total, *wish_.answer.total_fen);
  }
  const std::uint32_t count = row.payments - row.nothing_due;
  if (wish_.answer.count.value_or(count) != count) {
    return Differs("the whole file", "payments", count, *wish_.answer.count);
  }
  return absl::nullopt;
}

absl::optional<Refusal> BankAnswerCommand::Decide(const ledger::DecideContext& /*context*/,
                                                  ledger::Decision& decision) {
  const absl::optional<std::uint32_t> run =
      wish_.run.has_value() ? wish_.run
                            : RunOfMessage(wish_.message_prefix, wish_.answer.message_id);
  if (!run.has_value()) {
    return Refusal{.reason = Reason::kPayoutMessageForeign,
                   .field = "pain_002",
                   .message = "the file answers a message that is not of this ledger"};
  }
  const PayoutRunRow* row = tables_.payout_runs.Find(*run);
  if (row == nullptr) return NoSuchRun(wish_.run.has_value() ? "csv.payout_run" : "pain_002");
  if (auto refusal = FindNamed(*run, *row)) return refusal;
  if (row->state != PayoutRunState::kExported && row->state != PayoutRunState::kFinished) {
    return RefuseRun(row->state, "EXPORTED");
  }
  if (auto refusal = CheckDecided(*run)) return refusal;
  if (auto refusal = AddOthers(*run, *row)) return refusal;
  if (auto refusal = CheckAmounts(*run, *row)) return refusal;
  Write(*run, decision);
  return absl::nullopt;
}

void BankAnswerCommand::Write(std::uint32_t run, ledger::Decision& decision) {
  jv1::BankAnswered& answered = *decision.Add().mutable_bank_answered();
  answered.set_run(run);
  answered.set_file_hash(std::string(ledger::AsBytes(wish_.file_hash)));
  answered.set_person(wish_.person);
  for (const Said& said : said_) {
    if (said.known) {
      answered.add_known_payments(said.payment);
      continue;
    }
    jv1::PaymentAnswer& answer = *answered.add_answers();
    answer.set_payment(said.payment);
    answer.set_state(static_cast<std::uint32_t>(StateAfter(said.verdict)));
    answer.set_status(said.status);
    answer.set_reason(said.reason);
    if (said.verdict == Verdict::kPaid) {
      AddPayoutEntries(tables_, {run, said.payment}, PaymentState::kPaid, decision);
    }
  }
}

}  // namespace puhui::merchant
