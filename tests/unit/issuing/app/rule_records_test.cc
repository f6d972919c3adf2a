// SPDX-License-Identifier: Apache-2.0
// Records about rules: those that cannot follow, their bytes, and verdicts that are given again.
#include "issuing/app/rule_records.h"

#include "issuing/app/records.h"
#include "issuing/app/redecision.h"
#include "issuing/app/rows.h"
#include "ledger/storage/codec.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/forge.h"
#include "tests/unit/issuing/app/rule_script.h"

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::issuing::rule_records_test {
namespace {

namespace jv1 = journal::v1;

constexpr char kCity[] = R"(
    union    city                            ok
    propose  city 1000 ref=B-1               ok
    confirm  city p1                         ok
    enrol    city li wang                    ok
)";
constexpr char kApproved[] = R"(
    holiday  gift of=city                    ok
    plan     gift li:100 wang:200            ok
    submit   gift                            ok
    approve  gift                            ok
)";

jv1::Record LastRecord(IssuingLedger& ledger, bool (*wanted)(const jv1::Record&)) {
  jv1::Record found;
  for (const std::string& bytes : ledger.ledger.Journal()) {
    jv1::Record record;
    EXPECT_TRUE(record.ParseFromString(bytes));
    if (wanted(record)) found = record;
  }
  return found;
}

TEST(RuleApplierTest, RefusesPacksThatCannotFollow) {
  RuleScript script;
  ASSERT_OK(script.Load(RuleScript::Sound("p")));
  IssuingApplier& applier = script.ledger().applier;
  jv1::Record record;
  jv1::RulePackLoaded& loaded = *record.mutable_rule_pack_loaded();
  StorePack(RuleScript::Sound("p"), *loaded.mutable_rules());
  loaded.set_id("p");
  loaded.set_version(1);
  EXPECT_THAT(applier.Apply(record), HasCode(absl::StatusCode::kDataLoss));  // There already.
  loaded.set_version(2);
  loaded.mutable_rules()->clear_basis();
  EXPECT_THAT(applier.Apply(record), HasCode(absl::StatusCode::kDataLoss));  // Faulty.
  loaded.mutable_rules()->set_basis("A text");
  EXPECT_OK(applier.Apply(record));
}

TEST(RuleApplierTest, RefusesRunsAndReturnsThatCannotFollow) {
  RuleScript script;
  script.Run(kCity);
  script.Run(kApproved);
  IssuingLedger& ledger = script.ledger();
  const std::uint32_t gift = NumberOf(ledger.Campaign("gift").number);
  const auto apply = [&ledger](const jv1::Record& record) { return ledger.applier.Apply(record); };
  jv1::Record started;
  started.mutable_issue_started()->set_campaign(gift);
  started.mutable_issue_started()->mutable_rules()->set_pack("nobody-loaded-it");
  EXPECT_THAT(apply(started), HasCode(absl::StatusCode::kDataLoss));
  script.Run("issue gift ok");
  script.Run("run ok");
  jv1::Record voided;
  voided.mutable_approvals_voided()->set_campaign(gift);
  EXPECT_THAT(apply(voided), HasCode(absl::StatusCode::kDataLoss));  // It is issued.
  voided.mutable_approvals_voided()->set_campaign(99);
  EXPECT_THAT(apply(voided), HasCode(absl::StatusCode::kDataLoss));
  jv1::Record returned;
  returned.mutable_entry()->set_member(ledger.members.at("li").ToBytes());
  returned.mutable_entry()->mutable_lot_returned()->set_campaign(gift);
  returned.mutable_entry()->mutable_lot_returned()->set_points(101);  // Of 100.
  EXPECT_THAT(apply(returned), HasCode(absl::StatusCode::kDataLoss));
  returned.mutable_entry()->mutable_lot_returned()->set_campaign(99);
  EXPECT_THAT(apply(returned), HasCode(absl::StatusCode::kDataLoss));
}

// Runs that were begun before there were rules say neither a day nor a frame.
TEST(RuleApplierTest, FoldsRunsOfBeforeThereWereRules) {
  RuleScript script;
  script.Run("date 2025-01-01T03:00 ok");  // In UTC the last of 2024.
  script.Run(kCity);
  script.Run(kApproved);
  IssuingLedger& ledger = script.ledger();
  const std::uint32_t gift = NumberOf(ledger.Campaign("gift").number);
  Forge start([gift](ledger::Decision& decision) {
    decision.Add().mutable_issue_started()->set_campaign(gift);
  });
  ASSERT_OK(ledger.ledger.Run(start));
  script.Run(R"(
    run                                      ok
    received li 2024 spring-festival         100
    again                                    same
  )");
}

