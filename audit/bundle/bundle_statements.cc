// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_statements.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <string>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

// The kinds of lines, as the text that digests are over has them.
enum class LineKind {
  kPurchase = 1,
  kRefund = 2,
  kEarlierRefund = 3,
  kReversal = 4,
  kAdjustment = 5
};

struct Line {
  LineKind kind{};
  jv1::Till till;
  std::uint32_t merchant = 0;
  Sequence original = 0;
  std::uint32_t rate = 0;           // In basis points, with the discount.
  std::uint32_t discount_rate = 0;  // Of those.
};

bool Has(const jv1::Entry& entry, jv1::AccountKind kind) {
  return std::any_of(entry.postings().begin(), entry.postings().end(),
                     [kind](const jv1::Posting& posting) { return posting.kind() == kind; });
}

// Lines are what changes what is payable, but for payouts.
bool IsLineOf(const jv1::Entry& entry) {
  if (entry.has_reversal()) {
    return Has(entry, jv1::ACCOUNT_KIND_PAYABLE) || Has(entry, jv1::ACCOUNT_KIND_FEE);
  }
  return entry.has_purchase() || entry.has_capture() || entry.has_refund() ||
         entry.has_adjustment();
}

template <class Cause>
Line LineOf(LineKind kind, const Cause& cause, Sequence original) {
  return {.kind = kind,
          .till = cause.till(),
          .merchant = cause.till().merchant(),
          .original = original,
          .rate = cause.fee_basis_points(),
          .discount_rate = cause.discount_basis_points()};
}

Line ReadLine(const jv1::Entry& entry) {
  if (entry.has_purchase()) {
    return LineOf(LineKind::kPurchase, entry.purchase(), entry.purchase().bill());
  }
  if (entry.has_capture()) {
    return LineOf(LineKind::kPurchase, entry.capture(), entry.capture().authorization());
  }
  if (entry.has_refund()) {
    return LineOf(entry.refund().of_earlier_day() ? LineKind::kEarlierRefund : LineKind::kRefund,
                  entry.refund(), entry.refund().purchase());
  }
  if (entry.has_reversal()) {
    return LineOf(LineKind::kReversal, entry.reversal(), entry.reversal().purchase());
  }
  return {.kind = LineKind::kAdjustment,
          .till = {},
          .merchant = entry.adjustment().merchant(),
          .original = entry.adjustment().line()};
}

// The discount in a fee, rounded towards zero.
std::int64_t DiscountIn(std::int64_t fee, const Line& line) {
  if (line.rate == 0) return 0;
  // In two parts, because the product of fee and rate may be too large.
  return fee / line.rate * line.discount_rate + fee % line.rate * line.discount_rate / line.rate;
}

// What the line adds to the day. Lots say what was spent, postings what was charged for it.
jv1::DayFigures FiguresOf(const jv1::Entry& entry, const Line& line) {
  std::int64_t spent = 0;
  for (const jv1::LotChange& change : entry.lots()) spent -= change.points();
  jv1::DayFigures figures;
  if (line.kind == LineKind::kPurchase) figures.set_purchases(spent);
  if (line.kind == LineKind::kRefund) figures.set_refunds(-spent);
  if (line.kind == LineKind::kEarlierRefund) figures.set_earlier_refunds(-spent);
  if (line.kind == LineKind::kReversal) figures.set_reversals(-spent);
  for (const jv1::Posting& posting : entry.postings()) {
    if (line.kind == LineKind::kAdjustment) {
      if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
      figures.set_adjustments(figures.adjustments() + posting.points());
    } else if (posting.kind() == jv1::ACCOUNT_KIND_FEE) {
      const std::int64_t discount = DiscountIn(posting.points(), line);
      figures.set_fees(figures.fees() + posting.points() - discount);
      figures.set_discounts(figures.discounts() + discount);
    }
  }
  return figures;
}

std::int64_t PointsOf(const jv1::DayFigures& figures) {
  return figures.purchases() - figures.refunds() - figures.earlier_refunds() - figures.reversals() +
         figures.adjustments();
}

