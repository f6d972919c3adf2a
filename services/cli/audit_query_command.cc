// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_query_command.h"

#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/flags.h"
#include "services/cli/record_kinds.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using QueryStub = v1::AuditService::Stub;
using NameList = google::protobuf::RepeatedPtrField<std::string>;

// As often as wanted: one of them has to fit. "fh-1" of the collection "unions" is "unions/fh-1".
void AddEachName(CLI::App& app, const char* flag, NameList* names, const std::string& collection,
                 const char* help) {
  app.add_option_function<std::vector<std::string>>(
      flag,
      [names, collection](const std::vector<std::string>& texts) {
        for (const std::string& text : texts) {
          const bool whole = collection.empty() || text.find('/') != std::string::npos;
          names->Add(whole ? std::string(text) : absl::StrCat(collection, "/", text));
        }
      },
      help);
}

void AddFilterFlags(CLI::App& app, v1::RecordFilter* filter) {
  app.add_option_function<std::vector<std::string>>(
         "--kind",
         [filter](const std::vector<std::string>& kinds) {
           for (const std::string& kind : kinds) filter->add_kinds(kind);
         },
         "What the records are, such as entry/purchase, declined or member_changed; one that there "
         "is not is answered with all that there are")
      ->check([](const std::string& kind) {
        return IsRecordKind(kind)
                   ? std::string()
                   : absl::StrCat("got ", kind, ", want one of entry, member_changed, ",
                                  absl::StrJoin(RecordKinds(), ", "));
      });
  AddEachName(app, "--member", filter->mutable_members(), "members", "Of these members");
  AddEachName(app, "--campaign", filter->mutable_campaigns(), "campaigns", "Of these campaigns");
  AddEachName(app, "--merchant", filter->mutable_merchants(), "merchants", "Of these merchants");
  AddEachName(app, "--store", filter->mutable_stores(), "", "Of these stores");
  AddEachName(app, "--terminal", filter->mutable_terminals(), "", "Of these terminals");
  AddEachName(app, "--caller", filter->mutable_callers(), "", "Asked for by these identities");
  AddEachName(app, "--person", filter->mutable_persons(), "people", "By these people");
  AddName(app, "--union", filter->mutable_in_union(), "unions")
      ->description("Of this union and those below it");
  AddEnum<v1::Reason>(
      app, "--reason", [filter](v1::Reason reason) { filter->add_reasons(reason); },
      "Refused for this reason");
  app.add_option_function<std::vector<std::uint64_t>>(
      "--about",
      [filter](const std::vector<std::uint64_t>& sequences) {
        for (const std::uint64_t sequence : sequences) filter->add_about(sequence);
      },
      "That go on from these records");
  app.add_option_function<std::int64_t>(
      "--min-points", [filter](const std::int64_t& points) { filter->set_points_min(points); },
      "Of so many points at least");
  app.add_option_function<std::int64_t>(
      "--max-points", [filter](const std::int64_t& points) { filter->set_points_max(points); },
      "Of so many points at most");
  AddMoment(app, "--since",
            [filter](google::protobuf::Timestamp time) {
              *filter->mutable_start_time() = std::move(time);
            },
            {"From this moment on", "the beginning", DayAs::kBegin});
}

void AddRange(CLI::App& app, v1::RecordFilter* filter) {
  AddMoment(
      app, "--until",
      [filter](google::protobuf::Timestamp time) { *filter->mutable_end_time() = std::move(time); },
      {"Until this moment", "the end", DayAs::kEnd});
  app.add_option_function<std::uint64_t>(
      "--from", [filter](const std::uint64_t& sequence) { filter->set_first_sequence(sequence); },
      "The first record");
  app.add_option_function<std::uint64_t>(
      "--to", [filter](const std::uint64_t& sequence) { filter->set_last_sequence(sequence); },
      "The last record");
}

std::vector<Table::Column> QueryColumns() {
  return {{"RECORD", Table::Align::kRight},
          {"TIME", Table::Align::kLeft},
          {"WHAT", Table::Align::kLeft},
          {"CALLER", Table::Align::kLeft}};
}

std::string CallerText(const std::string& caller) { return caller.empty() ? "the ledger" : caller; }

void AddRecordRow(const Output& output, const v1::RecordView& record, Table& table) {
  table.AddRow({absl::StrCat(record.sequence()), output.Time(record.time()), record.kind(),
                CallerText(record.caller())});
}

void AddRecordQuery(Noun& noun) {
  noun.Lists(
      {"query", "Find records by what they are about"}, &QueryStub::QueryRecords,
      [](CLI::App& app, v1::QueryRecordsRequest& request) {
        AddFilterFlags(app, request.mutable_filter());
        AddRange(app, request.mutable_filter());
        AddSwitch(
            app, "--newest-first", [&request](bool newest) { request.set_newest_first(newest); },
            "The newest first");
      },
      QueryColumns(),
      [](Output& output, Table& table, const v1::QueryRecordsResponse& response) {
        for (const v1::RecordView& record : response.records()) {
          AddRecordRow(output, record, table);
        }
      });
}

