// SPDX-License-Identifier: Apache-2.0
// How many people received and spent, beside how many grants there were.
#include "issuing/app/participation.h"

#include "issuing/app/records.h"
#include "ledger/base/limits.h"
#include "ledger/storage/codec.h"
#include "tests/support/golden_bytes.h"
#include "tests/support/participation_recount.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/forge.h"
#include "tests/unit/issuing/app/script.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace puhui::issuing {

void PrintTo(const Participants& people, std::ostream* out) {
  *out << people.received << " received, " << people.spent << " spent";
}

namespace participation_test {
namespace {

// Two campaigns of one union, one of the union above it and one of a third beside it, for somebody
// who was there for a while.
constexpr char kGranted[] = R"(
    union    province                        ok
    union    city under=province             ok
    union    works under=city                ok
    union    harbour under=province          ok
    propose  works 1000 ref=B-1              ok
    confirm  works p1                        ok
    propose  city 1000 ref=B-2               ok
    confirm  city p2                         ok
    propose  harbour 1000 ref=B-3            ok
    confirm  harbour p3                      ok
    enrol    works li wang zhao              ok
    campaign gift of=works expires=30d       ok
    plan     gift li:100 wang:200            ok
    submit   gift                            ok
    approve  gift                            ok
    issue    gift                            ok
    run                                      ok
    campaign more of=works expires=60d       ok
    plan     more li:5                       ok
    submit   more                            ok
    approve  more                            ok
    issue    more                            ok
    run                                      ok
    campaign town of=city expires=60d        ok
    plan     town li:7 zhao:9                ok
    submit   town                            ok
    approve  town                            ok
    issue    town                            ok
    run                                      ok
    transfer wang to=harbour                 ok
    campaign port of=harbour expires=60d     ok
    plan     port wang:3                     ok
    submit   port                            ok
    approve  port                            ok
    issue    port                            ok
    run                                      ok
    transfer wang to=works                   ok
)";

// What the acquiring side does: takes points out of a lot, or gives them back.
class Till {
 public:
  explicit Till(IssuingLedger* ledger) : ledger_(*ledger) {}

  // Of the n-th open lot.
  absl::Status Buy(const std::string& name, std::size_t n, std::int64_t points) {
    const ledger::Lot lot = LotsOf(name).at(n);
    return Move(name, lot, -points);
  }
  absl::Status GiveBack(const std::string& name, const ledger::Lot& lot, std::int64_t points) {
    return Move(name, lot, points);
  }
  const std::vector<ledger::Lot>& LotsOf(const std::string& name) {
    return ledger_.ledger.views().wallets.Find(ledger_.members.at(name))->lots;
  }

 private:
  absl::Status Move(const std::string& name, const ledger::Lot& lot, std::int64_t points) {
    const MemberId member = ledger_.members.at(name);
    Forge forge([&](ledger::Decision& decision) {
      journal::v1::Entry& entry = *decision.Add().mutable_entry();
      AddWalletPosting(member, lot.origin, points, entry);
      AddPosting({ledger::AccountKind::kPayable, 7, lot.origin}, -points, entry);
      entry.set_member(member.ToBytes());
      journal::v1::LotChange& change = *entry.add_lots();
      change.set_lot(NumberOf(lot.number));
      change.set_points(points);
      change.set_campaign(NumberOf(lot.campaign));
      change.set_origin(NumberOf(lot.origin));
      change.set_granted(lot.granted);
      change.set_expiry_micros(absl::ToUnixMicros(lot.expiry));
      if (points < 0) {
        entry.mutable_purchase()->set_points(-points);
      } else {
        entry.mutable_reversal()->set_points(points);
      }
    });
    return ledger_.ledger.Run(forge).status();
  }

  IssuingLedger& ledger_;
};

class ParticipationTest : public ::testing::Test {
 protected:
  ParticipationTest() { script_.Run(kGranted); }
  ~ParticipationTest() override { ExpectRecounted(ledger()); }

  static void ExpectRecounted(IssuingLedger& ledger) {
    testing::ParticipationRecount recount;
    for (const std::string& bytes : ledger.ledger.Journal()) {
      journal::v1::Record record;
      ASSERT_TRUE(record.ParseFromString(bytes));
      recount.Take(record);
    }
    recount.ExpectKept(ledger.ledger.store());
  }
  IssuingLedger& ledger() { return script_.ledger(); }
  Participants Of(const std::string& of) {
    const auto people = ParticipantsOf(ledger().ledger.store(), ledger().NumberOf(of));
    EXPECT_OK(people);
    return people.value_or(Participants());
  }