TEST(RuleRecordsTest, AreAsTheyWere) {
  jv1::GrantRules rules;
  StoreRules({"p", 7},
             {.points = Points::FromStored(9),
              .other_occasions_received = 2,
              .received_for_occasion = Points::FromStored(300),
              .received_this_year = Points::FromStored(500)},
             rules);
  EXPECT_EQ(absl::BytesToHexString(rules.SerializeAsString()), "0a01701007180220ac0228f403");
  jv1::RuleFrame frame;
  StoreFrame({"p", 7}, "qingming",
             {.issuer_kind = IssuerKind::kEnterprise,
              .expiry_days = 30,
              .categories = {5411},
              .earmark_share = BasisPoints::FromStored(3'000)},
             frame);
  EXPECT_EQ(absl::BytesToHexString(frame.SerializeAsString()),
            "0a017010071a0871696e676d696e672002281e3202a32a38b817");
  frame.Clear();
  StoreFrame({"p", 7}, "", {.earmark_regions = {420'100, 610'000}, .earmark_categories = {5411}},
             frame);
  EXPECT_EQ(absl::BytesToHexString(frame.SerializeAsString()),
            "0a01701007420684d219d09d254a02a32a");
}

// As it stands in the row of a campaign, behind all that was there before.
TEST(RuleRecordsTest, AFrameComesBackFromTheRecordAndFromTheRow) {
  const RuleFrame frame{.issuer_kind = IssuerKind::kEnterprise,
                        .expiry_days = 30,
                        .categories = {5411, 5812},
                        .earmark_share = BasisPoints::FromStored(3'000),
                        .earmark_regions = {420'100, 610'000},
                        .earmark_categories = {5411}};
  jv1::RuleFrame stored;
  StoreFrame({"p", 7}, "qingming", frame, stored);
  EXPECT_EQ(FrameFrom(stored), frame);
  CampaignRow row;
  row.rule_frame = frame;
  const std::string bytes = ledger::EncodeValue(row);
  CampaignRow read;
  ASSERT_OK(ledger::DecodeValue(bytes, &read));
  EXPECT_EQ(read.rule_frame, frame);
  // A row of before: two regions and a category, and how many there are, are not there, nor the
  // five fields of a byte each that came later.
  ASSERT_OK(ledger::DecodeValue(absl::string_view(bytes).substr(0, bytes.size() - 15), &read));
  EXPECT_TRUE(read.rule_frame.earmark_regions.empty());
  EXPECT_EQ(read.rule_frame.categories, frame.categories);
}

TEST(ReDecideTest, ShowsTheDifferenceOfAForgedRecord) {
  RuleScript script;
  script.Run(kCity);
  script.Run(R"(
    load     p year=250                      ok
    bind     city p                          ok
    holiday  gift of=city                    ok
    give     gift li:100 wang:251            ok
  )");
  IssuingLedger& ledger = script.ledger();
  const ledger::Readable& store = ledger.ledger.store();
  const jv1::Record granted =
      LastRecord(ledger, [](const jv1::Record& record) { return record.entry().has_grant(); });
  ASSERT_OK_AND_ASSIGN(const ReDecision same, ReDecide(store, granted));
  EXPECT_TRUE(same.same());
  EXPECT_EQ(same.inputs.points.value(), 100);
  EXPECT_EQ(same.inputs.day, absl::CivilDay(2025, 1, 1));
  EXPECT_EQ(same.bound, (RulePackName{"p", 1}));

  // He had received more than it says now.
  jv1::Record forged = granted;
  forged.mutable_entry()->mutable_grant()->mutable_rules()->set_received_this_year(151);
  ASSERT_OK_AND_ASSIGN(const ReDecision other, ReDecide(store, forged));
  EXPECT_FALSE(other.same());
  EXPECT_TRUE(other.then.ok());
  EXPECT_EQ(other.now, (Verdict{Rule::kPointsPerYear, 250, 151, 100}));
  // As if no pack had been asked.
  forged = granted;
  forged.mutable_entry()->mutable_grant()->clear_rules();
  ASSERT_OK_AND_ASSIGN(const ReDecision unasked, ReDecide(store, forged));
  EXPECT_FALSE(unasked.same());
  EXPECT_TRUE(unasked.recorded.none());

  const jv1::Record refused =
      LastRecord(ledger, [](const jv1::Record& record) { return record.has_row_refused(); });
  ASSERT_OK_AND_ASSIGN(const ReDecision again, ReDecide(store, refused));
  EXPECT_TRUE(again.same());
  EXPECT_EQ(again.inputs.points.value(), 251);
  EXPECT_EQ(again.now, (Verdict{Rule::kPointsPerYear, 250, 0, 251}));
  forged = refused;
  forged.mutable_row_refused()->mutable_broken()->set_used(1);
  ASSERT_OK_AND_ASSIGN(const ReDecision used, ReDecide(store, forged));
  EXPECT_FALSE(used.same());
}

TEST(ReDecideTest, KnowsWhatIsAVerdict) {
  jv1::Record record;
  EXPECT_EQ(JudgedCampaign(record), absl::nullopt);
  record.mutable_entry()->mutable_purchase();
  EXPECT_EQ(JudgedCampaign(record), absl::nullopt);
  record.mutable_row_refused()->set_campaign(7);
  EXPECT_EQ(JudgedCampaign(record), absl::nullopt);  // Who somebody is, no rule.
  record.mutable_row_refused()->mutable_broken()->set_rule(10);
  EXPECT_EQ(JudgedCampaign(record), CampaignNumber{7});
}

}  // namespace
}  // namespace puhui::issuing::rule_records_test
