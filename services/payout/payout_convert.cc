// SPDX-License-Identifier: Apache-2.0
#include "services/payout/payout_convert.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/typed_reads.h"
#include "services/payout/payout_name.h"
#include "services/rpc/timestamp.h"
#include "services/settlement/statement_name.h"

#include "absl/time/civil_time.h"

#include <string>

namespace puhui::services {
namespace {

// Of both enumerations the numbers are the same.
v1::PayoutPaymentState StateOf(merchant::PaymentState state) {
  return static_cast<v1::PayoutPaymentState>(state);
}

}  // namespace

v1::BankAccount BankAccountOf(absl::string_view merchant_name, std::uint32_t number,
                              const merchant::BankAccountRow& row) {
  v1::BankAccount message;
  message.set_name(FormatBankAccountName(merchant_name, number));
  message.set_state(static_cast<v1::BankAccountState>(row.state));
  message.set_last_four(row.last_four);
  message.set_commitment(std::string(ledger::AsBytes(row.commitment)));
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  message.set_proposer(row.proposer);
  if (row.decide_time.has_value()) *message.mutable_decide_time() = ToTimestamp(*row.decide_time);
  message.set_decider(row.decider);
  message.set_reason(row.reason);
  if (row.use_time.has_value()) *message.mutable_use_time() = ToTimestamp(*row.use_time);
  return message;
}

v1::PayoutRun NewPayoutRunOf(std::uint32_t run, const merchant::PayoutRunRow& row) {
  v1::PayoutRun message;
  message.set_name(FormatPayoutRunName(run));
  message.set_state(v1::PAYOUT_RUN_STATE_CREATED);
  message.set_payments(static_cast<std::int32_t>(row.payments));
  message.set_points(row.points);
  message.set_amount_fen(row.points * row.fen_per_point);
  message.set_account_changes(static_cast<std::int32_t>(row.account_changes));
  message.set_message_id(row.message_id);
  message.set_maker(row.maker);
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  return message;
}

v1::PayoutRun PayoutRunOf(std::uint32_t run, const merchant::PayoutRunRow& row) {
  v1::PayoutRun message = NewPayoutRunOf(run, row);
  message.set_state(static_cast<v1::PayoutRunState>(row.state));
  message.set_paid(static_cast<std::int32_t>(row.paid));
  message.set_rejected(static_cast<std::int32_t>(row.rejected));
  message.set_returned(static_cast<std::int32_t>(row.returned));
  message.set_approver(row.approver);
  if (row.approve_time.has_value()) {
    *message.mutable_approve_time() = ToTimestamp(*row.approve_time);
  }
  if (row.export_time.has_value()) {
    message.set_file_sha256(std::string(ledger::AsBytes(row.file_hash)));
    *message.mutable_export_time() = ToTimestamp(*row.export_time);
  }
  if (row.execution_day.has_value()) {
    message.set_execution_day(absl::FormatCivilTime(*row.execution_day));
  }
  if (row.finish_time.has_value()) *message.mutable_finish_time() = ToTimestamp(*row.finish_time);
  message.set_cancel_reason(row.cancel_reason);
  return message;
}

v1::PaymentCorrection CorrectionOf(const merchant::PaymentCorrectionRow& row) {
  v1::PaymentCorrection message;
  message.set_state(StateOf(row.state));
  message.set_bank_reference(row.bank_reference);
  message.set_reason(row.reason);
  message.set_proposer(row.proposer);
  *message.mutable_propose_time() = ToTimestamp(row.propose_time);
  message.set_decider(row.decider);
  if (row.decide_time.has_value()) *message.mutable_decide_time() = ToTimestamp(*row.decide_time);
  message.set_confirmed(row.confirmed);
  message.set_rejection(row.rejection);
  return message;
}

absl::Status AddOrigins(const std::vector<merchant::OriginSum>& sums, Names& names,
                        google::protobuf::RepeatedPtrField<v1::PayoutOrigin>* out) {
  for (const merchant::OriginSum& sum : sums) {
    v1::PayoutOrigin& origin = *out->Add();
    PUHUI_ASSIGN_OR_RETURN(*origin.mutable_origin(), names.OfUnion(sum.origin));
    origin.set_points(sum.points);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::PayoutPayment> PaymentOf(const ledger::Readable& store,
                                            const merchant::PaymentKey& key,
                                            const merchant::PaymentRow& row,
                                            std::uint32_t fen_per_point, Names& names) {
  v1::PayoutPayment message;
  message.set_name(FormatPaymentName(key.run, key.payment));
  PUHUI_ASSIGN_OR_RETURN(const std::string merchant_name, names.OfMerchant(row.statement.merchant));
  message.set_statement(FormatStatementName(merchant_name, row.statement.day));
  message.set_state(StateOf(row.state));
  message.set_points(row.points);
  message.set_amount_fen(row.points * fen_per_point);
  PUHUI_ASSIGN_OR_RETURN(const auto payout,
                         ledger::Find(store, merchant::kPayoutTable, row.statement));
  if (!payout.has_value()) return absl::DataLossError("what a payment pays is missing");
  PUHUI_RETURN_IF_ERROR(AddOrigins(payout->sums, names, message.mutable_origins()));
  message.set_attempt(static_cast<std::int32_t>(row.attempt));
  if (row.account == 0) return message;
  PUHUI_ASSIGN_OR_RETURN(const auto account, ledger::Find(store, merchant::kBankAccountTable,
                                                          {row.statement.merchant, row.account}));
  if (!account.has_value()) return absl::DataLossError("the account of a payment is missing");
  message.set_bank_account(FormatBankAccountName(merchant_name, row.account));
  message.set_account_last_four(account->last_four);
  message.set_account_changed(row.account_changed);
  message.set_end_to_end_id(
      merchant::EndToEndId(key.run, row.statement.merchant, row.statement.day));
  message.set_bank_status(row.bank_status);
  message.set_bank_reason(row.bank_reason);
  if (row.answer_time.has_value()) *message.mutable_answer_time() = ToTimestamp(*row.answer_time);
  if (row.correction.has_value()) *message.mutable_correction() = CorrectionOf(*row.correction);
  return message;
}

}  // namespace puhui::services
