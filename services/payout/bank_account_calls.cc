// SPDX-License-Identifier: Apache-2.0
// PayoutService: the accounts that merchants are paid to.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/bank_account_commands.h"
#include "services/bank/bank_party.h"
#include "services/merchant/merchant_fields.h"
#include "services/payout/payout_convert.h"
#include "services/payout/payout_name.h"
#include "services/payout/payout_scope.h"
#include "services/payout/payout_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr std::size_t kLastDigits = 4;

absl::Status CheckAccountNumber(absl::string_view number) {
  if (IsAccountNumber(number)) return absl::OkStatus();
  return InvalidField("account_number", absl::StrCat("want ", kAccountNumberWanted));
}

absl::StatusOr<merchant::BankAccountData> ReadData(const v1::ProposeBankAccountRequest& request) {
  PUHUI_RETURN_IF_ERROR(CheckAccountNumber(request.account_number()));
  if (!IsHolderName(request.holder_name())) {
    return InvalidField("holder_name", absl::StrCat("want ", kHolderNameWanted));
  }
  if (!IsBankCode(request.bank_code())) {
    return InvalidField("bank_code", absl::StrCat("want ", kBankCodeWanted));
  }
  return merchant::BankAccountData{.account_number = request.account_number(),
                                   .holder_name = request.holder_name(),
                                   .bank_code = request.bank_code()};
}

// As the record has it, so that a repeated call gets the same.
v1::BankAccount Proposed(const journal::v1::Record& record, absl::string_view merchant_name) {
  const journal::v1::BankAccountProposed& proposed = record.bank_account_proposed();
  return BankAccountOf(merchant_name, proposed.number(),
                       {.last_four = proposed.last_four(),
                        .commitment = ledger::HashFromBytes(proposed.commitment()),
                        .create_time = absl::FromUnixMicros(record.time_micros()),
                        .proposer = proposed.person()});
}

// What never changes of the account, and what the record decided.
absl::StatusOr<v1::BankAccount> Decided(const ledger::Readable& store,
                                        const journal::v1::Record& record,
                                        absl::string_view merchant_name) {
  const journal::v1::BankAccountDecided& decided = record.bank_account_decided();
  PUHUI_ASSIGN_OR_RETURN(auto row,
                         ledger::Find(store, merchant::kBankAccountTable,
                                      {MerchantNumber{decided.merchant()}, decided.number()}));
  if (!row.has_value()) return absl::DataLossError("a bank account is missing");
  row->state = decided.confirmed() ? merchant::BankAccountState::kConfirmed
                                   : merchant::BankAccountState::kRejected;
  row->decide_time = absl::FromUnixMicros(record.time_micros());
  row->decider = decided.person();
  row->reason = decided.reason();
  row->use_time.reset();
  if (decided.confirmed()) row->use_time = absl::FromUnixMicros(decided.use_micros());
  return BankAccountOf(merchant_name, decided.number(), *row);
}

}  // namespace

