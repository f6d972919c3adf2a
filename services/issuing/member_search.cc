// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_search.h"

#include "issuing/app/member_queries.h"
#include "issuing/app/union_queries.h"
#include "issuing/core/search_text.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/typed_reads.h"
#include "services/issuing/member_service.h"
#include "services/issuing/person_reader.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using issuing::SearchKind;
using SearchRow = ledger::Row<issuing::SearchKey, bool>;

constexpr std::size_t kMobileDigits = 4;

// The unions that a search looks into, each looked up once.
class SearchedUnions {
 public:
  SearchedUnions(const ledger::Readable* store, UnionNumber top) : store_(*store), top_(top) {}

  // Nothing when the union is not one of them.
  absl::StatusOr<absl::optional<UnionId>> Find(UnionNumber number) {
    const auto known = unions_.find(number);
    if (known != unions_.end()) return known->second;
    absl::optional<UnionId> found;
    PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow row, issuing::UnionByNumber(store_, number));
    bool within = number == top_;
    if (!within && row.parent != UnionNumber{}) {
      PUHUI_ASSIGN_OR_RETURN(const auto above, Find(row.parent));
      within = above.has_value();
    }
    if (within) {
      PUHUI_ASSIGN_OR_RETURN(found, UnionId::Parse(row.id, "union"));
    }
    unions_.emplace(number, found);
    return found;
  }

 private:
  const ledger::Readable& store_;
  const UnionNumber top_;
  absl::flat_hash_map<UnionNumber, absl::optional<UnionId>> unions_;
};

// How far a search has come.
struct SearchPlace {
  UnionNumber root{};                 // Search roots below it are done.
  absl::optional<MemberId> member{};  // The last one looked at under it.

  template <class F>
  void Fields(F& f) {
    f(root, member);
  }
};

// One page of a search. Threads: none; lives as long as its call.
class MemberSearch {
 public:
  MemberSearch(const IssuingParts& parts, const Principal& principal, const ledger::Readable* store,
               UnionNumber top)
      : parts_(parts), principal_(principal), store_(*store), top_(top), unions_(store, top) {}

  absl::Status AddCardHolder(absl::string_view card_number, v1::SearchMembersResponse* response) {
    PUHUI_ASSIGN_OR_RETURN(const auto member,
                           issuing::MemberByCard(store_, parts_.vault->CardTag(card_number)));
    return member.has_value() ? AddIfFound(*member, nullptr, response) : absl::OkStatus();
  }

  // Adds up to `page_size` members behind `after`, and looks at kRowsPerPageMax entries at most.
  // Returns where the next page begins, or nothing when there is none.
  absl::StatusOr<absl::optional<SearchPlace>> AddPage(const SearchQuery& query, SearchPlace after,
                                                      std::size_t page_size,
                                                      v1::SearchMembersResponse* response) {
    PUHUI_ASSIGN_OR_RETURN(const std::vector<UnionNumber> roots,
                           issuing::SearchRootsOf(store_, top_));
    std::size_t left = kRowsPerPageMax;
    for (const UnionNumber root : roots) {
      if (root < after.root) continue;
      if (root != after.root) after = {.root = root};
      PUHUI_ASSIGN_OR_RETURN(const std::vector<SearchRow> rows, Entries(query, after, left));
      for (const SearchRow& row : rows) {
        if (static_cast<std::size_t>(response->members_size()) == page_size) return after;
        PUHUI_RETURN_IF_ERROR(AddIfFound(row.key.member, &query, response));
        after.member = row.key.member;
      }
      left -= rows.size();
      if (left == 0) return after;
    }
    return absl::optional<SearchPlace>();
  }

 private:
  absl::StatusOr<std::vector<SearchRow>> Entries(const SearchQuery& query, const SearchPlace& after,
                                                 std::size_t limit) const {
    const ledger::Tag tag = SearchTagOf(*parts_.vault, after.root, query);
    ledger::Range range{.prefix = ledger::EncodeKeyPrefix(ledger::Table::kSearchEntries, tag)};
    if (after.member.has_value()) {
      range.from =
          ledger::EncodeKey(ledger::Table::kSearchEntries, issuing::SearchKey{tag, *after.member});
      range.after_from = true;
    }
    return ledger::List(store_, issuing::kSearchEntryTable, std::move(range), limit);
  }

  absl::Status AddIfFound(MemberId member, const SearchQuery* query,
                          v1::SearchMembersResponse* response) {
    PUHUI_ASSIGN_OR_RETURN(auto found, issuing::FindMember(store_, member));
    if (!found.has_value()) return absl::OkStatus();
    const UnionNumber of = found->row.union_number;
    PUHUI_ASSIGN_OR_RETURN(const auto union_id, unions_.Find(of));
    if (!union_id.has_value()) return absl::OkStatus();
    if (query != nullptr) {
      PUHUI_ASSIGN_OR_RETURN(const auto data,
                             issuing::OpenPersonalData(store_, *parts_.vault, *found));
      if (!data.has_value() || !IsSearchedFor(*query, *data, of)) return absl::OkStatus();
      if (query->kind == SearchKind::kExternalId) {
        PUHUI_ASSIGN_OR_RETURN(const bool seen, SeesExternalId(query->text, *data, of));
        if (!seen) return absl::OkStatus();
      }
    }
    const SeenMember seen{.found = *std::move(found), .union_id = *union_id};
    PUHUI_ASSIGN_OR_RETURN(*response->add_members(), ShowMember(parts_, principal_, seen, store_));
    return absl::OkStatus();
  }

