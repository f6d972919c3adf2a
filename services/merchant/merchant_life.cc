// SPDX-License-Identifier: Apache-2.0
// MerchantService: what becomes of merchants, and what they agree to.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/merchant_life_commands.h"
#include "merchant/app/queries.h"
#include "services/ledger/names.h"
#include "services/merchant/merchant_convert.h"
#include "services/merchant/merchant_fields.h"
#include "services/merchant/merchant_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include <memory>
#include <utility>

namespace puhui::services {
namespace {

// The moments of the days, of which the last one is wholly in force.
absl::Status ReadDays(const v1::SetAgreementRequest& request, absl::TimeZone zone,
                      merchant::SetAgreementCommand::Wish* wish) {
  absl::optional<absl::CivilDay> first;
  if (!request.first_day().empty()) {
    PUHUI_ASSIGN_OR_RETURN(first, ReadDay(request.first_day(), "first_day"));
    wish->start = absl::FromCivil(*first, zone);
  }
  if (request.last_day().empty()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const absl::CivilDay last, ReadDay(request.last_day(), "last_day"));
  if (first.has_value() && last < *first) {
    return InvalidField("last_day", "want a day that is not before the first");
  }
  wish->agreement.end = absl::FromCivil(last + 1, zone);
  return absl::OkStatus();
}

// What never changes of the merchant, and where the record says that it stands now: a repeated call
// gets the same answer.
absl::Status AnswerMerchant(const ledger::Readable& store, const journal::v1::Record& record,
                            v1::Merchant* out) {
  const journal::v1::MerchantStateChanged& changed = record.merchant_state_changed();
  PUHUI_ASSIGN_OR_RETURN(merchant::MerchantRow row,
                         merchant::MerchantByNumber(store, MerchantNumber{changed.merchant()}));
  row.state = static_cast<merchant::MerchantState>(changed.state());
  row.close_time = absl::nullopt;
  row.agreements.clear();
  if (row.state == merchant::MerchantState::kClosed) {
    row.close_time = absl::FromUnixMicros(record.time_micros());
  }
  *out = MerchantOf(row);
  return absl::OkStatus();
}

}  // namespace

template <class Request, class Response, class Method>
void MerchantService::ServeChange(Calls& calls, Rpc rpc, Method method,
                                  merchant::MerchantState state) {
  calls.UnaryLater(rpc, wire_.get(), method,
                   [this, state](const CallContext& call, const Request& asked, Response* answer,
                                 Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadChange(call, asked, state), answer,
                                std::move(done),
                                [this](const ledger::Outcome& outcome, Response* out) {
                                  return AnswerMerchant(parts_.ledger.engine->Latest(),
                                                        outcome.first(), out->mutable_merchant());
                                });
                   });
}

void MerchantService::ServeLife(Calls& calls) {
  calls.UnaryLater(
      Rpc::kSetAgreement, wire_.get(), &Wire::RequestSetAgreement,
      [this](const CallContext& call, const v1::SetAgreementRequest& asked,
             v1::SetAgreementResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadAgreement(call, asked), answer, std::move(done),
                   [](const ledger::Outcome& outcome, v1::SetAgreementResponse* out) {
                     *out->mutable_agreement() = AgreementOf(outcome.first().agreement_made());
                     return absl::OkStatus();
                   });
      });
  using enum merchant::MerchantState;
  ServeChange<v1::SuspendMerchantRequest, v1::SuspendMerchantResponse>(
      calls, Rpc::kSuspendMerchant, &Wire::RequestSuspendMerchant, kSuspended);
  ServeChange<v1::ResumeMerchantRequest, v1::ResumeMerchantResponse>(
      calls, Rpc::kResumeMerchant, &Wire::RequestResumeMerchant, kActive);
  ServeChange<v1::CloseMerchantRequest, v1::CloseMerchantResponse>(
      calls, Rpc::kCloseMerchant, &Wire::RequestCloseMerchant, kClosed);
}

MerchantService::MaybeCommand MerchantService::ReadAgreement(
    const CallContext& call, const v1::SetAgreementRequest& request) const {
  merchant::SetAgreementCommand::Wish wish{.person = call.principal().person};
  PUHUI_ASSIGN_OR_RETURN(wish.merchant, ParseMerchantName(request.merchant(), "merchant"));
  PUHUI_RETURN_IF_ERROR(ReadDays(request, parts_.zone, &wish));
  PUHUI_ASSIGN_OR_RETURN(wish.agreement.fee,
                         BasisPoints::FromRequest(request.fee_basis_points(), "fee_basis_points"));
  PUHUI_ASSIGN_OR_RETURN(
      wish.agreement.discount,
      BasisPoints::FromRequest(request.discount_basis_points(), "discount_basis_points"));
  PUHUI_RETURN_IF_ERROR(BasisPoints::FromRequest(std::int64_t{request.fee_basis_points()} +
                                                     request.discount_basis_points(),
                                                 "discount_basis_points")
                            .status());
  if (request.settlement_days() > kSettlementDaysMax) {
    return InvalidField("settlement_days", absl::StrCat("want 0 to ", kSettlementDaysMax, ", got ",
                                                        request.settlement_days()));
  }
  wish.agreement.settlement_days = request.settlement_days();
  wish.agreement.goods_named = request.goods_named();
  return std::make_unique<merchant::SetAgreementCommand>(parts_.tables, std::move(wish));
}

template <class Request>
MerchantService::MaybeCommand MerchantService::ReadChange(const CallContext& call,
                                                          const Request& request,
                                                          merchant::MerchantState state) const {
  merchant::ChangeMerchantStateCommand::Wish wish{
      .state = state, .reason = request.reason(), .person = call.principal().person};
  PUHUI_ASSIGN_OR_RETURN(wish.merchant, ParseMerchantName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  return std::make_unique<merchant::ChangeMerchantStateCommand>(parts_.tables, std::move(wish));
}

}  // namespace puhui::services