void PayoutService::ServeBankAccounts(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kProposeBankAccount, wire_.get(), &Wire::RequestProposeBankAccount,
                      [this](const CallContext& call, const v1::ProposeBankAccountRequest& asked) {
                        return DoPropose(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kConfirmBankAccount, wire_.get(), &Wire::RequestConfirmBankAccount,
                      [this](const CallContext& call, const v1::ConfirmBankAccountRequest& asked) {
                        return DoConfirm(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kRejectBankAccount, wire_.get(), &Wire::RequestRejectBankAccount,
                      [this](const CallContext& call, const v1::RejectBankAccountRequest& asked) {
                        return DoReject(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListBankAccounts, wire_.get(), &Wire::RequestListBankAccounts,
                      [this](const CallContext& call, const v1::ListBankAccountsRequest& asked) {
                        return DoListAccounts(call, asked);
                      });
}

absl::StatusOr<v1::ProposeBankAccountResponse> PayoutService::DoPropose(
    const CallContext& call, const v1::ProposeBankAccountRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const merchant::BankAccountData data, ReadData(request));
  PUHUI_RETURN_IF_ERROR(AllowPayout(call.principal(), id, parts_.payer_union));
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      Run(call, request,
          std::make_unique<merchant::ProposeBankAccountCommand>(
              parts_.tables,
              merchant::ProposeBankAccountCommand::Wish{
                  .merchant = id,
                  .account = parts_.vault->Seal(data),
                  .last_four = data.account_number.substr(data.account_number.size() - kLastDigits),
                  .person = call.principal().person})));
  v1::ProposeBankAccountResponse response;
  *response.mutable_bank_account() = Proposed(outcome.first(), FormatMerchantName(id));
  return response;
}

absl::StatusOr<v1::ConfirmBankAccountResponse> PayoutService::DoConfirm(
    const CallContext& call, const v1::ConfirmBankAccountRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const BankAccountName name, ParseBankAccountName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckAccountNumber(request.account_number()));
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  const auto payee = SeePayee(parts_, call.principal(), name.merchant_id, store);
  if (absl::IsNotFound(payee.status())) return NotFound("bank account");
  if (!payee.ok()) return payee.status();
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, merchant::kBankAccountTable,
                                                      {payee->number, name.number}));
  if (!row.has_value()) return NotFound("bank account");
  // Whether it may be confirmed at all is for the command to say. One that was rejected is out of
  // the vault, or about to be.
  PUHUI_ASSIGN_OR_RETURN(const auto sealed, ledger::Find(store, merchant::kBankDataTable,
                                                         merchant::BankDataKey(row->commitment)));
  bool said_alike = false;
  if (sealed.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const merchant::BankAccountData data,
                           parts_.vault->Open(row->commitment, *sealed));
    said_alike = ledger::ConstantTimeEqual(data.account_number, request.account_number());
  }
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         Run(call, request,
                             std::make_unique<merchant::ConfirmBankAccountCommand>(
                                 parts_.tables, merchant::ConfirmBankAccountCommand::Wish{
                                                    .merchant = name.merchant_id,
                                                    .number = name.number,
                                                    .said_alike = said_alike,
                                                    .cooling = parts_.cooling,
                                                    .person = call.principal().person})));
  v1::ConfirmBankAccountResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_bank_account(),
                         Decided(parts_.ledger.engine->Latest(), outcome.first(), payee->name));
  return response;
}

absl::StatusOr<v1::RejectBankAccountResponse> PayoutService::DoReject(
    const CallContext& call, const v1::RejectBankAccountRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const BankAccountName name, ParseBankAccountName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  if (!AllowPayout(call.principal(), name.merchant_id, parts_.payer_union).ok()) {
    return NotFound("bank account");
  }
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         Run(call, request,
                             std::make_unique<merchant::RejectBankAccountCommand>(
                                 parts_.tables, merchant::RejectBankAccountCommand::Wish{
                                                    .merchant = name.merchant_id,
                                                    .number = name.number,
                                                    .reason = request.reason(),
                                                    .person = call.principal().person})));
  v1::RejectBankAccountResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_bank_account(),
                         Decided(parts_.ledger.engine->Latest(), outcome.first(),
                                 FormatMerchantName(name.merchant_id)));
  return response;
}

absl::StatusOr<v1::ListBankAccountsResponse> PayoutService::DoListAccounts(
    const CallContext& call, const v1::ListBankAccountsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenPayee payee, SeePayee(parts_, call.principal(), id, *store));
  ledger::Range range{.prefix = ledger::EncodeKeyPrefix(ledger::Table::kBankAccounts, payee.number),
                      .after_from = true,
                      .backward = true};
  if (!cursor.empty()) {
    merchant::BankAccountKey last{.merchant = payee.number};
    PUHUI_ASSIGN_OR_RETURN(last.number, NumberIn<decltype(last.number)>(cursor));
    range.from = ledger::EncodeKey(ledger::Table::kBankAccounts, last);
  }
  PUHUI_ASSIGN_OR_RETURN(const auto rows, ledger::List(*store, merchant::kBankAccountTable,
                                                       std::move(range), page_size + 1));
  v1::ListBankAccountsResponse response;
  const std::uint32_t in_use = merchant::AccountAt(payee.row.usable, parts_.clock->Now());
  for (std::size_t i = 0; i < std::min(rows.size(), page_size); ++i) {
    v1::BankAccount& account = *response.add_bank_accounts();
    account = BankAccountOf(payee.name, rows[i].key.number, rows[i].value);
    account.set_in_use(rows[i].key.number == in_use);
  }
  if (rows.size() > page_size) {
    response.set_next_page_token(
        parts_.tokens->Seal(filter, absl::StrCat(rows[page_size - 1].key.number)));
  }
  return response;
}

}  // namespace puhui::services