// Sums of what accounts hold, which are far from what 64 bits hold.
void AddFigures(const jv1::DayFigures& more, jv1::DayFigures* sum) {
  sum->set_purchases(sum->purchases() + more.purchases());
  sum->set_refunds(sum->refunds() + more.refunds());
  sum->set_earlier_refunds(sum->earlier_refunds() + more.earlier_refunds());
  sum->set_reversals(sum->reversals() + more.reversals());
  sum->set_fees(sum->fees() + more.fees());
  sum->set_discounts(sum->discounts() + more.discounts());
  sum->set_adjustments(sum->adjustments() + more.adjustments());
}

void CountLineOf(LineKind kind, jv1::DayCut* sum) {
  if (kind == LineKind::kPurchase) {
    sum->set_purchase_lines(sum->purchase_lines() + 1);
  } else if (kind == LineKind::kReversal) {
    sum->set_reversal_lines(sum->reversal_lines() + 1);
  } else if (kind == LineKind::kAdjustment) {
    sum->set_adjustment_lines(sum->adjustment_lines() + 1);
  } else {
    sum->set_refund_lines(sum->refund_lines() + 1);
  }
}

bool SameDay(const jv1::BusinessDay& a, const jv1::BusinessDay& b) {
  return a.merchant() == b.merchant() && a.day() == b.day() &&
         a.start_micros() == b.start_micros() && a.end_micros() == b.end_micros() &&
         a.time_zone() == b.time_zone();
}

bool SameFigures(const jv1::DayFigures& a, const jv1::DayFigures& b) {
  return a.purchases() == b.purchases() && a.refunds() == b.refunds() &&
         a.earlier_refunds() == b.earlier_refunds() && a.reversals() == b.reversals() &&
         a.fees() == b.fees() && a.discounts() == b.discounts() &&
         a.adjustments() == b.adjustments() && a.paid() == b.paid();
}

bool SameCut(const jv1::DayCut& said, const jv1::DayCut& sum, const ledger::Hash& digest) {
  return said.first_line() == sum.first_line() && said.last_line() == sum.last_line() &&
         said.purchase_lines() == sum.purchase_lines() &&
         said.refund_lines() == sum.refund_lines() &&
         said.reversal_lines() == sum.reversal_lines() &&
         said.adjustment_lines() == sum.adjustment_lines() &&
         said.payable_before() == sum.payable_before() &&
         SameFigures(said.figures(), sum.figures()) && said.digest() == ledger::AsBytes(digest);
}

absl::Status NotOfDay(std::uint32_t merchant) {
  return absl::DataLossError(
      absl::StrCat("a line that is not in one business day of merchant ", merchant));
}

}  // namespace

absl::Status BundleStatements::Check(const jv1::Record& record) {
  came_to_.reset();
  if (record.has_day_cut()) return Cut(record);
  if (!record.has_entry()) return absl::OkStatus();
  if (!IsLineOf(record.entry())) {
    NotePayout(record);
    return absl::OkStatus();
  }
  return AddLine(record, ReadLine(record.entry()).merchant);
}

absl::Status BundleStatements::AddLine(const jv1::Record& record, std::uint32_t merchant) {
  const jv1::Entry& entry = record.entry();
  const Line line = ReadLine(entry);
  const jv1::DayFigures figures = FiguresOf(entry, line);
  std::int64_t payable = 0;
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
    if (posting.owner() != merchant) return absl::DataLossError("a line of another merchant");
    payable += posting.points();
  }
  if (payable != PointsOf(figures) - figures.fees() - figures.discounts()) {
    return absl::DataLossError("a line that makes other points payable than it says");
  }
  ++figures_.lines;
  const auto [at, first] = running_.try_emplace(merchant);
  Day& running = at->second;
  if (first) {
    running.partial = !whole_;
    running.sum.set_payable_before(books_.PayableTo(merchant) - payable);
  }
  PUHUI_RETURN_IF_ERROR(Enter(record, merchant, &running));
  if (running.sum.first_line() == 0) {
    running.sum.set_first_line(record.sequence());
    running.sum.set_payable_before(books_.PayableTo(merchant) - payable);
  }
  running.sum.set_last_line(record.sequence());
  CountLineOf(line.kind, &running.sum);
  AddFigures(figures, running.sum.mutable_figures());
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
    running.came_to[posting.origin()] += posting.points();
  }
  std::string terminal_id;
  if (line.till.terminal() != 0) {
    const std::string* const known = facts_.FindTerminal(line.till.terminal());
    if (known == nullptr) return absl::DataLossError("a line of a terminal that is not there");
    terminal_id = *known;
  }
  const std::string text = absl::StrCat(
      record.sequence(), ",", static_cast<int>(line.kind), ",", record.time_micros(), ",",
      terminal_id, ",", line.till.batch_number(), ",", line.till.trace_number(), ",", line.original,
      ",", PointsOf(figures), ",", figures.fees(), ",", figures.discounts(), "\n");
  running.digest = sha256_.Digest(ledger::AsBytes(running.digest), text);
  return absl::OkStatus();
}

