// SPDX-License-Identifier: Apache-2.0
// Finding members by what is known of them, without anything of it stored in the clear.
#ifndef PUHUI_SERVICES_ISSUING_MEMBER_SEARCH_H_
#define PUHUI_SERVICES_ISSUING_MEMBER_SEARCH_H_

#include "issuing/app/personal_data.h"
#include "issuing/app/vault.h"
#include "ledger/base/id.h"
#include "puhui/v1/member_service.pb.h"

#include "absl/status/statusor.h"

#include <string>

namespace puhui::services {

// What is searched for, written as search entries are. A card is no search: it leads to its member.
struct SearchQuery {
  issuing::SearchKind kind = issuing::SearchKind::kName;
  std::string text{};
};

// Requires: the query is not of a card. Refuses: kInvalidField, without repeating it.
absl::StatusOr<SearchQuery> ReadSearch(const v1::SearchMembersRequest& request);

// Of the entries under `search_root` (union_rows.h) that the query finds, or more: entries know no
// more than the first characters of a name.
ledger::Tag SearchTagOf(const issuing::Vault& vault, UnionNumber search_root,
                        const SearchQuery& query);

// Whether a member of the union `of` is one that was searched for.
bool IsSearchedFor(const SearchQuery& query, const issuing::PersonalData& data, UnionNumber of);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_MEMBER_SEARCH_H_