  // Whether one that is searched for is of a union that the caller sees; others do not exist.
  absl::StatusOr<bool> SeesExternalId(absl::string_view text, const issuing::PersonalData& data,
                                      UnionNumber of) const {
    for (const issuing::ExternalId& external_id : issuing::AllExternalIds(data, of)) {
      if (external_id.id != text) continue;
      PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow row,
                             issuing::UnionByNumber(store_, external_id.of));
      PUHUI_ASSIGN_OR_RETURN(const UnionId union_id, UnionId::Parse(row.id, "union"));
      if (AllowUnion(principal_, union_id, *parts_.tree).ok()) return true;
    }
    return false;
  }

  const IssuingParts& parts_;
  const Principal& principal_;
  const ledger::Readable& store_;
  const UnionNumber top_;
  SearchedUnions unions_;
};

}  // namespace

absl::StatusOr<SearchQuery> ReadSearch(const v1::SearchMembersRequest& request) {
  if (request.query_case() == v1::SearchMembersRequest::kExternalId) {
    PUHUI_ASSIGN_OR_RETURN(
        issuing::ExternalId external_id,
        ParseExternalId(UnionNumber{}, "", request.external_id(), "external_id"));
    return SearchQuery{SearchKind::kExternalId, std::move(external_id.id)};
  }
  if (request.query_case() == v1::SearchMembersRequest::kMobileLastFour) {
    std::string digits = issuing::FoldWidth(request.mobile_last_four());
    if (digits.size() != kMobileDigits ||
        !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit)) {
      return InvalidField("mobile_last_four", "want four digits");
    }
    return SearchQuery{SearchKind::kMobileLastFour, std::move(digits)};
  }
  if (request.query_case() == v1::SearchMembersRequest::kNamePrefix) {
    std::string text = issuing::SearchText(request.name_prefix());
    if (text.empty() || request.name_prefix().size() > kNameBytesMax) {
      return InvalidField("name_prefix", absl::StrCat("want 1 to ", kNameBytesMax, " bytes"));
    }
    return SearchQuery{SearchKind::kName, std::move(text)};
  }
  return InvalidField("query", "want name_prefix, external_id, card_number or mobile_last_four");
}

ledger::Tag SearchTagOf(const issuing::Vault& vault, UnionNumber search_root,
                        const SearchQuery& query) {
  absl::string_view text = query.text;
  if (query.kind == SearchKind::kName) {
    text = issuing::Prefixes(text, kSearchPrefixCharacters).back();
  }
  return vault.SearchTag(search_root, query.kind, text);
}

bool IsSearchedFor(const SearchQuery& query, const issuing::PersonalData& data, UnionNumber of) {
  switch (query.kind) {
    case SearchKind::kName:
      return absl::StartsWith(issuing::SearchText(data.full_name), query.text);
    case SearchKind::kMobileLastFour:
      return absl::EndsWith(data.mobile, query.text);
    case SearchKind::kExternalId:
      break;
  }
  const std::vector<issuing::ExternalId> all = issuing::AllExternalIds(data, of);
  return std::any_of(all.begin(), all.end(), [&query](const issuing::ExternalId& external_id) {
    return external_id.id == query.text;
  });
}

absl::StatusOr<v1::SearchMembersResponse> MemberService::DoSearch(
    const CallContext& call, const v1::SearchMembersRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.parent(), "parent"));
  const bool by_card = request.query_case() == v1::SearchMembersRequest::kCardNumber;
  if (by_card && !issuing::IsCardNumber(request.card_number())) {
    return InvalidField("card_number", "want 16 digits with a valid check digit");
  }
  SearchQuery query;
  if (!by_card) {
    PUHUI_ASSIGN_OR_RETURN(query, ReadSearch(request));
  }
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto of, issuing::FindUnion(*store, id.text()));
  if (!of.has_value()) return NotFound("union");
  MemberSearch search(parts_, call.principal(), store.get(), of->number);
  v1::SearchMembersResponse response;
  if (by_card) {
    PUHUI_RETURN_IF_ERROR(search.AddCardHolder(request.card_number(), &response));
    return response;
  }
  SearchPlace after;
  if (!cursor.empty()) PUHUI_RETURN_IF_ERROR(ledger::DecodeValue(cursor, &after));
  PUHUI_ASSIGN_OR_RETURN(const auto next, search.AddPage(query, after, page_size, &response));
  if (next.has_value()) {
    response.set_next_page_token(parts_.tokens->Seal(filter, ledger::EncodeValue(*next)));
  }
  return response;
}

}  // namespace puhui::services
