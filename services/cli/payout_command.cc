// SPDX-License-Identifier: Apache-2.0
// What merchants are paid: `puhui payout`.
#include "services/cli/payout_command.h"

#include "ledger/base/limits.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/hash.h"
#include "puhui/v1/payout_service.grpc.pb.h"
#include "services/bank/yuan.h"
#include "services/cli/commands.h"
#include "services/cli/input_file.h"
#include "services/cli/money.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using PayoutStub = v1::PayoutService::Stub;

std::string YuanText(std::int64_t fen) { return absl::StrCat("¥", FormatYuan(fen)); }

void AddStatement(CLI::App& app, std::string* name) {
  app.add_option("statement", *name, "Format: merchants/…/statements/YYYY-MM-DD")->required();
}

void PrintRun(Output& output, const v1::PayoutRun& run) {
  output.Fields(
      {{"name", run.name()},
       {"state", EnumText(run.state())},
       {"payments", absl::StrCat(run.payments(), ", ", run.paid(), " paid, ", run.rejected(),
                                 " rejected, ", run.returned(), " returned")},
       {"points", output.Points(run.points())},
       {"amount", YuanText(run.amount_fen())},
       {"changed accounts", run.account_changes() == 0 ? "" : absl::StrCat(run.account_changes())},
       {"message", run.message_id()},
       {"made by", run.maker()},
       {"approved by", run.approver()},
       {"pay on", run.execution_day()},
       {"cancelled because", run.cancel_reason()}});
}

// A payment by its whole name, which is what a correction wants.
void PrintPayments(Output& output, const v1::GetPayoutRunResponse& response) {
  Table table({{"PAYMENT"},
               {"STATEMENT"},
               {"ATTEMPT", Table::Align::kRight},
               {"STATE"},
               {"AMOUNT", Table::Align::kRight},
               {"ACCOUNT"},
               {"END TO END"},
               {"BANK"}});
  for (const v1::PayoutPayment& payment : response.payments()) {
    const char* const changed = payment.account_changed() ? " (changed)" : "";
    table.AddRow({payment.name(), payment.statement(), absl::StrCat(payment.attempt()),
                  EnumText(payment.state()), YuanText(payment.amount_fen()),
                  absl::StrCat("…", payment.account_last_four(), changed), payment.end_to_end_id(),
                  absl::StrCat(payment.bank_status(), " ", payment.bank_reason())});
  }
  output.Flush(table);
}

void AddDue(Noun& noun) {
  noun.Lists(
      {"due", "List agreed statements that are in no run and not paid"},
      &PayoutStub::ListDuePayouts, [](CLI::App& /*app*/, v1::ListDuePayoutsRequest& /*request*/) {},
      {{"STATEMENT"},
       {"POINTS", Table::Align::kRight},
       {"AMOUNT", Table::Align::kRight},
       {"ACCOUNT"},
       {"NOTE"}},
      [](Output& /*output*/, Table& table, const v1::ListDuePayoutsResponse& response) {
        for (const v1::DuePayout& due : response.due_payouts()) {
          const bool valued = due.points() == 0 || due.amount_fen() != 0;
          std::string note;
          if (!valued) note = "the configuration does not say who pays";
          if (!due.waits_for().empty()) note = absl::StrCat("waits for ", due.waits_for());
          if (due.account_last_four().empty()) note = "has no account";
          if (due.account_changed()) note = "account changed since it was agreed";
          table.AddRow(
              {due.statement(), absl::StrCat(due.points()),
               valued ? YuanText(due.amount_fen()) : "-",
               due.account_last_four().empty() ? "-" : absl::StrCat("…", due.account_last_four()),
               note});
        }
      });
}

