// SPDX-License-Identifier: Apache-2.0
#include "tests/model/payout_steps.h"

#include "ledger/storage/typed_reads.h"
#include "merchant/app/bank_answer_command.h"
#include "merchant/app/payout_queries.h"
#include "merchant/app/statement_queries.h"
#include "tests/model/model_names.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace puhui::testing {
namespace {

using ledger::Reason;

constexpr char kPrefix[] = "PUHUI-model";

}  // namespace

bool PayoutSteps::Run::HasChanges() const {
  return std::any_of(payments.begin(), payments.end(),
                     [](const Payment& payment) { return payment.changed; });
}

bool PayoutSteps::Run::HasOpen() const {
  return std::any_of(payments.begin(), payments.end(),
                     [](const Payment& payment) { return payment.standing == Standing::kOpen; });
}

std::int64_t PayoutSteps::Paid(std::uint32_t merchant, std::uint32_t origin) const {
  const auto at = paid_.find({merchant, origin});
  return at == paid_.end() ? 0 : at->second;
}

// A payment takes seven steps in their order, of which most miss: several at a time, so some end.
void PayoutSteps::Step() {
  for (int i = 0; i < 6; ++i) StepOnce();
}

void PayoutSteps::StepOnce() {
  switch (desk_.random->Below(20)) {
    case 0:
    case 17:
      return ProposeAccount();
    case 1:
    case 2:
      return ConfirmAccount();
    case 3:
      return RejectAccount();
    case 4:
    case 5:
    case 6:
      return CreateRun();
    case 7:
    case 8:
      return ApproveRun();
    case 9:
      return CancelRun();
    case 10:
    case 11:
      return ExportRun();
    case 12:
    case 13:
      return ProposeCorrection();
    case 14:
    case 15:
      return ConfirmCorrection();
    case 16:
      return RejectCorrection();
    default:
      return AnswerRun();
  }
}

std::string PayoutSteps::AnyPerson() { return absl::StrCat("people/", desk_.random->Below(4)); }

// Now and then one that there is not.
std::uint32_t PayoutSteps::AnyMerchant() {
  return 1 + static_cast<std::uint32_t>(desk_.random->Below(kMerchants + 1));
}

std::uint32_t PayoutSteps::AnyRun() {
  if (runs_.empty() || desk_.random->Below(20) == 0) {
    return static_cast<std::uint32_t>(runs_.size()) + 7;
  }
  const auto back = desk_.random->Below(std::min<std::size_t>(runs_.size(), 4));
  return static_cast<std::uint32_t>(runs_.size() - back);
}

