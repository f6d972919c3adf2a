// SPDX-License-Identifier: Apache-2.0
// The bytes of what is stored about unions: they may be added to, and never change.
#include "issuing/app/tables.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/codec.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace puhui::issuing {
namespace {

using ledger::EncodeKey;
using ledger::EncodeValue;
using ledger::ToHex;

// A record without its place, its time and its month.
std::string BytesOf(const ledger::Outcome& outcome) {
  journal::v1::Record record = outcome.first();
  record.clear_sequence();
  record.clear_time_micros();
  record.clear_period();
  return ToHex(record.SerializeAsString());
}

TEST(UnionBytesTest, KeysSortAsTheyRead) {
  const UnionChildKey child{.parent = UnionNumber{1}, .child = UnionNumber{258}};
  EXPECT_EQ(ToHex(EncodeKey(Table::kUnionChildren, child)), "2f0000000100000102");
  const BudgetLineKey line{
      .of = UnionNumber{7}, .sum = BudgetSum::kSubtree, .origin = UnionNumber{3}};
  EXPECT_EQ(ToHex(EncodeKey(Table::kBudgetLines, line)), "30000000070200000003");
  const UnionFundingKey funding{.union_number = UnionNumber{7}, .proposal = 258};
  EXPECT_EQ(ToHex(EncodeKey(Table::kUnionFundings, funding)), "31000000070000000000000102");
}

TEST(UnionBytesTest, RowsAreWhatTheyWere) {
  const UnionRow full{.id = "fh-1",
                      .parent = UnionNumber{4},
                      .kind = 5,
                      .display_name = "市总工会",
                      .settings = {.time_zone = "Asia/Shanghai",
                                   .locale = "en",
                                   .approval = ApprovalPolicy{2, 42'240},
                                   .leave = LeavePolicy::kReturn,
                                   .rule_pack = "hb",
                                   .issuer_kind = IssuerKind::kEnterprise},
                      .create_time = absl::FromUnixSeconds(1'735'689'600),
                      .close_time = absl::FromUnixMicros(1'735'689'600'000'001),
                      .changed = 300,
                      .open_children = 0,
                      .members = 5,
                      .active_campaigns = 1,
                      .below = {2, 3},
                      .search_root = UnionNumber{1},
                      .search_roots = {UnionNumber{1}, UnionNumber{9}}};
  EXPECT_EQ(ToHex(EncodeValue(full)),
            "0466682d31"                          // fh-1
            "0405"                                // below 4, an enterprise
            "0ce5b882e680bbe5b7a5e4bc9a"          // its name
            "0d417369612f5368616e6768616902656e"  // Asia/Shanghai, en
            "01028094050102"                      // two approvers …, points returned
            "02686202"                            // the rule pack hb, an enterprise
            "8080e3a0b7a69506018280e3a0b7a69506"  // created, closed
            "ac02000501020203"                    // changed by 300, and the counts
            "01020109");                          // search roots
  const UnionRow root{.id = "a", .kind = 1, .display_name = "b", .changed = 9};
  UnionRow created = root;
  created.create_time = absl::UnixEpoch();
  EXPECT_EQ(ToHex(EncodeValue(created)), "016100010162000000000000000009000000000000");
  const BudgetLine line{.points = 300, .next = UnionNumber{3}, .previous = UnionNumber{1}};
  EXPECT_EQ(ToHex(EncodeValue(line)), "d8040301");
  FundingRow funding{.union_number = UnionNumber{1},
                     .points = 300,
                     .bank_reference = "B-1",
                     .person = "f",
                     .create_time = absl::FromUnixMicros(1),
                     .decider = "g",
                     .reason = "r",
                     .reject_time = absl::FromUnixMicros(2)};
  EXPECT_EQ(ToHex(EncodeValue(funding)),
            "01d804"    // of 1, 300 points
            "03422d31"  // B-1
            "016602"    // f, when
            "00"        // not confirmed
            "0167"
            "0172"    // g, why
            "0104");  // rejected, when
}

TEST(UnionBytesTest, RecordsAreWhatTheyWere) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("province"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome created, ledger.CreateUnion("city"));
  EXPECT_EQ(BytesOf(created),
            "4a15"                      // union_created
            "080212046369747920012a07"  // 2, city, kind 1, its name …
            "4120756e696f6e3801");      // … A union, depth 1
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome moved, ledger.MoveUnion("city", "province"));
  EXPECT_EQ(BytesOf(moved), "fa010408021801");
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome updated,
                       ledger.UpdateUnion({.id = *UnionId::Parse("city", "id"),
                                           .display_name = "b",
                                           .time_zone = "Asia/Urumqi",
                                           .locale = "en",
                                           .approval = ApprovalPolicy{2, 42'240},
                                           .leave = LeavePolicy::kReturn}));
  EXPECT_EQ(BytesOf(updated),
            "f20137"                              // union_updated
            "08021001"                            // 2, below 1
            "1a0d0a074120756e696f6e10011a00"      // before: A union, kind 1, nothing set
            "22220a0162"                          // after: b …
            "1001"                                // … kind 1
            "1a1b"                                // … and its settings
            "0a0b417369612f5572756d71691202656e"  // Asia/Urumqi, en
            "1a0608021080ca02"                    // two approvers, more above 42,240
            "2002");                              // points are returned
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome mistyped, ledger.Propose("province", 3, "B", "f"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome rejected,
                       ledger.RejectFunding("province", mistyped.first().sequence(), "g"));
  EXPECT_EQ(BytesOf(rejected),
            "8a0211"                  // funding_rejected
            "08011005"                // of 1, the funding 5
            "1a0167"                  // by g
            "22086d69737479706564");  // mistyped
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome funded, ledger.Fund("province", 300));
  EXPECT_EQ(BytesOf(funded),
            "4222"                    // entry
            "0a0908011001200128d704"  // what the province has paid in, 300 more
            "0a0908021001200128d804"  // its budget, 300 more
            "220a08011007"
            "1a0466726564");  // funding: the proposal 7, by fred
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome down, ledger.Allocate("province", "city", 300));
  EXPECT_EQ(BytesOf(down),
            "4220"                    // entry
            "0a0908021001200128d704"  // the province's budget, its own money, less 300
            "0a0908021002200128d804"  // the city's budget, the same money, 300 more
            "8201070801100218ac02");  // allocation: from 1 to 2, 300
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome back, ledger.Return("city", 300));
  EXPECT_EQ(BytesOf(back),
            "4220"
            "0a0908021002200128d704"
            "0a0908021001200128d804"
            "8a01070802100118ac02");  // budget_return
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome closed, ledger.CloseUnion("city"));
  EXPECT_EQ(BytesOf(closed), "8202020802");
}

