// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_CORE_FILTER_H_
#define PUHUI_AUDIT_CORE_FILTER_H_

#include "audit/core/record_facts.h"
#include "ledger/base/id.h"
#include "ledger/core/account.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit {

// An account of every origin.
struct AccountName {
  ledger::AccountKind kind{};
  std::uint64_t owner = 0;  // Unless it is a member's account.
  MemberId member{};        // If it is one.

  friend auto operator<=>(const AccountName&, const AccountName&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const AccountName& name) {
    return H::combine(std::move(hash), name.kind, name.owner, name.member);
  }
};

inline AccountName NameOf(const ledger::Posting& posting) {
  return {.kind = posting.kind, .owner = posting.owner, .member = posting.member};
}

// What records are asked for. Everything that is set has to fit; of a list, one of its values.
struct Filter {
  Sequence first = 1;
  Sequence last = UINT64_MAX;
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();  // Not any more.
  std::vector<RecordKind> kinds{};          // Of detail 0: whatever the detail.
  std::vector<AccountName> accounts{};
  std::vector<MemberId> members{};
  std::vector<CampaignNumber> campaigns{};
  std::vector<UnionNumber> unions{};
  std::vector<MerchantNumber> merchants{};
  std::vector<StorePlace> stores{};
  std::vector<TerminalNumber> terminals{};
  std::vector<std::uint32_t> reasons{};
  std::vector<Sequence> about{};
  std::vector<std::string> actors{};
  std::vector<std::string> persons{};
  absl::optional<std::int64_t> amount_min{};
  absl::optional<std::int64_t> amount_max{};
  // Whoever asks may see records of these unions and no others; ascending. Absent: all.
  absl::optional<std::vector<UnionNumber>> scope{};
};

// Whether the record is one of those that are asked for. What finds records by an index asks this
// too, so that an index can never show more than a look at every record would.
bool Matches(const Filter& filter, const RecordFacts& facts);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_CORE_FILTER_H_
