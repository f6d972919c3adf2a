// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/statement_applier.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"
#include "merchant/app/business_days.h"
#include "merchant/app/statement_records.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <string>
#include <utility>

namespace puhui::merchant {

namespace jv1 = journal::v1;
using ledger::TimeOf;

namespace {

absl::Status NotInOneDay(const jv1::Record& record) {
  return absl::DataLossError(
      absl::StrCat("record ", record.sequence(), " is not in exactly one business day"));
}

void CountLine(StatementLineKind kind, DayLines& lines) {
  switch (kind) {
    case StatementLineKind::kPurchase:
      ++lines.purchases;
      return;
    case StatementLineKind::kRefund:
    case StatementLineKind::kEarlierRefund:
      ++lines.refunds;
      return;
    case StatementLineKind::kReversal:
      ++lines.reversals;
      return;
    case StatementLineKind::kAdjustment:
      ++lines.adjustments;
      return;
  }
}

}  // namespace

absl::Status StatementApplier::Apply(const jv1::Record& record) {
  if (record.has_entry()) return ApplyEntry(record);
  if (record.has_day_cut()) return Cut(record);
  return absl::OkStatus();
}

absl::Status StatementApplier::ApplyEntry(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  const absl::optional<StatementLine> line = LineOf(record);
  if (!line.has_value()) {
    NotePayout(record);
    return absl::OkStatus();
  }
  OpenDayRow& row = tables_.open_days.Edit(line->merchant);
  PUHUI_RETURN_IF_ERROR(EnterDay(record, line->merchant, row));
  return AddLine(*line, entry, row);
}

absl::Status StatementApplier::EnterDay(const jv1::Record& record, MerchantNumber merchant,
                                        OpenDayRow& row) {
  if (record.entry().has_opened_day()) return BeginDay(record, merchant, row);
  if (!row.day.has_value()) {  // Of before there were business days.
    if (row.lines.first == 0) views_.timers.Put(UndatedTimer(merchant), true);
    return absl::OkStatus();
  }
  const absl::Time time = TimeOf(record);
  const bool running = row.lines.first != 0 && time >= row.day->start && !row.day->OverAt(time);
  return running ? absl::OkStatus() : NotInOneDay(record);
}

absl::Status StatementApplier::BeginDay(const jv1::Record& record, MerchantNumber merchant,
                                        OpenDayRow& row) {
  const jv1::BusinessDay& stored = record.entry().opened_day();
  BusinessDay day = DayFrom(stored);
  const absl::Time time = TimeOf(record);
  bool follows =
      MerchantNumber{stored.merchant()} == merchant && time >= day.start && !day.OverAt(time);
  if (row.day.has_value()) {
    follows =
        follows && row.day->OverAt(time) && day.day > row.day->day && day.start >= row.day->end;
    if (row.lines.first != 0) EndDay(merchant, row);
    row.lines = {.payable_before = row.payable};
  } else if (row.lines.first != 0) {
    views_.timers.Erase(UndatedTimer(merchant));
  } else {
    row.lines.payable_before = row.payable;
  }
  if (!follows) return NotInOneDay(record);
  views_.timers.Put(CutTimer(merchant, day), true);
  row.day = std::move(day);
  return absl::OkStatus();
}

absl::Status StatementApplier::AddLine(const StatementLine& line, const jv1::Entry& entry,
                                       OpenDayRow& row) {
  DayLines& lines = row.lines;
  if (lines.first == 0) lines.first = line.sequence;
  lines.last = line.sequence;
  lines.last_time = line.time;
  CountLine(line.kind, lines);
  const absl::CivilDay day = row.day.has_value() ? row.day->day : absl::CivilDay();
  for (const LineShare& share : line.shares) {
    tables_.day_figures.Edit({line.merchant, day, share.origin, share.campaign}) += share.figures;
  }
  const DayFigures figures = line.Figures();
  lines.figures += figures;
  row.payable += figures.Payable();
  std::int64_t posted = 0;
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() == jv1::ACCOUNT_KIND_PAYABLE) posted += posting.points();
  }
  if (posted != figures.Payable()) {
    return absl::DataLossError(absl::StrCat("record ", line.sequence, " makes ", posted,
                                            " payable and says ", figures.Payable()));
  }
  std::string terminal_id;
  if (line.terminal != TerminalNumber{}) {
    const TerminalRow* terminal = tables_.terminals.Find(line.terminal);
    if (terminal == nullptr) return absl::DataLossError("a line of no terminal");
    terminal_id = terminal->id;
  }
  lines.digest = sha256_.Digest(ledger::AsBytes(lines.digest), CanonicalText(line, terminal_id));
  row.recent.push_back(line.sequence);
  if (row.recent.size() >= kStatementLinesPerRow) {
    tables_.statement_lines.Put({line.merchant, line.sequence}, row.recent);
    row.recent.clear();
  }
  return absl::OkStatus();
}

