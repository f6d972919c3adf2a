// SPDX-License-Identifier: Apache-2.0
// The months of the ledger, and what they were closed with.
#include "ledger/base/status_macros.h"
#include "ledger/engine/period_close.h"
#include "ledger/storage/typed_reads.h"
#include "services/audit/audit_service.h"
#include "services/audit/audit_wire.h"
#include "services/ledger/names.h"
#include "services/ledger/period_view.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// Requires: it has a year before it.
ledger::Period PeriodBefore(ledger::Period period) {
  return period % 100 == 1 ? (period / 100 - 1) * 100 + 12 : period - 1;
}

}  // namespace

void AuditService::ServePeriodCalls(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kListPeriods, wire_.get(), &Wire::RequestListPeriods,
                      [this](const CallContext& call, const v1::ListPeriodsRequest& asked) {
                        return DoListPeriods(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kGetPeriod, wire_.get(), &Wire::RequestGetPeriod,
                      [this](const CallContext& call, const v1::GetPeriodRequest& asked) {
                        return DoGetPeriod(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListPeriodLines, wire_.get(), &Wire::RequestListPeriodLines,
                      [this](const CallContext& call, const v1::ListPeriodLinesRequest& asked) {
                        return DoListPeriodLines(call, asked);
                      });
}

absl::StatusOr<v1::ListPeriodsResponse> AuditService::DoListPeriods(
    const CallContext& call, const v1::ListPeriodsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const auto from, NumberIn<ledger::Period>(cursor));
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const ledger::PeriodStandRow stand, ledger::PeriodStandOf(*store));
  v1::ListPeriodsResponse response;
  if (stand.period == 0) return response;
  ledger::Period period = from == 0 ? stand.period : from;
  for (; period >= stand.first_period; period = PeriodBefore(period)) {
    if (static_cast<std::size_t>(response.periods_size()) == page_size) {
      response.set_next_page_token(parts_.tokens->Seal(bound, absl::StrCat(period)));
      break;
    }
    PUHUI_ASSIGN_OR_RETURN(*response.add_periods(),
                           PeriodView(*store, stand, period, parts_.engine->calendar()));
  }
  return response;
}

absl::StatusOr<v1::GetPeriodResponse> AuditService::DoGetPeriod(
    const CallContext& call, const v1::GetPeriodRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const ledger::Period period, ParsePeriodName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  v1::GetPeriodResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_period(), WholePeriodView(*parts_.engine->Read(), period,
                                                                     parts_.engine->calendar()));
  return response;
}

absl::StatusOr<v1::ListPeriodLinesResponse> AuditService::DoListPeriodLines(
    const CallContext& call, const v1::ListPeriodLinesRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const ledger::Period period, ParsePeriodName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const auto first, NumberIn<std::uint64_t>(cursor));
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(*store, ledger::kClosedPeriodTable, period));
  if (!row.has_value()) return NotFound("closed period");
  PUHUI_ASSIGN_OR_RETURN(const std::vector<ledger::PeriodBalance> lines,
                         ledger::ReadPeriodLines(*store, *row, first, page_size));
  v1::ListPeriodLinesResponse response;
  Names names(store.get());
  for (const ledger::PeriodBalance& line : lines) {
    v1::PeriodLine& told = *response.add_lines();
    told.set_kind(static_cast<v1::AccountKind>(line.key.first));
    PUHUI_ASSIGN_OR_RETURN(*told.mutable_origin(), names.OfUnion(line.key.second));
    told.set_opening_points(line.opening);
    told.set_debit_points(line.debits);
    told.set_credit_points(line.credits);
    told.set_closing_points(line.closing);
  }
  const std::uint64_t next = first + lines.size();
  if (next < row->lines) {
    response.set_next_page_token(parts_.tokens->Seal(bound, absl::StrCat(next)));
  }
  return response;
}

}  // namespace puhui::services
