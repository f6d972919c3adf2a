// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_periods.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/status_macros.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <array>
#include <string>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

std::uint32_t MonthAfter(std::uint32_t month) {
  return month % 100 == 12 ? month + 100 - 11 : month + 1;
}

// The first of the fields that this program has no name for, of those that are `wanted`.
std::uint32_t UnknownField(const google::protobuf::Message& message, bool (*wanted)(int)) {
  const google::protobuf::UnknownFieldSet& fields =
      message.GetReflection()->GetUnknownFields(message);
  for (int i = 0; i < fields.field_count(); ++i) {
    const int number = fields.field(i).number();
    if (wanted(number)) return static_cast<std::uint32_t>(number);
  }
  return 0;
}

// What a record is counted as, also one that later versions of the ledger write.
std::uint32_t BodyOf(const jv1::Record& record) {
  if (record.body_case() != jv1::Record::BODY_NOT_SET) {
    return static_cast<std::uint32_t>(record.body_case());
  }
  return UnknownField(record, [](int number) { return number >= jv1::Record::kEntryFieldNumber; });
}

std::uint32_t CauseOf(const jv1::Entry& entry) {
  if (entry.has_allocation()) return jv1::Entry::kAllocationFieldNumber;
  if (entry.has_budget_return()) return jv1::Entry::kBudgetReturnFieldNumber;
  if (entry.cause_case() != jv1::Entry::CAUSE_NOT_SET) {
    return static_cast<std::uint32_t>(entry.cause_case());
  }
  // Whose number it is counts, not how it was written: none of what every entry may have.
  return UnknownField(entry, [](int number) {
    return number > jv1::Entry::kLotsFieldNumber && number != jv1::Entry::kOpenedDayFieldNumber;
  });
}

// Fails when the sum is beyond what is counted in.
absl::Status AddPoints(std::int64_t points, std::int64_t* sum) {
  if (!__builtin_add_overflow(*sum, points, sum)) return absl::OkStatus();
  return Misfit("the sums of a month overflow");
}

}  // namespace

BundlePeriods::Lines BundlePeriods::CarriedOver(const Lines& lines) {
  Lines carried;
  for (const auto& [key, line] : lines) {
    if (line.closing() != 0) carried[key].opening = line.closing();
  }
  return carried;
}

absl::Status BundlePeriods::CheckSum(const Line& line) {
  std::int64_t sum = line.opening;
  PUHUI_RETURN_IF_ERROR(AddPoints(line.debits, &sum));
  return AddPoints(-line.credits, &sum);
}

absl::Status BundlePeriods::Begin(Sequence first, const BundleBalances& balances) {
  bundle_first_ = first;
  Period& period = periods_[0];
  period.first = first;
  period.whole = first == 1;
  for (const auto& [account, points] : balances) {
    Line& line = period.lines[{static_cast<int>(account.kind), account.origin}];
    // Apart by sign, so that the order of the sum does not matter.
    PUHUI_RETURN_IF_ERROR(points > 0 ? AddPoints(points, &line.debits)
                                     : AddPoints(-points, &line.credits));
  }
  period.lines = CarriedOver(period.lines);
  ended_.last = first - 1;
  ended_.lines = period.lines;
  return absl::OkStatus();
}

absl::Status BundlePeriods::CheckOrder(const jv1::Record& record,
                                       const ledger::MerkleFrontier& before) {
  if (record.sequence() == bundle_first_) ended_.root = before.Root();
  const std::uint32_t month = record.period();
  if (month < current_) {
    return Misfit(month != 0 && month <= closed_ ? "it is of a month that is closed"
                                                 : "its month goes back");
  }
  if (month == current_) return absl::OkStatus();
  if (current_ == 0) {  // Records without a month are of the first that is named.
    named_ = month;
    periods_[month] = periods_[0];
    periods_.erase(0);
  } else {
    Period& ended = periods_[current_];
    ended.last = record.sequence() - 1;
    ended.root = before.Root();
    periods_[month] = {.first = record.sequence(),
                       .whole = true,
                       .last = 0,
                       .root = {},
                       .entries = 0,
                       .counts = {},
                       .lines = CarriedOver(ended.lines)};
  }
  current_ = month;
  return absl::OkStatus();
}

