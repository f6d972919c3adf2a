// SPDX-License-Identifier: Apache-2.0
#include "audit/index/past_balances.h"

#include "tests/support/status_matchers.h"
#include "tests/unit/audit/index/followed_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Balances = std::map<UnionNumber, std::int64_t>;

class PastBalancesTest : public FollowedIndexTest {
 protected:
  IndexMoment Moment() {
    EXPECT_OK(index_->Follow());
    absl::StatusOr<IndexMoment> moment = index_->Read(absl::ZeroDuration());
    EXPECT_OK(moment);
    return *std::move(moment);
  }
};

Balances WithoutZeros(Balances balances) {
  std::erase_if(balances, [](const auto& entry) { return entry.second == 0; });
  return balances;
}

Balances AsMap(const std::vector<OriginBalance>& held) {
  Balances balances;
  for (const OriginBalance& one : held) balances[one.origin] = one.points;
  EXPECT_EQ(balances.size(), held.size());
  return balances;
}

TEST_F(PastBalancesTest, BalancesAreTheSumOfWhatCameBefore) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Begin(seed, /*step_records_max=*/seed * 13);
    town_->AppendCommands(60);
    const IndexMoment moment = Moment();
    const std::vector<RecordFacts> facts = town_->FactsOfAll();
    std::map<AccountName, Balances> held;
    for (const RecordFacts& one : facts) {
      for (const ledger::Posting& posting : one.postings) held[NameOf(posting)];
    }
    for (const RecordFacts& one : facts) {
      for (const ledger::Posting& posting : one.postings) {
        held[NameOf(posting)][posting.origin] += posting.points;
      }
      for (const auto& [account, balances] : held) {
        const auto found = HeldAsOf(moment, account, one.sequence);
        ASSERT_OK(found);
        ASSERT_EQ(AsMap(*found), WithoutZeros(balances)) << "seed " << seed << ", " << one.sequence;
      }
    }
    EXPECT_THAT(*HeldAsOf(moment, held.begin()->first, 0), IsEmpty());
  }
}

TEST_F(PastBalancesTest, MovementsLeadFromOneBalanceToTheNext) {
  Begin(9, /*step_records_max=*/20);
  town_->AppendCommands(80);
  const IndexMoment moment = Moment();
  std::set<AccountName> accounts;
  for (const RecordFacts& facts : town_->FactsOfAll()) {
    for (const ledger::Posting& posting : facts.postings) accounts.insert(NameOf(posting));
  }
  for (const AccountName& account : accounts) {
    const Sequence first = town_->random().Below(moment.last) + 1;
    const Sequence last = first + town_->random().Below(moment.last - first + 1);
    Balances running = AsMap(*HeldAsOf(moment, account, first - 1));
    Sequence previous = first - 1;
    ASSERT_OK(VisitMovements(
        moment, account, first, last, [&](const AccountMovement& movement) -> absl::StatusOr<bool> {
          EXPECT_GT(movement.sequence, previous);
          EXPECT_LE(movement.sequence, last);
          previous = movement.sequence;
          for (const OriginBalance& change : movement.changes) {
            running[change.origin] += change.points;
          }
          EXPECT_EQ(WithoutZeros(running), AsMap(*HeldAsOf(moment, account, movement.sequence)));
          return true;
        }));
    EXPECT_EQ(WithoutZeros(running), AsMap(*HeldAsOf(moment, account, last)));
  }
}