// A day that was cut; now and then any.
PayoutSteps::Name PayoutSteps::AnyName() {
  const auto rows = ledger::List(desk_.ledger->store(), merchant::kUnsettledDayTable, {}, 1'000);
  EXPECT_OK(rows);
  if (rows->empty() || desk_.random->Below(10) == 0) {
    return {AnyMerchant(), absl::ToCivilDay(desk_.now(), absl::UTCTimeZone()) -
                               static_cast<absl::civil_diff_t>(desk_.random->Below(4))};
  }
  const merchant::StatementKey& key = (*rows)[desk_.random->Below(rows->size())].key;
  return {static_cast<std::uint32_t>(key.merchant), key.day};
}

merchant::StatementRow PayoutSteps::StatementOf(const Name& name) {
  const auto row =
      ledger::Find(desk_.ledger->store(), merchant::kStatementTable, StatementKeyOf(name));
  EXPECT_OK(row);
  return row.ok() ? row->value_or(merchant::StatementRow{}) : merchant::StatementRow{};
}

bool PayoutSteps::IsNext(const Name& name) {
  const auto rows = ledger::List(desk_.ledger->store(), merchant::kStatementTable, {}, 10'000);
  EXPECT_OK(rows);
  for (const auto& row : *rows) {
    const Name other{static_cast<std::uint32_t>(row.key.merchant), row.key.day};
    if (other.first != name.first || row.value.cut == 0 || payouts_.contains(other)) continue;
    return other == name;  // By day: this is the first.
  }
  return false;
}

Verdict PayoutSteps::Judge(const Name& name, bool accepted, Payment* payment, Payout* payout,
                           std::map<std::uint32_t, std::int64_t>* carried) {
  using merchant::StatementState;
  const merchant::StatementRow row = StatementOf(name);
  if (row.lines.first == 0) return Reason::kNotFound;
  if (row.state != StatementState::kAgreed) return Reason::kStatementNotDue;
  const auto before = payouts_.find(name);
  *carried = carried_[name.first];
  if (before == payouts_.end()) {
    if (!IsNext(name)) return Reason::kStatementNotDue;
    const auto parts = merchant::PartsOf(desk_.ledger->store(), StatementKeyOf(name), row);
    EXPECT_OK(parts);
    for (const auto& [origin, part] : *parts) {
      (*carried)[static_cast<std::uint32_t>(origin)] += part.figures.Payable() + part.figures.paid;
    }
    for (auto& [origin, points] : *carried) {
      if (points > 0) payout->sums[origin] = std::exchange(points, 0);
    }
  } else {
    for (const Run& run : runs_) {
      const Payment& any = run.payments.front();
      if (any.statement == name && any.correction.has_value() &&
          any.correction->turned == Standing::kPaid) {
        return Reason::kStatementNotDue;
      }
    }
    for (const Payment& earlier : runs_[before->second.run - 1].payments) {
      if (earlier.statement == name && earlier.standing == Standing::kOpen) {
        return Reason::kStatementNotDue;
      }
    }
    payout->sums = before->second.sums;
  }
  payment->statement = name;
  payment->standing = payout->sums.empty() ? Standing::kNothingDue : Standing::kOpen;
  if (payout->sums.empty()) return absl::nullopt;
  payment->account = AccountAt(name.first, desk_.now());
  if (payment->account == 0) return Reason::kBankAccountMissing;
  const std::uint32_t agreed = AccountAt(name.first, *row.agree_time);
  payment->changed = agreed != 0 && agreed != payment->account;
  if (payment->changed && !accepted) return Reason::kBankAccountChanged;
  return absl::nullopt;
}

void PayoutSteps::CreateRun() {
  const Name name = AnyName();
  const std::string person = AnyPerson();
  const bool accepted = desk_.random->Below(2) == 0;
  Payment payment;
  Payout payout;
  std::map<std::uint32_t, std::int64_t> carried;
  const Verdict expected = Judge(name, accepted, &payment, &payout, &carried);
  merchant::CreatePayoutRunCommand::Statement wish{.merchant = MerchantIdOf(name.first),
                                                   .day = name.second,
                                                   .account_change_accepted = accepted};
  const auto row = merchant::FindStatement(desk_.ledger->store(), StatementKeyOf(name));
  ASSERT_OK(row);
  if (row->has_value()) {
    auto came_to = merchant::CameTo(desk_.ledger->store(), StatementKeyOf(name), **row);
    ASSERT_OK(came_to);
    wish.came_to = *std::move(came_to);
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::CreatePayoutRunCommand>(
        &desk_.ledger->merchant(),
        merchant::CreatePayoutRunCommand::Wish{
            .statements = {wish}, .fen_per_point = 1, .message_prefix = kPrefix, .person = person});
  });
  if (!desk_.expect(expected, outcome)) return;
  runs_.push_back({.maker = person, .payments = {payment}});
  if (!runs_.back().HasOpen()) runs_.back().state = "FINISHED";
  carried_[name.first] = carried;
  payout.run = runs_.size();
  payouts_[name] = payout;
}

void PayoutSteps::ApproveRun() {
  const std::uint32_t number = AnyRun();
  const std::string person = AnyPerson();
  const bool accepted = desk_.random->Below(2) == 0;
  const bool known = number <= runs_.size();
  Verdict expected;
  if (!known) {
    expected = Reason::kNotFound;
  } else if (const Run& run = runs_[number - 1]; run.maker == person) {
    expected = Reason::kSamePerson;
  } else if (run.state != "CREATED") {
    expected = Reason::kPayoutRunState;
  } else {
    const Payment& payment = run.payments.front();
    const bool moved = AccountAt(payment.statement.first, desk_.now()) != payment.account;
    if (moved || (run.HasChanges() && !accepted)) expected = Reason::kBankAccountChanged;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::ApprovePayoutRunCommand>(
        &desk_.ledger->merchant(),
        merchant::ApprovePayoutRunCommand::Wish{
            .run = number, .account_changes_accepted = accepted, .person = person});
  });
  if (desk_.expect(expected, outcome)) runs_[number - 1].state = "APPROVED";
}

void PayoutSteps::CancelRun() {
  const std::uint32_t number = AnyRun();
  const bool known = number <= runs_.size();
  Verdict expected;
  if (!known) {
    expected = Reason::kNotFound;
  } else if (runs_[number - 1].state != "CREATED" && runs_[number - 1].state != "APPROVED") {
    expected = Reason::kPayoutRunState;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::CancelPayoutRunCommand>(
        &desk_.ledger->merchant(),
        merchant::CancelPayoutRunCommand::Wish{.run = number, .reason = "x", .person = "people/9"});
  });
  if (!desk_.expect(expected, outcome)) return;
  runs_[number - 1].state = "CANCELLED";
  for (Payment& payment : runs_[number - 1].payments) {
    if (payment.standing == Standing::kOpen) payment.standing = Standing::kCancelled;
  }
}

