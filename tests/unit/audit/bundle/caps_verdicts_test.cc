// SPDX-License-Identifier: Apache-2.0
// What a grant says its member had received is what earlier grants come to, and its pack allows it:
// both verifiers add it up, of lies that are framed and signed as if they were none.
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/both_verifiers.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/granted_town.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit::caps_verdicts_test {
namespace {

namespace jv1 = journal::v1;

class CapsVerdictsTest : public BothVerifiersTest {
 protected:
  void PutLie(absl::string_view record, const std::function<void(jv1::Record&)>& tell,
              absl::string_view shows_at) {
    Put(GrantedLie(record, tell), 1, absl::StrCat("record ", GrantedRecord(shows_at)));
  }
};

jv1::GrantRules& RulesOf(jv1::Record& grant) {
  return *grant.mutable_entry()->mutable_grant()->mutable_rules();
}

TEST_F(CapsVerdictsTest, GrantsFitWhereverTheBundleBegins) {
  const std::vector<jv1::Record> town = GrantedTown();
  for (Sequence first = 1; first <= town.size(); ++first) Put(town, first, "fits");
}

TEST_F(CapsVerdictsTest, SaysHowManyGrantsWereAddedUp) {
  const std::vector<jv1::Record> town = GrantedTown();
  const auto whole = VerifyBytes(BundleOf(town, 1, town.size()));
  ASSERT_OK(whole);
  EXPECT_EQ(whole->sales.under_rules, 7U);
  EXPECT_EQ(whole->caps.followed, 7U);
  EXPECT_EQ(whole->caps.unfollowed, 0U);
  const auto later = VerifyBytes(BundleOf(town, GrantedRecord("mid-autumn"), town.size()));
  ASSERT_OK(later);
  EXPECT_EQ(later->caps.followed + later->caps.unfollowed, 3U);
  EXPECT_GT(later->caps.unfollowed, 0U);
}

TEST_F(CapsVerdictsTest, NamesTheFirstGrantThatDoesNotFollowFromTheOnesBefore) {
  Put(GrantedAtMidAutumn(kAboveTheCap), 1, absl::StrCat("record ", GrantedRecord("mid-autumn")));
  // As if nothing had been taken back.
  PutLie(
      "mid-autumn", [](jv1::Record& r) { RulesOf(r).set_received_this_year(1'300); }, "mid-autumn");
  PutLie(
      "second dragon-boat", [](jv1::Record& r) { RulesOf(r).set_received_for_occasion(299); },
      "second dragon-boat");
  PutLie(
      "second dragon-boat", [](jv1::Record& r) { RulesOf(r).set_other_occasions_received(1); },
      "second dragon-boat");
  // As if the birthday counted.
  PutLie(
      "mid-autumn", [](jv1::Record& r) { RulesOf(r).set_other_occasions_received(3); },
      "mid-autumn");
  PutLie(
      "birthday", [](jv1::Record& r) { RulesOf(r).set_received_this_year(1'200); }, "birthday");
  PutLie(
      "new year", [](jv1::Record& r) { RulesOf(r).set_received_this_year(0); }, "new year");
  // The run of 2026 is said to be of 2025.
  PutLie(
      "run 7",
      [](jv1::Record& r) {
        r.mutable_issue_started()->set_day(20'453);
        r.mutable_issue_started()->mutable_rules()->set_expiry_days(26);
      },
      "new year");
  PutLie(
      "claw-back", [](jv1::Record& r) { r.mutable_entry()->mutable_clawed_back()->set_points(99); },
      "claw-back");
  PutLie(
      "claw-back",
      [](jv1::Record& r) { r.mutable_entry()->mutable_clawed_back()->set_campaign(2); },
      "claw-back");
}

// What was received before the range, its first grant says; the next has to go on from that.
TEST_F(CapsVerdictsTest, NamesTheGrantThatDoesNotFollowFromTheFirstOfTheRange) {
  const auto put = [this](const std::function<void(jv1::GrantRules&)>& tell, bool fits) {
    const auto lie =
        GrantedLie("second dragon-boat", [&tell](jv1::Record& record) { tell(RulesOf(record)); });
    Put(lie, GrantedRecord("mid-autumn"),
        fits ? "fits" : absl::StrCat("record ", GrantedRecord("second dragon-boat")));
  };
  put([](jv1::GrantRules& rules) { rules.set_received_this_year(1'499); }, false);
  put([](jv1::GrantRules& rules) { rules.set_received_this_year(1'501); }, false);
  put([](jv1::GrantRules& rules) { rules.set_other_occasions_received(1); }, false);
  put([](jv1::GrantRules& rules) { rules.set_received_for_occasion(1'201); }, false);
  // Before the range there may have been that.
  put([](jv1::GrantRules& rules) { rules.set_received_for_occasion(299); }, true);
}

TEST_F(CapsVerdictsTest, NamesTheGrantThatItsPackDoesNotAllow) {
  // What the run says, the terms of its campaign say too.
  const auto lie_of_terms = [this](const std::function<void(jv1::Terms&)>& terms,
                                   const std::function<void(jv1::RuleFrame&)>& run) {
    const auto lie = GrantedLies(
        {{"campaign 4",
          [&terms](jv1::Record& r) { terms(*r.mutable_campaign_created()->mutable_terms()); }},
         {"run 4", [&run](jv1::Record& r) { run(*r.mutable_issue_started()->mutable_rules()); }}});
    Put(lie, 1, absl::StrCat("record ", GrantedRecord("mid-autumn")));
  };
  // Beside 1,200 points, 300 more are 1,500: allowed to any issuer, until they are 900.
  Put(GrantedAtMidAutumn({.points = 900, .this_year = 1'200}), 1,
      absl::StrCat("record ", GrantedRecord("mid-autumn")));
  const auto expires_after = [&](std::int32_t days) {
    lie_of_terms([days](jv1::Terms& terms) { terms.set_last_day(terms.last_day() - 25 + days); },
                 [days](jv1::RuleFrame& run) { run.set_expiry_days(days); });
  };
  expires_after(401);
  expires_after(9);
  lie_of_terms([](jv1::Terms& terms) { terms.set_categories(0, 5'812); },
               [](jv1::RuleFrame& run) { run.set_categories(0, 5'812); });
  lie_of_terms([](jv1::Terms& terms) { terms.clear_categories(); },
               [](jv1::RuleFrame& run) { run.clear_categories(); });
  lie_of_terms([](jv1::Terms& terms) { terms.mutable_earmark()->set_basis_points(2'999); },
               [](jv1::RuleFrame& run) { run.set_earmark_basis_points(2'999); });
  lie_of_terms([](jv1::Terms& terms) { terms.mutable_earmark()->set_regions(0, 430'100); },
               [](jv1::RuleFrame& run) { run.set_earmark_regions(0, 430'100); });
  Put(GrantedLies(
          {{"settings 3",
            [](jv1::Record& r) {
              r.mutable_union_updated()->mutable_after()->mutable_settings()->set_issuer_kind(2);
            }},
           {"run 4",
            [](jv1::Record& r) {
              r.mutable_issue_started()->mutable_rules()->set_issuer_kind(2);
            }}}),
      1, absl::StrCat("record ", GrantedRecord("mid-autumn")));
  const auto lie_of_pack = [this](const std::function<void(jv1::PackRules&)>& tell,
                                  absl::string_view shows_at) {
    PutLie(
        "pack 3", [&tell](jv1::Record& r) { tell(*r.mutable_rule_pack_loaded()->mutable_rules()); },
        shows_at);
  };
  // No other version is in force either: the highest binds, and allows nothing.
  const auto lie_of_days = [this](const std::function<void(jv1::PackRules&)>& tell,
                                  absl::string_view shows_at) {
    std::vector<jv1::Record> records = GrantedLie("pack 3", [&tell](jv1::Record& r) {
      tell(*r.mutable_rule_pack_loaded()->mutable_rules());
    });
    records[TownRecord("pack") - 1].mutable_rule_pack_loaded()->mutable_rules()->set_effective_to(
        20'430);
    Put(records, 1, absl::StrCat("record ", GrantedRecord(shows_at)));
  };
  lie_of_days([](jv1::PackRules& pack) { pack.set_effective_from(20'435); }, "dragon-boat");
  lie_of_days([](jv1::PackRules& pack) { pack.set_effective_to(20'453); }, "new year");
  lie_of_pack([](jv1::PackRules& pack) { pack.set_occasions_per_year_max(2); }, "mid-autumn");
  lie_of_pack([](jv1::PackRules& pack) { pack.set_points_per_occasion_max(399); },
              "second dragon-boat");
  lie_of_pack(
      [](jv1::PackRules& pack) { pack.mutable_life_events(0)->set_points_per_year_max(199); },
      "birthday");
  lie_of_pack(
      [](jv1::PackRules& pack) { pack.mutable_issuer_caps(0)->set_points_per_year_max(1'599); },
      "second dragon-boat");
  lie_of_pack([](jv1::PackRules& pack) { pack.set_points_per_year_max(1'299); }, "dragon-boat");
  lie_of_pack([](jv1::PackRules& pack) { pack.mutable_occasions(2)->set_points_max(299); },
              "mid-autumn");
}

}  // namespace
}  // namespace puhui::audit::caps_verdicts_test
