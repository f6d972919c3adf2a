// SPDX-License-Identifier: Apache-2.0
#include "audit/core/filter.h"

#include <algorithm>

namespace puhui::audit {
namespace {

// Requires: `have` ascends.
template <class T>
bool HasOneOf(const std::vector<T>& wanted, const std::vector<T>& have) {
  if (wanted.empty()) return true;
  return std::any_of(wanted.begin(), wanted.end(), [&have](const T& value) {
    return std::binary_search(have.begin(), have.end(), value);
  });
}

template <class T>
bool IsOneOf(const std::vector<T>& wanted, const T& have) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), have) != wanted.end();
}

bool IsOfKind(const std::vector<RecordKind>& wanted, RecordKind kind) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [kind](const RecordKind& one) {
           return one.body == kind.body && (one.detail == 0 || one.detail == kind.detail);
         });
}

bool MovesOneOf(const std::vector<AccountName>& wanted,
                const std::vector<ledger::Posting>& postings) {
  return wanted.empty() ||
         std::any_of(postings.begin(), postings.end(), [&wanted](const ledger::Posting& posting) {
           return IsOneOf(wanted, NameOf(posting));
         });
}

bool IsWithin(const Filter& filter, const absl::optional<std::int64_t>& amount) {
  if (!filter.amount_min.has_value() && !filter.amount_max.has_value()) return true;
  return amount.has_value() && *amount >= filter.amount_min.value_or(0) &&
         *amount <= filter.amount_max.value_or(INT64_MAX);
}

bool IsInScope(const Filter& filter, const RecordFacts& facts) {
  if (!filter.scope.has_value()) return true;
  const std::vector<UnionNumber>& scope = *filter.scope;
  return std::any_of(facts.unions.begin(), facts.unions.end(), [&scope](UnionNumber number) {
    return std::binary_search(scope.begin(), scope.end(), number);
  });
}

}  // namespace

bool Matches(const Filter& filter, const RecordFacts& facts) {
  return facts.sequence >= filter.first && facts.sequence <= filter.last &&
         facts.time >= filter.start && facts.time < filter.end &&
         IsOfKind(filter.kinds, facts.kind) && MovesOneOf(filter.accounts, facts.postings) &&
         HasOneOf(filter.members, facts.members) && HasOneOf(filter.campaigns, facts.campaigns) &&
         HasOneOf(filter.unions, facts.unions) && HasOneOf(filter.merchants, facts.merchants) &&
         HasOneOf(filter.stores, facts.stores) && HasOneOf(filter.terminals, facts.terminals) &&
         HasOneOf(filter.reasons, facts.reasons) && HasOneOf(filter.about, facts.about) &&
         IsOneOf(filter.actors, facts.actor) && IsOneOf(filter.persons, facts.person) &&
         IsWithin(filter, facts.amount) && IsInScope(filter, facts);
}

}  // namespace puhui::audit
