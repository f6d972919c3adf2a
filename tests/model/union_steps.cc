// SPDX-License-Identifier: Apache-2.0
// The steps of the tree of unions and of their budgets.
#include "issuing/app/budget_commands.h"
#include "issuing/app/union_commands.h"
#include "issuing/app/union_queries.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"
#include "tests/support/union_books.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace puhui::testing {

void RandomDriver::CreateUnion() {
  const std::uint32_t id = AnyUnion();
  absl::optional<std::uint32_t> parent;
  if (random_.Below(4) != 0) parent = AnyUnion();
  const auto outcome = Run([this, id, parent] {
    return std::make_unique<issuing::CreateUnionCommand>(
        &ledger_.issuing(),
        issuing::CreateUnionCommand::Wish{.id = UnionIdOf(id), .parent = UnionIdOf(parent)});
  });
  if (Expect(model_.CreateUnion(id, parent), outcome)) {
    union_numbers_[id] = outcome->first().union_created().number();
  }
}

// Mostly the right one or none; `stale`: one that the union never had.
std::string RandomDriver::EtagOf(std::uint32_t id, bool stale) {
  if (stale) return "stale";
  const auto number = union_numbers_.find(id);
  if (number == union_numbers_.end() || random_.Below(2) == 0) return "";
  const auto row = issuing::UnionByNumber(ledger_.store(), UnionNumber{number->second});
  EXPECT_OK(row);
  return issuing::UnionEtag(UnionNumber{number->second}, row->changed);
}

void RandomDriver::ChangeUnion() {
  const std::uint32_t id = AnyUnion();
  const bool stale = random_.Below(10) == 0;
  const std::uint64_t dice = random_.Below(13);
  if (dice < 5) return MoveUnion(id, stale);
  const std::string etag = EtagOf(id, stale);
  if (dice == 5) {
    const auto outcome = Run([=, this] {
      return std::make_unique<issuing::CloseUnionCommand>(
          &ledger_.issuing(), issuing::CloseUnionCommand::Wish{.id = UnionIdOf(id), .etag = etag});
    });
    Expect(model_.CloseUnion(id, stale), outcome);
    return;
  }
  if (dice < 8) return SetLeave(id, stale);
  if (dice < 11) return SetApprovers(id, stale);
  const std::string locale = random_.Below(2) == 0 ? "" : random_.Below(2) == 0 ? "en" : "zh-CN";
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::UpdateUnionCommand>(
        &ledger_.issuing(),
        issuing::UpdateUnionCommand::Wish{.id = UnionIdOf(id), .etag = etag, .locale = locale});
  });
  Expect(model_.SetLocale(id, locale, stale), outcome);
}

void RandomDriver::SetLeave(std::uint32_t id, bool stale) {
  const std::string etag = EtagOf(id, stale);
  absl::optional<bool> returns;
  absl::optional<issuing::LeavePolicy> policy;
  if (random_.Below(4) != 0) {
    returns = random_.Below(2) == 0;
    policy = *returns ? issuing::LeavePolicy::kReturn : issuing::LeavePolicy::kKeep;
  }
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::UpdateUnionCommand>(
        &ledger_.issuing(),
        issuing::UpdateUnionCommand::Wish{
            .id = UnionIdOf(id), .etag = etag, .leave = absl::make_optional(policy)});
  });
  Expect(model_.SetLeave(id, returns, stale), outcome);
}

void RandomDriver::MoveUnion(std::uint32_t id, bool stale) {
  const std::string etag = EtagOf(id, stale);
  absl::optional<std::uint32_t> parent;
  if (random_.Below(6) != 0) parent = AnyUnion();
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::MoveUnionCommand>(
        &ledger_.issuing(), issuing::MoveUnionCommand::Wish{
                                .id = UnionIdOf(id), .parent = UnionIdOf(parent), .etag = etag});
  });
  Expect(model_.MoveUnion(id, parent, stale), outcome);
}

// Mostly between a union and its parent, and mostly of what is there.
void RandomDriver::MoveBudget() {
  LedgerModel::BudgetTransfer transfer{.from = AnyUnion()};
  std::uint32_t child = AnyUnion();
  if (const auto at = model_.unions.find(child);
      at != model_.unions.end() && at->second.parent != 0 && random_.Below(8) != 0) {
    transfer.from = at->second.parent;
  }
  if (random_.Below(2) == 0) {
    transfer.to = child;
  } else if (random_.Below(4) != 0) {
    transfer.from = child;
  }
  std::int64_t all = 10;
  if (const auto at = model_.unions.find(transfer.from); at != model_.unions.end()) {
    for (const auto& [origin, points] : at->second.budget) {
      all += points;
      if (random_.Below(4) == 0) transfer.origin = origin;
    }
  }
  if (random_.Below(20) == 0) transfer.origin = AnyUnion();
  transfer.points = static_cast<std::int64_t>(1 + random_.Below(static_cast<std::uint64_t>(all)));
  const auto outcome = Run([=, this]() -> std::unique_ptr<ledger::Command> {
    issuing::BudgetTransferWish wish{.union_id = UnionIdOf(transfer.from),
                                     .points = Points::FromStored(transfer.points),
                                     .origin = UnionIdOf(transfer.origin)};
    if (!transfer.to.has_value()) {
      return std::make_unique<issuing::ReturnBudgetCommand>(&ledger_.issuing(), std::move(wish));
    }
    return std::make_unique<issuing::AllocateBudgetCommand>(&ledger_.issuing(), std::move(wish),
                                                            UnionIdOf(*transfer.to));
  });
  std::vector<std::pair<std::uint32_t, std::int64_t>> taken;
  if (!Expect(model_.Move(transfer, &taken), outcome)) return;
  const journal::v1::Entry& entry = outcome->first().entry();
  ASSERT_EQ(entry.postings_size(), static_cast<int>(2 * taken.size()));
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const journal::v1::Posting& posting = entry.postings(static_cast<int>(2 * i));
    EXPECT_EQ(posting.origin(), union_numbers_.at(taken[i].first));
    EXPECT_EQ(posting.points(), -taken[i].second);
  }
}

void RandomDriver::CompareUnions() {
  const ledger::Readable& store = ledger_.store();
  issuing::SettingsReader settings(&store);
  for (const auto& [id, expected] : model_.unions) {
    const UnionNumber number{union_numbers_.at(id)};
    const auto row = issuing::UnionByNumber(store, number);
    ASSERT_OK(row);
    EXPECT_EQ(row->parent, expected.parent == 0 ? UnionNumber{}
                                                : UnionNumber{union_numbers_.at(expected.parent)});
    EXPECT_EQ(row->open(), !expected.closed);
    const auto effective = settings.Of(number, *row);
    ASSERT_OK(effective);
    EXPECT_EQ(effective->locale, model_.LocaleOf(id));
    EXPECT_EQ(effective->leave == issuing::LeavePolicy::kReturn, model_.Returns(id));
  }
  UnionBooks(&store).ExpectSound();
}

}  // namespace puhui::testing
