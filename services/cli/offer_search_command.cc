// SPDX-License-Identifier: Apache-2.0
#include "services/cli/offer_search_command.h"

#include "puhui/v1/search_service.grpc.pb.h"
#include "services/cli/geo_flags.h"
#include "services/cli/offer_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using SearchStub = v1::SearchService::Stub;

constexpr std::int64_t kMetersShownMax = 1'000;

std::string DistanceText(const v1::FoundOffer& found) {
  if (!found.has_distance_meters()) return "";
  const std::int64_t meters = found.distance_meters();
  if (meters < kMetersShownMax) return absl::StrCat(meters, " m");
  return absl::StrFormat("%.1f km", static_cast<double>(meters) / 1'000);
}

template <class Counts>
void AddCounts(const char* kind, const Counts& counts, Table* table) {
  for (const v1::FacetCount& count : counts) {
    table->AddRow({kind, count.value(), absl::StrCat(count.offers())});
  }
}

void PrintFacets(Output& output, const v1::SearchFacets& facets) {
  Table table({{"BY"}, {"VALUE"}, {"OFFERS", Table::Align::kRight}});
  AddCounts("category", facets.categories(), &table);
  AddCounts("region", facets.regions(), &table);
  AddCounts("union", facets.unions(), &table);
  for (const v1::PriceCount& range : facets.prices()) {
    const std::string to =
        range.price_points_max() == 0 ? "" : output.Points(range.price_points_max());
    table.AddRow({"price", absl::StrCat(output.Points(range.price_points_min()), " - ", to),
                  absl::StrCat(range.offers())});
  }
  output.Flush(table);
}

void BindFilters(CLI::App& app, v1::SearchOffersRequest& request) {
  app.add_option_function<std::vector<std::string>>(
      "--category",
      [&request](const std::vector<std::string>& categories) {
        for (const std::string& category : categories) request.add_categories(category);
      },
      "Only of this category, or of one of these: four digits");
  app.add_option("--region", *request.mutable_region(),
                 "Only what is good there: six digits of GB/T 2260");
  AddName(app, "--union", request.mutable_union_(), "unions")
      ->description("Only what is for this union in particular");
  AddName(app, "--merchant", request.mutable_merchant(), "merchants")
      ->description("Only of this merchant");
  const auto price = [&app](const char* flag, const char* help,
                            std::function<void(std::int64_t)> set) {
    app.add_option_function<std::int64_t>(
           flag, [set](const std::int64_t& points) { set(points); }, help)
        ->check(CLI::PositiveNumber);
  };
  price("--price-min", "Items and seats of so many points at least",
        [&request](std::int64_t points) { request.set_price_points_min(points); });
  price("--price-max", "Items and seats of so many points at most",
        [&request](std::int64_t points) { request.set_price_points_max(points); });
  AddPoint(
      app, "--near", [&request](const v1::GeoPoint& point) { *request.mutable_near() = point; },
      "Where the member is: LATITUDE,LONGITUDE in degrees");
  AddEnum<v1::SearchOrder>(
      app, "--order", [&request](v1::SearchOrder order) { request.set_order(order); },
      "What is shown first. Default: text, distance and freshness together");
}

}  // namespace

void AddOfferSearchVerbs(Noun& offer) {
  offer.Lists(
      {"search", "Find what a member may use now, and count it by kind"}, &SearchStub::SearchOffers,
      [](CLI::App& app, v1::SearchOffersRequest& request) {
        AddName(app, "member", request.mutable_member(), "members")->required();
        app.add_option("text", *request.mutable_text(),
                       "Words that all have to be there, or the initials of a merchant's pinyin. "
                       "Default: everything");
        BindFilters(app, request);
      },
      {{"OFFER"}, {"TITLE"}, {"MERCHANT"}, {"BENEFIT"}, {"DISTANCE"}, {"UNTIL"}},
      [](Output& output, Table& table, const v1::SearchOffersResponse& response) {
        for (const v1::FoundOffer& found : response.offers()) {
          table.AddRow({found.offer().name(), found.offer().title(), found.merchant_display_name(),
                        BenefitText(output, found.offer()), DistanceText(found),
                        found.offer().last_day()});
        }
        output.Flush(table);
        if (response.has_facets()) PrintFacets(output, response.facets());
      });
}

}  // namespace puhui::services
