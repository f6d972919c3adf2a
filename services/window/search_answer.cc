// SPDX-License-Identifier: Apache-2.0
#include "services/window/search_answer.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/offer_queries.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/queries.h"
#include "services/market/offer_convert.h"
#include "services/rpc/text_field.h"

#include <cmath>
#include <string>
#include <utility>

namespace puhui::services {

absl::StatusOr<merchant::SearchResults> SearchFor(MemberProfileReader& profile,
                                                  const merchant::OfferIndex& index,
                                                  const merchant::SearchWish& wish) {
  PUHUI_ASSIGN_OR_RETURN(const bool is_member, profile.IsFor({}));
  if (!is_member) return merchant::SearchResults{};
  absl::Status failed;
  auto found = index.Search(wish, [&](const merchant::Audience& audience) {
    const absl::StatusOr<bool> admitted = profile.IsFor(audience);
    if (!admitted.ok()) failed = admitted.status();
    return admitted.ok() && *admitted;
  });
  PUHUI_RETURN_IF_ERROR(failed);
  return found;
}

absl::Status KeepOwnUnions(MemberProfileReader& profile, merchant::SearchWish* wish) {
  for (UnionNumber& asked : wish->unions) {
    PUHUI_ASSIGN_OR_RETURN(const bool own, profile.IsWithin(asked));
    if (!own) asked = UnionNumber{};  // That no offer names.
  }
  return absl::OkStatus();
}

absl::StatusOr<const merchant::MerchantRow*> SearchAnswer::MerchantOf(MerchantNumber number) {
  const auto known = merchants_.find(number);
  if (known != merchants_.end()) return &known->second;
  PUHUI_ASSIGN_OR_RETURN(merchant::MerchantRow row, merchant::MerchantByNumber(store_, number));
  return &(merchants_[number] = std::move(row));
}

absl::Status SearchAnswer::Add(const merchant::SearchResult& result,
                               v1::SearchOffersResponse* response) {
  const merchant::OfferNumber number = result.place.offer;
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store_, merchant::kOfferTable, number));
  const bool open = row.has_value() && row->state == merchant::OfferState::kPublished &&
                    row->content.window.OpenAt(now_);
  if (!open) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const merchant::MerchantRow* merchant, MerchantOf(row->merchant));
  if (merchant->state != merchant::MerchantState::kActive) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const bool admitted, profile_.IsFor(row->content.audience));
  if (!admitted) return absl::OkStatus();
  v1::FoundOffer& found = *response->add_offers();
  PUHUI_ASSIGN_OR_RETURN(*found.mutable_offer(), OfferOf(number, *row, names_));
  found.mutable_offer()->clear_audience();  // Whom else it is for is nothing to a member.
  PUHUI_ASSIGN_OR_RETURN(const auto stock, merchant::FindOfferStock(store_, number, row->content));
  if (stock.has_value()) *found.mutable_offer()->mutable_stock() = StockOf(*stock);
  found.set_merchant_display_name(merchant->display_name);
  if (result.distance_meters.has_value()) {
    found.set_distance_meters(std::llround(*result.distance_meters));
  }
  return absl::OkStatus();
}

absl::Status SearchAnswer::AddFacets(const merchant::SearchFacets& facets,
                                     v1::SearchOffersResponse* response) {
  v1::SearchFacets& message = *response->mutable_facets();
  const auto add = [](std::string value, std::int64_t offers, v1::FacetCount* count) {
    count->set_value(std::move(value));
    count->set_offers(offers);
  };
  for (const auto& [category, offers] : facets.categories) {
    add(FormatCategory(category), offers, message.add_categories());
  }
  for (const auto& [region, offers] : facets.regions) {
    add(FormatRegion(region), offers, message.add_regions());
  }
  for (const auto& [number, offers] : facets.unions) {
    PUHUI_ASSIGN_OR_RETURN(const bool own, profile_.IsWithin(number));
    if (!own) continue;
    PUHUI_ASSIGN_OR_RETURN(std::string name, names_.OfUnion(number));
    add(std::move(name), offers, message.add_unions());
  }
  for (std::size_t i = 0; i < facets.prices.size(); ++i) {
    if (facets.prices[i] == 0) continue;
    v1::PriceCount& range = *message.add_prices();
    range.set_price_points_min(merchant::kPriceRanges[i]);
    if (i + 1 < facets.prices.size()) range.set_price_points_max(merchant::kPriceRanges[i + 1] - 1);
    range.set_offers(facets.prices[i]);
  }
  return absl::OkStatus();
}

}  // namespace puhui::services
