// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_PARTICIPATION_RECOUNT_H_
#define PUHUI_TESTS_SUPPORT_PARTICIPATION_RECOUNT_H_

#include "issuing/app/participation_rows.h"
#include "ledger/base/check.h"
#include "ledger/storage/typed_reads.h"
#include "puhui/journal/v1/record.pb.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {

// Who received points of each subtree and who spent some, from the records alone: every person by
// name, in every union above the one that granted it, as the tree is after the last record.
// Threads: none.
class ParticipationRecount {
 public:
  // Every record, in order.
  void Take(const journal::v1::Record& record) {
    if (record.has_union_created()) {
      parents_[record.union_created().number()] = record.union_created().parent();
    } else if (record.has_union_moved()) {
      parents_[record.union_moved().number()] = record.union_moved().parent_after();
    } else if (record.has_campaign_created()) {
      issuers_[record.campaign_created().number()] = record.campaign_created().union_number();
    } else if (record.has_entry()) {
      TakeEntry(record.entry());
    }
  }

  // By the number of the union; none whom nobody received of.
  std::map<std::uint32_t, issuing::Participants> Counted() const {
    std::map<std::uint32_t, issuing::Participants> counted;
    for (const auto& [of, people] : Above(received_)) counted[of].received = people.size();
    for (const auto& [of, people] : Above(spent_)) counted[of].spent = people.size();
    return counted;
  }

  // Fails the test when something else is kept, or the rows behind it are not what they should be.
  void ExpectKept(const ledger::Readable& store) const {
    std::map<std::uint32_t, issuing::Participants> kept;
    Each(store, issuing::kParticipantTable, [&](UnionNumber of, const issuing::Participants& row) {
      if (row != issuing::Participants()) kept[static_cast<std::uint32_t>(of)] = row;
    });
    EXPECT_EQ(kept.size(), Counted().size());
    for (const auto& [of, people] : Counted()) {
      EXPECT_EQ(kept[of].received, people.received) << "union " << of;
      EXPECT_EQ(kept[of].spent, people.spent) << "union " << of;
    }
    ExpectSetsSound(store);
  }

 private:
  using People = std::map<std::uint32_t, std::set<std::string>>;
  using Places = std::set<std::pair<std::uint32_t, std::uint32_t>>;  // Of a union and a set.

  void TakeEntry(const journal::v1::Entry& entry) {
    if (entry.has_grant()) received_[issuers_.at(entry.grant().campaign())].insert(entry.member());
    if (!entry.has_purchase() && !entry.has_capture()) return;
    for (const journal::v1::LotChange& change : entry.lots()) {
      if (change.points() < 0) spent_[issuers_.at(change.campaign())].insert(entry.member());
    }
  }

  People Above(const People& issued) const {
    People all;
    for (const auto& [issuer, people] : issued) {
      for (std::uint32_t at = issuer; at != 0; at = parents_.at(at)) {
        all[at].insert(people.begin(), people.end());
      }
    }
    return all;
  }

  // Each subtree has exactly the sets with a union of it, once, in a ring.
  void ExpectSetsSound(const ledger::Readable& store) const {
    Places wanted;
    Each(store, issuing::kIssuerSetTable,
         [&](issuing::IssuerSetNumber set, const issuing::IssuerSetRow& row) {
           for (const UnionNumber of : row.unions) {
             for (auto at = static_cast<std::uint32_t>(of); at != 0; at = parents_.at(at)) {
               wanted.emplace(at, static_cast<std::uint32_t>(set));
             }
           }
         });
    std::map<std::pair<std::uint32_t, std::uint32_t>, issuing::SubtreeSetRow> rows;
    Places kept;
    Each(store, issuing::kSubtreeSetTable,
         [&](const issuing::SubtreeSetKey& key, const issuing::SubtreeSetRow& row) {
           const std::pair place(static_cast<std::uint32_t>(key.of),
                                 static_cast<std::uint32_t>(key.set));
           rows[place] = row;
           if (place.second != 0) kept.insert(place);
         });
    EXPECT_EQ(kept, wanted);
    for (const auto& [place, row] : rows) {
      const auto beside = [&rows, of = place.first](issuing::IssuerSetNumber set) {
        return rows[{of, static_cast<std::uint32_t>(set)}];
      };
      EXPECT_EQ(static_cast<std::uint32_t>(beside(row.next).previous), place.second);
      EXPECT_EQ(static_cast<std::uint32_t>(beside(row.previous).next), place.second);
    }
  }

  template <class K, class V, class Visit>
  static void Each(const ledger::Readable& store, const ledger::TypedTable<K, V>& table,
                   Visit visit) {
    PUHUI_CHECK_OK(
        ledger::Scan(store, table, {}, [&](const K& key, V& value) -> absl::StatusOr<bool> {
          visit(key, value);
          return true;
        }));
  }

  std::map<std::uint32_t, std::uint32_t> parents_;
  std::map<std::uint32_t, std::uint32_t> issuers_;  // By campaign.
  People received_;                                 // By the union that granted it.
  People spent_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_SUPPORT_PARTICIPATION_RECOUNT_H_
