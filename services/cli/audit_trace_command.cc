// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_trace_command.h"

#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/flags.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <string>

namespace puhui::services {
namespace {

std::string ThroughText(const v1::TraceStep& step) {
  const std::string account =
      absl::StrCat(EnumText(step.account().kind()), " ", step.account().owner());
  return step.lot() == 0 ? account : absl::StrCat(account, ", lot ", step.lot());
}

// One row for each field, and one for a record that changed none that is told.
void AddHistoryRows(const Output& output, const v1::HistoryEntry& entry, Table& table) {
  const std::string who = entry.person().empty() ? entry.caller() : entry.person();
  const auto add = [&](const v1::FieldChange& change) {
    table.AddRow({absl::StrCat(entry.sequence()), output.Time(entry.time()), entry.kind(),
                  who.empty() ? "the ledger" : who, change.field(), change.before(),
                  change.after()});
  };
  for (const v1::FieldChange& change : entry.changes()) add(change);
  if (entry.changes().empty()) add({});
}

}  // namespace

void AddTraceFlags(CLI::App& app, v1::TracePointsRequest& request) {
  app.add_option_function<std::uint64_t>(
         "sequence", [&request](const std::uint64_t& sequence) { request.set_sequence(sequence); },
         "Of the record of an entry: a funding, a grant, a purchase, a payout or any other")
      ->required();
  AddSwitch(
      app, "--forward",
      [&request](bool forward) {
        request.set_direction(forward ? v1::TRACE_DIRECTION_FORWARD : v1::TRACE_DIRECTION_BACKWARD);
      },
      "To where the points went. Default: to where they came from");
  AddName(app, "--origin", request.mutable_origin(), "unions")
      ->description("The money of this union alone");
  AddName(app, "--union", request.mutable_in_union(), "unions")
      ->description("Records of this union and those below it");
}

void AddHistoryFlags(CLI::App& app, v1::GetHistoryRequest& request) {
  app.add_option(
         "name", *request.mutable_name(),
         "Of what the ledger keeps records of, such as campaigns/spring, orders/5512, "
         "payoutRuns/4, merchants/m-7/statements/2026-11-28, rulePacks/hubei or people/wang-3 "
         "(an auditor's mandates)")
      ->required();
}

void AddAuditHistory(Noun& noun) {
  noun.Lists({"history", "Show what was made of something, with before and after"},
             &v1::AuditService::Stub::GetHistory, AddHistoryFlags,
             {{"RECORD", Table::Align::kRight},
              {"TIME", Table::Align::kLeft},
              {"WHAT", Table::Align::kLeft},
              {"WHO", Table::Align::kLeft},
              {"FIELD", Table::Align::kLeft},
              {"BEFORE", Table::Align::kLeft},
              {"AFTER", Table::Align::kLeft}},
             [](Output& output, Table& table, const v1::GetHistoryResponse& response) {
               for (const v1::HistoryEntry& entry : response.entries()) {
                 AddHistoryRows(output, entry, table);
               }
               if (!response.incomplete()) return;
               output.Flush(table);
               output.Line("there is more than is told");
             });
}

void AddAuditTrace(Noun& noun) {
  noun.Lists({"trace", "Follow points from record to record"}, &v1::AuditService::Stub::TracePoints,
             AddTraceFlags,
             {{"STEP", Table::Align::kRight},
              {"OF", Table::Align::kRight},
              {"RECORD", Table::Align::kRight},
              {"TIME", Table::Align::kLeft},
              {"WHAT", Table::Align::kLeft},
              {"THROUGH", Table::Align::kLeft},
              {"PAID BY", Table::Align::kLeft},
              {"POINTS", Table::Align::kRight}},
             [](Output& output, Table& table, const v1::TracePointsResponse& response) {
               for (const v1::TraceStep& step : response.steps()) {
                 table.AddRow({absl::StrCat(step.distance()), absl::StrCat(step.of_sequence()),
                               absl::StrCat(step.sequence()), output.Time(step.time()), step.kind(),
                               ThroughText(step), step.origin(), output.Points(step.points())});
               }
               if (!response.incomplete() || !response.next_page_token().empty()) return;
               output.Flush(table);
               output.Line("there is more: trace one of these records to go on from it");
             });
}

}  // namespace puhui::services