// As they were written before a confirmation said whose it was.
TEST(UnionBytesTest, AConfirmationOfAnOlderJournalIsNobodys) {
  IssuingLedger ledger;
  ASSERT_OK(ledger.CreateUnion("city"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome proposed, ledger.Propose("city", 3, "B", "f"));
  ASSERT_EQ(proposed.first().sequence(), 2U);
  journal::v1::Record record;
  ASSERT_TRUE(record.ParseFromString(*ledger::FromHex("08031080c0b1d09bd38a034206220408011002")));
  ASSERT_OK(ledger.applier.Apply(record));
  const FundingRow* row = ledger.tables.fundings.Find(2);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->state(), FundingState::kConfirmed);
  EXPECT_EQ(row->decider, "");
}

// As 0.1.0 wrote them: every union had a zone of its own, and was created where it stands.
TEST(UnionBytesTest, UnionsOfAnOlderJournalHaveTheZoneTheyWereGiven) {
  IssuingLedger ledger;
  journal::v1::Record record;
  ASSERT_TRUE(
      record.ParseFromString(*ledger::FromHex("08011080c0b1d09bd38a034a1c080112046369747920012a"
                                              "0163320b417369612f5572756d71693801")));
  ASSERT_OK(ledger.applier.Apply(record));
  EXPECT_EQ(ledger.tables.UnionOf(UnionNumber{1}).settings,
            (UnionSettings{.time_zone = "Asia/Urumqi"}));
  EXPECT_EQ(ledger.tables.SettingsOf(UnionNumber{1}).locale, "zh-CN");
}

}  // namespace
}  // namespace puhui::issuing
