// SPDX-License-Identifier: Apache-2.0
// PayoutService: what became of payments, other than the bank's answer said.
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "merchant/app/payout_correction_commands.h"
#include "services/auth/policy.h"
#include "services/merchant/merchant_fields.h"
#include "services/payout/payout_convert.h"
#include "services/payout/payout_name.h"
#include "services/payout/payout_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/text_field.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ledger::TimeOf;
using merchant::PaymentCorrectionRow;
using merchant::PaymentKey;
using merchant::PaymentState;

absl::StatusOr<PaymentState> ReadTurn(v1::PayoutPaymentState state) {
  if (state == v1::PAYOUT_PAYMENT_STATE_PAID) return PaymentState::kPaid;
  if (state == v1::PAYOUT_PAYMENT_STATE_RETURNED) return PaymentState::kReturned;
  return InvalidField("state", "want PAID or RETURNED");
}

PaymentCorrectionRow Proposed(const journal::v1::Record& record) {
  const journal::v1::PaymentCorrectionProposed& proposed = record.payment_correction_proposed();
  return {.proposal = record.sequence(),
          .state = static_cast<PaymentState>(proposed.state()),
          .bank_reference = proposed.bank_reference(),
          .reason = proposed.reason(),
          .proposer = proposed.person(),
          .propose_time = TimeOf(record)};
}

// From the two records alone: a repeated call gets the same, whatever was proposed since.
absl::StatusOr<v1::PaymentCorrection> Decided(const ledger::Readable& store,
                                              const journal::v1::Record& record) {
  const journal::v1::PaymentCorrectionDecided& decided = record.payment_correction_decided();
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ledger::ReadRecord(store, decided.proposal()));
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record proposal,
                         ledger::ParseRecord(decided.proposal(), bytes));
  PaymentCorrectionRow row = Proposed(proposal);
  row.decider = decided.person();
  row.decide_time = TimeOf(record);
  row.confirmed = decided.confirmed();
  row.rejection = decided.reason();
  return CorrectionOf(row);
}

}  // namespace

void PayoutService::ServeCorrections(Calls& calls) {
  calls.UnaryOnWorker(
      Rpc::kProposePaymentCorrection, wire_.get(), &Wire::RequestProposePaymentCorrection,
      [this](const CallContext& call, const v1::ProposePaymentCorrectionRequest& asked) {
        return DoProposeCorrection(call, asked);
      });
  calls.UnaryOnWorker(
      Rpc::kConfirmPaymentCorrection, wire_.get(), &Wire::RequestConfirmPaymentCorrection,
      [this](const CallContext& call, const v1::ConfirmPaymentCorrectionRequest& asked) {
        return DoConfirmCorrection(call, asked);
      });
  calls.UnaryOnWorker(
      Rpc::kRejectPaymentCorrection, wire_.get(), &Wire::RequestRejectPaymentCorrection,
      [this](const CallContext& call, const v1::RejectPaymentCorrectionRequest& asked) {
        return DoRejectCorrection(call, asked);
      });
}

absl::StatusOr<v1::ProposePaymentCorrectionResponse> PayoutService::DoProposeCorrection(
    const CallContext& call, const v1::ProposePaymentCorrectionRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const PaymentKey payment, ParsePaymentName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(const PaymentState turned, ReadTurn(request.state()));
  PUHUI_RETURN_IF_ERROR(CheckBankReference(request.bank_reference(), "bank_reference"));
  PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  if (!AllowPayer(call.principal(), parts_.payer_union).ok()) return NotFound("payment");
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         Run(call, request,
                             std::make_unique<merchant::ProposeCorrectionCommand>(
                                 parts_.tables, merchant::ProposeCorrectionCommand::Wish{
                                                    .payment = payment,
                                                    .state = turned,
                                                    .bank_reference = request.bank_reference(),
                                                    .reason = request.reason(),
                                                    .person = call.principal().person})));
  v1::ProposePaymentCorrectionResponse response;
  *response.mutable_correction() = CorrectionOf(Proposed(outcome.first()));
  return response;
}

absl::StatusOr<v1::ConfirmPaymentCorrectionResponse> PayoutService::DoConfirmCorrection(
    const CallContext& call, const v1::ConfirmPaymentCorrectionRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const PaymentKey payment, ParsePaymentName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckBankReference(request.bank_reference(), "bank_reference"));
  if (!AllowPayer(call.principal(), parts_.payer_union).ok()) return NotFound("payment");
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         Run(call, request,
                             std::make_unique<merchant::ConfirmCorrectionCommand>(
                                 parts_.tables, merchant::ConfirmCorrectionCommand::Wish{
                                                    .payment = payment,
                                                    .bank_reference = request.bank_reference(),
                                                    .person = call.principal().person})));
  v1::ConfirmPaymentCorrectionResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_correction(),
                         Decided(parts_.ledger.engine->Latest(), outcome.first()));
  return response;
}

absl::StatusOr<v1::RejectPaymentCorrectionResponse> PayoutService::DoRejectCorrection(
    const CallContext& call, const v1::RejectPaymentCorrectionRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const PaymentKey payment, ParsePaymentName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  if (!AllowPayer(call.principal(), parts_.payer_union).ok()) return NotFound("payment");
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         Run(call, request,
                             std::make_unique<merchant::RejectCorrectionCommand>(
                                 parts_.tables, merchant::RejectCorrectionCommand::Wish{
                                                    .payment = payment,
                                                    .reason = request.reason(),
                                                    .person = call.principal().person})));
  v1::RejectPaymentCorrectionResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_correction(),
                         Decided(parts_.ledger.engine->Latest(), outcome.first()));
  return response;
}

}  // namespace puhui::services