  Script script_;
  Till till_{&script_.ledger()};
};

TEST_F(ParticipationTest, CountsAPersonOnceHoweverManyCampaignsGranted) {
  EXPECT_EQ(Of("works"), (Participants{.received = 2}));     // Li twice, Wang.
  EXPECT_EQ(Of("city"), (Participants{.received = 3}));      // Li three times, Wang, Zhao.
  EXPECT_EQ(Of("harbour"), (Participants{.received = 1}));   // Wang.
  EXPECT_EQ(Of("province"), (Participants{.received = 3}));  // By six grants.
}

TEST_F(ParticipationTest, CountsWhoSpentOnceAndForGood) {
  const ledger::Lot gift = till_.LotsOf("li").at(0);
  ASSERT_OK(till_.Buy("li", 0, 40));
  EXPECT_EQ(Of("works"), (Participants{.received = 2, .spent = 1}));
  EXPECT_EQ(Of("city").spent, 1U);
  ASSERT_OK(till_.GiveBack("li", gift, 40));
  ASSERT_OK(till_.Buy("li", 0, 100));
  ASSERT_OK(till_.Buy("li", 0, 5));  // Of another campaign of the same union.
  EXPECT_EQ(Of("works"), (Participants{.received = 2, .spent = 1}));
  ASSERT_OK(till_.Buy("li", 0, 7));  // Of the city's.
  EXPECT_EQ(Of("works").spent, 1U);
  EXPECT_EQ(Of("city"), (Participants{.received = 3, .spent = 1}));
  ASSERT_OK(till_.Buy("zhao", 0, 1));
  EXPECT_EQ(Of("city").spent, 2U);
  EXPECT_EQ(Of("province"), (Participants{.received = 3, .spent = 2}));
  EXPECT_EQ(Of("harbour").spent, 0U);
}

TEST_F(ParticipationTest, GoesAlongWhenAUnionMoves) {
  ASSERT_OK(till_.Buy("li", 0, 1));  // Of the works'.
  script_.Run("move works under=harbour ok");
  EXPECT_EQ(Of("works"), (Participants{.received = 2, .spent = 1}));
  EXPECT_EQ(Of("city"), (Participants{.received = 2}));  // Li is there by the city's campaign.
  EXPECT_EQ(Of("harbour"), (Participants{.received = 2, .spent = 1}));  // Wang was there before.
  EXPECT_EQ(Of("province"), (Participants{.received = 3, .spent = 1}));
  script_.Run("move harbour ok");
  EXPECT_EQ(Of("harbour"), (Participants{.received = 2, .spent = 1}));
  EXPECT_EQ(Of("province"), (Participants{.received = 2}));
  ASSERT_OK(till_.Buy("li", 2, 7));
  EXPECT_EQ(Of("province").spent, 1U);
  script_.Run("move harbour under=city ok");
  EXPECT_EQ(Of("city"), (Participants{.received = 3, .spent = 1}));
}

// One set counts as if it were of very many unions.
TEST_F(ParticipationTest, AMoveGoesThroughABoundedNumberOfPlaces) {
  Tables& tables = ledger().tables;
  const UnionNumber works = ledger().NumberOf("works");
  constexpr std::size_t kChanged = 2;  // The city and the harbour: both are the province's.
  const IssuerSetNumber set = tables.participation.subtree_sets.Find({works, {}})->next;
  const std::vector<UnionNumber> unions = tables.participation.sets.Find(set)->unions;
  const std::size_t rest =
      PlacesToMove(tables, works, kChanged, kSetPlacesPerMoveMax) - unions.size();
  ASSERT_GT(rest, 2 * kChanged);
  const auto resize = [&](std::size_t size) {
    std::vector<UnionNumber>& all = tables.participation.sets.Edit(set).unions;
    all = unions;
    all.resize(size, unions.back());
  };
  resize(kSetPlacesPerMoveMax - rest + 1);
  EXPECT_THAT(ledger().MoveUnion("works", "harbour"),
              Refuses(ledger::Reason::kCombinationsPerMoveLimit, "name"));
  EXPECT_THAT(ledger().MoveUnion("works", ""),
              Refuses(ledger::Reason::kCombinationsPerMoveLimit, "name"));
  EXPECT_OK(ledger().MoveUnion("works", "city"));  // Where it hangs already.
  resize(kSetPlacesPerMoveMax - rest);
  EXPECT_OK(ledger().MoveUnion("works", "harbour"));
  resize(unions.size());
  EXPECT_EQ(Of("harbour"), (Participants{.received = 2}));
}

// Counts that pass over a set would be wrong for good, and nobody would notice.
TEST_F(ParticipationTest, NoUnionMovesWithoutASetThatItHas) {
  EXPECT_DEATH(
      {
        const UnionNumber works = ledger().NumberOf("works");
        auto& ring = ledger().tables.participation.subtree_sets;
        const IssuerSetNumber first = ring.Find({works, IssuerSetNumber{}})->next;
        ring.Erase({works, first});
        (void)ledger().MoveUnion("works", "harbour");
      },
      "row != nullptr");
}

// The move, and grants and purchases before and behind it, stand in one segment.
TEST_F(ParticipationTest, CountsForWhomTheUnionWasUnderAtThatRecord) {
  script_.Run(R"(
    campaign late of=works expires=30d       ok
    plan     late zhao:7                     ok
    submit   late                            ok
    approve  late                            ok
  )");
  ASSERT_OK(ledger().StartIssue("late"));
  ledger().ledger.Hold();
  ASSERT_OK(ledger().RunDueChores(1));
  ASSERT_OK(till_.Buy("zhao", 1, 1));
  ASSERT_OK(ledger().MoveUnion("works", "harbour"));
  ASSERT_OK(till_.Buy("wang", 0, 1));
  ledger().ledger.Release();
  EXPECT_EQ(Of("works"), (Participants{.received = 3, .spent = 2}));
  EXPECT_EQ(Of("harbour"), (Participants{.received = 3, .spent = 2}));
  EXPECT_EQ(Of("city"), (Participants{.received = 2}));
}

TEST_F(ParticipationTest, KeepsWhoLeftOrWentToAnotherUnion) {
  ASSERT_OK(till_.Buy("li", 0, 1));
  script_.Run(R"(
    transfer wang to=harbour                 ok
    leave    li                              ok
  )");
  EXPECT_EQ(Of("works"), (Participants{.received = 2, .spent = 1}));
  script_.Run("rejoin li to=harbour ok");
  EXPECT_EQ(Of("harbour"), (Participants{.received = 1}));
}

// Whoever began with an older program's views folds everything again, and comes to the same.
TEST_F(ParticipationTest, ComesToTheSameWhenTheJournalIsFoldedAgain) {
  ASSERT_OK(till_.Buy("wang", 1, 1));
  script_.Run("move works under=harbour ok");
  IssuingLedger other;
  ASSERT_OK(other.ledger.RecoverFrom(ledger().ledger));
  ExpectRecounted(other);
  const auto people = ParticipantsOf(other.ledger.store(), ledger().NumberOf("harbour"));
  ASSERT_OK(people);
  EXPECT_EQ(*people, (Participants{.received = 2, .spent = 1}));
}

// Campaigns of everybody to anybody, who goes there first, purchases, and moves to wherever a union
// may go.
class RandomParticipationTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static constexpr int kUnions = 8;
  static constexpr int kPeople = 6;

