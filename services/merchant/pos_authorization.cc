// SPDX-License-Identifier: Apache-2.0
// The service's second half: points that are reserved first.
#include "ledger/base/status_macros.h"
#include "merchant/app/authorization_commands.h"
#include "services/ledger/basket.h"
#include "services/ledger/declined.h"
#include "services/ledger/reference.h"
#include "services/merchant/pos_convert.h"
#include "services/merchant/pos_service.h"
#include "services/merchant/pos_transaction.h"
#include "services/merchant/pos_wire.h"

#include <memory>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// Points of the authorisation that the capture did not take.
std::int64_t ReleasedBy(const journal::v1::Entry& capture) {
  std::int64_t released = 0;
  for (const journal::v1::LotChange& lot : capture.lots()) released += lot.points() - lot.held();
  return released;
}

// A voided authorisation is final, so that reading it later gives the same.
absl::Status BuildVoid(const ledger::Engine& engine, const journal::v1::Record& record,
                       const v1::Till& till, v1::VoidResponse* response) {
  PUHUI_ASSIGN_OR_RETURN(
      Sale sale, FindSale(engine.Latest(), record.entry().voided().authorization(), engine.Now()));
  if (!absl::holds_alternative<v1::Authorization>(sale)) {
    return absl::DataLossError("a voided authorisation is a purchase");
  }
  *response->mutable_authorization() = absl::get<v1::Authorization>(std::move(sale));
  AddVoidReceipt(response->authorization(), till, response->mutable_receipt_lines());
  return absl::OkStatus();
}

}  // namespace

void PosService::ServeAuthorize(Calls& calls) {
  calls.UnaryLater(
      Rpc::kAuthorize, wire_.get(), &Wire::RequestAuthorize,
      [this](const CallContext& call, const v1::AuthorizeRequest& asked,
             v1::AuthorizeResponse* answer, Completion done) {
        RunForCall(
            parts_.ledger, call, asked, ReadAuthorize(call, asked), answer, std::move(done),
            [this, &asked](const ledger::Outcome& outcome, v1::AuthorizeResponse* out) {
              const journal::v1::Record& record = outcome.first();
              if (record.has_declined()) return DeclinedStatus(record.declined());
              RemoveCode(record.entry().authorization().code());
              *out->mutable_authorization() = AuthorizationOf(record, asked.till().terminal());
              AddAuthorizeReceipt(out->authorization(), asked.till(), out->mutable_receipt_lines());
              return absl::OkStatus();
            });
      });
}

void PosService::ServeCapture(Calls& calls) {
  calls.UnaryLater(
      Rpc::kCapture, wire_.get(), &Wire::RequestCapture,
      [this](const CallContext& call, const v1::CaptureRequest& asked, v1::CaptureResponse* answer,
             Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadCapture(call, asked), answer, std::move(done),
                   [&asked](const ledger::Outcome& outcome, v1::CaptureResponse* out) {
                     const journal::v1::Record& record = outcome.first();
                     if (record.has_declined()) return DeclinedStatus(record.declined());
                     *out->mutable_purchase() = PurchaseOf(record, asked.till().terminal());
                     out->set_released_points(ReleasedBy(record.entry()));
                     AddCaptureReceipt(out->purchase(), asked.till(), out->mutable_receipt_lines());
                     return absl::OkStatus();
                   });
      });
}

void PosService::ServeVoid(Calls& calls) {
  calls.UnaryLater(Rpc::kVoid, wire_.get(), &Wire::RequestVoid,
                   [this](const CallContext& call, const v1::VoidRequest& asked,
                          v1::VoidResponse* answer, Completion done) {
                     RunForCall(
                         parts_.ledger, call, asked, ReadVoid(call, asked), answer, std::move(done),
                         [this, &asked](const ledger::Outcome& outcome, v1::VoidResponse* out) {
                           const journal::v1::Record& record = outcome.first();
                           if (record.has_declined()) return DeclinedStatus(record.declined());
                           return BuildVoid(*parts_.ledger.engine, record, asked.till(), out);
                         });
                   });
}

PosService::MaybeCommand PosService::ReadAuthorize(const CallContext& call,
                                                   const v1::AuthorizeRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::TillCall till, ReadTill(request.till()));
  PUHUI_ASSIGN_OR_RETURN(merchant::SpendCommand::Wish wish,
                         ReadWish(PayerOf(request), request.points()));
  wish.accept_partial = request.accept_partial();
  PUHUI_ASSIGN_OR_RETURN(wish.lines, ReadBasket(request.lines(), wish.points));
  PUHUI_ASSIGN_OR_RETURN(const absl::Duration lifetime, ReadLifetime(request));
  PUHUI_RETURN_IF_ERROR(AllowTill(call, till));
  return std::make_unique<merchant::AuthorizeCommand>(parts_.state, std::move(till),
                                                      std::move(wish), lifetime);
}

PosService::MaybeCommand PosService::ReadCapture(const CallContext& call,
                                                 const v1::CaptureRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::TillCall till, ReadTill(request.till()));
  PUHUI_ASSIGN_OR_RETURN(
      const Sequence authorization,
      ParseReference(request.authorization_reference(), "authorization_reference"));
  PUHUI_ASSIGN_OR_RETURN(const Points points, Points::FromRequest(request.points(), "points"));
  PUHUI_ASSIGN_OR_RETURN(std::vector<merchant::LineCapture> lines,
                         ReadCaptureLines(request.lines(), points));
  PUHUI_RETURN_IF_ERROR(AllowTill(call, till));
  return std::make_unique<merchant::CaptureCommand>(parts_.state, std::move(till), authorization,
                                                    points, std::move(lines));
}

PosService::MaybeCommand PosService::ReadVoid(const CallContext& call,
                                              const v1::VoidRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(merchant::TillCall till, ReadTill(request.till()));
  PUHUI_ASSIGN_OR_RETURN(
      const Sequence authorization,
      ParseReference(request.authorization_reference(), "authorization_reference"));
  PUHUI_RETURN_IF_ERROR(AllowTill(call, till));
  return std::make_unique<merchant::VoidCommand>(parts_.state, std::move(till), authorization);
}

}  // namespace puhui::services
