// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_PAYOUT_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_PAYOUT_FIXTURE_H_

#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/bank_account_commands.h"
#include "merchant/app/bank_answer_command.h"
#include "merchant/app/payout_queries.h"
#include "merchant/app/payout_run_commands.h"
#include "merchant/app/statement_commands.h"
#include "merchant/app/statement_queries.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include "absl/strings/str_cat.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

inline constexpr char kPrefix[] = "PUHUI-1a2b3c4d";
inline constexpr MerchantNumber kGrocerNumber{1};

// The till of TillTest, whose merchant m-1 is paid, day by day: zhao makes, qian approves.
class PayoutTest : public TillTest {
 protected:
  PayoutTest() { AddAccount(); }

  // One more account of m-1, which is paid to at once if it is the first, else in three days.
  void AddAccount() {
    ProposeBankAccountCommand propose(
        &tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                   .account = vault_.Seal({"6222020200112233445", "Grocer", "102521000009"}),
                   .last_four = "3445",
                   .person = "people/zhao"});
    PUHUI_CHECK_OK(ledger_.Run(propose).status());
    ConfirmBankAccountCommand confirm(&tables_,
                                      {.merchant = *MerchantId::Parse("m-1", "id"),
                                       .number = tables_.payees.Find(kGrocerNumber)->accounts,
                                       .said_alike = true,
                                       .cooling = absl::Hours(72),
                                       .person = "people/qian"});
    PUHUI_CHECK_OK(ledger_.Run(confirm).status());
  }

  // Ends the business day that is running, and cuts it; the day.
  absl::CivilDay Cut() {
    const BusinessDay day = *tables_.open_days.Find(kGrocerNumber)->day;
    if (!day.OverAt(ledger_.clock().Now())) ledger_.clock().Set(day.end + absl::Hours(1));
    CutDayCommand cut(State(), {kGrocerNumber, day.day});
    PUHUI_CHECK_OK(ledger_.Run(cut).status());
    return day.day;
  }
  void Agree(absl::CivilDay day) {
    const StatementKey key{kGrocerNumber, day};
    AgreeStatementCommand agree(&tables_, {.statement = key,
                                           .digest = tables_.statements.Find(key)->lines.digest,
                                           .person = "people/li"});
    PUHUI_CHECK_OK(ledger_.Run(agree).status());
  }
  absl::CivilDay CutAndAgree() {
    const absl::CivilDay day = Cut();
    Agree(day);
    return day;
  }

  CreatePayoutRunCommand::Statement Wish(absl::CivilDay day, bool accepted = false) {
    CreatePayoutRunCommand::Statement wish{.merchant = *MerchantId::Parse("m-1", "id"),
                                           .day = day,
                                           .account_change_accepted = accepted};
    const StatementKey key{kGrocerNumber, day};
    const auto row = FindStatement(ledger_.store(), key);
    if (!row.ok() || !row->has_value()) return wish;
    wish.came_to = *CameTo(ledger_.store(), key, **row);
    return wish;
  }
  absl::StatusOr<ledger::Outcome> Create(std::vector<CreatePayoutRunCommand::Statement> statements,
                                         std::uint32_t fen_per_point = 1) {
    CreatePayoutRunCommand command(&tables_, {.statements = std::move(statements),
                                              .fen_per_point = fen_per_point,
                                              .message_prefix = kPrefix,
                                              .person = "people/zhao"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Approve(std::uint32_t run, const std::string& person,
                                          bool changes_accepted = false) {
    ApprovePayoutRunCommand command(
        &tables_, {.run = run, .account_changes_accepted = changes_accepted, .person = person});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Cancel(std::uint32_t run) {
    CancelPayoutRunCommand command(&tables_,
                                   {.run = run, .reason = "too early", .person = "people/sun"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Export(std::uint32_t run, std::uint8_t file = 1) {
    ExportPayoutRunCommand command(&tables_, {.run = run,
                                              .file_hash = ledger::Hash{file},
                                              .execution_day = absl::CivilDay(2026, 11, 27),
                                              .person = "people/zhao"});
    return ledger_.Run(command);
  }
  // The bank's answer to a run, as pain.002 has it.
  absl::StatusOr<ledger::Outcome> Answer(BankAnswer answer) {
    BankAnswerCommand command(&tables_, {.message_prefix = kPrefix,
                                         .answer = std::move(answer),
                                         .file_hash = {7},
                                         .person = "people/zhao"});
    return ledger_.Run(command);
  }
  static BankAnswer About(std::uint32_t run, absl::CivilDay day, const std::string& status,
                          absl::optional<std::int64_t> fen = absl::nullopt) {
    BankAnswer answer{.message_id = MessageId(kPrefix, run)};
    answer.payments.push_back({.end_to_end_id = EndToEndId(run, kGrocerNumber, day),
                               .verdict = *VerdictOf(status),
                               .status = status,
                               .reason = status == "RJCT" ? "AC04" : "",
                               .amount_fen = fen,
                               .where = "row 1"});
    return answer;
  }
  // A run of these days that is with the bank; its number.
  std::uint32_t RunAtBank(const std::vector<absl::CivilDay>& days, bool accepted = false) {
    std::vector<CreatePayoutRunCommand::Statement> statements;
    for (const absl::CivilDay day : days) statements.push_back(Wish(day, accepted));
    const auto created = Create(std::move(statements));
    PUHUI_CHECK_OK(created.status());
    const std::uint32_t run = created->first().payout_run_created().run();
    PUHUI_CHECK_OK(Approve(run, "people/qian", accepted).status());
    PUHUI_CHECK_OK(Export(run).status());
    return run;
  }

  PayoutRunRow RunRow(std::uint32_t run) {
    return **ledger::Find(ledger_.store(), kPayoutRunTable, run);
  }
  PaymentRow PaymentOf(std::uint32_t run, std::uint32_t payment = 1) {
    return **ledger::Find(ledger_.store(), kPaymentTable, PaymentKey{run, payment});
  }
  PayoutRow PayoutOf(absl::CivilDay day) {
    return **ledger::Find(ledger_.store(), kPayoutTable, StatementKey{kGrocerNumber, day});
  }
  StatementState StateOf(absl::CivilDay day) {
    return (**ledger::Find(ledger_.store(), kStatementTable, StatementKey{kGrocerNumber, day}))
        .state;
  }
  // The days of m-1 that are in no run and not paid.
  std::vector<absl::CivilDay> Unsettled() {
    std::vector<absl::CivilDay> days;
    const auto rows = ledger::List(ledger_.store(), kUnsettledDayTable, {}, 1'000);
    for (const auto& row : *rows) {
      days.push_back(row.key.day);
    }
    return days;
  }
  std::int64_t Payable(std::uint32_t origin = 1) {
    return Balance(ledger::AccountKind::kPayable, origin);
  }
  std::int64_t PaidOut(std::uint32_t origin = 1) {
    return Balance(ledger::AccountKind::kPayout, origin);
  }

  SeededRandom random_{1};
  ledger::KeyedHash hash_{std::string(32, 'k')};
  BankAccountVault vault_{&hash_, &random_};
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_PAYOUT_FIXTURE_H_
