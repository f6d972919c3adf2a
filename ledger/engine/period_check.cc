// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/period_check.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

absl::Status Differs(const jv1::PeriodClosed& closed, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the closing of ", PeriodText(closed.period()), ": ", what));
}

std::vector<PeriodCount> CountsIn(const jv1::PeriodClosed& closed) {
  std::vector<PeriodCount> counts;
  counts.reserve(static_cast<std::size_t>(closed.counts_size()));
  for (const jv1::PeriodCount& count : closed.counts()) counts.push_back(ReadCount(count));
  return counts;
}

}  // namespace

absl::Status PeriodCheck::Take(const jv1::Record& record, RootReader root_at) {
  if (begun_ == 0) {
    begun_ = record.sequence();
    if (begun_ == 1) closings_.emplace();
  }
  taken_ = record.sequence();
  if (record.period() != 0) {
    if (auto unnamed = open_.extract(0); !unnamed.empty()) {
      unnamed.key() = record.period();
      open_.insert(std::move(unnamed));
    }
  }
  PUHUI_RETURN_IF_ERROR(open_[record.period()].Take(record));
  if (record.has_period_lines()) return TakeLines(record.period_lines());
  if (record.has_period_closed()) {
    const jv1::PeriodClosed& closed = record.period_closed();
    if (closed.end_micros() > record.time_micros()) {
      return Differs(closed, "it is of before the period ended");
    }
    PUHUI_ASSIGN_OR_RETURN(const Hash root, root_at(closed.last()));
    if (AsBytes(root) != closed.root()) {
      return Differs(
          closed, absl::StrCat("the root over the first ", closed.last(), " records is another"));
    }
    PUHUI_RETURN_IF_ERROR(Close(closed));
    open_.erase(open_.begin(), open_.upper_bound(closed.period()));
  }
  lines_.clear();
  line_records_ = 0;
  return absl::OkStatus();
}

absl::Status PeriodCheck::TakeLines(const jv1::PeriodLines& lines) {
  if (line_records_ != 0 && lines.period() != lines_of_) {
    return absl::DataLossError(absl::StrCat("lines of ", PeriodText(lines.period()),
                                            " come among those of ", PeriodText(lines_of_)));
  }
  lines_of_ = lines.period();
  for (const jv1::PeriodLine& line : lines.lines()) lines_.push_back(ReadLine(line));
  ++line_records_;
  return absl::OkStatus();
}

absl::Status PeriodCheck::Close(const jv1::PeriodClosed& closed) {
  if (line_records_ != 0 && lines_of_ != closed.period()) {
    return Differs(closed, "the lines before it are of another");
  }
  // A replay may begin among the records of one command: then all that it was told of before are
  // lines.
  const bool among_lines =
      begun_ > 1 && line_records_ == taken_ - begun_ && line_records_ < closed.line_records();
  if (among_lines) {
    closings_.reset();
    return absl::OkStatus();
  }
  std::vector<PeriodBalance> lines = std::move(lines_);
  for (const jv1::PeriodLine& line : closed.lines()) lines.push_back(ReadLine(line));
  if (line_records_ != closed.line_records() || lines.size() != closed.line_count()) {
    return Differs(closed, absl::StrCat("it has ", lines.size(), " lines in ", line_records_,
                                        " records before it"));
  }
  if (absl::Status added = CheckLines(lines); !added.ok()) return Differs(closed, added.message());
  PUHUI_RETURN_IF_ERROR(CompareWithRecords(closed, lines));
  Balances closings = ClosingsOf(lines);
  if (AsBytes(DigestOf(closings)) != closed.closing_digest()) {
    return Differs(closed, "the digest is not that of its lines");
  }
  closings_ = std::move(closings);
  return absl::OkStatus();
}

absl::Status PeriodCheck::CompareWithRecords(const jv1::PeriodClosed& closed,
                                             absl::Span<const PeriodBalance> lines) {
  const Balances openings = OpeningsOf(lines);
  if (closings_.has_value() && *closings_ != openings) {
    return Differs(closed, "it does not open with what the period before was closed with");
  }
  if (begun_ > closed.first()) return absl::OkStatus();
  const PeriodFigures& figures = open_[closed.period()];
  const std::vector<PeriodBalance> wanted = figures.LinesFrom(openings);
  const std::size_t common = std::min(wanted.size(), lines.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (wanted[i] == lines[i]) continue;
    return Differs(closed, absl::StrCat("line ", i + 1, " is not what the entries come to"));
  }
  if (wanted.size() != lines.size()) {
    return Differs(closed, absl::StrCat("the entries come to ", wanted.size(), " lines"));
  }
  if (figures.entries() != closed.entries() || figures.Counts() != CountsIn(closed)) {
    return Differs(closed, "it counts other records than there are");
  }
  return absl::OkStatus();
}

}  // namespace puhui::ledger
