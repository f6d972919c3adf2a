// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/period_figures.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <string>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

std::uint32_t NumberOf(const BalanceKey& key) { return static_cast<std::uint32_t>(key.second); }

std::string NameOf(const BalanceKey& key) {
  return absl::StrCat(AccountKindName(key.first), " of origin ", NumberOf(key));
}

// Moves between budgets have no cause, and are told by what they are instead.
std::uint32_t CauseOf(const jv1::Entry& entry) {
  if (entry.has_allocation()) return jv1::Entry::kAllocationFieldNumber;
  if (entry.has_budget_return()) return jv1::Entry::kBudgetReturnFieldNumber;
  return static_cast<std::uint32_t>(entry.cause_case());
}

void AppendBigEndian(std::uint64_t number, std::size_t bytes, std::string* out) {
  for (std::size_t i = bytes; i-- > 0;) out->push_back(static_cast<char>(number >> (8 * i)));
}

// Numbers that another wrote: a sum that no number holds adds up to nothing.
bool AddsUp(const PeriodBalance& line) {
  std::int64_t sum = 0;
  return line.debits >= 0 && line.credits >= 0 &&
         !__builtin_add_overflow(line.opening, line.debits, &sum) &&
         !__builtin_sub_overflow(sum, line.credits, &sum) && sum == line.closing;
}

}  // namespace

absl::Status PeriodFigures::Take(const jv1::Record& record) {
  const auto body = static_cast<std::uint32_t>(record.body_case());
  if (!record.has_entry()) {
    ++counts_[{body, 0}].records;
    return absl::OkStatus();
  }
  ++entries_;
  Counted& counted = counts_[{body, CauseOf(record.entry())}];
  ++counted.records;
  for (const jv1::Posting& posting : record.entry().postings()) {
    if (posting.kind() < 1 || posting.kind() > kAccountKinds) {
      return absl::DataLossError(absl::StrCat("a posting of kind ", posting.kind()));
    }
    Movement& movement =
        movements_[{static_cast<AccountKind>(posting.kind()), UnionNumber{posting.origin()}}];
    if (posting.points() > 0) {
      movement.debits += posting.points();
      counted.points += posting.points();
    } else {
      movement.credits -= posting.points();
    }
  }
  return absl::OkStatus();
}

std::vector<PeriodBalance> PeriodFigures::LinesFrom(const Balances& opening) const {
  std::vector<PeriodBalance> lines;
  lines.reserve(movements_.size() + opening.size());
  for (const auto& [key, movement] : movements_) {
    lines.push_back({.key = key, .debits = movement.debits, .credits = movement.credits});
  }
  for (const auto& [key, points] : opening) {
    if (!movements_.contains(key)) lines.push_back({.key = key});
  }
  std::sort(lines.begin(), lines.end(),
            [](const PeriodBalance& a, const PeriodBalance& b) { return a.key < b.key; });
  for (PeriodBalance& line : lines) {
    const auto before = opening.find(line.key);
    line.opening = before == opening.end() ? 0 : before->second;
    line.closing = line.opening + line.debits - line.credits;
  }
  return lines;
}

std::vector<PeriodCount> PeriodFigures::Counts() const {
  std::vector<PeriodCount> counts;
  counts.reserve(counts_.size());
  for (const auto& [what, counted] : counts_) {
    counts.push_back({.body = what.first,
                      .cause = what.second,
                      .records = counted.records,
                      .points = counted.points});
  }
  std::sort(counts.begin(), counts.end(), [](const PeriodCount& a, const PeriodCount& b) {
    return std::pair(a.body, a.cause) < std::pair(b.body, b.cause);
  });
  return counts;
}

Balances OpeningsOf(absl::Span<const PeriodBalance> lines) {
  Balances openings;
  for (const PeriodBalance& line : lines) {
    if (line.opening != 0) openings.insert_or_assign(openings.end(), line.key, line.opening);
  }
  return openings;
}

Balances ClosingsOf(absl::Span<const PeriodBalance> lines) {
  Balances closings;
  for (const PeriodBalance& line : lines) {
    if (line.closing != 0) closings.insert_or_assign(closings.end(), line.key, line.closing);
  }
  return closings;
}

Hash DigestOf(const Balances& closings) {
  constexpr std::size_t kKindBytes = 1;
  constexpr std::size_t kOriginBytes = 4;
  constexpr std::size_t kPointsBytes = 8;
  Sha256 sha256;
  std::string bytes;
  for (const auto& [key, points] : closings) {
    bytes.clear();
    AppendBigEndian(static_cast<std::uint64_t>(key.first), kKindBytes, &bytes);
    AppendBigEndian(NumberOf(key), kOriginBytes, &bytes);
    AppendBigEndian(static_cast<std::uint64_t>(points), kPointsBytes, &bytes);
    sha256.Update(bytes);
  }
  return sha256.Finish();
}

absl::Status CheckLines(absl::Span<const PeriodBalance> lines) {
  std::map<UnionNumber, std::pair<std::int64_t, std::int64_t>> sums;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const PeriodBalance& line = lines[i];
    if (i > 0 && line.key <= lines[i - 1].key) {
      return absl::InternalError(absl::StrCat("the line ", NameOf(line.key), " is out of order"));
    }
    if (!AddsUp(line)) {
      return absl::InternalError(absl::StrCat("the line ", NameOf(line.key), " does not add up"));
    }
    auto& [openings, closings] = sums[line.key.second];
    if (__builtin_add_overflow(openings, line.opening, &openings) ||
        __builtin_add_overflow(closings, line.closing, &closings)) {
      return absl::InternalError(
          absl::StrCat("the lines up to ", NameOf(line.key), " come to more than there can be"));
    }
  }
  for (const auto& [origin, sum] : sums) {
    if (sum.first == 0 && sum.second == 0) continue;
    return absl::InternalError(absl::StrCat("the lines of origin ",
                                            static_cast<std::uint32_t>(origin), " come to ",
                                            sum.first, " and ", sum.second));
  }
  return absl::OkStatus();
}

void StoreLine(const PeriodBalance& line, jv1::PeriodLine& stored) {
  stored.set_kind(static_cast<jv1::AccountKind>(line.key.first));
  stored.set_origin(NumberOf(line.key));
  stored.set_opening(line.opening);
  stored.set_debits(line.debits);
  stored.set_credits(line.credits);
  stored.set_closing(line.closing);
}

PeriodBalance ReadLine(const jv1::PeriodLine& stored) {
  return {.key = {static_cast<AccountKind>(stored.kind()), UnionNumber{stored.origin()}},
          .opening = stored.opening(),
          .debits = stored.debits(),
          .credits = stored.credits(),
          .closing = stored.closing()};
}

PeriodCount ReadCount(const jv1::PeriodCount& stored) {
  return {.body = stored.body(),
          .cause = stored.cause(),
          .records = stored.records(),
          .points = stored.points()};
}

}  // namespace puhui::ledger
