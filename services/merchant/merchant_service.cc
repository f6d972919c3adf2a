// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/merchant_service.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/queries.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "services/merchant/merchant_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::services {

struct MerchantService::Wire final : v1::MerchantService::AsyncService {};

MerchantService::MerchantService(Parts parts)
    : parts_(std::move(parts)), wire_(std::make_unique<Wire>()) {}

MerchantService::~MerchantService() = default;

void MerchantService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeRegisterMerchant(calls);
  ServeGetMerchant(calls);
  ServeCreateStore(calls);
  ServeEnrollTerminal(calls);
  ServeBlockTerminal(calls);
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
        RunForCall(
            parts_.ledger, call, asked, ReadCreateStore(call, asked), answer, std::move(done),
            [&asked](const ledger::Outcome& outcome, v1::CreateStoreResponse* out) {
              const journal::v1::StoreCreated& created = outcome.first().store_created();
              *out->mutable_store() =
                  StoreOf(asked.parent(), created.id(),
                          {.display_name = created.display_name(), .region = created.region()});
              return absl::OkStatus();
            });
      });
}

// The certificate is made before the decision, which stays pure, and is in the record.
void MerchantService::ServeEnrollTerminal(Calls& calls) {
  calls.UnaryLater(
      Rpc::kEnrollTerminal, wire_.get(), &Wire::RequestEnrollTerminal,
      [this](const CallContext& call, const v1::EnrollTerminalRequest& asked,
             v1::EnrollTerminalResponse* answer, Completion done) {
        RunForCall(
            parts_.ledger, call, asked, ReadEnroll(call, asked), answer, std::move(done),
            [&asked](const ledger::Outcome& outcome,
                     v1::EnrollTerminalResponse* out) -> absl::Status {
              const journal::v1::TerminalEnrolled& enrolled = outcome.first().terminal_enrolled();
              PUHUI_ASSIGN_OR_RETURN(const StoreName store, ParseStoreName(asked.store(), "store"));
              *out->mutable_terminal() =
                  TerminalOf(FormatMerchantName(store.merchant_id),
                             {.store = enrolled.store(), .id = enrolled.id()});
              out->set_certificate_pem(enrolled.certificate_pem());
              return absl::OkStatus();
            });
      });
}

void MerchantService::ServeBlockTerminal(Calls& calls) {
  calls.UnaryLater(
      Rpc::kBlockTerminal, wire_.get(), &Wire::RequestBlockTerminal,
      [this](const CallContext& call, const v1::BlockTerminalRequest& asked,
             v1::BlockTerminalResponse* answer, Completion done) {
        RunForCall(
            parts_.ledger, call, asked, ReadBlock(call, asked), answer, std::move(done),
            [this](const ledger::Outcome& outcome, v1::BlockTerminalResponse* out) -> absl::Status {
              const ledger::Readable& store = parts_.ledger.engine->Latest();
              const TerminalNumber number{outcome.first().terminal_blocked().terminal()};
              PUHUI_ASSIGN_OR_RETURN(const merchant::TerminalRow row,
                                     merchant::TerminalByNumber(store, number));
              PUHUI_ASSIGN_OR_RETURN(const merchant::MerchantRow of,
                                     merchant::MerchantByNumber(store, row.merchant));
              *out->mutable_terminal() = TerminalOf(absl::StrCat("merchants/", of.id), row);
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
  PUHUI_ASSIGN_OR_RETURN(wish.category, ParseCategory(request.category(), "category"));
  PUHUI_ASSIGN_OR_RETURN(wish.fee_rate,
                         BasisPoints::FromRequest(request.fee_basis_points(), "fee_basis_points"));
  return std::make_unique<merchant::RegisterMerchantCommand>(parts_.tables, std::move(wish));
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
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  return std::make_unique<merchant::CreateStoreCommand>(parts_.tables, std::move(wish));
}

MerchantService::MaybeCommand MerchantService::ReadEnroll(
    const CallContext& call, const v1::EnrollTerminalRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(StoreName store, ParseStoreName(request.store(), "store"));
  merchant::EnrollTerminalCommand::Wish wish;
  wish.merchant = std::move(store.merchant_id);
  wish.store = std::move(store.store_id);
  PUHUI_ASSIGN_OR_RETURN(wish.id, TerminalId::Parse(request.terminal_id(), "terminal_id"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  const std::string uri = absl::StrCat("spiffe://", parts_.trust_domain, "/terminal/merchants/",
                                       wish.merchant.text(), "/terminals/", wish.id.text());
  PUHUI_ASSIGN_OR_RETURN(wish.certificate_pem,
                         parts_.authority->SignTerminal(request.csr_pem(), uri, parts_.clock->Now(),
                                                        parts_.terminal_validity, *parts_.random));
  return std::make_unique<merchant::EnrollTerminalCommand>(parts_.tables, std::move(wish));
}

MerchantService::MaybeCommand MerchantService::ReadBlock(
    const CallContext& call, const v1::BlockTerminalRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(TerminalName name, ParseTerminalName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), name.merchant_id));
  return std::make_unique<merchant::BlockTerminalCommand>(
      parts_.tables, std::move(name.merchant_id), std::move(name.terminal_id));
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
  for (const auto& [store_id, row] : stores) {
    *message.add_stores() = StoreOf(message.name(), store_id, row);
  }
  PUHUI_ASSIGN_OR_RETURN(const auto terminals,
                         merchant::ListTerminals(*store, found->number, kPageSizeMax));
  for (const merchant::TerminalRow& row : terminals) {
    *message.add_terminals() = TerminalOf(message.name(), row);
  }
  return response;
}

}  // namespace puhui::services
