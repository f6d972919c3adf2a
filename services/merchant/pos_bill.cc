// SPDX-License-Identifier: Apache-2.0
// The service's fourth part: bills for members to read and pay.
#include "ledger/base/status_macros.h"
#include "merchant/app/bill_commands.h"
#include "services/ledger/basket.h"
#include "services/ledger/declined.h"
#include "services/merchant/bill_convert.h"
#include "services/merchant/pos_convert.h"
#include "services/merchant/pos_service.h"
#include "services/merchant/pos_wire.h"

#include <memory>
#include <utility>

namespace puhui::services {

void PosService::ServeCreateBill(Calls& calls) {
  calls.UnaryLater(
      Rpc::kCreateBill, wire_.get(), &Wire::RequestCreateBill,
      [this](const CallContext& call, const v1::CreateBillRequest& asked,
             v1::CreateBillResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadCreateBill(call, asked), answer, std::move(done),
                   [this, &asked](const ledger::Outcome& outcome, v1::CreateBillResponse* out) {
                     const journal::v1::Record& record = outcome.first();
                     if (record.has_declined()) return DeclinedStatus(record.declined());
                     *out->mutable_bill() =
                         BillOf(record, merchant::BillState::kOpen, asked.till().terminal());
                     out->set_qr_text(
                         bill_tokens_.TextOf(record.sequence(), record.bill_created().nonce()));
                     return absl::OkStatus();
                   });
      });
}

PosService::MaybeCommand PosService::ReadCreateBill(const CallContext& call,
                                                    const v1::CreateBillRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::TillCall till, ReadTill(request.till()));
  merchant::CreateBillCommand::Wish wish{.accept_partial = request.accept_partial(),
                                         .token = bill_tokens_.Make()};
  PUHUI_ASSIGN_OR_RETURN(wish.points, Points::FromRequest(request.points(), "points"));
  PUHUI_ASSIGN_OR_RETURN(wish.lines, ReadBasket(request.lines(), wish.points));
  PUHUI_ASSIGN_OR_RETURN(wish.lifetime, ReadLifetime(request));
  PUHUI_RETURN_IF_ERROR(AllowTill(call, till));
  return std::make_unique<merchant::CreateBillCommand>(parts_.state, std::move(till),
                                                       std::move(wish));
}

}  // namespace puhui::services
