// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/bill_convert.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/queries.h"
#include "services/ledger/basket.h"
#include "services/ledger/names.h"
#include "services/ledger/reference.h"
#include "services/rpc/timestamp.h"

#include <string>

namespace puhui::services {

v1::Bill BillOf(const journal::v1::Record& record, merchant::BillState state,
                absl::string_view terminal) {
  const journal::v1::BillCreated& created = record.bill_created();
  v1::Bill bill;
  bill.set_retrieval_reference(FormatReference(record.sequence()));
  bill.set_points(created.points());
  bill.set_state(static_cast<v1::BillState>(state));
  *bill.mutable_create_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  *bill.mutable_expire_time() = ToTimestamp(absl::FromUnixMicros(created.expire_time_micros()));
  bill.set_terminal(std::string(terminal));
  bill.set_batch_number(created.till().batch_number());
  bill.set_trace_number(created.till().trace_number());
  bill.set_accept_partial(created.accept_partial());
  for (const journal::v1::BasketLine& line : created.lines()) {
    *bill.add_lines() = BasketLineOf(
        {.category = line.category(), .region = line.region(), .points = line.points()});
  }
  return bill;
}

absl::StatusOr<v1::Bill> FindBill(const ledger::Readable& store, const journal::v1::Record& record,
                                  absl::Time now) {
  const journal::v1::BillCreated& created = record.bill_created();
  const TerminalNumber terminal{created.till().terminal()};
  PUHUI_ASSIGN_OR_RETURN(const auto call,
                         merchant::FindTillCall(store, {terminal, created.till().batch_number(),
                                                        created.till().trace_number()}));
  if (!call.has_value()) return absl::DataLossError("the call that presented a bill is missing");
  PUHUI_ASSIGN_OR_RETURN(const std::string name, Names(&store).OfTerminal(terminal));
  const absl::Time expiry = absl::FromUnixMicros(created.expire_time_micros());
  return BillOf(record, merchant::BillStateAt(call->outcome, expiry, now), name);
}

}  // namespace puhui::services