TEST_F(PastBalancesTest, MovementsEndWhenNobodyWantsMore) {
  Begin(3, /*step_records_max=*/20);
  town_->AppendCommands(80);
  const IndexMoment moment = Moment();
  const AccountName budget{.kind = ledger::AccountKind::kBudget, .owner = 1};
  int seen = 0;
  ASSERT_OK(VisitMovements(
      moment, budget, 1, moment.last,
      [&seen](const AccountMovement& /*movement*/) -> absl::StatusOr<bool> { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

TEST_F(PastBalancesTest, SumsAreThoseOfAllAccounts) {
  Begin(2, /*step_records_max=*/kIndexStepRecordsMax);
  town_->AppendCommands(50);
  const IndexMoment moment = Moment();
  std::map<std::pair<ledger::AccountKind, UnionNumber>, std::int64_t> totals;
  for (const RecordFacts& facts : town_->FactsOfAll()) {
    for (const ledger::Posting& posting : facts.postings) {
      totals[{posting.kind, posting.origin}] += posting.points;
    }
    const auto found = TotalsAsOf(moment, facts.sequence);
    ASSERT_OK(found);
    std::map<std::pair<ledger::AccountKind, UnionNumber>, std::int64_t> wanted = totals;
    std::erase_if(wanted, [](const auto& entry) { return entry.second == 0; });
    std::int64_t sum = 0;
    for (const KindTotal& total : *found) {
      EXPECT_EQ(wanted[std::pair(total.kind, total.origin)], total.points);
      sum += total.points;
    }
    EXPECT_EQ(found->size(), wanted.size());
    EXPECT_EQ(sum, 0) << "between two records of a command the books balance too";
  }
  EXPECT_THAT(*TotalsAsOf(moment, 0), IsEmpty());
}

journal::v1::Record Moved(std::uint32_t from, std::uint32_t to, std::int64_t points) {
  journal::v1::Record record;
  journal::v1::Entry& entry = *record.mutable_entry();
  entry.mutable_allocation()->set_from_union(from);
  for (const auto& [owner, change] : {std::pair(from, -points), std::pair(to, points)}) {
    journal::v1::Posting& posting = *entry.add_postings();
    posting.set_kind(journal::v1::ACCOUNT_KIND_BUDGET);
    posting.set_owner(owner);
    posting.set_origin(1);
    posting.set_points(change);
  }
  return record;
}

TEST_F(PastBalancesTest, BetweenTwoRecordsOfACommandIsAMomentToo) {
  Begin(1, /*step_records_max=*/10);
  town_->journal().Append("/finance", {Moved(1, 2, 30), Moved(2, 3, 20)});
  const IndexMoment moment = Moment();
  const AccountName second{.kind = ledger::AccountKind::kBudget, .owner = 2};
  const OriginBalance thirty{.origin = UnionNumber{1}, .points = 30};
  const OriginBalance ten{.origin = UnionNumber{1}, .points = 10};
  EXPECT_THAT(*HeldAsOf(moment, second, 1), ElementsAre(thirty));
  EXPECT_THAT(*HeldAsOf(moment, second, 2), ElementsAre(ten));
}

// Money that comes into the budget of its origin.
journal::v1::Record Funded(std::uint32_t origin, std::int64_t points) {
  journal::v1::Record record;
  journal::v1::Entry& entry = *record.mutable_entry();
  entry.mutable_allocation()->set_from_union(origin);
  for (const auto& [kind, change] : {std::pair(journal::v1::ACCOUNT_KIND_FUNDING, -points),
                                     std::pair(journal::v1::ACCOUNT_KIND_BUDGET, points)}) {
    journal::v1::Posting& posting = *entry.add_postings();
    posting.set_kind(kind);
    posting.set_owner(origin);
    posting.set_origin(origin);
    posting.set_points(change);
  }
  return record;
}

TEST_F(PastBalancesTest, SumsAreFoundFromKeptOnes) {
  Begin(1, /*step_records_max=*/10'000);
  constexpr Sequence kRecords = 70'000;
  constexpr std::uint32_t kUnions = 3;
  std::vector<journal::v1::Record> many;
  for (Sequence i = 1; i <= kRecords; ++i) {
    many.push_back(
        Funded(static_cast<std::uint32_t>(i % kUnions) + 1, static_cast<std::int64_t>(i % 100)));
  }
  town_->journal().Append("/finance", std::move(many));
  const IndexMoment moment = Moment();
  // One of every place that there can be, and those beside a row of sums.
  for (const Sequence as_of :
       std::vector<Sequence>{1, 256, 257, 32'767, 32'768, 39'999, 40'000, 40'001, 69'999, 70'000}) {
    Balances wanted;
    for (Sequence i = 1; i <= as_of; ++i) {
      wanted[UnionNumber{static_cast<std::uint32_t>(i % kUnions) + 1}] +=
          static_cast<std::int64_t>(i % 100);
    }
    Balances funded;
    Balances budgets;
    const auto totals = TotalsAsOf(moment, as_of);
    ASSERT_OK(totals);
    for (const KindTotal& total : *totals) {
      (total.kind == ledger::AccountKind::kFunding ? funded : budgets)[total.origin] = total.points;
    }
    EXPECT_EQ(budgets, wanted) << as_of;
    for (const auto& [origin, points] : wanted) {
      EXPECT_EQ(funded[origin], -points) << as_of;
      const AccountName budget{.kind = ledger::AccountKind::kBudget,
                               .owner = static_cast<std::uint64_t>(origin)};
      EXPECT_EQ(AsMap(*HeldAsOf(moment, budget, as_of)), (Balances{{origin, points}})) << as_of;
    }
  }
  const auto rows = ledger::List(*moment.index, kIndexTotalsTable, {}, 10);
  ASSERT_OK(rows);
  EXPECT_EQ(rows->size(), 1U);
}

}  // namespace
}  // namespace puhui::audit
