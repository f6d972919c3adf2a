// SPDX-License-Identifier: Apache-2.0
// PayoutService: runs, until the bank has answered.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_day.h"
#include "merchant/app/bank_answer_command.h"
#include "merchant/app/payout_queries.h"
#include "merchant/app/payout_run_commands.h"
#include "merchant/app/queries.h"
#include "merchant/app/statement_queries.h"
#include "services/bank/bank_csv.h"
#include "services/bank/pain_002.h"
#include "services/merchant/merchant_fields.h"
#include "services/payout/payout_convert.h"
#include "services/payout/payout_file.h"
#include "services/payout/payout_name.h"
#include "services/payout/payout_scope.h"
#include "services/payout/payout_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/timestamp.h"

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using merchant::PayoutRunRow;
using merchant::PayoutRunState;
using Statement = merchant::CreatePayoutRunCommand::Statement;

absl::StatusOr<std::vector<Statement>> ReadStatements(const v1::CreatePayoutRunRequest& request) {
  if (request.statements().empty() || request.statements_size() > int{kPaymentsPerRunMax}) {
    return InvalidField("statements", absl::StrCat("want 1 to ", kPaymentsPerRunMax));
  }
  std::vector<Statement> statements;
  absl::flat_hash_set<std::string> named;
  for (const v1::PayoutWish& wish : request.statements()) {
    const std::string field = absl::StrCat("statements[", statements.size(), "].statement");
    PUHUI_ASSIGN_OR_RETURN(const StatementName name, ParseStatementName(wish.statement(), field));
    if (!named.insert(wish.statement()).second) return InvalidField(field, "want each once");
    statements.push_back({.merchant = name.merchant_id,
                          .day = name.day,
                          .account_change_accepted = wish.account_change_accepted()});
  }
  return statements;
}

// By whose money it came to what. What is not there is for the command to refuse, and so is what
// was not frozen yet when it was read.
absl::Status ReadSums(const ledger::Readable& store, Statement* statement) {
  PUHUI_ASSIGN_OR_RETURN(const auto of, merchant::FindMerchant(store, statement->merchant.text()));
  if (!of.has_value()) return absl::OkStatus();
  const merchant::StatementKey key{of->number, statement->day};
  PUHUI_ASSIGN_OR_RETURN(const auto row, merchant::FindStatement(store, key));
  if (!row.has_value()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(statement->came_to, merchant::CameTo(store, key, *row));
  return absl::OkStatus();
}

absl::Status NoPayer() {
  return ledger::ToStatus({.reason = ledger::Reason::kPayerNotConfigured,
                           .message = "the configuration does not say who pays (payouts)"});
}

absl::Status FileChanged() {
  return ledger::ToStatus(
      {.reason = ledger::Reason::kPayoutFileChanged,
       .field = "name",
       .message = "this would be another file than the one that was exported under this name"});
}

// What a message says that was refused before anything was looked up.
absl::Status Unreadable(absl::string_view field, const absl::Status& status) {
  return InvalidField(field, status.message());
}

absl::StatusOr<merchant::BankAnswerCommand::Wish> ReadAnswer(
    const v1::ImportBankAnswerRequest& request) {
  merchant::BankAnswerCommand::Wish wish;
  absl::string_view file;
  switch (request.answer_case()) {
    case v1::ImportBankAnswerRequest::kPain002: {
      file = request.pain_002();
      auto answer = ReadPain002(file);
      if (!answer.ok()) return Unreadable("pain_002", answer.status());
      wish.answer = *std::move(answer);
      break;
    }
    case v1::ImportBankAnswerRequest::kCsv: {
      file = request.csv().file();
      PUHUI_ASSIGN_OR_RETURN(wish.run,
                             ParsePayoutRunName(request.csv().payout_run(), "csv.payout_run"));
      auto answer = ReadBankCsv(file);
      if (!answer.ok()) return Unreadable("csv.file", answer.status());
      wish.answer = *std::move(answer);
      break;
    }
    case v1::ImportBankAnswerRequest::ANSWER_NOT_SET:
      return InvalidField("answer", "want pain_002 or csv");
  }
  wish.file_hash = ledger::Sha256().Digest(file);
  return wish;
}

void CountAnswers(const journal::v1::BankAnswered& answered, v1::ImportBankAnswerResponse* out) {
  for (const journal::v1::PaymentAnswer& answer : answered.answers()) {
    switch (static_cast<merchant::PaymentState>(answer.state())) {
      case merchant::PaymentState::kPaid:
        out->set_newly_paid(out->newly_paid() + 1);
        break;
      case merchant::PaymentState::kRejected:
        out->set_newly_rejected(out->newly_rejected() + 1);
        break;
      case merchant::PaymentState::kOpen:
      case merchant::PaymentState::kCancelled:
      case merchant::PaymentState::kNothingDue:
      case merchant::PaymentState::kReturned:
        out->set_still_open(out->still_open() + 1);
        break;
    }
  }
  for (const std::uint32_t payment : answered.known_payments()) {
    out->add_known_payments(FormatPaymentName(answered.run(), payment));
  }
}

}  // namespace

