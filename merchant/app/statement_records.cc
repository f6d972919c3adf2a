// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/statement_records.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/record_day.h"

#include "absl/status/status.h"

#include <string>
#include <tuple>

namespace puhui::merchant {

namespace jv1 = journal::v1;

void StoreDay(const BusinessDay& day, MerchantNumber merchant, jv1::BusinessDay& stored) {
  stored.set_merchant(static_cast<std::uint32_t>(merchant));
  stored.set_day(ledger::DayForRecord(day.day));
  stored.set_start_micros(absl::ToUnixMicros(day.start));
  stored.set_end_micros(absl::ToUnixMicros(day.end));
  stored.set_time_zone(day.time_zone);
}

BusinessDay DayFrom(const jv1::BusinessDay& stored) {
  return {.day = ledger::DayFromRecord(stored.day()),
          .start = absl::FromUnixMicros(stored.start_micros()),
          .end = absl::FromUnixMicros(stored.end_micros()),
          .time_zone = stored.time_zone()};
}

void StoreLines(const DayLines& lines, jv1::DayCut& cut) {
  cut.set_first_line(lines.first);
  cut.set_last_line(lines.last);
  cut.set_purchase_lines(lines.purchases);
  cut.set_refund_lines(lines.refunds);
  cut.set_reversal_lines(lines.reversals);
  cut.set_adjustment_lines(lines.adjustments);
  jv1::DayFigures& figures = *cut.mutable_figures();
  figures.set_purchases(lines.figures.purchases);
  figures.set_refunds(lines.figures.refunds);
  figures.set_earlier_refunds(lines.figures.earlier_refunds);
  figures.set_reversals(lines.figures.reversals);
  figures.set_fees(lines.figures.fees);
  figures.set_discounts(lines.figures.discounts);
  figures.set_adjustments(lines.figures.adjustments);
  figures.set_paid(lines.figures.paid);
  cut.set_payable_before(lines.payable_before);
  cut.set_digest(std::string(ledger::AsBytes(lines.digest)));
}

absl::StatusOr<DayLines> LinesFrom(const jv1::DayCut& cut) {
  if (cut.digest().size() != std::tuple_size_v<ledger::Hash>) {
    return absl::DataLossError("the digest of a statement is cut short");
  }
  const jv1::DayFigures& figures = cut.figures();
  return DayLines{.first = cut.first_line(),
                  .last = cut.last_line(),
                  .purchases = cut.purchase_lines(),
                  .refunds = cut.refund_lines(),
                  .reversals = cut.reversal_lines(),
                  .adjustments = cut.adjustment_lines(),
                  .figures = {.purchases = figures.purchases(),
                              .refunds = figures.refunds(),
                              .earlier_refunds = figures.earlier_refunds(),
                              .reversals = figures.reversals(),
                              .fees = figures.fees(),
                              .discounts = figures.discounts(),
                              .adjustments = figures.adjustments(),
                              .paid = figures.paid()},
                  .payable_before = cut.payable_before(),
                  .digest = ledger::HashFromBytes(cut.digest())};
}

absl::StatusOr<bool> IsCutOf(const jv1::DayCut& cut, const BusinessDay& day,
                             const DayLines& lines) {
  PUHUI_ASSIGN_OR_RETURN(DayLines said, LinesFrom(cut));
  said.last_time = lines.last_time;
  return DayFrom(cut.day()) == day && said == lines;
}

}  // namespace puhui::merchant