void PayoutSteps::ExportRun() {
  const std::uint32_t number = AnyRun();
  const auto file = static_cast<std::uint8_t>(1 + desk_.random->Below(2));
  Verdict expected;
  if (number > runs_.size()) {
    expected = Reason::kNotFound;
  } else if (const Run& run = runs_[number - 1]; run.state == "EXPORTED") {
    if (run.file != file) expected = Reason::kPayoutFileChanged;
  } else if (run.state != "APPROVED") {
    expected = Reason::kPayoutRunState;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::ExportPayoutRunCommand>(
        &desk_.ledger->merchant(),
        merchant::ExportPayoutRunCommand::Wish{.run = number,
                                               .file_hash = ledger::Hash{file},
                                               .execution_day = absl::CivilDay(2026, 1, 1),
                                               .person = "people/9"});
  });
  if (!desk_.expect(expected, outcome)) return;
  runs_[number - 1].state = "EXPORTED";
  runs_[number - 1].file = file;
}

// Paid, and whether it came back, or rejected: said once more.
bool PayoutSteps::Payment::IsKnown(merchant::Verdict verdict) const {
  if (standing == Standing::kOpen) return false;
  if (said == verdict) return true;
  return verdict == merchant::Verdict::kPaid
             ? standing == Standing::kPaid || standing == Standing::kReturned
             : verdict == merchant::Verdict::kRejected && standing == Standing::kRejected;
}

Verdict PayoutSteps::JudgeAnswer(std::uint32_t number, const Payment& payment,
                                 merchant::Verdict verdict, std::int64_t fen_off) const {
  const std::string& state = runs_[number - 1].state;
  if (state != "EXPORTED" && state != "FINISHED") return Reason::kPayoutRunState;
  if (payment.standing != Standing::kOpen && !payment.IsKnown(verdict)) {
    return Reason::kPaymentDecided;
  }
  if (fen_off != 0) return Reason::kPaymentAmountDiffers;
  return absl::nullopt;
}

void PayoutSteps::AnswerRun() {
  const std::uint32_t number = AnyRun();
  const bool known = number <= runs_.size();
  const Payment payment = known ? runs_[number - 1].payments.front() : Payment{};
  const std::int64_t fen_off = desk_.random->Below(8) == 0 ? 1 : 0;
  const char* const statuses[] = {"ACSC", "RJCT", "ACSP"};
  const std::string status = statuses[desk_.random->Below(3)];
  const merchant::Verdict verdict = *merchant::VerdictOf(status);
  Verdict expected = Reason::kNotFound;
  std::int64_t fen = fen_off;
  if (known) {
    expected = JudgeAnswer(number, payment, verdict, fen_off);
    for (const auto& [origin, points] : payouts_[payment.statement].sums) fen += points;
  }
  merchant::BankAnswer answer{.message_id = merchant::MessageId(kPrefix, number)};
  answer.payments.push_back(
      {.end_to_end_id = merchant::EndToEndId(number, MerchantNumber{payment.statement.first},
                                             payment.statement.second),
       .verdict = verdict,
       .status = status,
       .amount_fen = fen});
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::BankAnswerCommand>(
        &desk_.ledger->merchant(),
        merchant::BankAnswerCommand::Wish{
            .message_prefix = kPrefix, .answer = answer, .person = "people/9"});
  });
  if (!desk_.expect(expected, outcome) || verdict == merchant::Verdict::kPending) return;
  EXPECT_EQ(outcome->first().bank_answered().known_payments().empty(), !payment.IsKnown(verdict));
  if (payment.IsKnown(verdict)) return;
  Run& run = runs_[number - 1];
  run.payments.front().said = verdict;
  const bool paid = verdict == merchant::Verdict::kPaid;
  run.payments.front().standing = paid ? Standing::kPaid : Standing::kRejected;
  run.state = "FINISHED";
  if (paid) CountPaid(payment, 1);
}

void PayoutSteps::Compare() {
  const ledger::Readable& store = desk_.ledger->store();
  for (const auto& [name, expected] : payouts_) {
    const auto row = ledger::Find(store, merchant::kPayoutTable, StatementKeyOf(name));
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->run, expected.run);
    std::map<std::uint32_t, std::int64_t> sums;
    for (const merchant::OriginSum& sum : (*row)->sums) {
      sums[static_cast<std::uint32_t>(sum.origin)] = sum.points;
    }
    EXPECT_EQ(sums, expected.sums);
    const Standing standing = runs_[expected.run - 1].payments.front().standing;
    EXPECT_EQ(StatementOf(name).state == merchant::StatementState::kPaid,
              standing == Standing::kPaid || standing == Standing::kNothingDue);
  }
  for (const auto& [merchant, accounts] : accounts_) {
    const auto payee = ledger::Find(store, merchant::kPayeeTable, MerchantNumber{merchant});
    ASSERT_OK(payee);
    if (!payee->has_value()) continue;
    EXPECT_EQ((*payee)->accounts, accounts.size());
    EXPECT_EQ(merchant::AccountAt((*payee)->usable, desk_.now()), AccountAt(merchant, desk_.now()));
  }
}

}  // namespace puhui::testing
