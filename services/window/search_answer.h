// SPDX-License-Identifier: Apache-2.0
// From places in an index to what a member is shown.
#ifndef PUHUI_SERVICES_WINDOW_SEARCH_ANSWER_H_
#define PUHUI_SERVICES_WINDOW_SEARCH_ANSWER_H_

#include "ledger/storage/store.h"
#include "merchant/app/rows.h"
#include "merchant/search/offer_index.h"
#include "merchant/search/ranking.h"
#include "puhui/v1/search_service.pb.h"
#include "services/ledger/member_profiles.h"
#include "services/ledger/names.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace puhui::services {

// What the index has for the member; nothing for one who left.
// Fails: as OfferIndex::Search, as MemberProfileReader.
absl::StatusOr<merchant::SearchResults> SearchFor(MemberProfileReader& profile,
                                                  const merchant::OfferIndex& index,
                                                  const merchant::SearchWish& wish);

// Of the unions that are asked for only those that the member is of, or below, are left to fit: by
// others it would learn whom else an offer is for. Fails: as MemberProfileReader.
absl::Status KeepOwnUnions(MemberProfileReader& profile, merchant::SearchWish* wish);

// Writes what was found. The index may be behind: an offer that the member may not use now is left
// out, by the row of this moment. Threads: none; make one per call. Borrows: all it is made with.
class SearchAnswer {
 public:
  SearchAnswer(const ledger::Readable* store, MemberProfileReader* profile, absl::Time now)
      : store_(*store), profile_(*profile), now_(now), names_(store) {}

  absl::Status Add(const merchant::SearchResult& result, v1::SearchOffersResponse* response);
  absl::Status AddFacets(const merchant::SearchFacets& facets, v1::SearchOffersResponse* response);

 private:
  // Stays good until the next. Fails: kDataLoss when there is none.
  absl::StatusOr<const merchant::MerchantRow*> MerchantOf(MerchantNumber number);

  const ledger::Readable& store_;
  MemberProfileReader& profile_;
  const absl::Time now_;
  Names names_;
  absl::flat_hash_map<MerchantNumber, merchant::MerchantRow> merchants_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WINDOW_SEARCH_ANSWER_H_
