// SPDX-License-Identifier: Apache-2.0
// Rule packs as they are loaded, and which is in force.
#include "issuing/app/rule_commands.h"
#include "issuing/app/rule_packs.h"
#include "ledger/base/limits.h"
#include "ledger/storage/codec.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/rule_script.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {
namespace {

using ledger::Reason;

TEST(LoadRulePackTest, KeepsAPackAsItWasSent) {
  RuleScript script;
  RulePack pack = RuleScript::Sound("p", 7);
  pack.effective_to = absl::CivilDay(2030, 12, 31);
  pack.issuer_kinds = {IssuerKind::kEnterprise, IssuerKind::kWellFundedEnterprise};
  pack.points_per_year_max = 500;
  pack.issuer_caps = {{IssuerKind::kWellFundedEnterprise, 700}};
  pack.points_per_occasion_max = 300;
  pack.occasions[1].points_max = 200;
  pack.occasions_per_year_max = 2;
  pack.earmark_share_min = 3'000;
  pack.merchant_categories = {5411, 99};
  pack.expiry_days_min = 30;
  pack.expiry_days_max = 365;
  pack.life_events = {{"birthday", 100}};
  pack.earmark_regions = {420'100, 610'000};
  pack.earmark_categories = {5411};
  ASSERT_OK(script.Load(pack, "the bytes"));
  IssuingLedger& ledger = script.ledger();
  ASSERT_OK_AND_ASSIGN(const auto row, FindRulePack(ledger.ledger.store(), {"p", 7}));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->message, "the bytes");
  EXPECT_EQ(row->person, "oda");
  RulePackRow expected = *row;
  expected.pack = pack;
  EXPECT_EQ(ledger::EncodeValue(*row), ledger::EncodeValue(expected));
  // And so it is after a restart.
  IssuingLedger again;
  ASSERT_OK(again.ledger.RecoverFrom(ledger.ledger));
  ASSERT_OK_AND_ASSIGN(const auto read, FindRulePack(again.ledger.store(), {"p", 7}));
  EXPECT_EQ(ledger::EncodeValue(*read), ledger::EncodeValue(expected));
}

TEST(LoadRulePackTest, RefusesInOrder) {
  RuleScript script;
  RulePack faulty = RuleScript::Sound("p");
  faulty.occasions.push_back({.name = "mid-autumn", .points_max = 0});
  EXPECT_THAT(script.Load(faulty), Refuses(Reason::kInvalidField, "pack.occasions[2].points_max"));
  ASSERT_OK_AND_ASSIGN(const auto loaded, script.Load(RuleScript::Sound("p"), "one"));
  EXPECT_EQ(loaded.records().size(), 1U);
  ASSERT_OK_AND_ASSIGN(const auto same, script.Load(RuleScript::Sound("p"), "one"));
  EXPECT_TRUE(same.empty());
  EXPECT_THAT(script.Load(RuleScript::Sound("p"), "another"),
              Refuses(Reason::kRulePackExists, "pack.version"));
  EXPECT_THAT(script.Load(faulty, "another"), Refuses(Reason::kInvalidField));  // First.
  for (std::uint32_t version = 2; version <= kRulePackVersionsMax; ++version) {
    ASSERT_OK(script.Load(RuleScript::Sound("p", version), "one"));
  }
  EXPECT_THAT(script.Load(RuleScript::Sound("p", 9'999), "one"),
              Refuses(Reason::kRulePackVersionsLimit, "pack.version"));
  EXPECT_THAT(script.Load(RuleScript::Sound("p", 7), "another"),
              Refuses(Reason::kRulePackExists));  // Before the limit.
  EXPECT_OK(script.Load(RuleScript::Sound("q"), "one"));
}

TEST(LoadRulePackTest, ListsByIdAndVersion) {
  RuleScript script;
  for (const auto& [id, version] : std::vector<std::pair<const char*, std::uint32_t>>{
           {"b", 2}, {"a", 10}, {"b", 1}, {"a", 9}, {"a-b", 1}}) {
    ASSERT_OK(script.Load(RuleScript::Sound(id, version)));
  }
  const ledger::Readable& store = script.ledger().ledger.store();
  std::vector<std::string> listed;
  RulePackName after;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto rows, ListRulePacks(store, after, 2));
    if (rows.empty()) break;
    for (const RulePackRow& row : rows) {
      listed.push_back(absl::StrCat(row.pack.id, " ", row.pack.version));
    }
    after = {rows.back().pack.id, rows.back().pack.version};
  }
  EXPECT_EQ(listed, (std::vector<std::string>{"a 9", "a 10", "a-b 1", "b 1", "b 2"}));
}

// The same whoever asks: the writer, or a reader with the settings.
TEST(PackInForceTest, IsTheHighestVersionWhoseDaysTakeTheDayIn) {
  RuleScript script;
  script.Run(R"(
    union    city                                      ok
    load     p version=1 from=2020-01-01               ok
    load     p version=3 from=2022-01-01 to=2022-12-31 ok
    load     p version=2 from=2021-01-01               ok
    bind     city p                                    ok
  )");
  IssuingLedger& ledger = script.ledger();
  const UnionNumber city = ledger.NumberOf("city");
  const UnionSettings settings = ledger.tables.SettingsOf(city);
  struct Row {
    absl::CivilDay day{};
    std::uint32_t version = 0;
  };
  for (const auto& [day, version] :
       {Row{absl::CivilDay(2019, 12, 31), 3},  // None: the highest there is, not in force.
        Row{absl::CivilDay(2020, 1, 1), 1}, Row{absl::CivilDay(2020, 12, 31), 1},
        Row{absl::CivilDay(2021, 1, 1), 2}, Row{absl::CivilDay(2022, 1, 1), 3},
        Row{absl::CivilDay(2022, 12, 31), 3}, Row{absl::CivilDay(2023, 1, 1), 2}}) {
    const RulePackName wanted{"p", version};
    EXPECT_EQ(PackInForce(ledger.tables, city, day), wanted) << day;
    ASSERT_OK_AND_ASSIGN(const auto read, PackInForce(ledger.ledger.store(), settings, day));
    EXPECT_EQ(read, wanted) << day;
  }
}

TEST(UpdateUnionTest, NamesOnlyAPackThatIsLoaded) {
  RuleScript script;
  script.Run(R"(
    union    city                            ok
    bind     nowhere p                       NOT_FOUND
    bind     city p                          NOT_FOUND
    load     p                               ok
    bind     city p                          ok
    close    city                            ok
    bind     city q                          NOT_FOUND       # before UNION_CLOSED
    bind     city p                          UNION_CLOSED
  )");
  EXPECT_THAT(script.Bind("city", "q"), Refuses(Reason::kNotFound, "union.settings.rule_pack"));
}

}  // namespace
}  // namespace puhui::issuing
