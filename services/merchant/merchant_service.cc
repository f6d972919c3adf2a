// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/merchant_service.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/queries.h"
#include "services/merchant/merchant_convert.h"
#include "services/merchant/merchant_fields.h"
#include "services/merchant/merchant_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::services {

MerchantService::MerchantService(Parts parts)
    : parts_(std::move(parts)), wire_(std::make_unique<Wire>()) {}

MerchantService::~MerchantService() = default;

void MerchantService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeRegisterMerchant(calls);
  ServeGetMerchant(calls);
  ServeCreateStore(calls);
  ServeLocateStore(calls);
  ServeApplications(calls);
  ServeEnrolment(calls);
  ServeLife(calls);
  ServeTerminalLife(calls);
}

void MerchantService::ServeRegisterMerchant(Calls& calls) {
  calls.UnaryLater(Rpc::kRegisterMerchant, wire_.get(), &Wire::RequestRegisterMerchant,
                   [this](const CallContext& call, const v1::RegisterMerchantRequest& asked,
                          v1::RegisterMerchantResponse* answer, Completion done) {
                     RunForCall(
                         parts_.ledger, call, asked, ReadRegister(asked), answer, std::move(done),
                         [](const ledger::Outcome& outcome, v1::RegisterMerchantResponse* out) {
                           *out->mutable_merchant() = MerchantOf(outcome.first());
                           return absl::OkStatus();
                         });
                   });
}

void MerchantService::ServeGetMerchant(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetMerchant, wire_.get(), &Wire::RequestGetMerchant,
                      [this](const CallContext& call, const v1::GetMerchantRequest& asked) {
                        return DoGetMerchant(call, asked);
                      });
}

void MerchantService::ServeCreateStore(Calls& calls) {
  calls.UnaryLater(
      Rpc::kCreateStore, wire_.get(), &Wire::RequestCreateStore,
      [this](const CallContext& call, const v1::CreateStoreRequest& asked,
             v1::CreateStoreResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadCreateStore(call, asked), answer,
                   std::move(done),
                   [&asked](const ledger::Outcome& outcome, v1::CreateStoreResponse* out) {
                     const journal::v1::StoreCreated& created = outcome.first().store_created();
                     *out->mutable_store() = StoreOf(asked.parent(), created.id(),
                                                     {.display_name = created.display_name(),
                                                      .region = created.region(),
                                                      .time_zone = created.time_zone()});
                     return absl::OkStatus();
                   });
      });
}

MerchantService::MaybeCommand MerchantService::ReadRegister(
    const v1::RegisterMerchantRequest& request) const {
  merchant::RegisterMerchantCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.id, MerchantId::Parse(request.merchant_id(), "merchant_id"));
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(request.display_name(), "display_name"));
  wish.display_name = request.display_name();
  wish.balance_shown = request.balance_shown();
  wish.goods_named = request.goods_named();
  wish.time_zone = request.time_zone().empty() ? parts_.zone.name() : request.time_zone();
  PUHUI_RETURN_IF_ERROR(CheckTimeZone(wish.time_zone, "time_zone"));
  PUHUI_ASSIGN_OR_RETURN(wish.category, ReadCategory(request.category()));
  PUHUI_ASSIGN_OR_RETURN(wish.fee_rate,
                         BasisPoints::FromRequest(request.fee_basis_points(), "fee_basis_points"));
  return std::make_unique<merchant::RegisterMerchantCommand>(parts_.tables, std::move(wish));
}

absl::StatusOr<std::uint32_t> MerchantService::ReadCategory(absl::string_view category) const {
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t code, ParseCategory(category, "category"));
  if (parts_.categories.Allows(code)) return code;
  return InvalidField("category", "want a category of the deployment's list");
}

MerchantService::MaybeCommand MerchantService::ReadCreateStore(
    const CallContext& call, const v1::CreateStoreRequest& request) const {
  merchant::CreateStoreCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.merchant, ParseMerchantName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(wish.id, StoreId::Parse(request.store_id(), "store_id"));
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(request.display_name(), "display_name"));
  wish.display_name = request.display_name();
  if (!request.region().empty()) {
    PUHUI_ASSIGN_OR_RETURN(wish.region, ParseRegion(request.region(), "region"));
  }
  wish.time_zone = request.time_zone().empty() ? parts_.zone.name() : request.time_zone();
  PUHUI_RETURN_IF_ERROR(CheckTimeZone(wish.time_zone, "time_zone"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  return std::make_unique<merchant::CreateStoreCommand>(parts_.tables, std::move(wish));
}

absl::StatusOr<v1::GetMerchantResponse> MerchantService::DoGetMerchant(
    const CallContext& call, const v1::GetMerchantRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), id));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(*store, id.text()));
  if (!found.has_value()) return NotFound("merchant");
  v1::GetMerchantResponse response;
  v1::Merchant& message = *response.mutable_merchant();
  message = MerchantOf(found->row);
  PUHUI_ASSIGN_OR_RETURN(const auto stores,
                         merchant::ListStores(*store, found->number, kPageSizeMax));
  PUHUI_ASSIGN_OR_RETURN(const auto locations,
                         ledger::Find(*store, merchant::kStoreLocationTable, found->number));
  for (const auto& [store_id, row] : stores) {
    *message.add_stores() = StoreOf(message.name(), store_id, row);
    if (locations.has_value())
      SetLocation(*locations, store_id,
                  message.mutable_stores()->Mutable(message.stores_size() - 1));
  }
  PUHUI_ASSIGN_OR_RETURN(const auto terminals,
                         merchant::ListTerminals(*store, found->number, kPageSizeMax));
  for (const merchant::TerminalRow& row : terminals) {
    *message.add_terminals() = TerminalOf(message.name(), row);
  }
  return response;
}

}  // namespace puhui::services
