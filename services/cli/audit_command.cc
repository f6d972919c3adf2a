// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/hash.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/access_command.h"
#include "services/cli/audit_bundle_command.h"
#include "services/cli/audit_proof_command.h"
#include "services/cli/audit_query_command.h"
#include "services/cli/audit_report_command.h"
#include "services/cli/audit_trace_command.h"
#include "services/cli/commands.h"
#include "services/cli/export_command.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"
#include "services/cli/rule_pack_command.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using AuditStub = v1::AuditService::Stub;

void AddRecords(Noun& noun) {
  noun.Lists(
      {"records", "List what happened, in order"}, &AuditStub::ListRecords,
      [](CLI::App& app, v1::ListRecordsRequest& request) {
        app.add_option_function<std::uint64_t>(
            "--from",
            [&request](const std::uint64_t& sequence) { request.set_from_sequence(sequence); },
            "The first record. Default: 1");
      },
      {{"RECORD", Table::Align::kRight},
       {"TIME", Table::Align::kLeft},
       {"WHAT", Table::Align::kLeft},
       {"CALLER", Table::Align::kLeft}},
      [](Output& output, Table& table, const v1::ListRecordsResponse& response) {
        for (const v1::RecordView& record : response.records()) {
          table.AddRow({absl::StrCat(record.sequence()), output.Time(record.time()), record.kind(),
                        record.caller().empty() ? "the ledger" : record.caller()});
        }
      });
}

void PrintPostings(Output& output, const v1::RecordView& record) {
  if (record.postings().empty()) return;
  Table table({{"ACCOUNT"}, {"OWNER"}, {"PAID BY"}, {"POINTS", Table::Align::kRight}});
  for (const v1::PostingView& posting : record.postings()) {
    table.AddRow({EnumText(posting.kind()), posting.owner(), posting.origin(),
                  output.Points(posting.points())});
  }
  output.Flush(table);
}

void PrintRecord(Output& output, const v1::GetRecordResponse& response) {
  const v1::RecordView& record = response.record();
  ledger::Sha256 sha256;
  // RFC 9162: what an auditor compares with an inclusion proof.
  const ledger::Hash leaf = sha256.Digest(absl::string_view("\0", 1), response.record_bytes());
  output.Fields({{"record", absl::StrCat(record.sequence())},
                 {"time", output.Time(record.time())},
                 {"what", record.kind()},
                 {"caller", record.caller().empty() ? "the ledger" : record.caller()},
                 {"leaf hash", ledger::ToHex(absl::string_view(ledger::AsBytes(leaf)))},
                 {"bytes", ledger::ToHex(absl::string_view(response.record_bytes()))},
                 {"content", record.json()}});
  PrintPostings(output, record);
}

void AddAccount(Noun& noun) {
  noun.Reads({"account", "Show an account, now or as of a record"}, &AuditStub::GetAccount,
             AddAccountBalanceFlags, [](Output& output, const v1::GetAccountResponse& response) {
               output.Fields({{"points", output.Points(response.points())},
                              {"as of record", absl::StrCat(response.as_of_sequence())}});
               Table table({{"PAID BY"}, {"POINTS", Table::Align::kRight}});
               for (const v1::AccountLine& line : response.lines()) {
                 table.AddRow({line.origin(), output.Points(line.points())});
               }
               output.Flush(table);
             });
}

void PrintTrialBalance(Output& output, const v1::GetTrialBalanceResponse& response) {
  Table table({{"ACCOUNT"}, {"PAID BY"}, {"POINTS", Table::Align::kRight}});
  for (const v1::TrialBalanceLine& line : response.lines()) {
    table.AddRow({EnumText(line.kind()), line.origin(), output.Points(line.points())});
  }
  output.Flush(table);
  output.Fields({{"sum", output.Points(response.sum())},
                 {"balanced", response.balanced() ? "yes" : "NO"},
                 {"as of record", absl::StrCat(response.as_of_sequence())}});
}