absl::Status BundlePeriods::CountRecord(const jv1::Record& record) {
  const std::uint32_t cause = record.has_entry() ? CauseOf(record.entry()) : 0;
  Count& count = periods_[current_].counts[{BodyOf(record), cause}];
  ++count.records;
  for (const jv1::Posting& posting : record.entry().postings()) {
    if (posting.points() > 0) PUHUI_RETURN_IF_ERROR(AddPoints(posting.points(), &count.points));
  }
  return absl::OkStatus();
}

absl::Status BundlePeriods::AddUp(const jv1::Entry& entry) {
  Period& period = periods_[current_];
  ++period.entries;
  for (const jv1::Posting& posting : entry.postings()) {
    Line& line = period.lines[{posting.kind(), posting.origin()}];
    PUHUI_RETURN_IF_ERROR(posting.points() > 0 ? AddPoints(posting.points(), &line.debits)
                                               : AddPoints(-posting.points(), &line.credits));
    PUHUI_RETURN_IF_ERROR(CheckSum(line));
  }
  return absl::OkStatus();
}

absl::Status BundlePeriods::Check(const jv1::Record& record, const ledger::MerkleFrontier& before) {
  PUHUI_RETURN_IF_ERROR(CheckOrder(record, before));
  PUHUI_RETURN_IF_ERROR(CountRecord(record));
  if (record.has_entry()) PUHUI_RETURN_IF_ERROR(AddUp(record.entry()));
  if (record.has_period_lines()) return TakeLines(record.period_lines());
  if (record.has_period_closed()) {
    PUHUI_RETURN_IF_ERROR(CheckTurn(record));
    return CheckClosed(record.sequence(), record.period_closed());
  }
  if (line_records_ != 0) return Misfit("lines of a month come before it, and it closes none");
  return absl::OkStatus();
}

absl::Status BundlePeriods::TakeLine(const jv1::PeriodLine& line) {
  if (line.kind() < 1 || line.kind() > ledger::kAccountKinds) {
    return Misfit("a line of an unknown kind");
  }
  const std::pair<int, std::uint32_t> key(line.kind(), line.origin());
  if (!said_.empty() && key <= said_.rbegin()->first) return Misfit("its lines are out of order");
  if (line.debits() < 0 || line.credits() < 0) return Misfit("a line that adds less than nothing");
  const Line said{.opening = line.opening(), .debits = line.debits(), .credits = line.credits()};
  PUHUI_RETURN_IF_ERROR(CheckSum(said));
  if (said.closing() != line.closing()) return Misfit("a line that does not add up");
  said_[key] = said;
  return absl::OkStatus();
}

absl::Status BundlePeriods::TakeLines(const jv1::PeriodLines& lines) {
  if (line_records_ != 0 && lines_of_ != lines.period())
    return Misfit("its lines are of two months");
  lines_of_ = lines.period();
  ++line_records_;
  for (const jv1::PeriodLine& line : lines.lines()) PUHUI_RETURN_IF_ERROR(TakeLine(line));
  return absl::OkStatus();
}

absl::Status BundlePeriods::CheckSaid(const jv1::PeriodClosed& closed) const {
  if (line_records_ != closed.line_records() || said_.size() != closed.line_count() ||
      (line_records_ != 0 && lines_of_ != closed.period())) {
    return Misfit("it has other lines than it says");
  }
  ledger::Sha256 digest;
  for (const auto& [key, line] : said_) {
    if (line.closing() == 0) continue;
    std::array<char, 13> row{};
    row[0] = static_cast<char>(key.first);
    absl::big_endian::Store32(row.data() + 1, key.second);
    absl::big_endian::Store64(row.data() + 5, static_cast<std::uint64_t>(line.closing()));
    digest.Update(absl::string_view(row.data(), row.size()));
  }
  const ledger::Hash hash = digest.Finish();
  if (ledger::AsBytes(hash) == closed.closing_digest()) return absl::OkStatus();
  return Misfit("its digest is not that of its lines");
}

absl::StatusOr<absl::optional<BundlePeriods::Period>> BundlePeriods::Known(
    const jv1::PeriodClosed& closed) const {
  const auto found = periods_.find(closed.period());
  if (found != periods_.end()) {
    Period period = found->second;
    if (period.whole) return absl::make_optional(std::move(period));
    if (closed.first() > period.first) return Misfit("it closes a month that begins elsewhere");
    period.whole = closed.first() == period.first;  // The bundle begins where the month does.
    return absl::make_optional(std::move(period));
  }
  if (closed.last() == ended_.last) {
    Period period = ended_;
    // A month without records: it opens and closes with what the one before was closed with.
    period.whole = closed.first() == closed.last() + 1;
    period.first = closed.first();
    period.entries = 0;
    period.counts.clear();
    if (period.whole) period.lines = CarriedOver(period.lines);
    return absl::make_optional(std::move(period));
  }
  if (closed.last() >= bundle_first_) return Misfit("its records are not of the month it closes");
  return absl::optional<Period>();
}

