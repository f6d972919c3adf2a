// SPDX-License-Identifier: Apache-2.0
#include "services/settlement/statement_convert.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/statement_records.h"
#include "services/rpc/timestamp.h"
#include "services/settlement/statement_name.h"

#include <map>
#include <string>

namespace puhui::services {

v1::StatementFigures FiguresOf(const merchant::DayFigures& figures, std::int64_t payable_before) {
  v1::StatementFigures message;
  message.set_purchase_points(figures.purchases);
  message.set_refund_points(figures.refunds);
  message.set_earlier_refund_points(figures.earlier_refunds);
  message.set_reversal_points(figures.reversals);
  message.set_fee_points(figures.fees);
  message.set_discount_points(figures.discounts);
  message.set_adjustment_points(figures.adjustments);
  message.set_paid_points(figures.paid);
  message.set_payable_before_points(payable_before);
  message.set_payable_after_points(payable_before + figures.Payable());
  return message;
}

v1::Statement StatementOf(absl::string_view merchant_name, const merchant::StatementRow& row) {
  v1::Statement message;
  message.set_name(FormatStatementName(merchant_name, row.day.day));
  message.set_state(static_cast<v1::StatementState>(row.state));
  message.set_time_zone(row.day.time_zone);
  *message.mutable_start_time() = ToTimestamp(row.day.start);
  *message.mutable_end_time() = ToTimestamp(row.day.end);
  message.set_first_sequence(row.lines.first);
  message.set_last_sequence(row.lines.last);
  message.set_purchase_lines(row.lines.purchases);
  message.set_refund_lines(row.lines.refunds);
  message.set_reversal_lines(row.lines.reversals);
  message.set_adjustment_lines(row.lines.adjustments);
  *message.mutable_figures() = FiguresOf(row.lines.figures, row.lines.payable_before);
  message.set_digest(std::string(ledger::AsBytes(row.lines.digest)));
  message.set_cut_sequence(row.cut);
  if (row.cut != 0) *message.mutable_cut_time() = ToTimestamp(row.cut_time);
  if (row.agree_time.has_value()) *message.mutable_agree_time() = ToTimestamp(*row.agree_time);
  message.set_open_disputes(row.open_disputes);
  message.set_invoice_remark(row.invoice_remark);
  return message;
}

v1::Statement StatementOf(absl::string_view merchant_name, const merchant::StatementRow& row,
                          const StatementParts& parts) {
  v1::Statement message = StatementOf(merchant_name, row);
  if (parts.whole) return message;
  message.set_partial(true);
  message.clear_first_sequence();
  message.clear_last_sequence();
  message.clear_purchase_lines();
  message.clear_refund_lines();
  message.clear_reversal_lines();
  message.clear_adjustment_lines();
  message.clear_digest();
  message.clear_open_disputes();
  merchant::OriginPart sum;
  for (const auto& [origin, part] : parts.by_origin) {
    sum.figures += part.figures;
    sum.payable_before += part.payable_before;
  }
  *message.mutable_figures() = FiguresOf(sum.figures, sum.payable_before);
  return message;
}

absl::StatusOr<v1::Statement> StatementOf(absl::string_view merchant_name,
                                          const journal::v1::Record& cut) {
  if (!cut.has_day_cut()) return absl::DataLossError("a record that is said to be a cut is none");
  merchant::StatementRow row{.state = merchant::StatementState::kCut,
                             .day = merchant::DayFrom(cut.day_cut().day()),
                             .cut = cut.sequence(),
                             .cut_time = absl::FromUnixMicros(cut.time_micros()),
                             .invoice_remark = cut.day_cut().invoice_remark()};
  PUHUI_ASSIGN_OR_RETURN(row.lines, merchant::LinesFrom(cut.day_cut()));
  return StatementOf(merchant_name, row);
}

absl::StatusOr<v1::StatementLine> LineOf(const merchant::StatementLine& line,
                                         const std::string& terminal_name, Names& names) {
  v1::StatementLine message;
  message.set_sequence(line.sequence);
  message.set_kind(static_cast<v1::StatementLineKind>(line.kind));
  *message.mutable_time() = ToTimestamp(line.time);
  message.set_terminal(terminal_name);
  message.set_batch_number(line.batch_number);
  message.set_trace_number(line.trace_number);
  message.set_original_sequence(line.original);
  const merchant::DayFigures figures = line.Figures();
  message.set_points(figures.Points());
  message.set_fee_points(figures.fees);
  message.set_discount_points(figures.discounts);
  std::map<UnionNumber, merchant::DayFigures> origins;  // Campaigns are none of the merchant's.
  for (const merchant::LineShare& share : line.shares) origins[share.origin] += share.figures;
  for (const auto& [origin, part] : origins) {
    v1::LineOrigin& added = *message.add_origins();
    PUHUI_ASSIGN_OR_RETURN(*added.mutable_union_(), names.OfUnion(origin));
    added.set_points(part.Points());
    added.set_fee_points(part.fees);
    added.set_discount_points(part.discounts);
  }
  return message;
}

absl::StatusOr<v1::Dispute> DisputeOf(absl::string_view statement_name, Sequence line,
                                      const merchant::DisputeRow& row, Names& names) {
  v1::Dispute message;
  message.set_name(FormatDisputeName(statement_name, line));
  message.set_state(static_cast<v1::DisputeState>(row.state));
  message.set_reason(row.reason);
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  if (row.points != 0) {
    message.set_adjustment_points(row.points);
    PUHUI_ASSIGN_OR_RETURN(*message.mutable_union_(), names.OfUnion(row.origin));
  }
  message.set_resolution_reason(row.resolution_reason);
  if (row.propose_time.has_value()) {
    *message.mutable_propose_time() = ToTimestamp(*row.propose_time);
  }
  if (row.resolve_time.has_value()) {
    *message.mutable_resolve_time() = ToTimestamp(*row.resolve_time);
  }
  return message;
}

}  // namespace puhui::services