  RandomParticipationTest() : random_(GetParam()) {
    for (int i = 0; i < kUnions; ++i) {
      EXPECT_OK(ledger_.CreateUnion(absl::StrCat("u-", i), i < 2 ? "" : absl::StrCat("u-", i / 2)));
      EXPECT_OK(ledger_.Fund(absl::StrCat("u-", i), 1'000'000));
    }
    std::vector<std::string> names;
    for (int i = 0; i < kPeople; ++i) names.push_back(absl::StrCat("p-", i));
    EXPECT_OK(ledger_.Enrol("u-0", names));
  }

  std::string AnyUnion() { return absl::StrCat("u-", random_.Below(kUnions)); }

  void Step() {
    const std::uint64_t dice = random_.Below(6);
    if (dice < 2) return Grant();
    if (dice < 4) return Buy();
    const std::string moved = AnyUnion();
    const std::string parent = random_.Below(4) == 0 ? "" : AnyUnion();
    (void)ledger_.MoveUnion(moved, parent);  // Refused when the parent stands below it.
  }

 private:
  void Grant() {
    const std::string id = absl::StrCat("c-", ++campaigns_);
    const std::string of = AnyUnion();
    NamedRows rows;
    for (int i = 0; i < kPeople; ++i) {
      if (random_.Below(3) != 0) continue;
      const std::string name = absl::StrCat("p-", i);
      if (!ledger_.tables.IsWithin(ledger_.Row(name).union_number, ledger_.NumberOf(of))) {
        ASSERT_OK(ledger_.Transfer(name, of));
      }
      rows.emplace_back(name, 10);
    }
    if (rows.empty()) return;
    ASSERT_OK(ledger_.CreateCampaign(id, of, absl::Hours(24 * 30)));
    ASSERT_OK(ledger_.UploadPlan(id, rows));
    ASSERT_OK(ledger_.Submit(id));
    ASSERT_OK(ledger_.Approve(id));
    ASSERT_OK(ledger_.StartIssue(id));
    ASSERT_OK(ledger_.RunDueChores());
  }
  void Buy() {
    const std::string name = absl::StrCat("p-", random_.Below(kPeople));
    const std::size_t lots = till_.LotsOf(name).size();
    if (lots == 0) return;
    const std::size_t n = random_.Below(lots);
    const std::int64_t all = till_.LotsOf(name).at(n).remaining;
    ASSERT_OK(till_.Buy(name, n, random_.Below(2) == 0 ? all : 1));
  }