void PayoutService::ServeRuns(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kCreatePayoutRun, wire_.get(), &Wire::RequestCreatePayoutRun,
                      [this](const CallContext& call, const v1::CreatePayoutRunRequest& asked) {
                        return DoCreate(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kApprovePayoutRun, wire_.get(), &Wire::RequestApprovePayoutRun,
                      [this](const CallContext& call, const v1::ApprovePayoutRunRequest& asked) {
                        return DoApprove(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kCancelPayoutRun, wire_.get(), &Wire::RequestCancelPayoutRun,
                      [this](const CallContext& call, const v1::CancelPayoutRunRequest& asked) {
                        return DoCancel(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kExportPayoutRun, wire_.get(), &Wire::RequestExportPayoutRun,
                      [this](const CallContext& call, const v1::ExportPayoutRunRequest& asked) {
                        return DoExport(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kImportBankAnswer, wire_.get(), &Wire::RequestImportBankAnswer,
                      [this](const CallContext& call, const v1::ImportBankAnswerRequest& asked) {
                        return DoImport(call, asked);
                      });
}

absl::StatusOr<v1::CreatePayoutRunResponse> PayoutService::DoCreate(
    const CallContext& call, const v1::CreatePayoutRunRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(std::vector<Statement> statements, ReadStatements(request));
  if (!AllowPayer(call.principal(), parts_.payer_union).ok()) return NotFound("statement");
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  for (Statement& statement : statements) PUHUI_RETURN_IF_ERROR(ReadSums(*store, &statement));
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      Run(call, request,
          std::make_unique<merchant::CreatePayoutRunCommand>(
              parts_.tables,
              merchant::CreatePayoutRunCommand::Wish{
                  .statements = std::move(statements),
                  .fen_per_point = parts_.payer.has_value() ? parts_.payer->fen_per_point : 0,
                  .message_prefix = parts_.message_prefix,
                  .person = call.principal().person})));
  const std::uint32_t run = outcome.first().payout_run_created().run();
  PUHUI_ASSIGN_OR_RETURN(const PayoutRunRow row,
                         SeeRun(parts_, call.principal(), run, parts_.ledger.engine->Latest()));
  v1::CreatePayoutRunResponse response;
  *response.mutable_payout_run() = NewPayoutRunOf(run, row);
  return response;
}

absl::StatusOr<v1::ApprovePayoutRunResponse> PayoutService::DoApprove(
    const CallContext& call, const v1::ApprovePayoutRunRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t run, ParsePayoutRunName(request.name(), "name"));
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  PUHUI_ASSIGN_OR_RETURN(const PayoutRunRow row, SeeRun(parts_, call.principal(), run, store));
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      Run(call, request,
          std::make_unique<merchant::ApprovePayoutRunCommand>(
              parts_.tables, merchant::ApprovePayoutRunCommand::Wish{
                                 .run = run,
                                 .account_changes_accepted = request.account_changes_accepted(),
                                 .person = call.principal().person})));
  v1::ApprovePayoutRunResponse response;
  v1::PayoutRun& message = *response.mutable_payout_run();
  message = NewPayoutRunOf(run, row);
  message.set_state(v1::PAYOUT_RUN_STATE_APPROVED);
  message.set_approver(outcome.first().payout_run_approved().person());
  *message.mutable_approve_time() =
      ToTimestamp(absl::FromUnixMicros(outcome.first().time_micros()));
  return response;
}

absl::StatusOr<v1::CancelPayoutRunResponse> PayoutService::DoCancel(
    const CallContext& call, const v1::CancelPayoutRunRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t run, ParsePayoutRunName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  PUHUI_ASSIGN_OR_RETURN(const PayoutRunRow row, SeeRun(parts_, call.principal(), run, store));
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      Run(call, request,
          std::make_unique<merchant::CancelPayoutRunCommand>(
              parts_.tables,
              merchant::CancelPayoutRunCommand::Wish{
                  .run = run, .reason = request.reason(), .person = call.principal().person})));
  v1::CancelPayoutRunResponse response;
  v1::PayoutRun& message = *response.mutable_payout_run();
  message = NewPayoutRunOf(run, row);
  message.set_state(v1::PAYOUT_RUN_STATE_CANCELLED);
  message.set_cancel_reason(outcome.first().payout_run_cancelled().reason());
  *message.mutable_finish_time() = ToTimestamp(absl::FromUnixMicros(outcome.first().time_micros()));
  return response;
}

absl::StatusOr<v1::ExportPayoutRunResponse> PayoutService::DoExport(
    const CallContext& call, const v1::ExportPayoutRunRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t run, ParsePayoutRunName(request.name(), "name"));
  absl::optional<absl::CivilDay> day;
  if (!request.execution_day().empty()) {
    PUHUI_ASSIGN_OR_RETURN(day, ReadDay(request.execution_day(), "execution_day"));
  }
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const PayoutRunRow row, SeeRun(parts_, call.principal(), run, *store));
  if (!parts_.payer.has_value()) return NoPayer();
  merchant::ExportPayoutRunCommand::Wish wish{.run = run, .person = call.principal().person};
  const absl::CivilDay today = absl::ToCivilDay(parts_.clock->Now(), parts_.zone);
  // No bank pays on such a day, and there is no other file of the run once it was exported. Said
  // again after that, it is compared.
  if (row.state == PayoutRunState::kApproved && day.value_or(today) < today) {
    return InvalidField("execution_day", "want today or later");
  }
  if (!day.has_value()) day = row.execution_day;
  wish.execution_day = day.value_or(today);
  // Of one that was not approved there is no file; the command refuses it.
  if (row.approve_time.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const std::string file,
                           WritePayoutFile(parts_, *store, run, row, wish.execution_day));
    wish.file_hash = ledger::Sha256().Digest(file);
  }
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      Run(call, request,
          std::make_unique<merchant::ExportPayoutRunCommand>(parts_.tables, std::move(wish))));
  // From the record: a call that is repeated on another day gets the file of the first.
  const journal::v1::PayoutRunExported& exported = outcome.first().payout_run_exported();
  const absl::CivilDay said = ledger::DayFromRecord(exported.execution_day());
  v1::ExportPayoutRunResponse response;
  PUHUI_ASSIGN_OR_RETURN(const PayoutRunRow now,
                         SeeRun(parts_, call.principal(), run, parts_.ledger.engine->Latest()));
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_file(), WritePayoutFile(parts_, *store, run, now, said));
  if (ledger::AsBytes(ledger::Sha256().Digest(response.file())) != exported.file_hash()) {
    return FileChanged();
  }
  v1::PayoutRun& message = *response.mutable_payout_run();
  message = NewPayoutRunOf(run, now);
  message.set_state(v1::PAYOUT_RUN_STATE_EXPORTED);
  message.set_approver(now.approver);
  *message.mutable_approve_time() = ToTimestamp(*now.approve_time);
  *message.mutable_export_time() = ToTimestamp(absl::FromUnixMicros(outcome.first().time_micros()));
  message.set_file_sha256(exported.file_hash());
  message.set_execution_day(absl::FormatCivilTime(said));
  return response;
}

absl::StatusOr<v1::ImportBankAnswerResponse> PayoutService::DoImport(
    const CallContext& call, const v1::ImportBankAnswerRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(merchant::BankAnswerCommand::Wish wish, ReadAnswer(request));
  PUHUI_RETURN_IF_ERROR(AllowPayer(call.principal(), parts_.payer_union));
  wish.message_prefix = parts_.message_prefix;
  wish.person = call.principal().person;
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      Run(call, request,
          std::make_unique<merchant::BankAnswerCommand>(parts_.tables, std::move(wish))));
  const journal::v1::BankAnswered& answered = outcome.first().bank_answered();
  v1::ImportBankAnswerResponse response;
  response.mutable_payout_run()->set_name(FormatPayoutRunName(answered.run()));
  CountAnswers(answered, &response);
  return response;
}

}  // namespace puhui::services
