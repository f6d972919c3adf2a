// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/device_command.h"
#include "services/cli/noun.h"
#include "services/cli/till_lines.h"
#include "services/cli/wallet_bill_command.h"
#include "services/cli/wallet_name.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using WalletStub = v1::WalletService::Stub;

using Texts = google::protobuf::RepeatedPtrField<std::string>;

// What the terms allow, or the earmark, which asks more.
std::string ListText(const Texts& of_terms, const Texts& of_earmark) {
  const Texts& tightest = of_earmark.empty() ? of_terms : of_earmark;
  return tightest.empty() ? "all" : absl::StrJoin(tightest, " ");
}

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
               {"CATEGORIES", Table::Align::kLeft},
               {"REGIONS", Table::Align::kLeft}});
  for (const v1::Lot& lot : wallet.lots()) {
    table.AddRow({lot.campaign(), lot.origin(), output.Points(lot.remaining_points()),
                  output.Points(lot.held_points()), output.Points(lot.granted_points()),
                  output.End(lot.expire_time()),
                  ListText(lot.merchant_categories(), lot.earmark_merchant_categories()),
                  ListText(lot.regions(), lot.earmark_regions())});
  }
  output.Flush(table);
}

void AddActivity(Noun& noun) {
  noun.Lists(
      {"activity", "List what happened to a wallet, newest first"}, &WalletStub::ListActivity,
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

void PrintExplanation(Output& output, const v1::ExplainSpendResponse& response) {
  output.Fields({{"accepted", response.accepted() ? "yes" : "no"},
                 {"reason", response.reason()},
                 {"explanation", response.explanation().en()},
                 {"说明", response.explanation().zh_cn()},
                 {"available here", output.Points(response.available_points())},
                 {"would pay", output.Points(response.approved_points())},
                 {"day", response.day()}});
  if (response.lots().empty()) return;
  Table table({{"LOT OF", Table::Align::kLeft},
               {"PAID BY", Table::Align::kLeft},
               {"PAYS", Table::Align::kRight},
               {"AT MOST", Table::Align::kRight},
               {"SPEND BY", Table::Align::kLeft},
               {"EARMARKED", Table::Align::kLeft},
               {"WHY NOT", Table::Align::kLeft}});
  for (const v1::ExplainedLot& lot : response.lots()) {
    table.AddRow({lot.campaign(), lot.origin(), output.Points(lot.points()),
                  output.Points(lot.points_max()), output.End(lot.expire_time()),
                  lot.earmarked() ? "yes" : "no", lot.why_not().empty() ? "-" : lot.why_not()});
  }
  output.Flush(table);
}

void AddExplain(Noun& noun) {
  noun.Reads(
      {"explain", "Say what a till of a merchant would answer, and why, lot by lot"},
      &WalletStub::ExplainSpend,
      [](CLI::App& app, v1::ExplainSpendRequest& request) -> Prepare {
        AddName(app, "member", request.mutable_name(), "members")->required();
        AddName(app, "--merchant", request.mutable_merchant(), "merchants")->required();
        app.add_option("--store", *request.mutable_store(),
                       "Format: merchants/…/stores/…. Default: one whose region is not known");
        AddPoints(app, [&request](std::int64_t points) { request.set_points(points); })->required();
        AddAcceptPartial(app, [&request](bool accepts) { request.set_accept_partial(accepts); });
        AddBasketLines(app, request.mutable_lines());
        AddMoment(app, "--time",
                  [&request](google::protobuf::Timestamp time) {
                    *request.mutable_time() = std::move(time);
                  },
                  {"The moment that is asked about, with the wallet as it is now", "now"});
        return CompleteWalletName(request.mutable_name());
      },
      PrintExplanation);
}

void AddWalletCode(Noun& noun) {
  noun.Reads(
      {"code", "Make a payment code for a till or a mall, good once and for a minute"},
      &WalletStub::CreatePaymentCode,
      [](CLI::App& app, v1::CreatePaymentCodeRequest& request) -> Prepare {
        AddName(app, "member", request.mutable_name(), "members")->required();
        app.add_flag_callback(
            "--link", [&request] { request.set_purpose(v1::PAYMENT_CODE_PURPOSE_MALL_LINK); },
            "To link a mall; no till takes it");
        return CompleteWalletName(request.mutable_name());
      },
      [](Output& output, const v1::CreatePaymentCodeResponse& response) {
        output.Fields({{"payment code", response.payment_code()},
                       {"good until", output.Time(response.expire_time())}});
      });
}

}  // namespace

void AddWalletCommands(CommandLine& line) {
  Noun noun(line, "wallet", "What a member has, and what happened to it");
  noun.Reads(
      {"get", "Show a wallet and its open lots"}, &WalletStub::GetWallet,
      [](CLI::App& app, v1::GetWalletRequest& request) -> Prepare {
        AddName(app, "member", request.mutable_name(), "members")->required();
        return CompleteWalletName(request.mutable_name());
      },
      [](Output& output, const v1::GetWalletResponse& response) {
        PrintWallet(output, response.wallet());
      });
  AddActivity(noun);
  AddExplain(noun);
  AddWalletCode(noun);
  AddDeviceVerbs(noun);
  AddBillVerbs(noun);
}

}  // namespace puhui::services