void AddPayoutCreate(Noun& noun) {
  noun.Changes(
      {"create", "Make a run of statements, a merchant's days in their order"},
      &PayoutStub::CreatePayoutRun,
      [](CLI::App& app, v1::CreatePayoutRunRequest& request) {
        app.add_option_function<std::vector<std::string>>(
               "statements",
               [&request](const std::vector<std::string>& names) {
                 for (const std::string& name : names) {
                   request.add_statements()->set_statement(name);
                 }
               },
               "Format: merchants/…/statements/YYYY-MM-DD")
            ->required();
        app.add_option_function<std::vector<std::string>>(
            "--accept-changed-account",
            [&request](const std::vector<std::string>& names) {
              for (const std::string& name : names) {
                v1::PayoutWish& wish = *request.add_statements();
                wish.set_statement(name);
                wish.set_account_change_accepted(true);
              }
            },
            "Statements too, whose merchants changed their accounts since they agreed");
      },
      [](Output& output, const v1::CreatePayoutRunResponse& response) {
        PrintRun(output, response.payout_run());
      });
}

void AddPayoutDecisions(Noun& noun) {
  noun.Changes(
      {"approve", "Approve a run that somebody else made"}, &PayoutStub::ApprovePayoutRun,
      [](CLI::App& app, v1::ApprovePayoutRunRequest& request) {
        AddName(app, "run", request.mutable_name(), "payoutRuns")->required();
        app.add_flag_function(
            "--accept-changed-accounts",
            [&request](std::int64_t) { request.set_account_changes_accepted(true); },
            "Payments go to accounts that merchants changed since they agreed");
      },
      [](Output& output, const v1::ApprovePayoutRunResponse& response) {
        PrintRun(output, response.payout_run());
      });
  noun.Changes(
      {"cancel", "Give a run up that was not exported"}, &PayoutStub::CancelPayoutRun,
      [](CLI::App& app, v1::CancelPayoutRunRequest& request) {
        AddName(app, "run", request.mutable_name(), "payoutRuns")->required();
        app.add_option("--reason", *request.mutable_reason(), "Why")->required();
      },
      [](Output& output, const v1::CancelPayoutRunResponse& response) {
        PrintRun(output, response.payout_run());
      });
}

struct PayoutExport {
  std::string path;
  v1::ExportPayoutRunRequest request;
};

ExitCode RunPayoutExport(PayoutExport& wish, Invocation& invocation) {
  invocation.SettleRequestId(wish.request.mutable_request_id());
  v1::ExportPayoutRunResponse response;
  const ExitCode code = invocation.Call(&PayoutStub::ExportPayoutRun, wish.request, &response,
                                        RepeatAdvice(wish.request.request_id()));
  if (code != ExitCode::kOk) return code;
  if (const absl::Status written = ledger::WriteFileDurably(wish.path, response.file());
      !written.ok()) {
    return invocation.Fail(written, ExitCode::kInvalidArgument);
  }
  response.clear_file();
  invocation.output().Show(response, [&](Output& output, const auto& shown) {
    PrintRun(output, shown.payout_run());
    output.Fields(
        {{"file", wish.path}, {"sha256", ledger::ToHex(shown.payout_run().file_sha256())}});
  });
  return ExitCode::kOk;
}

void AddExport(Noun& noun) {
  CLI::App& app = noun.AddVerb(
      {"export", "Write a run as pain.001 for the bank, account numbers and all, on the record"});
  const auto wish = std::make_shared<PayoutExport>();
  AddName(app, "run", wish->request.mutable_name(), "payoutRuns")->required();
  app.add_option("file", wish->path, "Where to; only you may read it")->required();
  app.add_option("--execution-day", *wish->request.mutable_execution_day(),
                 "When the bank is to pay. Default: today");
  AddRequestId(app, wish->request.mutable_request_id());
  noun.OnVerb(app, [wish](Invocation& invocation) { return RunPayoutExport(*wish, invocation); });
}

