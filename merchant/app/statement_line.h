// SPDX-License-Identifier: Apache-2.0
// The lines of statements: records that changed what is payable to a merchant. A line is read from
// its record alone, by the applier that adds it up and by whoever shows it later.
#ifndef PUHUI_MERCHANT_APP_STATEMENT_LINE_H_
#define PUHUI_MERCHANT_APP_STATEMENT_LINE_H_

#include "ledger/base/id.h"
#include "merchant/core/day_figures.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::merchant {

// Numbers are those of puhui.v1.StatementLineKind, and of the canonical text.
enum class StatementLineKind : std::uint8_t {
  kPurchase = 1,  // Or a capture.
  kRefund = 2,
  kEarlierRefund = 3,  // Of a purchase of an earlier day.
  kReversal = 4,
  kAdjustment = 5,
};

// What a line adds to the figures of one origin and campaign (statement_rows.h, DayFiguresKey).
struct LineShare {
  UnionNumber origin{};
  CampaignNumber campaign{};
  DayFigures figures{};
};

struct StatementLine {
  Sequence sequence = 0;
  StatementLineKind kind{};
  absl::Time time{};
  MerchantNumber merchant{};
  TerminalNumber terminal{};  // 0: an adjustment, or of an order.
  std::uint32_t batch_number = 0;
  std::uint32_t trace_number = 0;
  Sequence original = 0;  // What is captured, paid, given back, reversed or adjusted. 0: nothing.
  Sequence purchase = 0;  // It is about in the end. 0: an adjustment of before these knew.
  std::vector<LineShare> shares{};

  DayFigures Figures() const;
  std::int64_t Points() const { return Figures().Points(); }
  // Of the money of one union.
  DayFigures FiguresOf(UnionNumber origin) const;
};

// Whether the entry is a line of some statement: purchases, captures, refunds, adjustments, and
// reversals of what had been captured.
bool IsLine(const journal::v1::Entry& entry);
// Nothing unless IsLine.
absl::optional<StatementLine> LineOf(const journal::v1::Record& record);

// What digests are over (docs/data-format.md): numbers in decimal, separated by commas, and a line
// feed: sequence, kind, microseconds since 1970, the terminal's id, batch number, trace number,
// original, points, fee, discount.
std::string CanonicalText(const StatementLine& line, absl::string_view terminal_id);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_STATEMENT_LINE_H_
