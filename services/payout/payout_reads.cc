// SPDX-License-Identifier: Apache-2.0
// PayoutService: what is due, and what became of it.
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/payout_queries.h"
#include "merchant/app/statement_queries.h"
#include "services/payout/payout_convert.h"
#include "services/payout/payout_name.h"
#include "services/payout/payout_scope.h"
#include "services/payout/payout_wire.h"
#include "services/rpc/error.h"
#include "services/settlement/statement_name.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using merchant::StatementKey;

// Goes along statements that wait, by merchant and day. Threads: none. Borrows: its parts.
class DueWalk {
 public:
  DueWalk(const PayoutParts& parts, const ledger::Readable& store)
      : parts_(parts), store_(store), names_(&store), now_(parts.clock->Now()) {}

  // Nothing unless the statement is agreed.
  absl::StatusOr<absl::optional<v1::DuePayout>> Describe(const StatementKey& key) {
    PUHUI_RETURN_IF_ERROR(Enter(key.merchant));
    PUHUI_ASSIGN_OR_RETURN(const auto row, merchant::FindStatement(store_, key));
    PUHUI_ASSIGN_OR_RETURN(const auto payout, ledger::Find(store_, merchant::kPayoutTable, key));
    if (!row.has_value() || !payout.has_value()) {
      return absl::DataLossError("a statement that waits is missing");
    }
    if (row->state != merchant::StatementState::kAgreed) return absl::optional<v1::DuePayout>();
    v1::DuePayout due;
    due.set_statement(FormatStatementName(merchant_name_, key.day));
    due.set_attempts(static_cast<std::int32_t>(payout->attempts));
    PUHUI_RETURN_IF_ERROR(Value(key, *row, *payout, &due));
    PUHUI_RETURN_IF_ERROR(DescribeAccount(key, *row, &due));
    return absl::make_optional(std::move(due));
  }

 private:
  absl::Status Enter(MerchantNumber merchant) {
    if (merchant == merchant_) return absl::OkStatus();
    merchant_ = merchant;
    PUHUI_ASSIGN_OR_RETURN(merchant_name_, names_.OfMerchant(merchant));
    PUHUI_ASSIGN_OR_RETURN(auto payee, ledger::Find(store_, merchant::kPayeeTable, merchant));
    if (!payee.has_value()) return absl::DataLossError("a merchant that is paid is missing");
    payee_ = *std::move(payee);
    return absl::OkStatus();
  }

  absl::Status Value(const StatementKey& key, const merchant::StatementRow& row,
                     const merchant::PayoutRow& payout, v1::DuePayout* due) {
    std::int64_t points = 0;
    if (payout.attempts > 0) {
      for (const merchant::OriginSum& sum : payout.sums) points += sum.points;
    } else if (payee_.next_day == key.day) {
      PUHUI_ASSIGN_OR_RETURN(const auto came_to, merchant::CameTo(store_, key, row));
      PUHUI_CHECK(came_to.has_value());  // It is agreed.
      merchant::DuePayout next = merchant::DueOf(*came_to, payee_.carried);
      points = next.Points();
      // As if it were in a run: the day behind it can be in the same.
      payee_.carried = std::move(next.carried);
      payee_.next_day = payout.following;
    } else if (payee_.next_day.has_value()) {
      due->set_waits_for(FormatStatementName(merchant_name_, *payee_.next_day));
    }
    due->set_points(points);
    if (parts_.payer.has_value()) due->set_amount_fen(points * parts_.payer->fen_per_point);
    return absl::OkStatus();
  }

  absl::Status DescribeAccount(const StatementKey& key, const merchant::StatementRow& row,
                               v1::DuePayout* due) const {
    const std::uint32_t number = merchant::AccountAt(payee_.usable, now_);
    if (number == 0) return absl::OkStatus();
    PUHUI_ASSIGN_OR_RETURN(const auto account, ledger::Find(store_, merchant::kBankAccountTable,
                                                            {key.merchant, number}));
    if (!account.has_value()) return absl::DataLossError("a bank account is missing");
    due->set_account_last_four(account->last_four);
    const std::uint32_t agreed =
        merchant::AccountAt(payee_.usable, row.agree_time.value_or(absl::InfinitePast()));
    due->set_account_changed(agreed != 0 && agreed != number);
    return absl::OkStatus();
  }

  const PayoutParts& parts_;
  const ledger::Readable& store_;
  Names names_;
  const absl::Time now_;
  MerchantNumber merchant_{};
  std::string merchant_name_;
  merchant::PayeeRow payee_;
};

}  // namespace

