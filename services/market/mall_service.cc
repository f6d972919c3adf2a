// SPDX-License-Identifier: Apache-2.0
#include "services/market/mall_service.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "puhui/v1/mall_service.grpc.pb.h"
#include "services/ledger/names.h"
#include "services/ledger/union_tree.h"
#include "services/market/mall_convert.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

#include <string>
#include <utility>

namespace puhui::services {

struct MallService::Wire final : v1::MallService::AsyncService {};

MallService::MallService(const Parts& parts) : parts_(parts), wire_(std::make_unique<Wire>()) {}

MallService::~MallService() = default;

namespace {

// Of a call whose answer says no more than that it was done.
constexpr auto kDone = [](const ledger::Outcome& /*outcome*/, auto* /*response*/) {
  return absl::OkStatus();
};

}  // namespace

void MallService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeChanges(calls);
  ServeLinks(calls);
  calls.Unary(Rpc::kGetMall, wire_.get(), &Wire::RequestGetMall,
              [this](const CallContext& call, const v1::GetMallRequest& asked) {
                return DoGetMall(call, asked);
              });
}

void MallService::ServeChanges(Calls& calls) {
  calls.UnaryLater(
      Rpc::kEnableMall, wire_.get(), &Wire::RequestEnableMall,
      [this](const CallContext& call, const v1::EnableMallRequest& asked,
             v1::EnableMallResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadEnable(call, asked), answer, std::move(done),
                   [&asked](const ledger::Outcome& /*outcome*/, v1::EnableMallResponse* out) {
                     out->set_name(absl::StrCat(asked.parent(), "/mall"));
                     return absl::OkStatus();
                   });
      });
  calls.UnaryLater(Rpc::kUpdateMall, wire_.get(), &Wire::RequestUpdateMall,
                   [this](const CallContext& call, const v1::UpdateMallRequest& asked,
                          v1::UpdateMallResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadUpdate(call, asked), answer,
                                std::move(done), kDone);
                   });
  calls.UnaryLater(Rpc::kBlockMall, wire_.get(), &Wire::RequestBlockMall,
                   [this](const CallContext& call, const v1::BlockMallRequest& asked,
                          v1::BlockMallResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadBlock(call, asked), answer,
                                std::move(done), kDone);
                   });
  calls.UnaryLater(Rpc::kUnblockMall, wire_.get(), &Wire::RequestUnblockMall,
                   [this](const CallContext& call, const v1::UnblockMallRequest& asked,
                          v1::UnblockMallResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadUnblock(call, asked), answer,
                                std::move(done), kDone);
                   });
}

void MallService::ServeLinks(Calls& calls) {
  calls.Unary(Rpc::kListMallLinks, wire_.get(), &Wire::RequestListMallLinks,
              [this](const CallContext& call, const v1::ListMallLinksRequest& asked) {
                return DoListMallLinks(call, asked);
              });
  calls.UnaryLater(Rpc::kUnlinkMall, wire_.get(), &Wire::RequestUnlinkMall,
                   [this](const CallContext& call, const v1::UnlinkMallRequest& asked,
                          v1::UnlinkMallResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadUnlink(call, asked), answer,
                                std::move(done), kDone);
                   });
}

MallService::MaybeCommand MallService::ReadEnable(const CallContext& call,
                                                  const v1::EnableMallRequest& request) const {
  merchant::EnableMallCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.merchant, ParseMerchantName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(StoreName store, ParseStoreName(request.store(), "store"));
  if (store.merchant_id != wish.merchant) {
    return InvalidField("store", "want a store of the merchant");
  }
  wish.store = std::move(store.store_id);
  PUHUI_ASSIGN_OR_RETURN(wish.terminal, TerminalId::Parse(request.terminal_id(), "terminal_id"));
  PUHUI_ASSIGN_OR_RETURN(wish.limits, ReadMallLimits(request.limits()));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  wish.person = call.principal().person;
  return std::make_unique<merchant::EnableMallCommand>(parts_.tables, std::move(wish));
}

