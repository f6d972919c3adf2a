// SPDX-License-Identifier: Apache-2.0
// What merchants' business days come to, and the tables it stands in.
#ifndef PUHUI_MERCHANT_APP_STATEMENT_ROWS_H_
#define PUHUI_MERCHANT_APP_STATEMENT_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/tables.h"
#include "merchant/core/business_day.h"
#include "merchant/core/day_figures.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Numbers are those of puhui.v1.StatementState. Stored.
enum class StatementState : std::uint8_t {
  kOpen = 1,  // Its day has ended, and it is not cut yet.
  kCut = 2,
  kAgreed = 3,
  kDisputed = 4,
  kPaid = 5,
};

// The lines of a day: which they are, and what they come to.
struct DayLines {
  Sequence first = 0;  // 0: none.
  Sequence last = 0;
  absl::Time last_time{};
  std::uint64_t purchases = 0;  // How many lines are of the kind.
  std::uint64_t refunds = 0;
  std::uint64_t reversals = 0;
  std::uint64_t adjustments = 0;
  DayFigures figures{};
  std::int64_t payable_before = 0;  // Before the first line.
  ledger::Hash digest{};            // Over the lines (statement_line.h).

  std::int64_t PayableAfter() const { return payable_before + figures.Payable(); }
  template <class F>
  void Fields(F& f) {
    f(first, last, last_time, purchases, refunds, reversals, adjustments, figures, payable_before,
      digest);
  }
  friend bool operator==(const DayLines&, const DayLines&) = default;
};

// A merchant's newest business day. While `lines` has any it is running, or has ended and nothing
// was sold since; otherwise it is cut. Without a day: lines of before there were business days,
// which belong to the first one.
struct OpenDayRow {
  absl::optional<BusinessDay> day{};
  DayLines lines{};
  std::int64_t payable = 0;        // To the merchant now, of all origins.
  std::vector<Sequence> recent{};  // Lines that are in no row of kStatementLineTable yet.

  std::size_t HeapBytes() const { return recent.capacity() * sizeof(Sequence); }
  template <class F>
  void Fields(F& f) {
    f(day, lines, payable, recent);
  }
};

// One per merchant and business day with any lines, from the end of the day on.
struct StatementKey {
  MerchantNumber merchant{};
  absl::CivilDay day{};

  template <class F>
  void Fields(F& f) {
    f(merchant, day);
  }
  friend bool operator==(const StatementKey&, const StatementKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const StatementKey& key) {
    return H::combine(std::move(hash), key.merchant, key.day);
  }
};

struct StatementRow {
  StatementState state = StatementState::kOpen;
  BusinessDay day{};
  DayLines lines{};
  Sequence cut = 0;  // The record that cut it.
  absl::Time cut_time{};
  absl::optional<absl::Time> agree_time{};
  std::uint32_t disputes = 0;       // Lines that were disputed,
  std::uint32_t open_disputes = 0;  // and of those the ones that are not resolved.
  std::string invoice_remark{};     // As the cut has it.

  template <class F>
  void Fields(F& f) {
    f(state, day, lines, cut, cut_time, agree_time, disputes, open_disputes, invoice_remark);
  }
};

// A statement's figures, split by whose money it was and which campaign had granted it. What an
// entry says by origin alone, fees above all, stands with the first campaign of that origin in it;
// what belongs to no campaign with campaign 0. So only the sums over an origin have fees.
struct DayFiguresKey {
  MerchantNumber merchant{};
  absl::CivilDay day{};
  UnionNumber origin{};
  CampaignNumber campaign{};

  template <class F>
  void Fields(F& f) {
    f(merchant, day, origin, campaign);
  }
  friend bool operator==(const DayFiguresKey&, const DayFiguresKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const DayFiguresKey& key) {
    return H::combine(std::move(hash), key.merchant, key.day, key.origin, key.campaign);
  }
};

// Where a merchant's lines are found again: each row has those up to `last`.
struct StatementLinesKey {
  MerchantNumber merchant{};
  Sequence last = 0;

  template <class F>
  void Fields(F& f) {
    f(merchant, last);
  }
};

// Numbers are those of puhui.v1.DisputeState. Stored.
enum class DisputeState : std::uint8_t {
  kOpen = 1,
  kProposed = 2,
  kAdjusted = 3,
  kDismissed = 4,
};

struct DisputeKey {
  MerchantNumber merchant{};
  absl::CivilDay day{};
  Sequence line = 0;

  template <class F>
  void Fields(F& f) {
    f(merchant, day, line);
  }
  friend bool operator==(const DisputeKey&, const DisputeKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const DisputeKey& key) {
    return H::combine(std::move(hash), key.merchant, key.day, key.line);
  }
};

struct DisputeRow {
  DisputeState state = DisputeState::kOpen;
  std::string reason{};
  absl::Time create_time{};
  std::int64_t points = 0;  // As proposed.
  UnionNumber origin{};
  std::string resolution_reason{};
  std::string proposer{};
  absl::optional<absl::Time> propose_time{};
  absl::optional<absl::Time> resolve_time{};
  Sequence purchase = 0;  // That the line is of, once something was proposed.

  template <class F>
  void Fields(F& f) {
    f(state, reason, create_time, points, origin, resolution_reason, proposer, propose_time,
      resolve_time, purchase);
  }
};

inline constexpr ledger::TypedTable<MerchantNumber, OpenDayRow> kOpenDayTable{
    ledger::Table::kOpenDays, ledger::Family::kState, "open days"};
inline constexpr ledger::TypedTable<StatementKey, StatementRow> kStatementTable{
    ledger::Table::kStatements, ledger::Family::kState, "statements"};
inline constexpr ledger::TypedTable<DayFiguresKey, DayFigures> kDayFiguresTable{
    ledger::Table::kDayFigures, ledger::Family::kState, "day figures"};
inline constexpr ledger::TypedTable<StatementLinesKey, std::vector<Sequence>> kStatementLineTable{
    ledger::Table::kStatementLines, ledger::Family::kIndex, "statement lines"};
inline constexpr ledger::TypedTable<DisputeKey, DisputeRow> kDisputeTable{
    ledger::Table::kDisputes, ledger::Family::kState, "disputes"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_STATEMENT_ROWS_H_
