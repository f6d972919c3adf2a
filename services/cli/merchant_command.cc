// SPDX-License-Identifier: Apache-2.0
#include "services/cli/merchant_command.h"

#include "puhui/v1/merchant_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/geo_flags.h"
#include "services/cli/noun.h"

#include "absl/strings/str_format.h"

#include <utility>

namespace puhui::services {
namespace {

using MerchantStub = v1::MerchantService::Stub;

}  // namespace

std::string PercentText(std::int32_t basis_points) {
  return absl::StrFormat("%d.%02d%%", basis_points / 100, basis_points % 100);
}

void PrintMerchant(Output& output, const v1::Merchant& merchant) {
  output.Fields({{"name", merchant.name()},
                 {"display name", merchant.display_name()},
                 {"category", merchant.category()},
                 {"fee", PercentText(merchant.fee_basis_points())},
                 {"goods", merchant.goods_named() ? "named" : ""},
                 {"time zone", merchant.time_zone()},
                 {"state", EnumText(merchant.state())},
                 {"registered", output.Time(merchant.create_time())},
                 {"decided", merchant.has_decide_time() ? output.Time(merchant.decide_time()) : ""},
                 {"reason", merchant.decide_reason()}});
  if (!merchant.stores().empty()) {
    Table table({{"STORE"}, {"REGION"}, {"LOCATION"}, {"DISPLAY NAME"}});
    for (const v1::Store& store : merchant.stores()) {
      table.AddRow({store.name(), store.region().empty() ? "-" : store.region(),
                    store.has_location() ? PointText(store.location()) : "-",
                    store.display_name()});
    }
    output.Flush(table);
  }
  if (!merchant.terminals().empty()) {
    Table table({{"TERMINAL"}, {"STORE"}, {"STATE"}});
    for (const v1::Terminal& terminal : merchant.terminals()) {
      table.AddRow({terminal.name(), terminal.store(), EnumText(terminal.state())});
    }
    output.Flush(table);
  }
}

void AddGoodsNamed(CLI::App& app, std::function<void(bool)> set) {
  AddSwitch(app, "--name-goods", std::move(set),
            "Its tills may name categories and regions that are not its own, line by line");
}

namespace {

void AddRegister(Noun& noun) {
  noun.Changes(
      {"register", "Register a merchant"}, &MerchantStub::RegisterMerchant,
      [](CLI::App& app, v1::RegisterMerchantRequest& request) {
        app.add_option("id", *request.mutable_merchant_id(), "1 to 40 of a-z, 0-9 and '-'")
            ->required();
        app.add_option("--display-name", *request.mutable_display_name(), "The name people read")
            ->required();
        app.add_option("--category", *request.mutable_category(), "What it sells: four digits")
            ->required();
        app.add_option_function<int>(
               "--fee-basis-points",
               [&request](const int& fee) { request.set_fee_basis_points(fee); },
               "The fee on captured points, in hundredths of a percent. Default: 0")
            ->check(CLI::Range(0, kBasisPointsMax));
        app.add_flag_function(
            "--show-balance", [&request](std::int64_t) { request.set_balance_shown(true); },
            "Its tills may ask what a member could spend there");
        AddGoodsNamed(app, [&request](bool named) { request.set_goods_named(named); });
        app.add_option("--time-zone", *request.mutable_time_zone(),
                       "Of its business days: IANA, such as Asia/Urumqi. Default: that of the "
                       "configuration");
      },
      [](Output& output, const v1::RegisterMerchantResponse& response) {
        PrintMerchant(output, response.merchant());
      });
}

void AddStore(Noun& noun) {
  noun.Changes(
      {"create-store", "Create a store of a merchant"}, &MerchantStub::CreateStore,
      [](CLI::App& app, v1::CreateStoreRequest& request) {
        AddName(app, "merchant", request.mutable_parent(), "merchants")->required();
        app.add_option("id", *request.mutable_store_id(), "1 to 40 of a-z, 0-9 and '-'")
            ->required();
        app.add_option("--display-name", *request.mutable_display_name(), "The name people read")
            ->required();
        app.add_option("--region", *request.mutable_region(),
                       "Where it is: six digits of GB/T 2260, such as 420106. Default: not known");
        app.add_option("--time-zone", *request.mutable_time_zone(),
                       "IANA, such as Asia/Urumqi. Default: that of the configuration");
      },
      [](Output& output, const v1::CreateStoreResponse& response) {
        output.Fields({{"name", response.store().name()},
                       {"display name", response.store().display_name()},
                       {"region", response.store().region()},
                       {"time zone", response.store().time_zone()}});
      });
}

void AddLocateStore(Noun& noun) {
  noun.Changes(
      {"locate-store", "Say where on the map a store is, for who looks for what is near"},
      &MerchantStub::LocateStore,
      [](CLI::App& app, v1::LocateStoreRequest& request) {
        app.add_option("store", *request.mutable_name(), "Format: merchants/…/stores/…")
            ->required();
        AddPoint(
            app, "--at",
            [&request](const v1::GeoPoint& point) { *request.mutable_location() = point; },
            "LATITUDE,LONGITUDE in degrees. Default: it has no location any more");
      },
      [](Output& output, const v1::LocateStoreResponse&) { output.Line("located"); });
}

}  // namespace

void AddMerchantCommands(CommandLine& line) {
  Noun noun(line, "merchant", "Who sells, where, and the devices that ask");
  AddRegister(noun);
  noun.Reads(
      {"get", "Show a merchant with its stores and terminals"}, &MerchantStub::GetMerchant,
      [](CLI::App& app, v1::GetMerchantRequest& request) {
        AddName(app, "merchant", request.mutable_name(), "merchants")->required();
      },
      [](Output& output, const v1::GetMerchantResponse& response) {
        PrintMerchant(output, response.merchant());
      });
  AddStore(noun);
  AddLocateStore(noun);
  AddMerchantApplications(noun);
  AddMerchantLife(noun);
  AddTerminals(line, noun);
}

}  // namespace puhui::services