bool BundlePeriods::IsCounted(const jv1::PeriodClosed& closed, const Counts& counts) {
  return std::equal(closed.counts().begin(), closed.counts().end(), counts.begin(), counts.end(),
                    [](const jv1::PeriodCount& said, const Counts::value_type& counted) {
                      const auto& [what, count] = counted;
                      return said.body() == what.first && said.cause() == what.second &&
                             said.records() == count.records && said.points() == count.points;
                    });
}

absl::Status BundlePeriods::CheckFigures(const jv1::PeriodClosed& closed, const Period& period,
                                         bool lines_known) const {
  if (closed.last() != period.last) return Misfit("it closes a month that ends elsewhere");
  if (ledger::AsBytes(period.root) != closed.root()) {
    return Misfit("its root is not that of the tree up to the end of the month");
  }
  if (period.whole && (closed.first() != period.first || closed.entries() != period.entries)) {
    return Misfit("it closes a month of other records");
  }
  if (period.whole && !IsCounted(closed, period.counts)) {
    return Misfit("it counts its records as others than they are");
  }
  if (!lines_known) return absl::OkStatus();
  if (CarriedOver(said_) != CarriedOver(period.lines)) {
    return Misfit("it closes with other balances than the records come to");
  }
  if (!period.whole) return absl::OkStatus();
  Lines wanted = period.lines;
  std::erase_if(wanted, [](const auto& row) { return row.second == Line{}; });
  if (said_ == wanted) return absl::OkStatus();
  return Misfit("it adds up other debits and credits than its records have");
}

absl::Status BundlePeriods::CheckTurn(const jv1::Record& record) const {
  const jv1::PeriodClosed& closed = record.period_closed();
  if (closed.period() == 0) return Misfit("it closes no month");
  if (closed.period() >= current_) return Misfit("it closes a month that goes on");
  // Closings come one after another, so the first here is at the latest of the month that the
  // bundle begins in, and of no other when it begins with record 1.
  const bool next = closed_ != 0         ? closed.period() == MonthAfter(closed_)
                    : bundle_first_ == 1 ? closed.period() == named_
                                         : closed.period() <= named_;
  if (!next) return Misfit("it closes a month that is not the next one");
  if (closed_ != 0 && closed.first() != closed_last_ + 1) {
    return Misfit("it does not begin where the month before ended");
  }
  if (closed.end_micros() > record.time_micros()) {
    return Misfit("it is of before the month ended");
  }
  return closed.time_zone().empty() ? Misfit("it names no time zone") : absl::OkStatus();
}

// Then all records so far are lines of the closing at `sequence`, and earlier ones may be.
bool BundlePeriods::BeginsAmongLines(Sequence sequence, std::uint32_t line_records) const {
  return bundle_first_ > 1 && line_records_ == sequence - bundle_first_ &&
         line_records_ < line_records;
}

absl::Status BundlePeriods::CheckClosed(Sequence sequence, const jv1::PeriodClosed& closed) {
  for (const jv1::PeriodLine& line : closed.lines()) PUHUI_RETURN_IF_ERROR(TakeLine(line));
  const bool lines_known = !BeginsAmongLines(sequence, closed.line_records());
  if (lines_known) PUHUI_RETURN_IF_ERROR(CheckSaid(closed));
  PUHUI_ASSIGN_OR_RETURN(const auto known, Known(closed));
  if (known.has_value()) {
    PUHUI_RETURN_IF_ERROR(CheckFigures(closed, *known, lines_known));
    if (known->whole && lines_known) ++figures_.whole;
    ended_ = *known;
  }
  ++figures_.closed;
  closed_ = closed.period();
  closed_last_ = closed.last();
  periods_.erase(periods_.begin(), periods_.upper_bound(closed_));
  said_.clear();
  line_records_ = 0;
  lines_of_ = 0;
  return absl::OkStatus();
}

}  // namespace puhui::audit
