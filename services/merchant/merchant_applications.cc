// SPDX-License-Identifier: Apache-2.0
// MerchantService: who wants to sell, and what was decided.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/merchant_application_commands.h"
#include "merchant/app/queries.h"
#include "services/merchant/merchant_convert.h"
#include "services/merchant/merchant_fields.h"
#include "services/merchant/merchant_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <utility>

namespace puhui::services {
namespace {

// What never changes of the merchant, and what the record says was decided: a repeated call gets
// the same answer.
absl::Status AnswerDecided(const ledger::Readable& store, const journal::v1::Record& record,
                           v1::Merchant* out) {
  const journal::v1::MerchantDecided& decided = record.merchant_decided();
  PUHUI_ASSIGN_OR_RETURN(merchant::MerchantRow row,
                         merchant::MerchantByNumber(store, MerchantNumber{decided.merchant()}));
  row.state =
      decided.accepted() ? merchant::MerchantState::kActive : merchant::MerchantState::kRejected;
  row.close_time = absl::nullopt;
  row.agreements.clear();
  *out = MerchantOf(row);
  return absl::OkStatus();
}

absl::Status CheckDecision(const v1::DecideMerchantRequest& request) {
  using Decide = v1::DecideMerchantRequest;
  if (request.decision() != Decide::DECISION_ACCEPT &&
      request.decision() != Decide::DECISION_REJECT) {
    return InvalidField("decision", "want ACCEPT or REJECT");
  }
  const bool rejects = request.decision() == Decide::DECISION_REJECT;
  if (rejects || !request.reason().empty()) {
    PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  }
  if (!rejects) return absl::OkStatus();
  if (request.fee_basis_points() != 0) {
    return InvalidField("fee_basis_points", "want none of a merchant that is rejected");
  }
  if (request.balance_shown()) {
    return InvalidField("balance_shown", "want none of a merchant that is rejected");
  }
  if (request.goods_named()) {
    return InvalidField("goods_named", "want none of a merchant that is rejected");
  }
  return absl::OkStatus();
}

// Where a page ended: the number of the last merchant that was looked at.
absl::StatusOr<ledger::Range> Behind(absl::string_view cursor) {
  ledger::Range range;
  if (cursor.empty()) return range;
  PUHUI_ASSIGN_OR_RETURN(const auto number, NumberIn<std::uint32_t>(cursor));
  range.from = ledger::EncodeKey(merchant::kMerchantTable.id, MerchantNumber{number});
  range.after_from = true;
  return range;
}

}  // namespace

void MerchantService::ServeApplications(Calls& calls) {
  calls.UnaryLater(Rpc::kApplyMerchant, wire_.get(), &Wire::RequestApplyMerchant,
                   [this](const CallContext& call, const v1::ApplyMerchantRequest& asked,
                          v1::ApplyMerchantResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadApply(call, asked), answer,
                                std::move(done),
                                [](const ledger::Outcome& outcome, v1::ApplyMerchantResponse* out) {
                                  *out->mutable_merchant() = MerchantOf(outcome.first());
                                  return absl::OkStatus();
                                });
                   });
  calls.UnaryLater(
      Rpc::kDecideMerchant, wire_.get(), &Wire::RequestDecideMerchant,
      [this](const CallContext& call, const v1::DecideMerchantRequest& asked,
             v1::DecideMerchantResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadDecide(call, asked), answer, std::move(done),
                   [this](const ledger::Outcome& outcome, v1::DecideMerchantResponse* out) {
                     return AnswerDecided(parts_.ledger.engine->Latest(), outcome.first(),
                                          out->mutable_merchant());
                   });
      });
  calls.UnaryOnWorker(Rpc::kListMerchants, wire_.get(), &Wire::RequestListMerchants,
                      [this](const CallContext& call, const v1::ListMerchantsRequest& asked) {
                        return DoListMerchants(call, asked);
                      });
}

MerchantService::MaybeCommand MerchantService::ReadApply(
    const CallContext& call, const v1::ApplyMerchantRequest& request) const {
  merchant::ApplyMerchantCommand::Wish wish{.person = call.principal().person};
  PUHUI_ASSIGN_OR_RETURN(wish.id, MerchantId::Parse(request.merchant_id(), "merchant_id"));
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(request.display_name(), "display_name"));
  wish.display_name = request.display_name();
  PUHUI_ASSIGN_OR_RETURN(wish.category, ReadCategory(request.category()));
  return std::make_unique<merchant::ApplyMerchantCommand>(parts_.tables, std::move(wish));
}

MerchantService::MaybeCommand MerchantService::ReadDecide(
    const CallContext& call, const v1::DecideMerchantRequest& request) const {
  merchant::DecideMerchantCommand::Wish wish{
      .accept = request.decision() == v1::DecideMerchantRequest::DECISION_ACCEPT,
      .reason = request.reason(),
      .balance_shown = request.balance_shown(),
      .goods_named = request.goods_named(),
      .person = call.principal().person};
  PUHUI_ASSIGN_OR_RETURN(wish.merchant, ParseMerchantName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckDecision(request));
  PUHUI_ASSIGN_OR_RETURN(wish.fee_rate,
                         BasisPoints::FromRequest(request.fee_basis_points(), "fee_basis_points"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  return std::make_unique<merchant::DecideMerchantCommand>(parts_.tables, std::move(wish));
}

absl::StatusOr<v1::ListMerchantsResponse> MerchantService::DoListMerchants(
    const CallContext& call, const v1::ListMerchantsRequest& request) const {
  if (!v1::MerchantState_IsValid(request.state())) return InvalidField("state", "want a state");
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(ledger::Range range, Behind(cursor));
  const bool all = request.state() == v1::MERCHANT_STATE_UNSPECIFIED;
  const std::size_t looked_at_max = all ? page_size : kRowsPerPageMax;
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto rows, ledger::List(*store, merchant::kMerchantTable,
                                                       std::move(range), looked_at_max));
  v1::ListMerchantsResponse response;
  std::size_t looked_at = 0;
  for (; looked_at < rows.size(); ++looked_at) {
    if (static_cast<std::size_t>(response.merchants_size()) == page_size) break;
    v1::Merchant shown = MerchantOf(rows[looked_at].value);
    if (!all && shown.state() != request.state()) continue;
    shown.clear_agreements();
    *response.add_merchants() = std::move(shown);
  }
  if (looked_at < rows.size() || looked_at == looked_at_max) {
    const auto number = static_cast<std::uint32_t>(rows[looked_at - 1].key);
    response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(number)));
  }
  return response;
}

}  // namespace puhui::services
