// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WINDOW_SEARCH_REQUEST_H_
#define PUHUI_SERVICES_WINDOW_SEARCH_REQUEST_H_

#include "ledger/storage/store.h"
#include "merchant/search/ranking.h"
#include "puhui/v1/search_service.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <string>

namespace puhui::services {

// What a request asks for, apart from who and which page. A union or a merchant that there is not
// has no offers, and is no mistake: nobody learns here what exists.
// Refuses: kInvalidField. Fails: as `store`.
absl::StatusOr<merchant::SearchWish> ReadSearch(const v1::SearchOffersRequest& request,
                                                const ledger::Readable& store);

// Where a page begins. Pages of one search are as of one time, so that what gets older meanwhile
// does not move; results are found again by their place, whatever was added or taken away.
struct SearchPage {
  absl::Time now{};       // Of the first page.
  std::size_t shown = 0;  // Places that were passed.
  absl::optional<merchant::ResultPlace> after{};
};
std::string WriteSearchPage(const SearchPage& page);
// Requires: `cursor` was written by WriteSearchPage. Refuses: kInvalidField (page_token).
absl::StatusOr<SearchPage> ReadSearchPage(absl::string_view cursor);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WINDOW_SEARCH_REQUEST_H_
