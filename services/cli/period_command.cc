// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/enum_text.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"

#include "absl/strings/str_cat.h"

#include <string>

namespace puhui::services {
namespace {

using PeriodStub = v1::AuditService::Stub;

void PrintPeriod(Output& output, const v1::Period& period) {
  const bool closed = period.state() == v1::PERIOD_STATE_CLOSED;
  output.Fields({{"period", period.name()},
                 {"state", EnumText(period.state())},
                 {"first record", FormatCount(period.first_sequence())},
                 {"last record", FormatCount(period.last_sequence())},
                 {"ends", output.Time(period.end_time())}});
  if (!closed) return;
  output.Fields({{"time zone", period.time_zone()},
                 {"closed", output.Time(period.close_time())},
                 {"closed by", period.closed_by()},
                 {"by record", FormatCount(period.close_sequence())},
                 {"root", period.root()},
                 {"digest", period.closing_digest()},
                 {"entries", FormatCount(period.entry_count())},
                 {"lines", FormatCount(period.line_count())}});
  Table table({{"WHAT"}, {"RECORDS", Table::Align::kRight}, {"POINTS", Table::Align::kRight}});
  for (const v1::PeriodCount& count : period.counts()) {
    table.AddRow({count.kind(), FormatCount(count.records()), output.Points(count.points())});
  }
  output.Flush(table);
}

void AddPeriodList(Noun& noun) {
  noun.Lists(
      {"list", "List the months, the newest first"}, &PeriodStub::ListPeriods,
      [](CLI::App& /*app*/, v1::ListPeriodsRequest& /*request*/) {},
      {{"PERIOD"},
       {"STATE"},
       {"FIRST", Table::Align::kRight},
       {"LAST", Table::Align::kRight},
       {"ENTRIES", Table::Align::kRight},
       {"ROOT"}},
      [](const Output& /*output*/, Table& table, const v1::ListPeriodsResponse& response) {
        for (const v1::Period& period : response.periods()) {
          const bool closed = period.state() == v1::PERIOD_STATE_CLOSED;
          table.AddRow({period.name(), EnumText(period.state()),
                        FormatCount(period.first_sequence()), FormatCount(period.last_sequence()),
                        closed ? FormatCount(period.entry_count()) : "", period.root()});
        }
      });
}

void AddPeriodLines(Noun& noun) {
  noun.Lists(
      {"lines", "List the trial balance that a month was closed with"},
      &PeriodStub::ListPeriodLines,
      [](CLI::App& app, v1::ListPeriodLinesRequest& request) {
        AddName(app, "period", request.mutable_parent(), "periods")->required();
      },
      {{"ACCOUNT"},
       {"PAID BY"},
       {"OPENING", Table::Align::kRight},
       {"ADDED", Table::Align::kRight},
       {"TAKEN", Table::Align::kRight},
       {"CLOSING", Table::Align::kRight}},
      [](const Output& output, Table& table, const v1::ListPeriodLinesResponse& response) {
        for (const v1::PeriodLine& line : response.lines()) {
          table.AddRow({EnumText(line.kind()), line.origin(), output.Points(line.opening_points()),
                        output.Points(line.debit_points()), output.Points(line.credit_points()),
                        output.Points(line.closing_points())});
        }
      });
}

}  // namespace

void AddPeriodCommands(CommandLine& line) {
  Noun noun(line, "periods", "The months of the ledger, and closing them");
  AddPeriodList(noun);
  noun.Reads(
      {"show", "Show a month, and what it was closed with"}, &PeriodStub::GetPeriod,
      [](CLI::App& app, v1::GetPeriodRequest& request) {
        AddName(app, "period", request.mutable_name(), "periods")->required();
      },
      [](Output& output, const v1::GetPeriodResponse& response) {
        PrintPeriod(output, response.period());
      });
  AddPeriodLines(noun);
  noun.Changes(
      {"close", "Close a month that is over, for good; months are closed one after another"},
      &v1::AdminService::Stub::ClosePeriod,
      [](CLI::App& app, v1::ClosePeriodRequest& request) {
        app.add_option("period", *request.mutable_period(), "The month, such as 2027-01")
            ->required();
      },
      [](Output& output, const v1::ClosePeriodResponse& response) {
        PrintPeriod(output, response.period());
      });
}

}  // namespace puhui::services
