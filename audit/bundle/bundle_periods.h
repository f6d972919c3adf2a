// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_PERIODS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_PERIODS_H_

#include "audit/bundle/bundle_books.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/merkle.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace puhui::audit {

// Months that are sealed by a record: that it says what its records came to. Adds up by kind of
// account and origin. Grows with the months that are not closed yet, and not with records.
// Threads: none.
class BundlePeriods {
 public:
  struct Figures {
    std::uint64_t closed = 0;
    std::uint64_t whole = 0;  // Of them: all of whose records were added up.
  };
  // Before the first record, which is record `first`: what was held by then.
  // Fails: kDataLoss, when what accounts of a kind hold together is beyond 64 bits.
  absl::Status Begin(Sequence first, const BundleBalances& balances);

  // Takes a record whose postings are balanced. `before` is the tree of all records before it.
  // Fails: kDataLoss, when the record is of a month that is over, or closes one with anything else
  // than its records come to.
  absl::Status Check(const journal::v1::Record& record, const ledger::MerkleFrontier& before);
  const Figures& figures() const { return figures_; }

 private:
  struct Line {  // Its closing is within 64 bits, and so is what it opens with and all its debits.
    std::int64_t opening = 0;
    std::int64_t debits = 0;
    std::int64_t credits = 0;
    std::int64_t closing() const { return opening + debits - credits; }
    friend bool operator==(const Line&, const Line&) = default;
  };
  using Lines = std::map<std::pair<int, std::uint32_t>, Line>;  // By kind and origin.
  struct Count {
    std::uint64_t records = 0;
    std::int64_t points = 0;
  };
  using Counts = std::map<std::pair<std::uint32_t, std::uint32_t>, Count>;  // By body and cause.
  struct Period {
    Sequence first = 0;
    bool whole = false;   // It begins in the bundle, and its first record is known to be the first.
    Sequence last = 0;    // 0: it goes on.
    ledger::Hash root{};  // Up to its end.
    std::uint64_t entries = 0;
    Counts counts;
    Lines lines;
  };

  absl::Status CheckOrder(const journal::v1::Record& record, const ledger::MerkleFrontier& before);
  absl::Status CountRecord(const journal::v1::Record& record);
  absl::Status AddUp(const journal::v1::Entry& entry);
  absl::Status TakeLine(const journal::v1::PeriodLine& line);
  absl::Status TakeLines(const journal::v1::PeriodLines& lines);
  absl::Status CheckClosed(Sequence sequence, const journal::v1::PeriodClosed& closed);
  // That the month is one that can be closed now, as far as its place says.
  absl::Status CheckTurn(const journal::v1::Record& record) const;
  bool BeginsAmongLines(Sequence sequence, std::uint32_t line_records) const;
  absl::Status CheckSaid(const journal::v1::PeriodClosed& closed) const;
  // Against the month that it closes, whose end the bundle has.
  absl::Status CheckFigures(const journal::v1::PeriodClosed& closed, const Period& period,
                            bool lines_known) const;
  // What the bundle knows of the month; absl::nullopt: nothing.
  absl::StatusOr<absl::optional<Period>> Known(const journal::v1::PeriodClosed& closed) const;
  static bool IsCounted(const journal::v1::PeriodClosed& closed, const Counts& counts);
  static absl::Status CheckSum(const Line& line);
  static Lines CarriedOver(const Lines& lines);

  Sequence bundle_first_ = 0;
  Period ended_;               // The last that was closed, or what there was before the bundle.
  std::uint32_t current_ = 0;  // 0: no record has named one yet.
  std::uint32_t named_ = 0;    // The first that a record named.
  std::uint32_t closed_ = 0;   // The last.
  Sequence closed_last_ = 0;   // Its last record, as it was said.
  std::map<std::uint32_t, Period> periods_;
  Lines said_;  // Of records of lines, and of the closing record after them.
  std::uint32_t line_records_ = 0;
  std::uint32_t lines_of_ = 0;  // Which period those close.
  Figures figures_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_PERIODS_H_