void PayoutService::ServeReads(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kListDuePayouts, wire_.get(), &Wire::RequestListDuePayouts,
                      [this](const CallContext& call, const v1::ListDuePayoutsRequest& asked) {
                        return DoListDue(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kGetPayout, wire_.get(), &Wire::RequestGetPayout,
                      [this](const CallContext& call, const v1::GetPayoutRequest& asked) {
                        return DoGetPayout(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kGetPayoutRun, wire_.get(), &Wire::RequestGetPayoutRun,
                      [this](const CallContext& call, const v1::GetPayoutRunRequest& asked) {
                        return DoGetRun(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListPayoutRuns, wire_.get(), &Wire::RequestListPayoutRuns,
                      [this](const CallContext& call, const v1::ListPayoutRunsRequest& asked) {
                        return DoListRuns(call, asked);
                      });
}

absl::StatusOr<v1::ListDuePayoutsResponse> PayoutService::DoListDue(
    const CallContext& call, const v1::ListDuePayoutsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowPayer(call.principal(), parts_.payer_union));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto rows,
                         ledger::List(*store, merchant::kUnsettledDayTable,
                                      {.from = cursor, .after_from = true}, kRowsPerPageMax));
  v1::ListDuePayoutsResponse response;
  DueWalk walk(parts_, *store);
  std::size_t looked_at = 0;
  for (; looked_at < rows.size(); ++looked_at) {
    if (static_cast<std::size_t>(response.due_payouts_size()) == page_size) break;
    PUHUI_ASSIGN_OR_RETURN(auto due, walk.Describe(rows[looked_at].key));
    if (due.has_value()) *response.add_due_payouts() = *std::move(due);
  }
  if (looked_at > 0 && (looked_at < rows.size() || looked_at == kRowsPerPageMax)) {
    response.set_next_page_token(parts_.tokens->Seal(
        filter, ledger::EncodeKey(ledger::Table::kUnsettledDays, rows[looked_at - 1].key)));
  }
  return response;
}

absl::StatusOr<v1::GetPayoutResponse> PayoutService::DoGetPayout(
    const CallContext& call, const v1::GetPayoutRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const StatementName name,
                         ParseStatementName(request.statement(), "statement"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const SeenPayout seen, SeePayout(parts_, call.principal(), name, *store));
  v1::GetPayoutResponse response;
  if (seen.row.attempts == 0) return response;
  PUHUI_ASSIGN_OR_RETURN(const auto run,
                         ledger::Find(*store, merchant::kPayoutRunTable, seen.row.run));
  const merchant::PaymentKey key{seen.row.run, seen.row.payment};
  PUHUI_ASSIGN_OR_RETURN(const auto payment, ledger::Find(*store, merchant::kPaymentTable, key));
  if (!run.has_value() || !payment.has_value()) {
    return absl::DataLossError("the run of a statement is missing");
  }
  Names names(store.get());
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_payment(),
                         PaymentOf(*store, key, *payment, run->fen_per_point, names));
  response.set_points(response.payment().points());
  response.set_amount_fen(response.payment().amount_fen());
  PUHUI_RETURN_IF_ERROR(AddOrigins(seen.row.carried, names, response.mutable_carried_over()));
  return response;
}

absl::StatusOr<v1::GetPayoutRunResponse> PayoutService::DoGetRun(
    const CallContext& call, const v1::GetPayoutRunRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t run, ParsePayoutRunName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const merchant::PayoutRunRow row,
                         SeeRun(parts_, call.principal(), run, *store));
  v1::GetPayoutRunResponse response;
  *response.mutable_payout_run() = PayoutRunOf(run, row);
  Names names(store.get());
  for (std::uint32_t number = 1; number <= row.payments; ++number) {
    const merchant::PaymentKey key{run, number};
    PUHUI_ASSIGN_OR_RETURN(const auto payment, ledger::Find(*store, merchant::kPaymentTable, key));
    if (!payment.has_value()) return absl::DataLossError("a payment of a run is missing");
    PUHUI_ASSIGN_OR_RETURN(*response.add_payments(),
                           PaymentOf(*store, key, *payment, row.fen_per_point, names));
  }
  return response;
}

absl::StatusOr<v1::ListPayoutRunsResponse> PayoutService::DoListRuns(
    const CallContext& call, const v1::ListPayoutRunsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowPayer(call.principal(), parts_.payer_union));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(
      const auto rows,
      ledger::List(*store, merchant::kPayoutRunTable,
                   {.from = cursor, .after_from = true, .backward = true}, page_size + 1));
  v1::ListPayoutRunsResponse response;
  for (std::size_t i = 0; i < std::min(rows.size(), page_size); ++i) {
    *response.add_payout_runs() = PayoutRunOf(rows[i].key, rows[i].value);
  }
  if (rows.size() > page_size) {
    response.set_next_page_token(parts_.tokens->Seal(
        filter, ledger::EncodeKey(ledger::Table::kPayoutRuns, rows[page_size - 1].key)));
  }
  return response;
}

}  // namespace puhui::services
