// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "services/cli/merchant_command.h"

#include "absl/strings/str_cat.h"

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using MerchantStub = v1::MerchantService::Stub;

std::vector<std::string> RowOf(const Output& output, const v1::Agreement& agreement) {
  return {absl::StrCat(agreement.number()),
          output.Time(agreement.start_time()),
          agreement.has_end_time() ? output.Time(agreement.end_time()) : "-",
          PercentText(agreement.fee_basis_points()),
          PercentText(agreement.discount_basis_points()),
          absl::StrCat(agreement.settlement_days()),
          agreement.goods_named() ? "named" : "-"};
}

Table AgreementTable() {
  return Table(
      {{"NUMBER"}, {"FROM"}, {"UNTIL"}, {"FEE"}, {"DISCOUNT"}, {"SETTLEMENT DAYS"}, {"GOODS"}});
}

void AddAgreements(Noun& merchant) {
  Noun noun(merchant, {"agreement", "What a merchant is charged, and from when on"});
  noun.Changes(
      {"set", "Agree on a fee, from a day on or from now on"}, &MerchantStub::SetAgreement,
      [](CLI::App& app, v1::SetAgreementRequest& request) {
        AddName(app, "merchant", request.mutable_merchant(), "merchants")->required();
        app.add_option("--from", *request.mutable_first_day(),
                       "The first day, such as 2027-01-01. Default: at once");
        app.add_option("--to", *request.mutable_last_day(),
                       "The last day. Default: until the next agreement begins");
        app.add_option_function<int>(
               "--fee-basis-points",
               [&request](const int& fee) { request.set_fee_basis_points(fee); },
               "The fee on captured points, in hundredths of a percent. Default: 0")
            ->check(CLI::Range(0, kBasisPointsMax));
        app.add_option_function<int>(
               "--discount-basis-points",
               [&request](const int& discount) { request.set_discount_basis_points(discount); },
               "What the merchant gives up beyond the fee. Default: 0")
            ->check(CLI::Range(0, kBasisPointsMax));
        app.add_option_function<int>(
               "--settlement-days",
               [&request](const int& days) {
                 request.set_settlement_days(static_cast<std::uint32_t>(days));
               },
               "Business days until it is paid. Default: 0")
            ->check(CLI::Range(0, static_cast<int>(kSettlementDaysMax)));
        AddGoodsNamed(app, [&request](bool named) { request.set_goods_named(named); });
      },
      [](Output& output, const v1::SetAgreementResponse& response) {
        Table table = AgreementTable();
        table.AddRow(RowOf(output, response.agreement()));
        output.Flush(table);
      });
  noun.Reads(
      {"list", "List a merchant's agreements"}, &MerchantStub::GetMerchant,
      [](CLI::App& app, v1::GetMerchantRequest& request) {
        AddName(app, "merchant", request.mutable_name(), "merchants")->required();
      },
      [](Output& output, const v1::GetMerchantResponse& response) {
        Table table = AgreementTable();
        for (const v1::Agreement& agreement : response.merchant().agreements()) {
          table.AddRow(RowOf(output, agreement));
        }
        output.Flush(table);
      });
}

template <class Request, class Response>
void AddMerchantChange(Noun& noun, const Verb& verb,
                       UnaryMethod<MerchantStub, Request, Response> method) {
  noun.Changes(
      verb, method,
      [](CLI::App& app, Request& request) {
        AddName(app, "merchant", request.mutable_name(), "merchants")->required();
        app.add_option("--reason", *request.mutable_reason(), "Why")->required();
      },
      [](Output& output, const Response& response) { PrintMerchant(output, response.merchant()); });
}

}  // namespace

void AddMerchantLife(Noun& noun) {
  AddAgreements(noun);
  AddMerchantChange(noun, {"suspend", "Let nothing new be bought; what is under way goes on"},
                    &MerchantStub::SuspendMerchant);
  AddMerchantChange(noun, {"resume", "Let a suspended merchant sell again"},
                    &MerchantStub::ResumeMerchant);
  AddMerchantChange(noun, {"close", "Close a merchant for good; refunds go on for 30 days"},
                    &MerchantStub::CloseMerchant);
}

}  // namespace puhui::services
