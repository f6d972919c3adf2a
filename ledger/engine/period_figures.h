// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_PERIOD_FIGURES_H_
#define PUHUI_LEDGER_ENGINE_PERIOD_FIGURES_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/crypto/hash.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace puhui::ledger {

// All accounts of a kind that hold the money of one union.
using BalanceKey = std::pair<AccountKind, UnionNumber>;
// What they hold, where that is not nothing.
using Balances = std::map<BalanceKey, std::int64_t>;

// A line of a period's trial balance: opening + debits - credits = closing.
struct PeriodBalance {
  BalanceKey key{};
  std::int64_t opening = 0;
  std::int64_t debits = 0;   // Added to the accounts.
  std::int64_t credits = 0;  // Taken from them.
  std::int64_t closing = 0;
  friend bool operator==(const PeriodBalance&, const PeriodBalance&) = default;
};

struct PeriodCount {
  std::uint32_t body = 0;   // The number of the field in Record,
  std::uint32_t cause = 0;  // and of the cause in Entry; 0: none.
  std::uint64_t records = 0;
  std::int64_t points = 0;
  friend bool operator==(const PeriodCount&, const PeriodCount&) = default;
};

// What the records of a period come to. Threads: none.
class PeriodFigures {
 public:
  // Fails: kDataLoss when an entry has a posting of no kind.
  absl::Status Take(const journal::v1::Record& record);

  // With every line that has anything but zeros, by kind and origin.
  std::vector<PeriodBalance> LinesFrom(const Balances& opening) const;
  std::vector<PeriodCount> Counts() const;  // By body and cause.
  std::uint64_t entries() const { return entries_; }
  // How many kinds and origins moved.
  std::size_t moved() const { return movements_.size(); }

 private:
  struct Movement {
    std::int64_t debits = 0;
    std::int64_t credits = 0;
  };
  struct Counted {
    std::uint64_t records = 0;
    std::int64_t points = 0;
  };

  absl::flat_hash_map<BalanceKey, Movement> movements_;
  absl::flat_hash_map<std::pair<std::uint32_t, std::uint32_t>, Counted> counts_;
  std::uint64_t entries_ = 0;
};

// What the lines open with, and are closed with.
Balances OpeningsOf(absl::Span<const PeriodBalance> lines);
Balances ClosingsOf(absl::Span<const PeriodBalance> lines);
// PeriodClosed.closing_digest of those.
Hash DigestOf(const Balances& closings);
// Fails: kInternal, saying what is wrong, unless the lines ascend, each adds up, and they come to
// nothing for every origin, before and after.
absl::Status CheckLines(absl::Span<const PeriodBalance> lines);

void StoreLine(const PeriodBalance& line, journal::v1::PeriodLine& stored);
PeriodBalance ReadLine(const journal::v1::PeriodLine& stored);
PeriodCount ReadCount(const journal::v1::PeriodCount& stored);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_PERIOD_FIGURES_H_
