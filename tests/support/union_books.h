// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_UNION_BOOKS_H_
#define PUHUI_TESTS_SUPPORT_UNION_BOOKS_H_

#include "issuing/app/tables.h"
#include "ledger/base/check.h"
#include "ledger/engine/campaign_figures.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::testing {

// Everything that is kept about unions so that nobody has to add it up, added up: from the
// accounts, the members, the campaigns and the parents alone, by loops over all of them. Borrows:
// the moment.
class UnionBooks {
 public:
  using Sums = std::map<std::tuple<UnionNumber, issuing::BudgetSum, UnionNumber>, std::int64_t>;

  explicit UnionBooks(const ledger::Readable* store) : store_(*store) {
    Each(issuing::kUnionTable,
         [&](UnionNumber number, const issuing::UnionRow& row) { unions_[number] = row; });
  }

  // The line of no origin is the total.
  Sums AddedUp() const {
    Sums sums;
    Each(ledger::kAccountTable, [&](const ledger::AccountKey& key, std::int64_t points) {
      if (key.kind != ledger::AccountKind::kBudget || points == 0) return;
      const UnionNumber owner{static_cast<std::uint32_t>(key.owner)};
      for (const UnionNumber origin : {key.origin, UnionNumber{}}) {
        sums[{owner, issuing::BudgetSum::kOwn, origin}] += points;
        for (const UnionNumber at : UpFrom(owner)) {
          sums[{at, issuing::BudgetSum::kSubtree, origin}] += points;
        }
      }
    });
    return sums;
  }

  // As AddedUp, but as it is kept. Fails the test when a ring is broken.
  Sums Kept() const {
    Sums sums;
    std::map<std::tuple<UnionNumber, issuing::BudgetSum, UnionNumber>, issuing::BudgetLine> all;
    Each(issuing::kBudgetLineTable,
         [&](const issuing::BudgetLineKey& key, const issuing::BudgetLine& line) {
           all[{key.of, key.sum, key.origin}] = line;
           if (line.points != 0) sums[{key.of, key.sum, key.origin}] = line.points;
         });
    for (const auto& [key, line] : all) {
      const auto& [of, sum, origin] = key;
      EXPECT_TRUE(origin == UnionNumber{} || line.points > 0);
      EXPECT_EQ(all.at({of, sum, line.next}).previous, origin);
      EXPECT_EQ(all.at({of, sum, line.previous}).next, origin);
    }
    return sums;
  }

  // What is in lots, campaign by campaign, and what the campaigns of each subtree come to.
  void ExpectFiguresSound() const {
    std::map<CampaignNumber, ledger::CampaignFigures> kept;
    std::map<CampaignNumber, ledger::CampaignFigures> in_lots;
    std::map<UnionNumber, ledger::CampaignFigures> subtrees;
    std::map<UnionNumber, ledger::CampaignFigures> kept_subtrees;
    Each(ledger::kWalletTable, [&](MemberId, const ledger::Wallet& wallet) {
      for (const ledger::Lot& lot : wallet.lots) {
        in_lots[lot.campaign].available += lot.available();
        in_lots[lot.campaign].held += lot.held;
      }
    });
    Each(ledger::kCampaignFigureTable,
         [&](CampaignNumber number, const ledger::CampaignFigures& row) { kept[number] = row; });
    Each(issuing::kCampaignTable, [&](CampaignNumber number, const issuing::CampaignRow& row) {
      if (!kept.contains(number)) return;
      for (const UnionNumber at : UpFrom(row.union_number)) subtrees[at].Add(kept[number]);
      EXPECT_EQ(kept[number].granted, row.points_granted);
      EXPECT_EQ(kept[number].grants, row.rows_granted);
    });
    Each(issuing::kUnionFigureTable, [&](UnionNumber number, const ledger::CampaignFigures& row) {
      if (row != ledger::CampaignFigures()) kept_subtrees[number] = row;
    });
    for (const auto& [number, row] : kept) {
      EXPECT_TRUE(row.Balance());
      EXPECT_EQ(row.available, in_lots[number].available);
      EXPECT_EQ(row.held, in_lots[number].held);
      in_lots.erase(number);
    }
    EXPECT_TRUE(in_lots.empty());
    EXPECT_EQ(kept_subtrees, subtrees);
  }

  void ExpectSound() const {
    EXPECT_EQ(Kept(), AddedUp());
    ExpectFiguresSound();
    std::map<UnionNumber, issuing::UnionRow> counted = Counted();
    std::map<UnionNumber, std::vector<UnionNumber>> children;
    Each(issuing::kUnionChildTable, [&](const issuing::UnionChildKey& key, bool) {
      children[key.parent].push_back(key.child);
    });
    std::map<UnionNumber, std::vector<UnionNumber>> expected_children;
    for (const auto& [number, row] : unions_) {
      EXPECT_LE(UpFrom(number).size(), 8U);
      EXPECT_EQ(row.members, counted[number].members);
      EXPECT_EQ(row.active_campaigns, counted[number].active_campaigns);
      EXPECT_EQ(row.open_children, counted[number].open_children);
      EXPECT_EQ(row.below, counted[number].below);
      expected_children[row.parent].push_back(number);
    }
    EXPECT_EQ(children, expected_children);
  }

 private:
  template <class K, class V, class Visit>
  void Each(const ledger::TypedTable<K, V>& table, Visit visit) const {
    PUHUI_CHECK_OK(
        ledger::Scan(store_, table, {}, [&](const K& key, V& value) -> absl::StatusOr<bool> {
          visit(key, value);
          return true;
        }));
  }

  // The union, its parent, and so on.
  std::vector<UnionNumber> UpFrom(UnionNumber number) const {
    std::vector<UnionNumber> path;
    for (; number != UnionNumber{} && path.size() <= 8; number = unions_.at(number).parent) {
      path.push_back(number);
    }
    return path;
  }

  // The counts of every union, and nothing else of it.
  std::map<UnionNumber, issuing::UnionRow> Counted() const {
    std::map<UnionNumber, issuing::UnionRow> counted;
    for (const auto& [number, row] : unions_) {
      if (row.open() && row.parent != UnionNumber{}) ++counted[row.parent].open_children;
      const std::vector<UnionNumber> path = UpFrom(number);
      for (std::size_t level = 1; level < path.size(); ++level) {
        std::vector<std::uint32_t>& below = counted[path[level]].below;
        if (below.size() < level) below.resize(level);
        ++below[level - 1];
      }
    }
    Each(issuing::kMemberTable, [&](MemberId, const issuing::MemberRow& row) {
      if (row.state != issuing::MemberState::kLeft) ++counted[row.union_number].members;
    });
    Each(issuing::kCampaignTable, [&](CampaignNumber, const issuing::CampaignRow& row) {
      if (issuing::IsActive(row.state)) ++counted[row.union_number].active_campaigns;
    });
    return counted;
  }

  const ledger::Readable& store_;
  std::map<UnionNumber, issuing::UnionRow> unions_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_SUPPORT_UNION_BOOKS_H_
