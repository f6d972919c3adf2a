// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/plan_rows_reader.h"

#include "issuing/app/member_queries.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/queries.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_privacy.h"
#include "services/issuing/person_reader.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kResolvedAtOnce = 4'096;

std::string FieldOf(std::size_t row, absl::string_view field) {
  return absl::StrCat("rows[", row, "].", field);
}

const std::string& KeyOf(const v1::PlanRow& row) {
  if (row.has_member()) return row.member();
  if (row.has_card_number()) return row.card_number();
  return row.has_id_number() ? row.id_number() : row.external_id();
}

void AppendNumber(std::uint64_t value, std::string* bytes) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes->push_back(static_cast<char>(value >> shift));
}

}  // namespace

void PlanRowsReader::Add(const v1::UploadPlanRequest::Rows& rows) {
  for (const v1::PlanRow& row : rows.rows()) {
    Row kept{.points = row.points()};
    if (row.member_key_case() != v1::PlanRow::MEMBER_KEY_NOT_SET) {
      const std::string& key = KeyOf(row);
      // The kinds have the order of the fields.
      static_assert(v1::PlanRow::kMember == 1 && v1::PlanRow::kExternalId == 2 &&
                    v1::PlanRow::kCardNumber == 4 && v1::PlanRow::kIdNumber == 5);
      const int field = row.member_key_case();
      kept.kind = static_cast<KeyKind>(field < 3 ? field : field - 1);
      kept.key_bytes = static_cast<std::uint32_t>(key.size());
      keys_.append(key);
    }
    if (!row.reason().empty()) reasons_.push_back({.row = rows_.size(), .text = row.reason()});
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
  for (const Reason& reason : reasons_) {
    AppendNumber(reason.row, &bytes);
    AppendNumber(reason.text.size(), &bytes);
    bytes.append(reason.text);
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
  for (const Reason& reason : reasons_) {
    PUHUI_RETURN_IF_ERROR(CheckReason(reason.text, FieldOf(reason.row, "reason")));
  }
  return absl::OkStatus();
}

absl::Status PlanRowsReader::ParseRow(std::size_t at, absl::string_view key) {
  const Row& row = rows_[at];
  switch (row.kind) {
    case KeyKind::kNone:
      return InvalidField(absl::StrCat("rows[", at, "]"),
                          "want member, external_id, card_number or id_number");
    case KeyKind::kMember: {
      PUHUI_ASSIGN_OR_RETURN(members_[at], ParseMemberName(key, FieldOf(at, "member")));
      break;
    }
    case KeyKind::kExternalId: {
      PUHUI_ASSIGN_OR_RETURN(issuing::ExternalId read,
                             ParseExternalId(UnionNumber{}, "", key, FieldOf(at, "external_id")));
      by_external_id_.push_back({.row = at, .key = std::move(read.id)});
      break;
    }
    case KeyKind::kCard:
      if (key.empty()) return InvalidField(FieldOf(at, "card_number"), "want a card's number");
      by_other_.push_back({.row = at, .key = std::string(key)});
      break;
    case KeyKind::kIdNumber:
      if (key.size() != 18) {
        return InvalidField(FieldOf(at, "id_number"),
                            absl::StrCat("want 18 characters, got ", key.size()));
      }
      by_other_.push_back({.row = at, .key = absl::AsciiStrToUpper(key)});
      break;
  }
  return Points::FromRequest(row.points, FieldOf(at, "points")).status();
}

absl::Status PlanRowsReader::Resolve(const ledger::Readable& store, const issuing::Vault& vault,
                                     UnionNumber of) {
  for (std::size_t first = 0; first < by_external_id_.size(); first += kResolvedAtOnce) {
    const std::size_t end = std::min(first + kResolvedAtOnce, by_external_id_.size());
    std::vector<ledger::Tag> tags;
    for (std::size_t i = first; i < end; ++i) {
      tags.push_back(vault.ExternalIdTag(of, by_external_id_[i].key));
    }
    PUHUI_ASSIGN_OR_RETURN(const auto members, issuing::MembersByExternalId(store, tags));
    for (std::size_t i = first; i < end; ++i) {
      members_[by_external_id_[i].row] = members[i - first].value_or(MemberId());
    }
  }
  by_external_id_.clear();
  for (const ToFind& wanted : by_other_) {
    PUHUI_ASSIGN_OR_RETURN(const absl::optional<MemberId> member, Find(store, vault, wanted));
    members_[wanted.row] = member.value_or(MemberId());
  }
  by_other_.clear();
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<MemberId>> PlanRowsReader::Find(const ledger::Readable& store,
                                                              const issuing::Vault& vault,
                                                              const ToFind& wanted) const {
  if (rows_[wanted.row].kind == KeyKind::kCard) {
    return issuing::MemberByCard(store, vault.CardTag(wanted.key));
  }
  PUHUI_ASSIGN_OR_RETURN(const auto found,
                         issuing::MembersByDocument(store, {vault.IdNumberTag(wanted.key)}));
  return found.front();
}

std::string PlanRowsReader::MemberField(std::uint64_t row) const {
  const auto at = static_cast<std::size_t>(row);
  return FieldOf(at, rows_[at].kind == KeyKind::kExternalId ? "external_id" : "member");
}

std::vector<issuing::PlanReason> PlanRowsReader::Reasons(std::size_t first,
                                                         std::size_t count) const {
  std::vector<issuing::PlanReason> reasons;
  auto at = std::ranges::lower_bound(reasons_, first, {}, &Reason::row);
  for (; at != reasons_.end() && at->row < first + count; ++at) {
    reasons.push_back({.row = static_cast<std::uint32_t>(at->row - first), .text = at->text});
  }
  return reasons;
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
