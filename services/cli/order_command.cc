// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/order_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/enum_text.h"
#include "services/cli/noun.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <string>

namespace puhui::services {
namespace {

using OrderStub = v1::OrderService::Stub;

std::string OwnMoneyText(const v1::OwnMoney& own) {
  if (own.amount() == 0) return "";
  return absl::StrCat(own.amount(), " ", own.currency(), own.tender().empty() ? "" : " by ",
                      own.tender());
}

void PrintOrder(Output& output, const v1::Order& order) {
  output.Fields(
      {{"name", order.name()},
       {"state", EnumText(order.state())},
       {"offer", absl::StrCat(order.offer(), ", version ", order.offer_version())},
       {"quantity", absl::StrCat(order.quantity())},
       {"returned", order.returned() == 0 ? "" : absl::StrCat(order.returned())},
       {"points", output.Points(order.points())},
       {"fulfilment", EnumText(order.fulfilment())},
       {"merchant", order.merchant()},
       {"store", order.store()},
       {"member", order.member()},
       {"placed", output.Time(order.place_time())},
       {"lapses", order.state() == v1::ORDER_STATE_PLACED ? output.Time(order.lapse_time()) : ""},
       {"tracking", order.tracking()},
       {"reason", order.reason()},
       {"own money", OwnMoneyText(order.own_money())},
       {"recipient", order.delivery_address().recipient()},
       {"phone", order.delivery_address().phone()},
       {"address", order.delivery_address().address()}});
  for (const std::string& code : order.codes()) output.Fields({{"code", code}});
}

template <class Response>
void PrintOrderAnswer(Output& output, const Response& response) {
  PrintOrder(output, response.order());
}

CLI::Option* AddCount(CLI::App& app, const std::string& flag,
                      std::function<void(std::uint32_t)> set, const std::string& help) {
  return app.add_option_function<std::uint32_t>(
      flag, [set = std::move(set)](const std::uint32_t& count) { set(count); }, help);
}

void AddOwnMoney(CLI::App& app, v1::PlaceOrderRequest& request) {
  app.add_option_function<std::int64_t>(
      "--own-money",
      [&request](const std::int64_t& amount) {
        v1::OwnMoney& own = *request.mutable_own_money();
        own.set_amount(amount);
        if (own.currency().empty()) own.set_currency("CNY");
      },
      "What is paid beside, in hundredths of a yuan; information for the merchant");
  app.add_option_function<std::string>(
      "--tender",
      [&request](const std::string& tender) { request.mutable_own_money()->set_tender(tender); },
      "How that is paid");
}

void AddAddress(CLI::App& app, v1::PlaceOrderRequest& request) {
  const auto text = [&](const char* flag, void (v1::DeliveryAddress::*set)(const std::string&),
                        const char* help) {
    app.add_option_function<std::string>(
        flag,
        [&request, set](const std::string& value) {
          (request.mutable_delivery_address()->*set)(value);
        },
        help);
  };
  text("--recipient", &v1::DeliveryAddress::set_recipient<const std::string&>,
       "Who receives what is delivered");
  text("--phone", &v1::DeliveryAddress::set_phone<const std::string&>, "The number to call");
  text("--address", &v1::DeliveryAddress::set_address<const std::string&>,
       "Where it is delivered to");
}

void AddPlace(Noun& noun) {
  noun.Changes(
      {"place", "Order an offer, as the version that was read says"}, &OrderStub::PlaceOrder,
      [](CLI::App& app, v1::PlaceOrderRequest& request) {
        AddName(app, "member", request.mutable_parent(), "members")->required();
        AddName(app, "--offer", request.mutable_offer(), "offers")->required();
        AddCount(
            app, "--offer-version",
            [&request](std::uint32_t version) { request.set_offer_version(version); },
            "The version of the offer that was read")
            ->required();
        AddCount(
            app, "--quantity",
            [&request](std::uint32_t quantity) { request.set_quantity(quantity); }, "How many")
            ->required();
        AddEnum<v1::FulfilmentKind>(
            app, "--fulfilment",
            [&request](v1::FulfilmentKind kind) { request.set_fulfilment(kind); },
            "How the member gets it")
            ->required();
        app.add_option("--store", *request.mutable_store(),
                       "Where it is picked up. Format: merchants/…/stores/…");
        AddAddress(app, request);
        AddOwnMoney(app, request);
      },
      PrintOrderAnswer<v1::PlaceOrderResponse>);
}

template <class Request, class Response>
void AddOrderChange(
    Noun& noun, const Verb& verb, UnaryMethod<OrderStub, Request, Response> method,
    std::function<void(CLI::App&, Request&)> more = [](CLI::App&, Request&) {}) {
  noun.Changes(
      verb, method,
      [more = std::move(more)](CLI::App& app, Request& request) {
        AddName(app, "order", request.mutable_name(), "orders")->required();
        more(app, request);
      },
      PrintOrderAnswer<Response>);
}

template <class Request>
void AddReason(CLI::App& app, Request& request) {
  app.add_option("--reason", *request.mutable_reason(),
                 "For the other side, without personal data; up to 200 characters");
}

void AddLife(Noun& noun) {
  AddOrderChange<v1::AcceptOrderRequest, v1::AcceptOrderResponse>(
      noun, {"accept", "Sell what was ordered: its points are the merchant's, less the fee"},
      &OrderStub::AcceptOrder);
  AddOrderChange<v1::DeclineOrderRequest, v1::DeclineOrderResponse>(
      noun, {"decline", "Do not sell what was ordered"}, &OrderStub::DeclineOrder,
      AddReason<v1::DeclineOrderRequest>);
  AddOrderChange<v1::ShipOrderRequest, v1::ShipOrderResponse>(
      noun, {"ship", "Say that the goods are on their way"}, &OrderStub::ShipOrder,
      [](CLI::App& app, v1::ShipOrderRequest& request) {
        app.add_option("--tracking", *request.mutable_tracking(),
                       "Who carries the parcel, and its number there");
      });
  AddOrderChange<v1::FulfilOrderRequest, v1::FulfilOrderResponse>(
      noun, {"fulfil", "Say that the member has what was delivered"}, &OrderStub::FulfilOrder);
  AddOrderChange<v1::CancelOrderRequest, v1::CancelOrderResponse>(
      noun, {"cancel", "Give an order up: points and stock go back"}, &OrderStub::CancelOrder,
      AddReason<v1::CancelOrderRequest>);
  AddOrderChange<v1::ReturnOrderItemsRequest, v1::ReturnOrderItemsResponse>(
      noun, {"return", "Take some of an order back, or all of it"}, &OrderStub::ReturnOrderItems,
      [](CLI::App& app, v1::ReturnOrderItemsRequest& request) {
        AddCount(
            app, "--quantity",
            [&request](std::uint32_t quantity) { request.set_quantity(quantity); },
            "How many come back")
            ->required();
        AddReason(app, request);
      });
}

void AddOrderReads(Noun& noun) {
  noun.Reads(
      {"get", "Show an order"}, &OrderStub::GetOrder,
      [](CLI::App& app, v1::GetOrderRequest& request) {
        AddName(app, "order", request.mutable_name(), "orders")->required();
      },
      PrintOrderAnswer<v1::GetOrderResponse>);
  noun.Lists(
      {"list", "List the orders of a member or a merchant, newest first"}, &OrderStub::ListOrders,
      [](CLI::App& app, v1::ListOrdersRequest& request) {
        app.add_option("of", *request.mutable_parent(), "Format: members/… or merchants/…")
            ->required();
        AddEnum<v1::OrderState>(
            app, "--state", [&request](v1::OrderState state) { request.set_state(state); },
            "Those that stand there. Default: all");
      },
      {{"ORDER"},
       {"STATE"},
       {"PLACED"},
       {"OFFER"},
       {"QUANTITY", Table::Align::kRight},
       {"RETURNED", Table::Align::kRight},
       {"POINTS", Table::Align::kRight},
       {"FULFILMENT"}},
      [](Output& output, Table& table, const v1::ListOrdersResponse& response) {
        for (const v1::Order& order : response.orders()) {
          table.AddRow({order.name(), EnumText(order.state()), output.Time(order.place_time()),
                        order.offer(), absl::StrCat(order.quantity()),
                        absl::StrCat(order.returned()), output.Points(order.points()),
                        EnumText(order.fulfilment())});
        }
      });
}

}  // namespace

void AddOrderCommands(CommandLine& line) {
  Noun noun(line, "order", "What members order of merchants' offers, and what becomes of it");
  noun.AlsoCalled("orders");
  AddPlace(noun);
  AddLife(noun);
  AddOrderReads(noun);
}

}  // namespace puhui::services
