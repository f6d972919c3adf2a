// SPDX-License-Identifier: Apache-2.0
#include "services/admin/period_calls.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/engine.h"
#include "services/ledger/period_view.h"
#include "services/rpc/error.h"

#include "absl/types/optional.h"

#include <memory>
#include <utility>

namespace puhui::services {

absl::StatusOr<v1::ClosePeriodResponse> PeriodCalls::Close(
    const CallContext& call, const v1::ClosePeriodRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  const absl::optional<ledger::Period> period = ledger::ParsePeriod(request.period());
  if (!period.has_value()) return InvalidField("period", "want a month as yyyy-mm");
  ledger::Engine& engine = *parts_.ledger.engine;
  ledger::ClosePeriodCommand::Wish wish{.calendar = engine.calendar(),
                                        .person = call.principal().person};
  PUHUI_ASSIGN_OR_RETURN(wish.sums, AddUp(call, *period));
  auto command = std::make_unique<ledger::ClosePeriodCommand>(parts_.views, std::move(wish));
  PUHUI_RETURN_IF_ERROR(Identify(parts_.ledger, call, request, *command));
  PUHUI_RETURN_IF_ERROR(engine.Run(std::move(command), ledger::Priority::kBulk).status());
  // It is closed, by this call or an earlier one, and stays as it is.
  v1::ClosePeriodResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_period(),
                         WholePeriodView(*engine.Read(), *period, engine.calendar()));
  return response;
}

absl::StatusOr<ledger::PeriodSums> PeriodCalls::AddUp(const CallContext& call,
                                                      ledger::Period period) const {
  const ledger::Engine& engine = *parts_.ledger.engine;
  // Before the moment that is read, so that the moment has all its records.
  const ledger::Position durable = engine.durable();
  const std::unique_ptr<ledger::Readable> store = engine.Read();
  PUHUI_ASSIGN_OR_RETURN(const ledger::PeriodStandRow stand, ledger::PeriodStandOf(*store));
  if (ledger::NextToClose(stand) != period || engine.Now() < engine.calendar().EndOf(period)) {
    return ledger::PeriodSums{.period = period};
  }
  PUHUI_ASSIGN_OR_RETURN(
      ledger::PeriodSums sums, ledger::AddUpPeriod(*store, stand, [&] {
        if (call.Cancelled()) return absl::CancelledError("nobody waits for it any more");
        return engine.Now() < call.deadline()
                   ? absl::OkStatus()
                   : absl::DeadlineExceededError("adding up the period takes longer");
      }));
  if (sums.bounds.last > durable.sequence) {
    return ledger::ToStatus({.reason = ledger::Reason::kPeriodChanged,
                             .field = "period",
                             .message = "records of the period were still being written"});
  }
  // As good as signed: the writer vouches for it.
  const ledger::TreeHead head{.size = durable.sequence, .root = durable.root};
  PUHUI_ASSIGN_OR_RETURN(sums.root, parts_.prover->Root(*store, head, sums.bounds.last));
  return sums;
}

}  // namespace puhui::services