void AddImport(Noun& noun) {
  noun.Changes(
      {"import", "Take the bank's answer to a run"}, &PayoutStub::ImportBankAnswer,
      [](CLI::App& app, v1::ImportBankAnswerRequest& request) -> Prepare {
        const auto pain = std::make_shared<std::string>();
        const auto csv = std::make_shared<std::string>();
        const auto run = std::make_shared<std::string>();
        CLI::Option* const xml = app.add_option("--pain-002", *pain, "The bank's pain.002");
        CLI::Option* const list = app.add_option("--csv", *csv, "A plain list, with --run");
        AddName(app, "--run", run.get(), "payoutRuns")->needs(list);
        list->excludes(xml);
        return [=, &request](const Invocation& /*invocation*/) {
          if (pain->empty() == csv->empty() || (!csv->empty() && run->empty())) {
            return absl::InvalidArgumentError("want --pain-002, or --csv with --run");
          }
          auto file = ReadInputFile(pain->empty() ? *csv : *pain, kBankFileBytesMax);
          if (!file.ok()) return file.status();
          if (!pain->empty()) {
            request.set_pain_002(*std::move(file));
          } else {
            request.mutable_csv()->set_payout_run(*run);
            request.mutable_csv()->set_file(*std::move(file));
          }
          return absl::OkStatus();
        };
      },
      [](Output& output, const v1::ImportBankAnswerResponse& response) {
        output.Fields(
            {{"run", response.payout_run().name()},
             {"paid", FormatCount(static_cast<std::uint64_t>(response.newly_paid()))},
             {"rejected", FormatCount(static_cast<std::uint64_t>(response.newly_rejected()))},
             {"still open", FormatCount(static_cast<std::uint64_t>(response.still_open()))},
             {"known", FormatCount(static_cast<std::uint64_t>(response.known_payments_size()))}});
      });
}

void AddPayoutReads(Noun& noun) {
  noun.Reads(
      {"get", "Show a run with its payments"}, &PayoutStub::GetPayoutRun,
      [](CLI::App& app, v1::GetPayoutRunRequest& request) {
        AddName(app, "run", request.mutable_name(), "payoutRuns")->required();
      },
      [](Output& output, const v1::GetPayoutRunResponse& response) {
        PrintRun(output, response.payout_run());
        PrintPayments(output, response);
      });
  noun.Reads(
      {"show", "Show what becomes of one statement's payment"}, &PayoutStub::GetPayout,
      [](CLI::App& app, v1::GetPayoutRequest& request) {
        AddStatement(app, request.mutable_statement());
      },
      [](Output& output, const v1::GetPayoutResponse& response) {
        output.Fields(
            {{"points", output.Points(response.points())},
             {"amount", YuanText(response.amount_fen())},
             {"payment", response.payment().name()},
             {"attempt", response.has_payment() ? absl::StrCat(response.payment().attempt()) : ""},
             {"state", response.has_payment() ? EnumText(response.payment().state()) : ""},
             {"end to end", response.payment().end_to_end_id()}});
        for (const v1::PayoutOrigin& origin : response.carried_over()) {
          output.Line(absl::StrCat("carried over: ", origin.origin(), " ", origin.points()));
        }
      });
  noun.Lists(
      {"list", "List runs, latest first"}, &PayoutStub::ListPayoutRuns,
      [](CLI::App& /*app*/, v1::ListPayoutRunsRequest& /*request*/) {},
      {{"RUN"},
       {"STATE"},
       {"PAYMENTS", Table::Align::kRight},
       {"PAID", Table::Align::kRight},
       {"REJECTED", Table::Align::kRight},
       {"AMOUNT", Table::Align::kRight}},
      [](Output& /*output*/, Table& table, const v1::ListPayoutRunsResponse& response) {
        for (const v1::PayoutRun& run : response.payout_runs()) {
          table.AddRow({run.name(), EnumText(run.state()), absl::StrCat(run.payments()),
                        absl::StrCat(run.paid()), absl::StrCat(run.rejected()),
                        YuanText(run.amount_fen())});
        }
      });
}

}  // namespace

void AddPayoutCommands(CommandLine& line) {
  Noun noun(line, "payout", "What merchants are paid, and to which accounts");
  AddBankAccountVerbs(noun);
  AddDue(noun);
  AddPayoutCreate(noun);
  AddPayoutDecisions(noun);
  AddExport(noun);
  AddImport(noun);
  AddCorrectionVerbs(noun);
  AddPayoutReads(noun);
}

}  // namespace puhui::services
