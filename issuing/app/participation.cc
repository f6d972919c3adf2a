// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/participation.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace puhui::issuing {

namespace jv1 = journal::v1;

namespace {

constexpr std::size_t kSetCacheBytes = std::size_t{8} << 20;
constexpr std::size_t kSetNumberCacheBytes = std::size_t{4} << 20;
constexpr std::size_t kSubtreeSetCacheBytes = std::size_t{8} << 20;
constexpr std::size_t kParticipantCacheBytes = std::size_t{4} << 20;

constexpr IssuerSetNumber kNoSet{};

std::string IssuerSetKey(const std::vector<UnionNumber>& unions) {
  std::string key;
  key.reserve(unions.size() * sizeof(std::uint32_t));
  for (const UnionNumber of : unions) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      key.push_back(static_cast<char>(NumberOf(of) >> shift));
    }
  }
  return key;
}

void AddPeople(const Participants& more, Participants& sum) {
  sum.received += more.received;
  sum.spent += more.spent;
}

std::size_t PlaceIn(absl::Span<const UnionNumber> chain, UnionNumber wanted) {
  return static_cast<std::size_t>(std::find(chain.begin(), chain.end(), wanted) - chain.begin());
}

}  // namespace

ParticipationTables::ParticipationTables(ledger::TableSet* set)
    : sets(set, kIssuerSetTable, kSetCacheBytes),
      numbers(set, kIssuerSetNumberTable, kSetNumberCacheBytes),
      subtree_sets(set, kSubtreeSetTable, kSubtreeSetCacheBytes),
      participants(set, kParticipantTable, kParticipantCacheBytes) {}

const Participation::Deed Participation::kReceiving = {&ledger::Wallet::received_set,
                                                       &Participants::received};
const Participation::Deed Participation::kSpending = {&ledger::Wallet::spent_set,
                                                      &Participants::spent};

absl::Status Participation::NoteGrant(const jv1::Entry& entry) {
  return Note(entry, CampaignNumber{entry.grant().campaign()}, kReceiving);
}

absl::Status Participation::NoteSpending(const jv1::Entry& entry) {
  for (const CampaignNumber campaign : views_.campaign_figures.first_spent()) {
    PUHUI_RETURN_IF_ERROR(Note(entry, campaign, kSpending));
  }
  return absl::OkStatus();
}

absl::Status Participation::Note(const jv1::Entry& entry, CampaignNumber campaign,
                                 const Deed& deed) {
  const CampaignRow* row = tables_.campaigns.Find(campaign);
  if (row == nullptr || entry.member().size() != MemberId::kBytes) {
    return absl::DataLossError(
        absl::StrCat("points of campaign ", NumberOf(campaign), " cannot be somebody's"));
  }
  const UnionNumber issuer = row->union_number;
  const MemberId member = MemberId::FromBytes(entry.member());
  const ledger::Wallet* wallet = views_.wallets.Find(member);
  if (wallet == nullptr) return absl::DataLossError("points of somebody who has no wallet");
  const IssuerSetNumber from{wallet->*deed.set};
  const IssuerSetNumber to = With(from, issuer);
  if (to == from) return absl::OkStatus();
  views_.wallets.Edit(member).*deed.set = NumberOf(to);
  if (changes_.empty() || changes_.back().from != from || changes_.back().to != to ||
      changes_.back().count != deed.count) {
    changes_.push_back({.from = from, .issuer = issuer, .to = to, .count = deed.count});
  }
  ++changes_.back().people;
  return absl::OkStatus();
}

IssuerSetNumber Participation::With(IssuerSetNumber set, UnionNumber issuer) {
  if (last_.issuer == issuer && last_.from == set) return last_.to;
  last_ = {.from = set, .issuer = issuer, .to = set};
  std::vector<UnionNumber> unions;
  if (set != kNoSet) {
    const IssuerSetRow* row = tables_.participation.sets.Find(set);
    PUHUI_CHECK(row != nullptr);
    if (std::binary_search(row->unions.begin(), row->unions.end(), issuer)) return set;
    unions = row->unions;
  }
  unions.insert(std::lower_bound(unions.begin(), unions.end(), issuer), issuer);
  return last_.to = SetOf(std::move(unions));
}

// Counts of sets are kept when nobody is in them any more: others will be.
IssuerSetNumber Participation::SetOf(std::vector<UnionNumber> unions) {
  const std::string key = IssuerSetKey(unions);
  const IssuerSetNumber* known = tables_.participation.numbers.Find(key);
  if (known != nullptr) return *known;
  const std::uint32_t* given = tables_.counts.Find(kIssuerSetCount);
  const std::uint32_t number = given == nullptr ? 1 : *given + 1;
  const IssuerSetNumber set{number};
  tables_.counts.Put(kIssuerSetCount, number);
  tables_.participation.numbers.Put(key, set);
  for (const UnionNumber of : unions) {
    for (UnionNumber at = of; at != UnionNumber{} && !Touches(at, set);
         at = tables_.UnionOf(at).parent) {
      Join(at, set);
    }
  }
  tables_.participation.sets.Put(set, IssuerSetRow{.unions = std::move(unions)});
  return set;
}

