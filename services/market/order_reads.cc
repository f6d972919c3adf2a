// SPDX-License-Identifier: Apache-2.0
// The service's second half: orders, one and many.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/queries.h"
#include "services/ledger/names.h"
#include "services/ledger/union_tree.h"
#include "services/market/order_convert.h"
#include "services/market/order_service.h"
#include "services/market/order_wire.h"
#include "services/rpc/error.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// Whose orders are listed: a member's, or a merchant's.
struct Owner {
  MemberId member{};
  absl::optional<MerchantNumber> merchant{};
};

absl::StatusOr<Owner> FindOwner(const Principal& reader, const std::string& parent,
                                const ledger::Readable& store, const UnionTree& tree) {
  if (absl::StartsWith(parent, "members/")) {
    PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseMemberName(parent, "parent"));
    PUHUI_RETURN_IF_ERROR(AllowMemberById(reader, member, store, tree));
    return Owner{.member = member};
  }
  const auto id = ParseMerchantName(parent, "parent");
  if (!id.ok()) return InvalidField("parent", "want members/{member} or merchants/{merchant}");
  // Members of every union order of a merchant.
  PUHUI_RETURN_IF_ERROR(reader.role == Role::kAuditor ? AllowWholeLedger(reader)
                                                      : AllowMerchant(reader, *id));
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store, id->text()));
  if (!found.has_value()) return NotFound("merchant");
  return Owner{.merchant = found->number};
}

// A page of a list, newest first: no more rows are looked at than kRowsPerPageMax.
struct Page {
  std::vector<merchant::FoundOrder> orders{};
  Sequence last = 0;  // That was looked at.
  bool more = false;
};

struct PageWish {
  Sequence before = 0;
  std::size_t size = 0;
  v1::OrderState state{};
};

absl::StatusOr<Page> ReadPage(const Owner& owner, const PageWish& wish,
                              const ledger::Readable& store, absl::Time now) {
  Page page;
  std::size_t looked_at = 0;
  const auto visit = [&](const merchant::FoundOrder& order) -> absl::StatusOr<bool> {
    page.more = page.orders.size() == wish.size || looked_at++ == kRowsPerPageMax;
    if (page.more) return false;
    page.last = order.number;
    const bool own = owner.merchant.has_value() || order.row.member == owner.member;
    const bool fits = wish.state == v1::ORDER_STATE_UNSPECIFIED ||
                      static_cast<v1::OrderState>(order.row.StateAt(now)) == wish.state;
    if (own && fits) page.orders.push_back(order);
    return true;
  };
  PUHUI_RETURN_IF_ERROR(owner.merchant.has_value()
                            ? merchant::VisitOrdersOf(*owner.merchant, store, wish.before, visit)
                            : merchant::VisitOrdersOf(owner.member, store, wish.before, visit));
  return page;
}

}  // namespace

void OrderService::ServeReads(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetOrder, wire_.get(), &Wire::RequestGetOrder,
                      [this](const CallContext& call, const v1::GetOrderRequest& asked) {
                        return DoGetOrder(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListOrders, wire_.get(), &Wire::RequestListOrders,
                      [this](const CallContext& call, const v1::ListOrdersRequest& asked) {
                        return DoListOrders(call, asked);
                      });
}

absl::StatusOr<v1::GetOrderResponse> OrderService::DoGetOrder(
    const CallContext& call, const v1::GetOrderRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const Sequence number, ParseOrderName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(auto row, merchant::FindOrder(*store, number));
  if (!row.has_value()) return NotFound("order");
  const Principal& reader = call.principal();
  if (reader.role == Role::kMerchant) {
    PUHUI_ASSIGN_OR_RETURN(const auto own,
                           merchant::FindMerchant(*store, reader.merchant_id.text()));
    if (!own.has_value() || own->number != row->merchant) return NotFound("order");
  } else if (!AllowMemberById(reader, row->member, *store, *parts_.tree).ok()) {
    return NotFound("order");
  }
  const merchant::FoundOrder order{.number = number, .row = *std::move(row)};
  Names names(store.get());
  v1::GetOrderResponse response;
  PUHUI_ASSIGN_OR_RETURN(*response.mutable_order(),
                         OrderOf(order, parts_.ledger.engine->Now(), reader, names));
  PUHUI_RETURN_IF_ERROR(AddSecrets(reader, order, *store, response.mutable_order()));
  return response;
}

absl::Status OrderService::AddSecrets(const Principal& reader, const merchant::FoundOrder& order,
                                      const ledger::Readable& store, v1::Order* message) const {
  const merchant::OrderRow& row = order.row;
  const bool is_party = reader.role == Role::kMerchant || reader.role == Role::kMember;
  if (is_party && row.address.has_value()) {
    PUHUI_ASSIGN_OR_RETURN(const auto address,
                           parts_.vault->ReadAddress(store, row.member, *row.address));
    if (address.has_value()) *message->mutable_delivery_address() = AddressOf(*address);
  }
  if (reader.role != Role::kMember || row.first_code == 0) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const std::vector<std::string> codes,
                         parts_.vault->ReadCodes(store, {row.offer, row.first_code}, row.quantity));
  message->mutable_codes()->Assign(codes.begin(), codes.end());
  return absl::OkStatus();
}

absl::StatusOr<v1::ListOrdersResponse> OrderService::DoListOrders(
    const CallContext& call, const v1::ListOrdersRequest& request) const {
  PageWish wish{.state = request.state()};
  PUHUI_ASSIGN_OR_RETURN(wish.size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(wish.before, NumberIn<Sequence>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const Owner owner,
                         FindOwner(call.principal(), request.parent(), *store, *parts_.tree));
  const absl::Time now = parts_.ledger.engine->Now();
  PUHUI_ASSIGN_OR_RETURN(const Page page, ReadPage(owner, wish, *store, now));
  v1::ListOrdersResponse response;
  Names names(store.get());
  for (const merchant::FoundOrder& order : page.orders) {
    PUHUI_ASSIGN_OR_RETURN(*response.add_orders(), OrderOf(order, now, call.principal(), names));
  }
  if (page.more) response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(page.last)));
  return response;
}

}  // namespace puhui::services
