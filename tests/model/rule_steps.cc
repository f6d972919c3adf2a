// SPDX-License-Identifier: Apache-2.0
// The steps of rule packs.
#include "issuing/app/rule_commands.h"
#include "issuing/app/union_commands.h"
#include "ledger/storage/typed_reads.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace puhui::testing {
namespace {

std::string PackIdOf(std::uint32_t pack) { return absl::StrCat("p-", pack); }

issuing::RulePackWish WishOf(const LedgerModel::PackName& name, const LedgerModel::Pack& pack) {
  return {.pack = {.id = PackIdOf(name.first),
                   .version = name.second,
                   .display_name = "A pack",
                   .basis = "A text",
                   .effective_from = pack.from,
                   .effective_to = pack.to,
                   .points_per_year_max = pack.year,
                   .points_per_occasion_max = pack.holiday,
                   .occasions = {{.name = "spring-festival"},
                                 {.name = "qingming"},
                                 {.name = "mid-autumn", .points_max = pack.holiday}},
                   .occasions_per_year_max = pack.holidays,
                   .life_events = {{"birthday", pack.birthday}}},
          .message = absl::StrCat(absl::FormatCivilTime(pack.from), " ",
                                  absl::FormatCivilTime(pack.to), " ", pack.year, " ", pack.holiday,
                                  " ", pack.holidays, " ", pack.birthday),
          .person = "oda"};
}

}  // namespace

std::string RandomDriver::AnyOccasion() {
  constexpr std::array<const char*, 4> kOccasions = {"spring-festival", "qingming", "mid-autumn",
                                                     "birthday"};
  return kOccasions[random_.Below(kOccasions.size())];
}

// Mostly a new version; now and then one that is there, as it is or with another content.
void RandomDriver::LoadPack() {
  const auto id = static_cast<std::uint32_t>(1 + random_.Below(3));
  const auto& known = model_.packs[id];
  const std::uint32_t last = known.empty() ? 0 : known.rbegin()->first;
  const bool new_one = last == 0 || random_.Below(3) != 0;
  const LedgerModel::PackName name{id, new_one
                                           ? last + 1 + static_cast<std::uint32_t>(random_.Below(2))
                                           : 1 + static_cast<std::uint32_t>(random_.Below(last))};
  const auto below = [this](std::uint64_t end) {
    return static_cast<std::int64_t>(random_.Below(end));
  };
  LedgerModel::Pack pack{.from = LedgerModel::DayAt(NextTime()) - 1 + below(3),
                         .year = 500 + below(5'000)};
  pack.to = pack.from + below(40);
  pack.holiday = 1 + below(static_cast<std::uint64_t>(pack.year));
  pack.holidays = 1 + static_cast<std::uint32_t>(random_.Below(3));
  pack.birthday = 1 + below(2'000);
  const auto there = known.find(name.second);
  if (there != known.end() && random_.Below(2) == 0) pack = there->second;
  if (known.empty()) model_.packs.erase(id);  // Looking it up made room for it.
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::LoadRulePackCommand>(&ledger_.issuing(), WishOf(name, pack));
  });
  Expect(model_.LoadPack(name, pack), outcome);
}

void RandomDriver::SetPack() {
  const std::uint32_t id = AnyUnion();
  const bool stale = random_.Below(10) == 0;
  const std::string etag = EtagOf(id, stale);
  const auto pack = static_cast<std::uint32_t>(random_.Below(4));
  const auto outcome = Run([=, this] {
    issuing::UpdateUnionCommand::Wish wish{.id = UnionIdOf(id), .etag = etag};
    wish.rule_pack = pack == 0 ? "" : PackIdOf(pack);
    return std::make_unique<issuing::UpdateUnionCommand>(&ledger_.issuing(), std::move(wish));
  });
  Expect(model_.SetPack(id, pack, stale), outcome);
}

void RandomDriver::CompareReceived() {
  std::map<std::tuple<MemberId, std::int64_t, std::string>, std::int64_t> found;
  ASSERT_OK(
      ledger::Scan(ledger_.store(), issuing::kReceivedTable, {},
                   [&](const issuing::ReceivedKey& key,
                       const issuing::ReceivedRow& row) -> absl::StatusOr<bool> {
                     for (const issuing::Received& received : row.occasions) {
                       EXPECT_FALSE(received.points.zero());
                       found[{key.member, key.year, received.occasion}] = received.points.value();
                     }
                     return true;
                   }));
  std::erase_if(model_.received, [](const auto& sum) { return sum.second == 0; });
  EXPECT_EQ(found, model_.received);
}

}  // namespace puhui::testing
