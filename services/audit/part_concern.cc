// SPDX-License-Identifier: Apache-2.0
#include "services/audit/part_concern.h"

#include "audit/core/record_facts.h"
#include "audit/index/facts_of.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "merchant/app/queries.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/match.h"

#include <algorithm>
#include <cstdint>

namespace puhui::services {
namespace {

constexpr char kScopeField[] = "scope";

// It has what concerns many, and to hand it on for one of them would tell of the others.
bool IsAboutMany(const journal::v1::Record& record) {
  return record.has_payout_run_created() || record.has_offers_viewed() || record.has_member_batch();
}

bool NamesMerchant(const std::string& name) { return absl::StartsWith(name, "merchants/"); }

}  // namespace

void FactsConcern::Learn(const journal::v1::Record& record) {
  if (auto owner = audit::OwnerIn(record)) owners_[owner->first] = owner->second;
}

absl::StatusOr<bool> FactsConcern::Concerns(const journal::v1::Record& record,
                                            const audit::PartScope& scope) {
  if (IsAboutMany(record)) return false;
  PUHUI_ASSIGN_OR_RETURN(const audit::RecordFacts facts, audit::FactsOf(record, *this));
  if (scope.scope.kind == audit::ScopeKind::kMerchant) {
    const auto merchant = MerchantNumber{static_cast<std::uint32_t>(scope.scope.number)};
    return std::binary_search(facts.merchants.begin(), facts.merchants.end(), merchant);
  }
  return std::any_of(facts.unions.begin(), facts.unions.end(),
                     [&scope](UnionNumber number) {
                       return scope.unions.contains(static_cast<std::uint32_t>(number));
                     }) ||
         std::any_of(facts.members.begin(), facts.members.end(),
                     [&scope](MemberId member) { return scope.members.contains(member); });
}

absl::StatusOr<audit::Owner> FactsConcern::OwnerOf(const audit::Owned& owned) {
  const auto known = owners_.find(owned);
  return known == owners_.end() ? audit::Owner{} : known->second;
}

absl::StatusOr<journal::v1::Record> FactsConcern::Earlier(Sequence sequence) {
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, evidence_.ReadRecord(sequence));
  return ledger::ParseRecord(sequence, bytes);
}

// Who asked for a record does not make it one of a part.
absl::StatusOr<std::string> FactsConcern::CallerOf(Sequence /*first*/) { return std::string(); }

absl::Status CheckScopeName(const std::string& name) {
  if (name.empty()) return absl::OkStatus();
  return NamesMerchant(name) ? ParseMerchantName(name, kScopeField).status()
                             : ParseUnionName(name, kScopeField).status();
}

absl::StatusOr<audit::BundleScope> FindScope(const std::string& name,
                                             const ledger::Readable& store) {
  if (NamesMerchant(name)) {
    PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(name, kScopeField));
    PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store, id.text()));
    if (!found.has_value()) return NotFound("merchant");
    return audit::BundleScope{audit::ScopeKind::kMerchant,
                              static_cast<std::uint64_t>(found->number)};
  }
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(name, kScopeField));
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, id.text()));
  if (!found.has_value()) return NotFound("union");
  return audit::BundleScope{audit::ScopeKind::kUnion, static_cast<std::uint64_t>(found->number)};
}

}  // namespace puhui::services