void AddTrialBalance(Noun& noun) {
  CLI::App& app = noun.AddVerb({"trial-balance", "Sum every kind of account"});
  const auto request = std::make_shared<v1::GetTrialBalanceRequest>();
  AddTrialBalanceFlags(app, *request);
  noun.OnVerb(app, [request](Invocation& invocation) {
    v1::GetTrialBalanceResponse response;
    const ExitCode code = invocation.Call(&AuditStub::GetTrialBalance, *request, &response);
    if (code != ExitCode::kOk) return code;
    invocation.output().Show(response, PrintTrialBalance);
    return response.balanced() && response.sum() == 0 ? ExitCode::kOk : ExitCode::kFindings;
  });
}

std::string AnswerText(const Output& output, const v1::RuleAnswer& answer) {
  return answer.granted() ? "granted" : "refused: " + BrokenRuleText(output, answer);
}

void PrintReDecision(Output& output, const v1::ReDecideGrantResponse& response) {
  const v1::RuleInputs& inputs = response.inputs();
  output.Fields(
      {{"same", response.same() ? "yes" : "NO"},
       {"rule pack", response.rule_pack().empty() ? "none" : response.rule_pack()},
       {"recorded", response.recorded_rule_pack().empty() ? "none" : response.recorded_rule_pack()},
       {"campaign", absl::StrCat(response.campaign(), ", row ", response.row())},
       {"asked for", absl::StrCat(output.Points(inputs.points()),
                                  inputs.day().empty() ? "" : " on " + inputs.day())},
       {"occasion", inputs.occasion()},
       {"received for it", output.Points(inputs.received_for_occasion())},
       {"received this year", output.Points(inputs.received_this_year())},
       {"other occasions", absl::StrCat(inputs.other_occasions_received())},
       {"then", AnswerText(output, response.then())},
       {"now", AnswerText(output, response.now())}});
}

void AddReDecide(Noun& noun) {
  CLI::App& app =
      noun.AddVerb({"redecide", "Judge a grant once more, by the rule pack and inputs of then"});
  const auto request = std::make_shared<v1::ReDecideGrantRequest>();
  app.add_option_function<std::uint64_t>(
         "sequence", [request](const std::uint64_t& sequence) { request->set_sequence(sequence); },
         "Of the record of the grant, or of a row that broke a rule")
      ->required();
  noun.OnVerb(app, [request](Invocation& invocation) {
    v1::ReDecideGrantResponse response;
    const ExitCode code = invocation.Call(&AuditStub::ReDecideGrant, *request, &response);
    if (code != ExitCode::kOk) return code;
    invocation.output().Show(response, PrintReDecision);
    return response.same() ? ExitCode::kOk : ExitCode::kFindings;
  });
}

}  // namespace

void AddAuditCommands(CommandLine& line) {
  Noun noun(line, "audit", "What happened, and the evidence");
  AddRecords(noun);
  noun.Reads(
      {"record", "Show one record with the bytes that were hashed"}, &AuditStub::GetRecord,
      [](CLI::App& app, v1::GetRecordRequest& request) {
        app.add_option_function<std::uint64_t>(
               "sequence",
               [&request](const std::uint64_t& sequence) { request.set_sequence(sequence); },
               "Its place in the journal")
            ->required();
      },
      PrintRecord);
  AddAccount(noun);
  AddTrialBalance(noun);
  AddReDecide(noun);
  AddAccessVerbs(noun);
  AddAuditQueries(noun);
  AddAuditTrace(noun);
  AddAuditHistory(noun);
  AddAuditExports(noun);
  AddAuditReport(noun);
  AddAuditBundle(noun);
  AddAuditProofs(noun);
  noun.Reads(
      {"checkpoint", "Show the latest signed head of the journal"}, &AuditStub::GetCheckpoint,
      [](CLI::App&, v1::GetCheckpointRequest&) {},
      [](Output& output, const v1::GetCheckpointResponse& response) {
        output.Verbatim(response.note());
        if (response.quorum() == 0) return;
        output.Fields({{"witnesses needed", absl::StrCat(response.quorum())},
                       {"final up to record", FormatCount(response.final_size())}});
        output.Verbatim(response.final_note());
      });
}

}  // namespace puhui::services
