// SPDX-License-Identifier: Apache-2.0
#include "services/window/search_request.h"

#include "issuing/app/tables.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/rows.h"
#include "merchant/search/search_words.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

absl::Status ReadText(const std::string& text, merchant::SearchWish* wish) {
  const std::size_t characters = merchant::CharactersIn(text);
  if (characters > kSearchTextCharactersMax) {
    return InvalidField("text", absl::StrCat("want at most ", kSearchTextCharactersMax,
                                             " characters, got ", characters));
  }
  wish->text = text;
  return absl::OkStatus();
}

absl::Status ReadCategories(const v1::SearchOffersRequest& request, merchant::SearchWish* wish) {
  if (request.categories().size() > static_cast<int>(kSearchCategoriesMax)) {
    return InvalidField("categories", absl::StrCat("want at most ", kSearchCategoriesMax));
  }
  for (int i = 0; i < request.categories().size(); ++i) {
    PUHUI_ASSIGN_OR_RETURN(
        const std::uint32_t category,
        ParseCategory(request.categories(i), absl::StrCat("categories[", i, "]")));
    wish->categories.push_back(category);
  }
  return absl::OkStatus();
}

absl::Status ReadPrices(const v1::SearchOffersRequest& request, merchant::SearchWish* wish) {
  wish->price_min = request.price_points_min();
  wish->price_max = request.price_points_max();
  if (wish->price_min < 0) return InvalidField("price_points_min", "want 0 or more");
  if (wish->price_max < 0) return InvalidField("price_points_max", "want 0 or more");
  if (wish->price_max != 0 && wish->price_max < wish->price_min) {
    return InvalidField("price_points_max", "want no less than price_points_min");
  }
  return absl::OkStatus();
}

absl::Status ReadOrder(const v1::SearchOffersRequest& request, merchant::SearchWish* wish) {
  if (request.has_near()) {
    wish->near = merchant::GeoPoint{.latitude = request.near().latitude_micros(),
                                    .longitude = request.near().longitude_micros()};
    if (!wish->near->OnEarth()) {
      return InvalidField("near", "want up to 90 degrees of latitude and 180 of longitude");
    }
  }
  if (request.order() == v1::SEARCH_ORDER_UNSPECIFIED) return absl::OkStatus();
  if (request.order() == v1::SEARCH_ORDER_NEWEST) {
    wish->order = merchant::SearchOrder::kNewest;
    return absl::OkStatus();
  }
  if (request.order() != v1::SEARCH_ORDER_NEAREST) {
    return InvalidField("order", "want a SearchOrder");
  }
  wish->order = merchant::SearchOrder::kNearest;
  if (request.has_near()) return absl::OkStatus();
  return InvalidField("near", "want it with SEARCH_ORDER_NEAREST");
}

// The union, and those above it: what is for one of these is for its members.
absl::Status ReadUnion(const std::string& name, const ledger::Readable& store,
                       merchant::SearchWish* wish) {
  if (name.empty()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(name, "union"));
  PUHUI_ASSIGN_OR_RETURN(const auto number, ledger::Find(store, issuing::kUnionIdTable, id.text()));
  UnionNumber at = number.value_or(UnionNumber{});
  wish->unions.push_back(at);
  for (std::uint32_t depth = 1; depth < kUnionDepthMax && at != UnionNumber{}; ++depth) {
    PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, issuing::kUnionTable, at));
    if (!row.has_value()) return absl::DataLossError("a union is missing");
    at = row->parent;
    if (at != UnionNumber{}) wish->unions.push_back(at);
  }
  return absl::OkStatus();
}

absl::Status ReadMerchant(const std::string& name, const ledger::Readable& store,
                          merchant::SearchWish* wish) {
  if (name.empty()) return absl::OkStatus();
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(name, "merchant"));
  PUHUI_ASSIGN_OR_RETURN(const auto number,
                         ledger::Find(store, merchant::kMerchantIdTable, id.text()));
  wish->merchant = number.value_or(MerchantNumber{});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<merchant::SearchWish> ReadSearch(const v1::SearchOffersRequest& request,
                                                const ledger::Readable& store) {
  merchant::SearchWish wish;
  PUHUI_RETURN_IF_ERROR(ReadText(request.text(), &wish));
  PUHUI_RETURN_IF_ERROR(ReadCategories(request, &wish));
  if (!request.region().empty()) {
    PUHUI_ASSIGN_OR_RETURN(wish.region, ParseRegion(request.region(), "region"));
  }
  PUHUI_RETURN_IF_ERROR(ReadUnion(request.union_(), store, &wish));
  PUHUI_RETURN_IF_ERROR(ReadMerchant(request.merchant(), store, &wish));
  PUHUI_RETURN_IF_ERROR(ReadPrices(request, &wish));
  PUHUI_RETURN_IF_ERROR(ReadOrder(request, &wish));
  return wish;
}

std::string WriteSearchPage(const SearchPage& page) {
  return absl::StrCat(absl::ToUnixMicros(page.now), "/", page.shown, "/",
                      std::bit_cast<std::uint64_t>(page.after->score), "/",
                      static_cast<std::uint32_t>(page.after->offer));
}

absl::StatusOr<SearchPage> ReadSearchPage(absl::string_view cursor) {
  const std::vector<absl::string_view> parts = absl::StrSplit(cursor, '/');
  std::int64_t now = 0;
  std::uint64_t score = 0;
  std::uint32_t offer = 0;
  SearchPage page;
  if (parts.size() != 4 || !absl::SimpleAtoi(parts[0], &now) ||
      !absl::SimpleAtoi(parts[1], &page.shown) || !absl::SimpleAtoi(parts[2], &score) ||
      !absl::SimpleAtoi(parts[3], &offer)) {
    return InvalidField("page_token", "want a token of this list");
  }
  page.now = absl::FromUnixMicros(now);
  page.after = merchant::ResultPlace{.score = std::bit_cast<double>(score),
                                     .offer = merchant::OfferNumber{offer}};
  return page;
}

}  // namespace puhui::services
