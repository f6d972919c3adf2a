// SPDX-License-Identifier: Apache-2.0
#include "services/audit/account_walk.h"

#include "audit/index/facts_of.h"
#include "audit/index/journal_background.h"
#include "audit/index/past_balances.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "services/rpc/timestamp.h"

#include <vector>

namespace puhui::services {
namespace {

// Movements from one question whether to go on to the next.
constexpr std::size_t kMovementsAtATime = 256;

}  // namespace

absl::StatusOr<Sequence> AddMovements(const audit::IndexMoment& moment, const AccountWalk& walk,
                                      ToldOrigins* told, absl::FunctionRef<absl::Status()> go_on,
                                      v1::GetAccountStatementResponse* page) {
  Sequence next = 0;
  std::int64_t running = walk.held;
  std::size_t looked_at = 0;
  PUHUI_RETURN_IF_ERROR(audit::VisitMovements(
      moment, walk.account, walk.first, walk.last,
      [&](const audit::AccountMovement& movement) -> absl::StatusOr<bool> {
        if (looked_at == walk.movements_max) {
          next = movement.sequence;
          return false;
        }
        if (looked_at++ % kMovementsAtATime == 0) PUHUI_RETURN_IF_ERROR(go_on());
        PUHUI_ASSIGN_OR_RETURN(const std::int64_t points, told->SumOf(movement.changes));
        if (points == 0) return true;  // Of other origins.
        if (static_cast<std::size_t>(page->lines_size()) == walk.lines_max) {
          next = movement.sequence;
          return false;
        }
        running += points;
        v1::AccountStatementLine& line = *page->add_lines();
        line.set_sequence(movement.sequence);
        line.set_points(points);
        line.set_points_after(running);
        return true;
      }));
  return next;
}

absl::Status TellRecords(const audit::IndexMoment& moment, ToldOrigins* told,
                         v1::GetAccountStatementResponse* page) {
  std::vector<Sequence> sequences;
  for (const v1::AccountStatementLine& line : page->lines()) sequences.push_back(line.sequence());
  audit::JournalBackground background(moment.index.get(), moment.journal.get());
  int next = 0;
  return audit::ReadRecordsOf(
      moment, sequences, [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                               ledger::ParseRecord(sequence, bytes));
        PUHUI_ASSIGN_OR_RETURN(const audit::RecordFacts facts, audit::FactsOf(record, background));
        v1::AccountStatementLine& line = *page->mutable_lines(next++);
        *line.mutable_time() = ToTimestamp(facts.time);
        line.set_kind(audit::KindText(facts.kind));
        if (told->TellsWho(facts.actor)) line.set_caller(facts.actor);
        return true;
      });
}

}  // namespace puhui::services
