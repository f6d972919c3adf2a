// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/noun.h"

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"

namespace puhui::services {
namespace {

using Stub = v1::WalletService::Stub;

constexpr char kWalletSuffix[] = "/wallet";

void PrintWallet(Output& output, const v1::Wallet& wallet) {
  output.Fields({{"name", wallet.name()},
                 {"available", output.Points(wallet.available_points())},
                 {"held", output.Points(wallet.held_points())},
                 {"expiring soon", output.Points(wallet.expiring_soon_points())}});
  if (wallet.lots().empty()) return;
  Table table({{"LOT OF", Table::Align::kLeft},
               {"PAID BY", Table::Align::kLeft},
               {"REMAINING", Table::Align::kRight},
               {"HELD", Table::Align::kRight},
               {"GRANTED", Table::Align::kRight},
               {"SPEND BY", Table::Align::kLeft},
               {"CATEGORIES", Table::Align::kLeft}});
  for (const v1::Lot& lot : wallet.lots()) {
    table.AddRow({lot.campaign(), lot.origin(), output.Points(lot.remaining_points()),
                  output.Points(lot.held_points()), output.Points(lot.granted_points()),
                  output.End(lot.expire_time()),
                  lot.merchant_categories().empty()
                      ? "all"
                      : absl::StrJoin(lot.merchant_categories(), " ")});
  }
  output.Flush(table);
}

void AddActivity(Noun& noun) {
  noun.Lists(
      {"activity", "List what happened to a wallet, newest first"}, &Stub::ListActivity,
      [](CLI::App& app, v1::ListActivityRequest& request) {
        AddName(app, "member", request.mutable_parent(), "members")->required();
      },
      {{"RECORD", Table::Align::kRight},
       {"TIME", Table::Align::kLeft},
       {"WHAT", Table::Align::kLeft},
       {"POINTS", Table::Align::kRight},
       {"HELD", Table::Align::kRight},
       {"AFTERWARDS", Table::Align::kRight},
       {"OTHER SIDE", Table::Align::kLeft}},
      [](Output& output, Table& table, const v1::ListActivityResponse& response) {
        for (const v1::Activity& activity : response.activities()) {
          table.AddRow({absl::StrCat(activity.sequence()), output.Time(activity.time()),
                        activity.kind(), output.Points(activity.points()),
                        output.Points(activity.held_points()),
                        output.Points(activity.points_after()), activity.counterparty()});
        }
      });
}

}  // namespace

void AddWalletCommands(CommandLine& line) {
  Noun noun(line, "wallet", "What a member has, and what happened to it");
  noun.Reads(
      {"get", "Show a wallet and its open lots"}, &Stub::GetWallet,
      [](CLI::App& app, v1::GetWalletRequest& request) -> Prepare {
        AddName(app, "member", request.mutable_name(), "members")->required();
        return [&request](const Invocation&) {
          if (!absl::EndsWith(request.name(), kWalletSuffix)) {
            request.mutable_name()->append(kWalletSuffix);
          }
          return absl::OkStatus();
        };
      },
      [](Output& output, const v1::GetWalletResponse& response) {
        PrintWallet(output, response.wallet());
      });
  AddActivity(noun);
}

}  // namespace puhui::services