StatementRow& StatementApplier::EndDay(MerchantNumber merchant, OpenDayRow& row) {
  if (!row.recent.empty()) {
    tables_.statement_lines.Put({merchant, row.recent.back()}, row.recent);
    row.recent.clear();
  }
  StatementRow& statement = tables_.statements.Edit({merchant, row.day->day});
  statement = {.day = *row.day, .lines = row.lines};
  return statement;
}

// What is paid after a day's end, and before the next one begins, is in no statement's figures: the
// next one begins with less payable.
void StatementApplier::NotePayout(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  const bool pays = std::any_of(
      entry.postings().begin(), entry.postings().end(),
      [](const jv1::Posting& posting) { return posting.kind() == jv1::ACCOUNT_KIND_PAYOUT; });
  if (!pays) return;
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
    const MerchantNumber merchant{static_cast<std::uint32_t>(posting.owner())};
    OpenDayRow& row = tables_.open_days.Edit(merchant);
    row.payable += posting.points();
    const bool over = row.day.has_value() && row.day->OverAt(TimeOf(record));
    if (row.lines.first == 0 || over) continue;
    row.lines.figures.paid -= posting.points();
    const absl::CivilDay day = row.day.has_value() ? row.day->day : absl::CivilDay();
    tables_.day_figures.Edit({merchant, day, UnionNumber{posting.origin()}, CampaignNumber{}})
        .paid -= posting.points();
  }
}

absl::Status StatementApplier::Cut(const jv1::Record& record) {
  const jv1::DayCut& cut = record.day_cut();
  const MerchantNumber merchant{cut.merchant()};
  const BusinessDay day = DayFrom(cut.day());
  const auto cannot = [&] {
    return absl::DataLossError(
        absl::StrCat("a business day of merchant ", cut.merchant(), " that cannot be cut"));
  };
  if (!day.OverAt(TimeOf(record))) return cannot();
  if (tables_.statements.Find({merchant, day.day}) == nullptr) {
    OpenDayRow& row = tables_.open_days.Edit(merchant);
    if (row.lines.first == 0) return cannot();
    if (!row.day.has_value()) {
      row.day = day;
      views_.timers.Erase(UndatedTimer(merchant));
    }
    EndDay(merchant, row);
    row.lines = {};
  }
  views_.timers.Erase(CutTimer(merchant, day));
  StatementRow& statement = tables_.statements.Edit({merchant, day.day});
  PUHUI_ASSIGN_OR_RETURN(const bool same, IsCutOf(cut, statement.day, statement.lines));
  if (statement.state != StatementState::kOpen || !same) return cannot();
  statement.state = StatementState::kCut;
  statement.cut = record.sequence();
  statement.cut_time = TimeOf(record);
  statement.invoice_remark = cut.invoice_remark();
  return absl::OkStatus();
}

}  // namespace puhui::merchant
