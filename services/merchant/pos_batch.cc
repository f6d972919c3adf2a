// SPDX-License-Identifier: Apache-2.0
// The service's third part: the end of a till's day.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/batch_commands.h"
#include "merchant/app/queries.h"
#include "services/merchant/batch_convert.h"
#include "services/merchant/pos_convert.h"
#include "services/merchant/pos_service.h"
#include "services/merchant/pos_transaction.h"
#include "services/merchant/pos_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include <limits>
#include <memory>
#include <utility>

namespace puhui::services {
namespace {

// The terminal that `name` names. Refuses: kUnknownTerminal.
absl::StatusOr<TerminalNumber> TerminalIn(const ledger::Readable& store, const TerminalName& name) {
  PUHUI_ASSIGN_OR_RETURN(const auto terminal, merchant::FindTerminal(store, name.merchant_id.text(),
                                                                     name.terminal_id.text()));
  if (terminal.has_value()) return *terminal;
  return ledger::ToStatus({.reason = ledger::Reason::kUnknownTerminal, .field = "terminal"});
}

absl::Status CheckBatchNumber(std::uint32_t number) {
  if (number > 0) return absl::OkStatus();
  return InvalidField("batch_number", "want a number from 1, got 0");
}

// The batch stays open: in what the totals differ and, when the till listed its calls, in which.
absl::Status BuildOpen(const ledger::Readable& store, const merchant::BatchKey& batch,
                       const merchant::BatchTotals& totals, const v1::CloseBatchRequest& request,
                       v1::CloseBatchResponse* response) {
  AddTotals(totals, response->mutable_totals());
  if (request.calls().empty()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const merchant::BatchRange range, ReadRange(request, batch));
  PUHUI_ASSIGN_OR_RETURN(const auto calls,
                         merchant::ListBatchCalls(store, range, kBatchCallsListedMax));
  if (!calls.has_value()) {
    return InvalidField("last_trace_number",
                        absl::StrCat("want a part with at most ", kBatchCallsListedMax,
                                     " calls here, got more; ask for a smaller one"));
  }
  *response->mutable_difference() = CompareCalls(*calls, request);
  return absl::OkStatus();
}

void BuildClosed(const journal::v1::Record& record, absl::Time close_time,
                 v1::CloseBatchResponse* response) {
  const journal::v1::BatchClosed& closed = record.batch_closed();
  response->set_closed(true);
  const merchant::BatchTotals counted = TotalsOf(closed.counted());
  AddTotals(counted, response->mutable_totals());
  response->set_agreed(counted == TotalsOf(closed.told()));
  const bool is_last = closed.batch_number() == std::numeric_limits<std::uint32_t>::max();
  response->set_next_batch_number(is_last ? 1 : closed.batch_number() + 1);
  *response->mutable_close_time() = ToTimestamp(close_time);
}

}  // namespace

void PosService::ServeGetTotals(Calls& calls) {
  calls.Unary(Rpc::kGetTotals, wire_.get(), &Wire::RequestGetTotals,
              [this](const CallContext& call, const v1::GetTotalsRequest& asked) {
                return DoGetTotals(call, asked);
              });
}

absl::StatusOr<v1::GetTotalsResponse> PosService::DoGetTotals(
    const CallContext& call, const v1::GetTotalsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const TerminalName name,
                         ParseTerminalName(request.terminal(), "terminal"));
  PUHUI_RETURN_IF_ERROR(CheckBatchNumber(request.batch_number()));
  PUHUI_RETURN_IF_ERROR(AllowTerminal(call.principal(), name.merchant_id, name.terminal_id));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const TerminalNumber terminal, TerminalIn(*store, name));
  PUHUI_RETURN_IF_ERROR(CheckNotRetired(*store, terminal, call.principal()));
  PUHUI_ASSIGN_OR_RETURN(const merchant::BatchRow row,
                         merchant::FindBatch(*store, {terminal, request.batch_number()}));
  v1::GetTotalsResponse response;
  AddTotals(row.totals, response.mutable_totals());
  response.set_closed(row.closed != 0);
  return response;
}

// What is told of a batch that stays open is not an outcome: the same call closes it once totals
// agree.
void PosService::ServeCloseBatch(Calls& calls) {
  calls.UnaryLater(
      Rpc::kCloseBatch, wire_.get(), &Wire::RequestCloseBatch,
      [this](const CallContext& call, const v1::CloseBatchRequest& asked,
             v1::CloseBatchResponse* answer, Completion done) {
        auto wish = ReadCloseBatch(asked);
        absl::Status status = wish.status();
        if (status.ok()) status = AllowTerminal(call.principal(), wish->merchant, wish->terminal);
        if (status.ok()) {
          wish->by_terminal = call.principal().role == Role::kTerminal;
          const absl::StatusOr<bool> stays_open = DescribeOpenBatch(call, *wish, asked, answer);
          if (stays_open.ok() && *stays_open) return done(absl::OkStatus());
          status = stays_open.status();
        }
        const auto command = [&]() -> MaybeCommand {
          if (!status.ok()) return status;
          return std::make_unique<merchant::CloseBatchCommand>(parts_.state.tables,
                                                               *std::move(wish));
        };
        RunForCall(parts_.ledger, call, asked, command(), answer, std::move(done),
                   [this](const ledger::Outcome& outcome, v1::CloseBatchResponse* out) {
                     return BuildCloseBatch(outcome.first(), out);
                   });
      });
}

absl::StatusOr<bool> PosService::DescribeOpenBatch(const CallContext& call,
                                                   const merchant::CloseBatchCommand::Wish& wish,
                                                   const v1::CloseBatchRequest& request,
                                                   v1::CloseBatchResponse* response) const {
  PUHUI_ASSIGN_OR_RETURN(const RequestId id, ParseRequestId(request.request_id()));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto terminal, merchant::FindTerminal(*store, wish.merchant.text(),
                                                                     wish.terminal.text()));
  if (!terminal.has_value()) return false;  // The command says so.
  // A repeated call is answered first, whatever became of the terminal; then the command refuses.
  PUHUI_ASSIGN_OR_RETURN(const bool answered, WasAnswered(*store, call.principal().caller, id));
  PUHUI_ASSIGN_OR_RETURN(const merchant::TerminalRow asking,
                         merchant::TerminalByNumber(*store, *terminal));
  const bool is_active = asking.state == merchant::TerminalState::kActive;
  if (answered || (wish.by_terminal && !is_active)) return false;
  const merchant::BatchKey batch{*terminal, wish.batch_number};
  PUHUI_ASSIGN_OR_RETURN(const merchant::BatchRow row, merchant::FindBatch(*store, batch));
  if (row.closed != 0 || row.totals == wish.told || wish.accept_difference) return false;
  PUHUI_RETURN_IF_ERROR(BuildOpen(*store, batch, row.totals, request, response));
  return true;
}

// A batch that was closed before was closed then.
absl::Status PosService::BuildCloseBatch(const journal::v1::Record& record,
                                         v1::CloseBatchResponse* response) const {
  const journal::v1::BatchClosed& closed = record.batch_closed();
  PUHUI_ASSIGN_OR_RETURN(
      const merchant::BatchRow row,
      merchant::FindBatch(parts_.ledger.engine->Latest(),
                          {TerminalNumber{closed.terminal()}, closed.batch_number()}));
  BuildClosed(record, row.close_time, response);
  return absl::OkStatus();
}

}  // namespace puhui::services
