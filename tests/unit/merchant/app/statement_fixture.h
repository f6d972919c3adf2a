// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_STATEMENT_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_STATEMENT_FIXTURE_H_

#include "ledger/crypto/hash.h"
#include "merchant/app/dispute_commands.h"
#include "merchant/app/merchant_chores.h"
#include "merchant/app/statement_commands.h"
#include "merchant/app/statement_queries.h"
#include "tests/unit/merchant/app/life_fixture.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// The till of LifeTest, whose merchants' business days are those of UTC. The clock begins at
// midnight of 2025-01-01, so a day is 24 hours of it.
class StatementTest : public LifeTest {
 protected:
  static constexpr MerchantNumber kGrocerNumber{1};
  static absl::CivilDay Day(int day) { return absl::CivilDay(2025, 1, day); }
  static StatementKey Key(int day) { return {kGrocerNumber, Day(day)}; }

  StatementTest() { AddLot(100'000, absl::Hours(24 * 300)); }

  // To the given hour of the given day of January.
  void TurnTo(int day, int hour = 0) {
    ledger_.clock().Set(absl::FromCivil(Day(day), absl::UTCTimeZone()) + absl::Hours(hour));
  }
  absl::StatusOr<ledger::Outcome> Cut(int day) {
    CutDayCommand command(State(), Key(day), "people/qian");
    return ledger_.Run(command);
  }
  absl::optional<StatementRow> Find(int day) {
    const auto row = FindStatement(ledger_.store(), Key(day));
    PUHUI_CHECK_OK(row.status());
    return *row;
  }
  StatementRow Statement(int day) { return *Find(day); }
  std::vector<StatementLine> Lines(int day, Sequence after = 0, std::size_t limit = 100'000) {
    auto lines = ListLines(ledger_.store(), kGrocerNumber, Statement(day).lines, after, limit);
    PUHUI_CHECK_OK(lines.status());
    return *std::move(lines);
  }
  std::vector<Sequence> LineSequences(int day) {
    std::vector<Sequence> sequences;
    for (const StatementLine& line : Lines(day)) sequences.push_back(line.sequence);
    return sequences;
  }
  // What the timers' thread does, once, and how many records came of it.
  std::size_t RunTimers() { return RunTimersOf(ledger_, State()); }
  static std::size_t RunTimersOf(testing::LedgerFixture& ledger, TillState state) {
    MerchantChores chores(state);
    std::size_t records = 0;
    const auto rows = ledger::List(ledger.store(), ledger::kTimerTable, {}, 100);
    PUHUI_CHECK_OK(rows.status());
    for (const auto& row : *rows) {
      if (row.key.due > ledger.clock().Now()) break;
      const auto chore = chores.Begin(row.key, ledger.store());
      PUHUI_CHECK_OK(chore.status());
      while (*chore != nullptr) {
        const auto command = (*chore)->Next(ledger.store());
        PUHUI_CHECK_OK(command.status());
        if (*command == nullptr) break;
        const auto outcome = ledger.Run(**command);
        if (outcome.ok()) records += outcome->records().size();
      }
    }
    return records;
  }
  std::size_t Timers() {
    return ledger::List(ledger_.store(), ledger::kTimerTable, {}, 100)->size();
  }
  absl::StatusOr<ledger::Outcome> AgreeWith(int day, const ledger::Hash& digest) {
    AgreeStatementCommand command(
        &tables_, {.statement = Key(day), .digest = digest, .person = "people/qian"});
    return ledger_.Run(command);
  }
  std::int64_t Payable() {
    std::int64_t sum = 0;
    for (std::uint32_t origin = 1; origin <= lots_; ++origin) {
      sum += Balance(ledger::AccountKind::kPayable, origin);
    }
    return sum;
  }
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_STATEMENT_FIXTURE_H_
