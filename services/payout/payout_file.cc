// SPDX-License-Identifier: Apache-2.0
#include "services/payout/payout_file.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "services/ledger/names.h"
#include "services/settlement/statement_name.h"

#include <utility>

namespace puhui::services {
namespace {

// The run, and what a point of it is worth.
struct Paying {
  std::uint32_t run;
  std::uint32_t fen_per_point;
};

absl::StatusOr<CreditTransfer> TransferOf(const PayoutParts& parts, const ledger::Readable& store,
                                          const Paying& paying, const merchant::PaymentRow& payment,
                                          Names& names) {
  const merchant::StatementKey& statement = payment.statement;
  PUHUI_ASSIGN_OR_RETURN(const auto account, ledger::Find(store, merchant::kBankAccountTable,
                                                          {statement.merchant, payment.account}));
  if (!account.has_value()) return absl::DataLossError("the account of a payment is missing");
  PUHUI_ASSIGN_OR_RETURN(merchant::BankAccountData data,
                         parts.vault->Read(store, account->commitment));
  PUHUI_ASSIGN_OR_RETURN(const std::string merchant_name, names.OfMerchant(statement.merchant));
  return CreditTransfer{
      .end_to_end_id = merchant::EndToEndId(paying.run, statement.merchant, statement.day),
      .amount_fen = payment.points * paying.fen_per_point,
      .creditor = {.name = std::move(data.holder_name),
                   .account_number = std::move(data.account_number),
                   .bank_code = std::move(data.bank_code)},
      .remark = FormatStatementName(merchant_name, statement.day)};
}

}  // namespace

absl::StatusOr<std::string> WritePayoutFile(const PayoutParts& parts, const ledger::Readable& store,
                                            std::uint32_t run, const merchant::PayoutRunRow& row,
                                            absl::CivilDay execution_day) {
  PUHUI_CHECK(parts.payer.has_value() && row.approve_time.has_value());
  PaymentFile file{.message_id = row.message_id,
                   .create_time = *row.approve_time,
                   .execution_day = execution_day,
                   .payer = parts.payer->account};
  Names names(&store);
  for (std::uint32_t number = 1; number <= row.payments; ++number) {
    PUHUI_ASSIGN_OR_RETURN(const auto payment,
                           ledger::Find(store, merchant::kPaymentTable, {run, number}));
    if (!payment.has_value()) return absl::DataLossError("a payment of a run is missing");
    if (payment->state == merchant::PaymentState::kNothingDue) continue;
    PUHUI_ASSIGN_OR_RETURN(CreditTransfer transfer,
                           TransferOf(parts, store, {run, row.fen_per_point}, *payment, names));
    file.transfers.push_back(std::move(transfer));
  }
  return WritePain001(file);
}

}  // namespace puhui::services
