// SPDX-License-Identifier: Apache-2.0
#include "services/window/search_service.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "puhui/v1/search_service.grpc.pb.h"
#include "services/ledger/member_profiles.h"
#include "services/ledger/union_tree.h"
#include "services/rpc/resource_name.h"
#include "services/window/search_answer.h"
#include "services/window/search_request.h"

#include <algorithm>
#include <string>
#include <utility>

namespace puhui::services {

struct SearchService::Wire final : v1::SearchService::AsyncService {};

SearchService::SearchService(const Parts& parts) : parts_(parts), wire_(std::make_unique<Wire>()) {}

SearchService::~SearchService() = default;

void SearchService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  calls.UnaryOnWorker(Rpc::kSearchOffers, wire_.get(), &Wire::RequestSearchOffers,
                      [this](const CallContext& call, const v1::SearchOffersRequest& asked) {
                        return DoSearch(call, asked);
                      });
}

absl::StatusOr<v1::SearchOffersResponse> SearchService::DoSearch(
    const CallContext& call, const v1::SearchOffersRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseMemberName(request.member(), "member"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  SearchPage page{.now = parts_.engine->Now()};
  if (!cursor.empty()) {
    PUHUI_ASSIGN_OR_RETURN(page, ReadSearchPage(cursor));
  }
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(merchant::SearchWish wish, ReadSearch(request, *store));
  PUHUI_RETURN_IF_ERROR(AllowMemberById(call.principal(), member, *store, *parts_.tree));
  const std::size_t count =
      std::min(size, kSearchResultsMax - std::min(page.shown, kSearchResultsMax));
  wish.now = page.now;
  wish.after = page.after;
  wish.results_max = count + 1;  // One more says that there is more.
  MemberProfileReader profile(store.get(), parts_.vault, member);
  PUHUI_RETURN_IF_ERROR(KeepOwnUnions(profile, &wish));
  PUHUI_ASSIGN_OR_RETURN(merchant::SearchResults found, SearchFor(profile, *parts_.index, wish));
  const bool more = found.results.size() > count && page.shown + count < kSearchResultsMax;
  if (found.results.size() > count) found.results.resize(count);
  SearchAnswer answer(store.get(), &profile, parts_.engine->Now());
  v1::SearchOffersResponse response;
  for (const merchant::SearchResult& result : found.results) {
    PUHUI_RETURN_IF_ERROR(answer.Add(result, &response));
  }
  if (cursor.empty()) PUHUI_RETURN_IF_ERROR(answer.AddFacets(found.facets, &response));
  response.set_total(found.total);
  response.set_indexed_sequence(found.sequence);
  if (more) {
    const SearchPage next{
        .now = page.now, .shown = page.shown + count, .after = found.results.back().place};
    response.set_next_page_token(parts_.tokens->Seal(filter, WriteSearchPage(next)));
  }
  return response;
}

}  // namespace puhui::services