void Participation::AddUp() {
  for (const Change& change : changes_) {
    if (change.from != kNoSet) {
      tables_.participation.sets.Edit(change.from).people.*change.count -= change.people;
    }
    tables_.participation.sets.Edit(change.to).people.*change.count += change.people;
    // From where the earlier set has a union as well, they have been counted before.
    for (UnionNumber at = change.issuer; at != UnionNumber{} && !Touches(at, change.from);
         at = tables_.UnionOf(at).parent) {
      tables_.participation.participants.Edit(at).*change.count += change.people;
    }
  }
  changes_.clear();
}

void Participation::Move(UnionNumber moved, absl::Span<const UnionNumber> left,
                         absl::Span<const UnionNumber> joined) {
  PUHUI_CHECK(changes_.empty());
  if (left.empty() && joined.empty()) return;  // It hangs there already.
  std::vector<Participants> gone(left.size());
  std::vector<Participants> come(joined.size());
  for (const IssuerSetNumber set : SetsOf(moved)) {
    const IssuerSetRow* row = tables_.participation.sets.Find(set);
    PUHUI_CHECK(row != nullptr);
    // Those of the set that stand elsewhere hold it in what is left, and have it in what is joined,
    // from some place upwards.
    std::size_t leaves = left.size();
    std::size_t joins = joined.size();
    for (const UnionNumber of : row->unions) {
      for (UnionNumber at = of; at != UnionNumber{} && at != moved;
           at = tables_.UnionOf(at).parent) {
        leaves = std::min(leaves, PlaceIn(left, at));
        joins = std::min(joins, PlaceIn(joined, at));
      }
    }
    for (std::size_t i = 0; i < leaves; ++i) {
      AddPeople(row->people, gone[i]);
      Leave(left[i], set);
    }
    for (std::size_t i = 0; i < joins; ++i) {
      AddPeople(row->people, come[i]);
      Join(joined[i], set);
    }
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    Participants& sum = tables_.participation.participants.Edit(left[i]);
    sum.received -= gone[i].received;
    sum.spent -= gone[i].spent;
  }
  for (std::size_t i = 0; i < joined.size(); ++i) {
    AddPeople(come[i], tables_.participation.participants.Edit(joined[i]));
  }
}

bool Participation::Touches(UnionNumber of, IssuerSetNumber set) {
  return set != kNoSet && tables_.participation.subtree_sets.Find({of, set}) != nullptr;
}

// Between the last one and the head. Edits of one row at a time: the first is its own neighbour's
// neighbour.
void Participation::Join(UnionNumber of, IssuerSetNumber set) {
  auto& ring = tables_.participation.subtree_sets;
  SubtreeSetRow& head = ring.Edit({of, kNoSet});
  const IssuerSetNumber last = head.previous;
  head.previous = set;
  ring.Edit({of, last}).next = set;
  ring.Put({of, set}, {.next = kNoSet, .previous = last});
}

void Participation::Leave(UnionNumber of, IssuerSetNumber set) {
  auto& ring = tables_.participation.subtree_sets;
  const SubtreeSetRow row = ring.Edit({of, set});
  ring.Edit({of, row.previous}).next = row.next;
  ring.Edit({of, row.next}).previous = row.previous;
  ring.Erase({of, set});
}

std::vector<IssuerSetNumber> Participation::SetsOf(UnionNumber of) {
  std::vector<IssuerSetNumber> sets;
  const SubtreeSetRow* row = tables_.participation.subtree_sets.Find({of, kNoSet});
  IssuerSetNumber next = row == nullptr ? kNoSet : row->next;
  while (next != kNoSet) {
    row = tables_.participation.subtree_sets.Find({of, next});
    PUHUI_CHECK(row != nullptr);
    sets.push_back(next);
    next = row->next;
  }
  return sets;
}

std::size_t PlacesToMove(Tables& tables, UnionNumber moved, std::size_t changed,
                         std::size_t limit) {
  ledger::CachedTable<SubtreeSetKey, SubtreeSetRow>& ring = tables.participation.subtree_sets;
  std::size_t places = 0;
  const SubtreeSetRow* row = ring.Find({moved, kNoSet});
  for (IssuerSetNumber set = row == nullptr ? kNoSet : row->next; set != kNoSet && places <= limit;
       set = row->next) {
    const IssuerSetRow* of = tables.participation.sets.Find(set);
    row = ring.Find({moved, set});
    PUHUI_CHECK(of != nullptr && row != nullptr);
    places += of->unions.size() + changed;
  }
  return places;
}

absl::StatusOr<Participants> ParticipantsOf(const ledger::Readable& from, UnionNumber of) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(from, kParticipantTable, of));
  return row.value_or(Participants());
}

}  // namespace puhui::issuing
