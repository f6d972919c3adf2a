// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/period_view.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/account_queries.h"
#include "ledger/engine/period_close.h"
#include "ledger/engine/record_time.h"
#include "ledger/storage/typed_reads.h"
#include "services/rpc/error.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"

namespace puhui::services {
namespace {

constexpr absl::string_view kPeriodsPrefix = "periods/";

std::string FieldNameOf(const google::protobuf::Descriptor& message, std::uint32_t number) {
  const auto* const field = message.FindFieldByNumber(static_cast<int>(number));
  return field == nullptr ? "" : field->name();
}

// As RecordView.kind of the records that are counted.
std::string CountedKind(const journal::v1::PeriodCount& count) {
  const std::string body = FieldNameOf(*journal::v1::Record::descriptor(), count.body());
  if (count.cause() == 0) return body;
  return absl::StrCat(body, "/", FieldNameOf(*journal::v1::Entry::descriptor(), count.cause()));
}

void FillClosed(const ledger::ClosedPeriodRow& row, v1::Period* period) {
  period->set_state(v1::PERIOD_STATE_CLOSED);
  period->set_first_sequence(row.first);
  period->set_last_sequence(row.last);
  *period->mutable_end_time() = ToTimestamp(row.end);
  period->set_close_sequence(row.sequence);
  period->set_root(ledger::ToHex(row.root));
  period->set_entry_count(row.entries);
  period->set_line_count(row.lines);
  period->set_closing_digest(ledger::ToHex(row.closing_digest));
}

}  // namespace

absl::StatusOr<ledger::Period> ParsePeriodName(absl::string_view name, absl::string_view field) {
  absl::string_view text = name;
  const auto period = absl::ConsumePrefix(&text, kPeriodsPrefix) ? ledger::ParsePeriod(text)
                                                                 : absl::optional<ledger::Period>();
  if (!period.has_value()) return InvalidField(field, "want periods/yyyy-mm");
  return *period;
}

std::string FormatPeriodName(ledger::Period period) {
  return absl::StrCat(kPeriodsPrefix, ledger::PeriodText(period));
}

absl::StatusOr<v1::Period> PeriodView(const ledger::Readable& store,
                                      const ledger::PeriodStandRow& stand, ledger::Period period,
                                      const ledger::PeriodCalendar& calendar) {
  if (stand.period == 0 || period < stand.first_period || period > stand.period) {
    return NotFound("period");
  }
  v1::Period view;
  view.set_name(FormatPeriodName(period));
  PUHUI_ASSIGN_OR_RETURN(const auto closed,
                         ledger::Find(store, ledger::kClosedPeriodTable, period));
  if (closed.has_value()) {
    FillClosed(*closed, &view);
    return view;
  }
  view.set_state(v1::PERIOD_STATE_OPEN);
  *view.mutable_end_time() = ToTimestamp(calendar.EndOf(period));
  PUHUI_ASSIGN_OR_RETURN(const auto start, ledger::Find(store, ledger::kPeriodStartTable, period));
  if (!start.has_value()) return view;
  view.set_first_sequence(start->first);
  view.set_last_sequence(start->last);
  if (start->last != 0) return view;
  PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(store));
  view.set_last_sequence(last);
  return view;
}

absl::StatusOr<v1::Period> WholePeriodView(const ledger::Readable& store, ledger::Period period,
                                           const ledger::PeriodCalendar& calendar) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::PeriodStandRow stand, ledger::PeriodStandOf(store));
  PUHUI_ASSIGN_OR_RETURN(v1::Period view, PeriodView(store, stand, period, calendar));
  if (view.state() != v1::PERIOD_STATE_CLOSED) return view;
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, ledger::kClosedPeriodTable, period));
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ledger::ReadClosing(store, *row));
  const journal::v1::PeriodClosed& closed = record.period_closed();
  *view.mutable_close_time() = ToTimestamp(ledger::TimeOf(record));
  view.set_closed_by(closed.person());
  view.set_time_zone(closed.time_zone());
  for (const journal::v1::PeriodCount& count : closed.counts()) {
    v1::PeriodCount& told = *view.add_counts();
    told.set_kind(CountedKind(count));
    told.set_records(count.records());
    told.set_points(count.points());
  }
  return view;
}

}  // namespace puhui::services
