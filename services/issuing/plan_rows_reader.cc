// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/plan_rows_reader.h"

#include "issuing/app/plan_rows.h"
#include "issuing/app/queries.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/person_reader.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kResolvedAtOnce = 4'096;

std::string FieldOf(std::size_t row, absl::string_view field) {
  return absl::StrCat("rows[", row, "].", field);
}

void AppendNumber(std::uint64_t value, std::string* bytes) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes->push_back(static_cast<char>(value >> shift));
}

}  // namespace

void PlanRowsReader::Add(const v1::UploadPlanRequest::Rows& rows) {
  for (const v1::PlanRow& row : rows.rows()) {
    Row kept{.points = row.points()};
    if (row.member_key_case() != v1::PlanRow::MEMBER_KEY_NOT_SET) {
      const bool named = row.has_member();
      const std::string& key = named ? row.member() : row.external_id();
      kept.kind = named ? KeyKind::kMember : KeyKind::kExternalId;
      kept.key_bytes = static_cast<std::uint32_t>(key.size());
      keys_.append(key);
    }
    rows_.push_back(kept);
  }
}

ledger::Hash PlanRowsReader::Sha256Of() const {
  constexpr std::size_t kBytesAtOnce = 64 << 10;
  ledger::Sha256 sha256;
  std::string bytes;
  std::size_t key_at = 0;
  for (const Row& row : rows_) {
    bytes.push_back(static_cast<char>(row.kind));
    AppendNumber(static_cast<std::uint64_t>(row.points), &bytes);
    AppendNumber(row.key_bytes, &bytes);
    bytes.append(keys_, key_at, row.key_bytes);
    key_at += row.key_bytes;
    if (bytes.size() < kBytesAtOnce) continue;
    sha256.Update(bytes);
    bytes.clear();
  }
  sha256.Update(bytes);
  return sha256.Finish();
}

absl::Status PlanRowsReader::Parse() {
  if (rows_.empty()) return InvalidField("rows", "want at least one");
  members_.assign(rows_.size(), MemberId());
  std::size_t key_at = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    PUHUI_RETURN_IF_ERROR(ParseRow(i, absl::string_view(keys_).substr(key_at, rows_[i].key_bytes)));
    key_at += rows_[i].key_bytes;
  }
  keys_ = std::string();
  return absl::OkStatus();
}

absl::Status PlanRowsReader::ParseRow(std::size_t at, absl::string_view key) {
  const Row& row = rows_[at];
  switch (row.kind) {
    case KeyKind::kNone:
      return InvalidField(absl::StrCat("rows[", at, "]"), "want member or external_id");
    case KeyKind::kMember: {
      PUHUI_ASSIGN_OR_RETURN(members_[at], ParseMemberName(key, FieldOf(at, "member")));
      break;
    }
    case KeyKind::kExternalId: {
      PUHUI_ASSIGN_OR_RETURN(issuing::ExternalId read,
                             ParseExternalId(UnionNumber{}, "", key, FieldOf(at, "external_id")));
      by_external_id_.push_back({.row = at, .external_id = std::move(read.id)});
      break;
    }
  }
  return Points::FromRequest(row.points, FieldOf(at, "points")).status();
}

absl::Status PlanRowsReader::Resolve(const ledger::Readable& store, const issuing::Vault& vault,
                                     UnionNumber of) {
  for (std::size_t first = 0; first < by_external_id_.size(); first += kResolvedAtOnce) {
    const std::size_t end = std::min(first + kResolvedAtOnce, by_external_id_.size());
    std::vector<ledger::Tag> tags;
    for (std::size_t i = first; i < end; ++i) {
      tags.push_back(vault.ExternalIdTag(of, by_external_id_[i].external_id));
    }
    PUHUI_ASSIGN_OR_RETURN(const auto members, issuing::MembersByExternalId(store, tags));
    for (std::size_t i = first; i < end; ++i) {
      const std::size_t row = by_external_id_[i].row;
      if (!members[i - first].has_value()) {
        return ledger::ToStatus({.reason = ledger::Reason::kMemberOfOtherUnion,
                                 .field = FieldOf(row, "external_id"),
                                 .message = "nobody of the campaign's union"});
      }
      members_[row] = *members[i - first];
    }
  }
  by_external_id_.clear();
  return absl::OkStatus();
}

std::string PlanRowsReader::Packed(std::size_t first, std::size_t count) const {
  std::string packed;
  const std::size_t end = std::min(first + count, rows_.size());
  packed.reserve((end - first) * issuing::kPlanRowBytes);
  for (std::size_t i = first; i < end; ++i) {
    issuing::AppendPlanRow(members_[i], Points::FromStored(rows_[i].points), &packed);
  }
  return packed;
}

}  // namespace puhui::services
