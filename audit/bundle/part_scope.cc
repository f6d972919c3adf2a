// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/part_scope.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/limits.h"

#include "absl/base/internal/endian.h"

#include <algorithm>
#include <array>
#include <limits>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;
using ledger::AccountKind;

constexpr std::size_t kScopeBytes = 9;

MemberId Numbered(std::uint64_t number) { return MemberId(0, number); }

// The kinds of account that whoever has one of them in a part of a union has all of. Empty: no part
// of a union has it.
std::vector<AccountKind> Together(AccountKind kind) {
  switch (kind) {
    case AccountKind::kFunding:
    case AccountKind::kBudget:
    case AccountKind::kExpired:
      return {AccountKind::kFunding, AccountKind::kBudget, AccountKind::kExpired};
    case AccountKind::kCampaign:
      return {AccountKind::kCampaign};
    case AccountKind::kWallet:
    case AccountKind::kHeld:
      return {AccountKind::kWallet, AccountKind::kHeld};
    case AccountKind::kPayable:
    case AccountKind::kFee:
    case AccountKind::kPayout:
    case AccountKind::kAid:
      break;
  }
  return {};
}

}  // namespace

std::string EncodeScope(const BundleScope& scope) {
  std::string payload(kScopeBytes, static_cast<char>(scope.kind));
  absl::little_endian::Store64(payload.data() + 1, scope.number);
  return payload;
}

absl::StatusOr<BundleScope> DecodeScope(absl::string_view payload) {
  if (payload.size() != kScopeBytes) return Misfit("malformed scope");
  const BundleScope scope{.kind = static_cast<ScopeKind>(payload[0]),
                          .number = absl::little_endian::Load64(payload.data() + 1)};
  if ((scope.kind != ScopeKind::kUnion && scope.kind != ScopeKind::kMerchant) ||
      scope.number > std::numeric_limits<std::uint32_t>::max()) {
    return Misfit("malformed scope");
  }
  return scope;
}

void AppendOwnerRow(const OwnerRow& row, std::string& out) {
  out.push_back(static_cast<char>(row.kind));
  out += row.owner.ToBytes();
}

absl::StatusOr<OwnerRow> DecodeOwnerRow(absl::string_view row) {
  if (row.size() != kOwnerRowBytes) return Misfit("malformed owner");
  const auto kind = static_cast<unsigned char>(row[0]);
  if (kind == 0 || kind > ledger::kAccountKinds) return Misfit("malformed owner");
  return OwnerRow{.kind = static_cast<AccountKind>(kind),
                  .owner = MemberId::FromBytes(row.substr(1, MemberId::kBytes))};
}

std::vector<OwnerRow> PartScope::Owners() const {
  std::vector<OwnerRow> rows;
  if (scope.kind == ScopeKind::kMerchant) {
    for (const AccountKind kind :
         {AccountKind::kPayable, AccountKind::kFee, AccountKind::kPayout}) {
      rows.push_back({kind, Numbered(scope.number)});
    }
    return rows;
  }
  for (const std::uint32_t number : unions) {
    for (const AccountKind kind :
         {AccountKind::kFunding, AccountKind::kBudget, AccountKind::kExpired}) {
      rows.push_back({kind, Numbered(number)});
    }
  }
  for (const std::uint32_t number : campaigns) {
    rows.push_back({AccountKind::kCampaign, Numbered(number)});
  }
  for (const MemberId& member : members) {
    rows.push_back({AccountKind::kWallet, member});
    rows.push_back({AccountKind::kHeld, member});
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

absl::Status CheckOwners(const BundleScope& scope, const absl::flat_hash_set<OwnerRow>& owners) {
  PartScope own{.scope = scope, .unions = {}, .campaigns = {}, .members = {}};
  own.unions.insert(static_cast<std::uint32_t>(scope.number));
  const std::vector<OwnerRow> wanted = own.Owners();
  for (const OwnerRow& row : wanted) {
    if (!owners.contains(row)) return Misfit("its scope is not among its owners");
  }
  if (scope.kind == ScopeKind::kMerchant) {
    return owners.size() == wanted.size() ? absl::OkStatus() : Misfit("owners of another scope");
  }
  for (const OwnerRow& row : owners) {
    const std::vector<AccountKind> kinds = Together(row.kind);
    if (kinds.empty()) return Misfit("owners of another scope");
    for (const AccountKind kind : kinds) {
      if (!owners.contains({kind, row.owner})) return Misfit("an owner of some accounts only");
    }
  }
  return absl::OkStatus();
}

void ScopeFold::Learn(const jv1::Record& record) {
  if (record.has_union_created()) {
    parents_[record.union_created().number()] = record.union_created().parent();
  } else if (record.has_union_moved()) {
    parents_[record.union_moved().number()] = record.union_moved().parent_after();
  } else if (record.has_campaign_created()) {
    campaigns_[record.campaign_created().number()] = record.campaign_created().union_number();
  } else if (record.has_member_joined() &&
             record.member_joined().member().size() == MemberId::kBytes) {
    members_[MemberId::FromBytes(record.member_joined().member())] =
        record.member_joined().union_number();
  } else if (record.has_member_changed() &&
             record.member_changed().member().size() == MemberId::kBytes) {
    members_[MemberId::FromBytes(record.member_changed().member())] =
        record.member_changed().union_number();
  }
}

bool ScopeFold::IsBelow(std::uint32_t number, std::uint32_t above) const {
  for (std::uint32_t depth = 0; depth <= kUnionDepthMax; ++depth) {
    if (number == above) return true;
    const auto parent = parents_.find(number);
    if (parent == parents_.end() || parent->second == 0) return false;
    number = parent->second;
  }
  return false;
}

PartScope ScopeFold::ScopeOf(const BundleScope& scope) const {
  PartScope part{.scope = scope, .unions = {}, .campaigns = {}, .members = {}};
  if (scope.kind == ScopeKind::kMerchant) return part;
  const auto above = static_cast<std::uint32_t>(scope.number);
  for (const auto& [number, parent] : parents_) {
    if (IsBelow(number, above)) part.unions.insert(number);
  }
  for (const auto& [campaign, number] : campaigns_) {
    if (part.unions.contains(number)) part.campaigns.insert(campaign);
  }
  for (const auto& [member, number] : members_) {
    if (part.unions.contains(number)) part.members.insert(member);
  }
  return part;
}

}  // namespace puhui::audit