 protected:
  IssuingLedger ledger_;

 private:
  SeededRandom random_;
  Till till_{&ledger_};
  int campaigns_ = 0;
};

TEST_P(RandomParticipationTest, IsWhatTheJournalComesToAfterEachCommand) {
  testing::ParticipationRecount recount;
  std::size_t taken = 0;
  for (int step = 0; step < 60; ++step) {
    Step();
    const std::vector<std::string> records = ledger_.ledger.Journal();
    for (; taken < records.size(); ++taken) {
      journal::v1::Record record;
      ASSERT_TRUE(record.ParseFromString(records[taken]));
      recount.Take(record);
    }
    recount.ExpectKept(ledger_.ledger.store());
    ASSERT_FALSE(HasFailure()) << "step " << step;
  }
  const auto counted = recount.Counted();
  EXPECT_GT(counted.size(), 2U);  // A run in which nobody receives anything proves nothing.
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomParticipationTest, ::testing::Range<std::uint64_t>(1, 9));

TEST(ParticipationBytesTest, KeysAndRowsAreWhatTheyWere) {
  const IssuerSetNumber set{258};
  EXPECT_EQ(testing::KeyHex(kIssuerSetTable, set), "9b00000102");
  EXPECT_EQ(testing::ValueHex(IssuerSetRow{.unions = {UnionNumber{3}, UnionNumber{300}},
                                           .people = {.received = 5, .spent = 2}}),
            "0203ac020502");
  const std::string unions = absl::HexStringToBytes("000000030000012c");
  EXPECT_EQ(testing::KeyHex(kIssuerSetNumberTable, unions), "9c000000030000012c");
  EXPECT_EQ(testing::ValueHex(set), "8202");
  EXPECT_EQ(testing::KeyHex(kSubtreeSetTable, {.of = UnionNumber{7}, .set = set}),
            "9d0000000700000102");
  EXPECT_EQ(testing::ValueHex(SubtreeSetRow{.next = set, .previous = IssuerSetNumber{1}}),
            "820201");
  EXPECT_EQ(testing::KeyHex(kParticipantTable, UnionNumber{7}), "9e00000007");
  EXPECT_EQ(testing::ValueHex(Participants{.received = 300, .spent = 1}), "ac0201");
}

TEST(ParticipationBytesTest, SetsAreKnownByTheirUnionsInWhicheverOrderTheyCame) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("a"));
  ASSERT_OK(ledger.CreateUnion("b", "a"));
  for (const char* id : {"a", "b"}) ASSERT_OK(ledger.Fund(id, 100));
  ASSERT_OK(ledger.Enrol("b", std::vector<std::string>{"li", "wang"}));
  const auto grant = [&](const std::string& id, const char* of, const std::string& name) {
    ASSERT_OK(ledger.CreateCampaign(id, of, absl::Hours(24)));
    ASSERT_OK(ledger.UploadPlan(id, {{name, 1}}));
    ASSERT_OK(ledger.Submit(id));
    ASSERT_OK(ledger.Approve(id));
    ASSERT_OK(ledger.StartIssue(id));
    ASSERT_OK(ledger.RunDueChores());
  };
  grant("c-1", "a", "li");
  grant("c-2", "b", "li");
  grant("c-3", "b", "wang");
  grant("c-4", "a", "wang");
  ledger::CachedTable<MemberId, ledger::Wallet>& wallets = ledger.ledger.views().wallets;
  EXPECT_EQ(wallets.Find(ledger.members.at("li"))->received_set, 2U);
  EXPECT_EQ(wallets.Find(ledger.members.at("wang"))->received_set, 2U);
  EXPECT_EQ(*ledger.tables.participation.numbers.Find(absl::HexStringToBytes("0000000100000002")),
            IssuerSetNumber{2});
  EXPECT_EQ(ledger.tables.participation.sets.Find(IssuerSetNumber{2})->people,
            (Participants{.received = 2}));
}

}  // namespace
}  // namespace participation_test
}  // namespace puhui::issuing
