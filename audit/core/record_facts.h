// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_CORE_RECORD_FACTS_H_
#define PUHUI_AUDIT_CORE_RECORD_FACTS_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <compare>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// What kind of record it is: the number of its field in journal.v1.Record, and of an entry that of
// its cause, of a member's change that of the change. Detail 0: there is none, or any.
struct RecordKind {
  std::uint16_t body = 0;
  std::uint16_t detail = 0;

  friend auto operator<=>(const RecordKind&, const RecordKind&) = default;
};

// A store of a merchant, by the id that the merchant gave it.
struct StorePlace {
  MerchantNumber merchant{};
  std::string store{};

  friend auto operator<=>(const StorePlace&, const StorePlace&) = default;
};

// What one record of the journal is about: everything that it can be asked for by. What earlier
// records alone say of what it names, they have been asked for.
struct RecordFacts {
  Sequence sequence = 0;
  absl::Time time{};
  RecordKind kind{};
  // Of an entry: what it does to which account.
  std::vector<ledger::Posting> postings{};
  // Each of the following ascends, without repeats.
  std::vector<MemberId> members{};
  std::vector<CampaignNumber> campaigns{};
  // That are named, whose money it is, whose budget, and whose campaign.
  std::vector<UnionNumber> unions{};
  std::vector<MerchantNumber> merchants{};
  std::vector<StorePlace> stores{};
  std::vector<TerminalNumber> terminals{};
  std::vector<std::uint32_t> reasons{};  // Of refusals, numbers of puhui.v1.Reason.
  std::vector<Sequence> about{};         // Earlier records that it goes on from.
  // The identity that the command came from, also of the records that follow its first; empty: the
  // ledger did it by itself.
  std::string actor{};
  std::string person{};                   // Behind the identity, where the record says so.
  absl::optional<std::int64_t> amount{};  // Points, never below zero.
};

// Puts the lists in the order that the struct promises.
void PutInOrder(RecordFacts* facts);

// What they add to a list with each other's: `earlier` is what the record goes on from.
void TakeOver(const RecordFacts& earlier, RecordFacts* facts);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_CORE_RECORD_FACTS_H_
