// SPDX-License-Identifier: Apache-2.0
#include "services/cli/offer_report_command.h"

#include "puhui/v1/offer_report_service.grpc.pb.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using OfferReportStub = v1::OfferReportService::Stub;

void AddUnion(CLI::App& app, std::string* name) {
  AddName(app, "union", name, "unions")->required();
}

std::string Eligible(const v1::OfferFigures& figures) {
  if (!figures.has_eligible_members()) return "not counted";
  return absl::StrCat(figures.eligible_members_at_most() ? "at most " : "",
                      figures.eligible_members());
}

void PrintOfferFigures(Output& output, const v1::OfferFigures& figures) {
  output.Fields({{"views", absl::StrCat(figures.views())},
                 {"orders", absl::StrCat(figures.orders())},
                 {"cancelled", absl::StrCat(figures.cancelled_orders())},
                 {"ordered", output.Points(figures.ordered_points())},
                 {"given back", output.Points(figures.returned_points())},
                 {"redeemed", absl::StrCat(figures.redemptions())},
                 {"uses at tills", absl::StrCat(figures.uses())},
                 {"paid with it", output.Points(figures.used_points())},
                 {"members who took part", absl::StrCat(figures.participants())},
                 {"members who could", Eligible(figures)}});
}

void AddOfferReport(Noun& offer) {
  offer.Reads(
      {"report", "What members of a union and all below it made of offers"},
      &OfferReportStub::GetOfferReport,
      [](CLI::App& app, v1::GetOfferReportRequest& request) {
        AddUnion(app, request.mutable_union_());
        CLI::App& of = *app.add_option_group("of what");
        of.require_option(0, 1);
        AddNameOf(
            of, "--offer", [&request](const std::string& name) { request.set_offer(name); },
            "offers")
            ->description("offers/…, or the id alone. Default: all offers");
        AddNameOf(
            of, "--merchant", [&request](const std::string& name) { request.set_merchant(name); },
            "merchants")
            ->description("All of one merchant: merchants/…, or the id alone");
      },
      [](Output& output, const v1::GetOfferReportResponse& response) {
        PrintOfferFigures(output, response.figures());
      });
}

void AddTop(Noun& offer) {
  CLI::App& app = offer.AddVerb({"top", "The offers with the most of a figure"});
  const auto request = std::make_shared<v1::ListTopOffersRequest>();
  AddUnion(app, request->mutable_union_());
  AddEnum<v1::OfferMeasure>(
      app, "--by", [request](v1::OfferMeasure measure) { request->set_measure(measure); },
      "What counts")
      ->required();
  AddName(app, "--merchant", request->mutable_merchant(), "merchants");
  app.add_option_function<int>(
         "--first", [request](const int& rows) { request->set_page_size(rows); },
         "How many. Default: 50")
      ->check(CLI::Range(1, static_cast<int>(kPageSizeMax)));
  offer.OnVerb(app, [request](Invocation& invocation) {
    v1::ListTopOffersResponse response;
    const ExitCode code = invocation.Call(&OfferReportStub::ListTopOffers, *request, &response);
    if (code != ExitCode::kOk) return code;
    invocation.output().Show(response, [](Output& output, const v1::ListTopOffersResponse& shown) {
      Table table({{"OFFER"},
                   {"TITLE"},
                   {"MERCHANT"},
                   {"VIEWS", Table::Align::kRight},
                   {"ORDERS", Table::Align::kRight},
                   {"REDEEMED", Table::Align::kRight},
                   {"USES", Table::Align::kRight},
                   {"MEMBERS", Table::Align::kRight}});
      for (const v1::ReportedOffer& row : shown.offers()) {
        table.AddRow({row.offer(), row.title(), row.merchant(), absl::StrCat(row.figures().views()),
                      absl::StrCat(row.figures().orders()),
                      absl::StrCat(row.figures().redemptions()), absl::StrCat(row.figures().uses()),
                      absl::StrCat(row.figures().participants())});
      }
      output.Flush(table);
    });
    return ExitCode::kOk;
  });
}

}  // namespace

void AddOfferReportVerbs(Noun& offer) {
  AddOfferReport(offer);
  AddTop(offer);
  offer.Lists(
      {"unused", "List published offers that nobody of a union has taken"},
      &OfferReportStub::ListUnusedOffers,
      [](CLI::App& app, v1::ListUnusedOffersRequest& request) {
        AddUnion(app, request.mutable_union_());
        AddName(app, "--merchant", request.mutable_merchant(), "merchants");
      },
      {{"OFFER"}, {"TITLE"}, {"MERCHANT"}, {"VIEWS", Table::Align::kRight}},
      [](Output&, Table& table, const v1::ListUnusedOffersResponse& response) {
        for (const v1::ReportedOffer& row : response.offers()) {
          table.AddRow(
              {row.offer(), row.title(), row.merchant(), absl::StrCat(row.figures().views())});
        }
      });
}

}  // namespace puhui::services