MallService::MaybeCommand MallService::Change(const CallContext& call,
                                              merchant::ChangeMallCommand::Wish wish) const {
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  wish.person = call.principal().person;
  return std::make_unique<merchant::ChangeMallCommand>(parts_.tables, std::move(wish));
}

MallService::MaybeCommand MallService::ReadUpdate(const CallContext& call,
                                                  const v1::UpdateMallRequest& request) const {
  merchant::ChangeMallCommand::Wish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.merchant, ParseMallName(request.name(), "name"));
  PUHUI_ASSIGN_OR_RETURN(wish.limits, ReadMallLimits(request.limits()));
  return Change(call, std::move(wish));
}

MallService::MaybeCommand MallService::ReadBlock(const CallContext& call,
                                                 const v1::BlockMallRequest& request) const {
  merchant::ChangeMallCommand::Wish wish{.state = merchant::MallState::kBlocked,
                                         .reason = request.reason()};
  PUHUI_ASSIGN_OR_RETURN(wish.merchant, ParseMallName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(CheckReasonText(request.reason(), "reason"));
  return Change(call, std::move(wish));
}

MallService::MaybeCommand MallService::ReadUnblock(const CallContext& call,
                                                   const v1::UnblockMallRequest& request) const {
  merchant::ChangeMallCommand::Wish wish{.state = merchant::MallState::kActive};
  PUHUI_ASSIGN_OR_RETURN(wish.merchant, ParseMallName(request.name(), "name"));
  return Change(call, std::move(wish));
}

absl::Status MallService::AllowOwn(const CallContext& call, const MemberId& member) const {
  return AllowMemberById(call.principal(), member, parts_.ledger.engine->Latest(), *parts_.tree);
}

MallService::MaybeCommand MallService::ReadUnlink(const CallContext& call,
                                                  const v1::UnlinkMallRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MallLinkName name, ParseMallLinkName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowOwn(call, name.member));
  return std::make_unique<merchant::UnlinkMallCommand>(parts_.tables, name.member, name.merchant);
}

absl::StatusOr<v1::GetMallResponse> MallService::DoGetMall(
    const CallContext& call, const v1::GetMallRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMallName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), id));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(*store, id.text()));
  if (!found.has_value()) return NotFound("mall");
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(*store, merchant::kMallTable, found->number));
  if (!row.has_value()) return NotFound("mall");
  Names names(store.get());
  v1::GetMallResponse response;
  v1::Mall& mall = *response.mutable_mall();
  mall.set_name(request.name());
  mall.set_state(ToProto(row->state));
  PUHUI_ASSIGN_OR_RETURN(*mall.mutable_terminal(), names.OfTerminal(row->terminal));
  *mall.mutable_limits() = ToProto(row->limits);
  mall.set_links(row->links);
  *mall.mutable_enable_time() = ToTimestamp(row->enable_time);
  return response;
}

absl::StatusOr<v1::ListMallLinksResponse> MallService::DoListMallLinks(
    const CallContext& call, const v1::ListMallLinksRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseMemberName(request.parent(), "parent"));
  PUHUI_RETURN_IF_ERROR(AllowOwn(call, member));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto own, ledger::Find(*store, merchant::kMemberMallTable, member));
  v1::ListMallLinksResponse response;
  if (!own.has_value()) return response;
  for (const merchant::MallLink& linked : own->links) {
    PUHUI_ASSIGN_OR_RETURN(const merchant::MerchantRow row,
                           merchant::MerchantByNumber(*store, linked.merchant));
    v1::MallLink& link = *response.add_links();
    link.set_name(FormatMallLinkName(member, row.id));
    link.set_merchant(absl::StrCat("merchants/", row.id));
    link.set_display_name(row.display_name);
    *link.mutable_link_time() = ToTimestamp(linked.link_time);
  }
  return response;
}

}  // namespace puhui::services