// Until it is stopped. A broken stream is taken up where it broke.
ExitCode WatchRecords(v1::WatchRecordsRequest request, Invocation& invocation) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  Output& output = invocation.output();
  const grpc::Status status = service->ReadStream(
      &QueryStub::WatchRecords, request, Client::Restart::kAlways,
      [&](const v1::WatchRecordsResponse& message) {
        request.set_from_sequence(message.next_sequence());
        if (!message.has_record()) return;
        if (output.json()) return output.Json(message, false);
        const v1::RecordView& record = message.record();
        output.Line(absl::StrCat(record.sequence(), "  ", output.Time(record.time()), "  ",
                                 record.kind(), "  ", CallerText(record.caller())));
        // Whoever reads a file or a pipe sees it now, and a signal may end this at any moment.
        invocation.environment().out->flush();
      });
  return invocation.Settle(status);
}

void AddRecordWatch(Noun& noun) {
  CLI::App& app = noun.AddVerb({"watch", "Tell records as they are written"});
  const auto request = std::make_shared<v1::WatchRecordsRequest>();
  AddFilterFlags(app, request->mutable_filter());
  app.add_option_function<std::uint64_t>(
      "--from", [request](const std::uint64_t& sequence) { request->set_from_sequence(sequence); },
      "The first record. Default: the next that is written");
  noun.OnVerb(app,
              [request](Invocation& invocation) { return WatchRecords(*request, invocation); });
}

void AddAccountStatement(Noun& noun) {
  noun.Lists({"statement", "Show what moved an account"}, &QueryStub::GetAccountStatement,
             AddAccountStatementFlags,
             {{"RECORD", Table::Align::kRight},
              {"TIME", Table::Align::kLeft},
              {"WHAT", Table::Align::kLeft},
              {"CALLER", Table::Align::kLeft},
              {"POINTS", Table::Align::kRight},
              {"AFTER", Table::Align::kRight}},
             [](Output& output, Table& table, const v1::GetAccountStatementResponse& response) {
               output.Fields({{"opening", output.Points(response.opening_points())},
                              {"closing", output.Points(response.closing_points())},
                              {"up to record", absl::StrCat(response.last_sequence())}});
               for (const v1::AccountStatementLine& line : response.lines()) {
                 table.AddRow({absl::StrCat(line.sequence()), output.Time(line.time()), line.kind(),
                               CallerText(line.caller()), output.Points(line.points()),
                               output.Points(line.points_after())});
               }
             });
}

}  // namespace

void AddRecordFilterFlags(CLI::App& app, v1::RecordFilter* filter) {
  AddFilterFlags(app, filter);
  AddRange(app, filter);
}

std::string AccountOwnerName(v1::AccountKind kind, const std::string& text) {
  if (absl::StrContains(text, '/')) return text;
  if (kind == v1::ACCOUNT_KIND_CAMPAIGN) return absl::StrCat("campaigns/", text);
  if (kind == v1::ACCOUNT_KIND_WALLET || kind == v1::ACCOUNT_KIND_HELD) {
    return absl::StrCat("members/", text);
  }
  if (kind == v1::ACCOUNT_KIND_PAYABLE || kind == v1::ACCOUNT_KIND_FEE ||
      kind == v1::ACCOUNT_KIND_PAYOUT) {
    return absl::StrCat("merchants/", text);
  }
  return absl::StrCat("unions/", text);
}

void AddAccountBalanceFlags(CLI::App& app, v1::GetAccountRequest& request) {
  AddAccountFlags(app, request);
  AddName(app, "--origin", request.mutable_origin(), "unions");
  AddAsOfFlags(app, request);
}

void AddAccountStatementFlags(CLI::App& app, v1::GetAccountStatementRequest& request) {
  AddAccountFlags(app, request);
  AddName(app, "--origin", request.mutable_origin(), "unions");
  AddMoment(app, "--since",
            [&request](google::protobuf::Timestamp time) {
              *request.mutable_start_time() = std::move(time);
            },
            {"From this moment on", "the beginning", DayAs::kBegin});
  AddMoment(app, "--until",
            [&request](google::protobuf::Timestamp time) {
              *request.mutable_end_time() = std::move(time);
            },
            {"Until this moment", "the end", DayAs::kEnd});
}

void AddTrialBalanceFlags(CLI::App& app, v1::GetTrialBalanceRequest& request) {
  AddAsOfFlags(app, request);
  AddName(app, "--union", request.mutable_in_union(), "unions");
}

void AddAuditQueries(Noun& noun) {
  AddRecordQuery(noun);
  AddRecordWatch(noun);
  AddAccountStatement(noun);
}

}  // namespace puhui::services
