// SPDX-License-Identifier: Apache-2.0
// Who wants to sell: `puhui merchant apply`, `decide` and `list`.
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "services/cli/merchant_command.h"

#include <string>

namespace puhui::services {
namespace {

using MerchantStub = v1::MerchantService::Stub;
using DecideMerchant = v1::DecideMerchantRequest;

void AddDecide(Noun& noun) {
  noun.Changes(
      {"decide", "Let a merchant that was applied for sell, or not"}, &MerchantStub::DecideMerchant,
      [](CLI::App& app, DecideMerchant& request) {
        AddName(app, "merchant", request.mutable_name(), "merchants")->required();
        AddEnum<DecideMerchant::Decision>(
            app, "decision",
            [&request](DecideMerchant::Decision decision) { request.set_decision(decision); },
            "What is decided")
            ->required();
        app.add_option("--reason", *request.mutable_reason(), "Why. Needed to reject");
        app.add_option_function<int>(
               "--fee-basis-points",
               [&request](const int& fee) { request.set_fee_basis_points(fee); },
               "Of one that is accepted: the fee on captured points, in hundredths of a percent. "
               "Default: 0")
            ->check(CLI::Range(0, kBasisPointsMax));
        app.add_flag_function(
            "--show-balance", [&request](std::int64_t) { request.set_balance_shown(true); },
            "Of one that is accepted: its tills may ask what a member could spend there");
        AddGoodsNamed(app, [&request](bool named) { request.set_goods_named(named); });
      },
      [](Output& output, const v1::DecideMerchantResponse& response) {
        PrintMerchant(output, response.merchant());
      });
}

}  // namespace

void AddMerchantApplications(Noun& noun) {
  noun.Changes(
      {"apply", "Ask that a merchant may sell"}, &MerchantStub::ApplyMerchant,
      [](CLI::App& app, v1::ApplyMerchantRequest& request) {
        app.add_option("id", *request.mutable_merchant_id(), "1 to 40 of a-z, 0-9 and '-'")
            ->required();
        app.add_option("--display-name", *request.mutable_display_name(), "The name people read")
            ->required();
        app.add_option("--category", *request.mutable_category(), "What it sells: four digits")
            ->required();
      },
      [](Output& output, const v1::ApplyMerchantResponse& response) {
        PrintMerchant(output, response.merchant());
      });
  AddDecide(noun);
  noun.Lists(
      {"list", "List merchants, for example those that wait for a decision"},
      &MerchantStub::ListMerchants,
      [](CLI::App& app, v1::ListMerchantsRequest& request) {
        AddEnum<v1::MerchantState>(
            app, "--state", [&request](v1::MerchantState state) { request.set_state(state); },
            "Only those that stand there");
      },
      {{"MERCHANT"}, {"STATE"}, {"CATEGORY"}, {"FEE"}, {"SINCE"}, {"DISPLAY NAME"}},
      [](const Output& output, Table& table, const v1::ListMerchantsResponse& response) {
        for (const v1::Merchant& merchant : response.merchants()) {
          table.AddRow({merchant.name(), EnumText(merchant.state()), merchant.category(),
                        PercentText(merchant.fee_basis_points()),
                        output.Time(merchant.create_time()), merchant.display_name()});
        }
      });
}

}  // namespace puhui::services