absl::Status BundleStatements::Enter(const jv1::Record& record, std::uint32_t merchant,
                                     Day* running) {
  const std::int64_t time = record.time_micros();
  if (record.entry().has_opened_day()) {
    const jv1::BusinessDay& opened = record.entry().opened_day();
    if (opened.merchant() != merchant || time < opened.start_micros() ||
        time >= opened.end_micros()) {
      return NotOfDay(merchant);
    }
    if (running->dated) {
      if (opened.day() <= running->day.day() || opened.start_micros() < running->day.end_micros()) {
        return NotOfDay(merchant);
      }
      if (running->sum.first_line() != 0) {
        over_.insert_or_assign({merchant, running->day.day()}, std::move(*running));
      }
    } else if (running->sum.first_line() != 0 && !running->partial) {
      // Lines of before there were business days are of the first one.
      running->day = opened;
      running->dated = true;
      return absl::OkStatus();
    }
    const bool first = !running->dated && !whole_;
    *running = {};
    running->day = opened;
    running->dated = true;
    running->first = first;
    return absl::OkStatus();
  }
  if (!running->dated) return absl::OkStatus();
  const bool within = time >= running->day.start_micros() && time < running->day.end_micros();
  return within && running->sum.first_line() != 0 ? absl::OkStatus() : NotOfDay(merchant);
}

void BundleStatements::NotePayout(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  if (!Has(entry, jv1::ACCOUNT_KIND_PAYOUT)) return;
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
    const auto found = running_.find(static_cast<std::uint32_t>(posting.owner()));
    if (found == running_.end()) continue;
    Day& day = found->second;
    const bool over = day.dated && record.time_micros() >= day.day.end_micros();
    if (day.sum.first_line() == 0 || over) continue;
    jv1::DayFigures& figures = *day.sum.mutable_figures();
    figures.set_paid(figures.paid() - posting.points());
  }
}

absl::Status BundleStatements::Cut(const jv1::Record& record) {
  const jv1::DayCut& cut = record.day_cut();
  const auto over = over_.find({cut.merchant(), cut.day().day()});
  const auto running = running_.find(cut.merchant());
  // Of a day that began before the range only its lines tell which it is: the cut may be of the one
  // before.
  const auto is_cut = [&cut](const Day& day) {
    if (day.dated) return day.day.day() == cut.day().day();
    return !day.partial || cut.last_line() >= day.sum.first_line();
  };
  Day* day = over != over_.end() ? &over->second : nullptr;
  if (day == nullptr && running != running_.end() && running->second.sum.first_line() != 0 &&
      is_cut(running->second)) {
    day = &running->second;
  }
  // So did a day with lines of before there were business days: it was opened after them.
  const bool undated_before =
      day != nullptr && day->first && cut.first_line() < day->sum.first_line();
  const bool earlier = day == nullptr || day->partial || undated_before;
  if (earlier && whole_) return absl::DataLossError("a cut of a business day without lines");
  if (earlier) {
    ++figures_.begun_earlier;
  } else {
    if (record.time_micros() < cut.day().end_micros() ||
        (day->dated && !SameDay(day->day, cut.day())) || !SameCut(cut, day->sum, day->digest)) {
      return absl::DataLossError("a statement that is not what its lines come to");
    }
    ++figures_.statements;
    came_to_ = day->came_to;
  }
  if (day == nullptr) return absl::OkStatus();
  if (over != over_.end()) {
    over_.erase(over);
  } else {
    Day fresh;
    fresh.day = cut.day();
    fresh.dated = true;
    running->second = fresh;
  }
  return absl::OkStatus();
}

}  // namespace puhui::audit
