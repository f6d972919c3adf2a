// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/member_queries.h"

#include "issuing/app/tables.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/types/span.h"

#include <algorithm>
#include <utility>

namespace puhui::issuing {

using ledger::Readable;

absl::StatusOr<absl::optional<PersonalData>> OpenPersonalData(const Readable& from,
                                                              const Vault& vault,
                                                              const FoundMember& found) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<PersonalDataRow> row,
                         FindPersonalData(from, found.member));
  if (!row.has_value() || row->wrapped_key.empty()) return absl::optional<PersonalData>();
  PUHUI_ASSIGN_OR_RETURN(OpenedData opened, vault.Open(found.member, *row));
  const bool newer = row->revision > found.row.revision;
  if (!newer && opened.commitment != found.row.commitment) {
    return absl::DataLossError("personal data is not what the journal was told of");
  }
  return absl::make_optional(std::move(opened.data));
}

absl::StatusOr<std::vector<absl::optional<MemberId>>> MembersByDocument(
    const Readable& from, const std::vector<ledger::Tag>& documents) {
  std::vector<ledger::Tag> keys = documents;
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  PUHUI_ASSIGN_OR_RETURN(
      const auto found, ledger::FindAll(from, kIdNumberTable, absl::Span<const ledger::Tag>(keys)));
  std::vector<absl::optional<MemberId>> members;
  members.reserve(documents.size());
  for (const ledger::Tag& document : documents) {
    const auto at = std::lower_bound(keys.begin(), keys.end(), document);
    members.push_back(found[static_cast<std::size_t>(at - keys.begin())]);
  }
  return members;
}

absl::StatusOr<Home> HomeOf(const Readable& from, UnionNumber of) {
  PUHUI_ASSIGN_OR_RETURN(const UnionRow row, UnionByNumber(from, of));
  return Home{.of = of, .search_root = row.search_root};
}

absl::StatusOr<std::vector<UnionNumber>> SearchRootsOf(const Readable& from, UnionNumber of) {
  PUHUI_ASSIGN_OR_RETURN(UnionRow row, UnionByNumber(from, of));
  while (row.parent != UnionNumber{}) {
    PUHUI_ASSIGN_OR_RETURN(row, UnionByNumber(from, row.parent));
  }
  return std::move(row.search_roots);
}

absl::StatusOr<absl::optional<ReturningMember>> FindReturning(const Readable& from,
                                                              const Vault& vault, MemberId member) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<FoundMember> found, FindMember(from, member));
  if (!found.has_value() || found->row.state != MemberState::kLeft) {
    return absl::optional<ReturningMember>();
  }
  ReturningMember returning{
      .member = member, .revision = found->row.revision, .left = found->row.union_number};
  PUHUI_ASSIGN_OR_RETURN(returning.data, OpenPersonalData(from, vault, *found));
  return absl::make_optional(std::move(returning));
}

}  // namespace puhui::issuing
