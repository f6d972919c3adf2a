// SPDX-License-Identifier: Apache-2.0
// The rows of PayoutService and ReconciliationService. Nobody here is of the union that pays.
#include "puhui/v1/payout_service.pb.h"
#include "puhui/v1/reconciliation_service.pb.h"
#include "tests/integration/scope_rows.h"

#include "absl/strings/str_cat.h"

#include <set>
#include <string>

namespace puhui {

using services::Role;
using services::Rpc;

namespace {

std::string StatementOf(const World& w) {
  return absl::StrCat(w.merchant, "/statements/2026-01-01");
}
std::string AccountOf(const World& w) { return absl::StrCat(w.merchant, "/bankAccounts/1"); }

std::vector<ScopeRow> RunRows(SeededRandom* r) {
  const std::set<Role> payers = {Role::kFinance, Role::kApprover, Role::kAuditor};
  const auto run = [](const World& /*w*/, auto& q) {
    q.set_name("payoutRuns/1");
    if constexpr (requires { q.set_reason(""); }) q.set_reason("too early");
  };
  const auto correction = [](const World& /*w*/, auto& q) {
    q.set_name("payoutRuns/1/payments/1");
    if constexpr (requires { q.set_state(v1::PAYOUT_PAYMENT_STATE_PAID); }) {
      q.set_state(v1::PAYOUT_PAYMENT_STATE_RETURNED);
    }
    if constexpr (requires { q.set_bank_reference(""); }) q.set_bank_reference("TR-1");
    if constexpr (requires { q.set_reason(""); }) q.set_reason("account closed");
  };
  const auto nothing = [](const World& /*w*/, auto& /*q*/) {};
  return {
      {Rpc::kListDuePayouts, payers, One<v1::ListDuePayoutsRequest>(r, nothing)},
      {Rpc::kCreatePayoutRun, payers,
       One<v1::CreatePayoutRunRequest>(
           r, [](const World& w, auto& q) { q.add_statements()->set_statement(StatementOf(w)); })},
      {Rpc::kApprovePayoutRun, payers, One<v1::ApprovePayoutRunRequest>(r, run)},
      {Rpc::kCancelPayoutRun, payers, One<v1::CancelPayoutRunRequest>(r, run)},
      {Rpc::kExportPayoutRun, payers, One<v1::ExportPayoutRunRequest>(r, run)},
      {Rpc::kImportBankAnswer, payers,
       One<v1::ImportBankAnswerRequest>(r,
                                        [](const World& /*w*/, auto& q) {
                                          q.mutable_csv()->set_payout_run("payoutRuns/1");
                                          q.mutable_csv()->set_file(
                                              "end_to_end_id,status,amount\n"
                                              "R1-M1-20260101,PAID,1.00\n");
                                        })},
      {Rpc::kProposePaymentCorrection, payers,
       One<v1::ProposePaymentCorrectionRequest>(r, correction)},
      {Rpc::kConfirmPaymentCorrection, payers,
       One<v1::ConfirmPaymentCorrectionRequest>(r, correction)},
      {Rpc::kRejectPaymentCorrection, payers,
       One<v1::RejectPaymentCorrectionRequest>(r, correction)},
      {Rpc::kGetPayoutRun, payers, One<v1::GetPayoutRunRequest>(r, run)},
      {Rpc::kListPayoutRuns, payers, One<v1::ListPayoutRunsRequest>(r, nothing)}};
}

}  // namespace

std::vector<ScopeRow> PayoutRows(SeededRandom* r) {
  const std::set<Role> seers = {Role::kMerchant, Role::kFinance, Role::kApprover, Role::kAuditor};
  const std::set<Role> owners = {Role::kMerchant};
  const auto moment = [](std::int64_t seconds) {
    google::protobuf::Timestamp time;
    time.set_seconds(1'795'680'000 + seconds);
    return time;
  };
  std::vector<ScopeRow> rows = {
      {Rpc::kProposeBankAccount, owners,
       One<v1::ProposeBankAccountRequest>(r,
                                          [](const World& w, auto& q) {
                                            q.set_parent(w.merchant);
                                            q.set_account_number("6222020200112233445");
                                            q.set_holder_name("Grocer");
                                            q.set_bank_code("102521000009");
                                          })},
      {Rpc::kConfirmBankAccount, owners,
       One<v1::ConfirmBankAccountRequest>(r,
                                          [](const World& w, auto& q) {
                                            q.set_name(AccountOf(w));
                                            q.set_account_number("6222020200112233445");
                                          })},
      {Rpc::kRejectBankAccount, owners,
       One<v1::RejectBankAccountRequest>(r,
                                         [](const World& w, auto& q) {
                                           q.set_name(AccountOf(w));
                                           q.set_reason("not ours");
                                         })},
      {Rpc::kListBankAccounts, seers,
       One<v1::ListBankAccountsRequest>(r,
                                        [](const World& w, auto& q) { q.set_parent(w.merchant); })},
      {Rpc::kGetPayout, seers,
       One<v1::GetPayoutRequest>(r,
                                 [](const World& w, auto& q) { q.set_statement(StatementOf(w)); })},
      {Rpc::kComparePieces, owners,
       One<v1::ComparePiecesRequest>(r,
                                     [moment](const World& w, auto& q) {
                                       q.set_merchant(w.merchant);
                                       *q.mutable_start_time() = moment(0);
                                       q.set_piece_seconds(3'600);
                                       q.set_pieces(24);
                                     })},
      {Rpc::kCompareTransactions, owners,
       One<v1::CompareTransactionsRequest>(r, [moment](const World& w, auto& q) {
         q.set_store(w.store);
         *q.mutable_start_time() = moment(0);
         *q.mutable_end_time() = moment(60);
       })}};
  for (ScopeRow& row : RunRows(r)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace puhui
