// SPDX-License-Identifier: Apache-2.0
// An issue run carries out the plan that was approved, under the rule pack that binds its union and
// by the terms of its campaign: both verifiers find the first record that does not, of lies that
// are framed and signed as if they were none.
#include "audit/bundle/bundle_facts.h"
#include "audit/bundle/bundle_plans.h"
#include "audit/bundle/bundle_runs.h"
#include "ledger/base/id.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/both_verifiers.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/granted_town.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace puhui::audit::runs_verdicts_test {
namespace {

namespace jv1 = journal::v1;

class RunsVerdictsTest : public BothVerifiersTest {
 protected:
  void PutLie(const char* record, const std::function<void(jv1::Record&)>& tell,
              absl::string_view shows_at) {
    PutLies({{record, tell}}, shows_at);
  }
  void PutLies(const std::vector<GrantedTale>& tales, absl::string_view shows_at) {
    Put(GrantedLies(tales), 1, absl::StrCat("record ", GrantedRecord(shows_at)));
  }
};

using Tell = std::function<void(jv1::Record&)>;

// That whatever it was, nothing of the kind happened.
void LeaveOut(jv1::Record& record) { record.mutable_member_revealed(); }

jv1::Record GrantedTownRecord(absl::string_view name) {
  return GrantedTown()[GrantedRecord(name) - 1];
}

Tell OfRun(const std::function<void(jv1::IssueStarted&)>& tell) {
  return [tell](jv1::Record& record) { tell(*record.mutable_issue_started()); };
}

Tell OfFrame(const std::function<void(jv1::RuleFrame&)>& tell) {
  return OfRun([tell](jv1::IssueStarted& run) { tell(*run.mutable_rules()); });
}

Tell OfGrant(const std::function<void(jv1::Grant&)>& tell) {
  return [tell](jv1::Record& record) { tell(*record.mutable_entry()->mutable_grant()); };
}

Tell OfSettings(const std::function<void(jv1::UnionSettings&)>& tell) {
  return [tell](jv1::Record& record) {
    tell(*record.mutable_union_updated()->mutable_after()->mutable_settings());
  };
}

// With one more record behind the one of that name.
std::vector<jv1::Record> WithMore(absl::string_view behind, const Tell& tell) {
  std::vector<jv1::Record> records = GrantedTown();
  const Sequence sequence = GrantedRecord(behind);
  jv1::Record more = records[sequence - 1];
  more.set_time_micros(more.time_micros() + 1);
  tell(more);
  records.insert(records.begin() + static_cast<std::ptrdiff_t>(sequence), more);
  for (std::size_t i = sequence; i < records.size(); ++i) records[i].set_sequence(i + 1);
  return records;
}

TEST_F(RunsVerdictsTest, NamesTheRunThatIsNotUnderThePackThatBindsItsUnion) {
  PutLie("settings 3", OfSettings([](auto& set) { set.set_rule_pack("other"); }), "run 4");
  PutLie("settings 3", OfSettings([](auto& set) { set.set_issuer_kind(2); }), "run 4");
  PutLies({{"union 3", [](auto& r) { r.mutable_union_created()->set_parent(0); }},
           {"settings 3", [](auto& r) { r.mutable_union_updated()->set_parent(0); }}},
          "run 4");
  PutLie("run 4", OfFrame([](auto& frame) { frame.set_issuer_kind(1); }), "run 4");
  PutLie("run 4", OfRun([](auto& run) { run.clear_rules(); }), "run 4");
  // The version of before was submitted and binds, if its days are those of the run.
  PutLies(
      {{"submission 4", [](auto& r) { r.mutable_campaign_submitted()->set_rule_pack_version(2); }},
       {"run 4", OfFrame([](auto& frame) { frame.set_version(2); })}},
      "run 4");
  PutLie(
      "pack 3",
      [](auto& r) { r.mutable_rule_pack_loaded()->mutable_rules()->set_effective_from(20'435); },
      "run 2");
  // Bound otherwise by the time of its first row: its approvals would have been void.
  const auto other_kind = [](jv1::Record& record) {
    record = GrantedTownRecord("settings 3");
    record.set_time_micros(GrantedTownRecord("run 4").time_micros() + 1);
    record.mutable_union_updated()->mutable_after()->mutable_settings()->set_issuer_kind(2);
  };
  Put(WithMore("run 4", other_kind), 1, absl::StrCat("record ", GrantedRecord("mid-autumn") + 1));
  PutLie("run 4", OfRun([](auto& run) { run.set_campaign(9); }), "run 4");
  PutLie("run 4", OfRun([](auto& run) { run.set_day(run.day() + 2); }), "run 4");
}

// Where its union hangs, a move of before the range says too.
TEST_F(RunsVerdictsTest, NamesTheRunOfAUnionThatWasMovedAwayFromItsPack) {
  const auto moved_to = [](std::uint32_t parent) {
    const Tell found = [](jv1::Record& record) {
      jv1::UnionUpdated& updated = *record.mutable_union_updated();
      updated.set_number(3);
      updated.mutable_after()->mutable_settings()->set_issuer_kind(3);
    };
    const Tell move = [parent](jv1::Record& record) {
      record.mutable_union_moved()->set_number(3);
      record.mutable_union_moved()->set_parent_after(parent);
    };
    return GrantedLies({{"union 3", found}, {"settings 3", move}});
  };
  for (const Sequence first : {Sequence{1}, GrantedRecord("run 4")}) {
    Put(moved_to(1), first, "fits");
    Put(moved_to(0), first, absl::StrCat("record ", GrantedRecord("run 4")));
  }
  const auto later =
      VerifyBytes(BundleOf(moved_to(1), GrantedRecord("run 4"), GrantedTown().size()));
  ASSERT_OK(later);
  EXPECT_EQ(later->runs.unbound, 0U);
}

// Of a run that began before the range too, whether that row is granted or refused.
TEST_F(RunsVerdictsTest, NamesTheFirstRowWhoseUnionIsBoundOtherwiseByThen) {
  const GrantedTale refused = {
      "mid-autumn", [](jv1::Record& record) { record.mutable_row_refused()->set_campaign(4); }};
  const GrantedTale other = {"settings 3", OfSettings([](auto& set) { set.set_issuer_kind(2); })};
  const Sequence row = GrantedRecord("mid-autumn");
  Put(GrantedLies({refused}), row, "fits");
  Put(GrantedLies({refused, other}), row, absl::StrCat("record ", row));
  Put(GrantedLies({other}), row, absl::StrCat("record ", row));
}

TEST_F(RunsVerdictsTest, NamesTheRunThatSaysOtherTermsThanItsCampaign) {
  PutLie("run 4", OfFrame([](auto& frame) { frame.set_expiry_days(24); }), "run 4");
  PutLie("run 4", OfFrame([](auto& frame) { frame.set_categories(0, 5'812); }), "run 4");
  PutLie("run 4", OfFrame([](auto& frame) { frame.clear_categories(); }), "run 4");
  PutLie("run 4", OfFrame([](auto& frame) { frame.set_earmark_basis_points(3'001); }), "run 4");
  PutLie("run 4", OfFrame([](auto& frame) { frame.set_earmark_regions(0, 420'200); }), "run 4");
  PutLie("run 4", OfFrame([](auto& frame) { frame.add_earmark_categories(5'411); }), "run 4");
  // Of an event in a life nobody asks for an earmark.
  PutLie("run 3", OfFrame([](auto& frame) { frame.set_earmark_basis_points(3'000); }), "run 3");
  PutLie(
      "campaign 4",
      [](auto& r) { r.mutable_campaign_created()->mutable_terms()->set_last_day(20'460); },
      "run 4");
  PutLie(
      "campaign 4",
      [](auto& r) { r.mutable_campaign_created()->mutable_terms()->clear_categories(); }, "run 4");
  // Without a last day the moment has to be of it, in whatever zone.
  const auto no_day = [](std::int64_t days) -> Tell {
    return [days](jv1::Record& record) {
      jv1::Terms& terms = *record.mutable_campaign_created()->mutable_terms();
      terms.clear_last_day();
      terms.set_expiry_micros(terms.expiry_micros() + days * 86'400'000'000);
    };
  };
  Put(GrantedLies({{"campaign 4", no_day(0)}}), 1, "fits");
  PutLie("campaign 4", no_day(2), "run 4");
}

TEST_F(RunsVerdictsTest, NamesTheRunOfWhatWasNotApproved) {
  PutLie(
      "approval 4", [](auto& r) { r.mutable_entry()->clear_approval(); }, "run 4");
  PutLie("submission 4", LeaveOut, "approval 4");
  PutLie(
      "submission 4", [](auto& r) { r.mutable_campaign_submitted()->set_approvers(2); },
      "approval 4");
  PutLie(
      "submission 4",
      [](auto& r) { r.mutable_campaign_submitted()->set_plan_hash(std::string(32, 'x')); },
      "submission 4");
  PutLie(
      "approval 4",
      [](auto& r) { r.mutable_entry()->mutable_approval()->set_plan_hash(std::string(32, 'x')); },
      "approval 4");
  PutLie("run 4", OfRun([](auto& run) { run.set_plan_hash(std::string(32, 'x')); }), "run 4");
  PutLie("run 4", OfRun([](auto& run) { run.set_rows(2); }), "run 4");
  PutLie("run 4", OfRun([](auto& run) { run.set_points(301); }), "run 4");
  PutLie(
      "submission 4", [](auto& r) { r.mutable_campaign_submitted()->set_rule_pack_version(2); },
      "run 4");
  // Of more points than the plan has.
  PutLie(
      "approval 4",
      [](auto& r) {
        r.mutable_entry()->mutable_postings(0)->set_points(-301);
        r.mutable_entry()->mutable_postings(1)->set_points(301);
      },
      "approval 4");
  // The campaign is changed between the approval and the run.
  const auto change = [](jv1::Record& record) {
    const jv1::CampaignCreated created = GrantedTownRecord("campaign 5").campaign_created();
    jv1::CampaignUpdated& updated = *record.mutable_campaign_updated();
    updated.set_campaign(5);
    updated.mutable_after()->set_occasion(created.occasion());
    *updated.mutable_after()->mutable_terms() = created.terms();
  };
  Put(WithMore("approval 5", change), 1, absl::StrCat("record ", GrantedRecord("run 5") + 1));
}

TEST_F(RunsVerdictsTest, NamesThePlanAndTheGrantThatAreNotItsRows) {
  PutLie(
      "rows 4",
      [](auto& r) {
        std::string& rows = *r.mutable_plan_rows()->mutable_rows();
        rows.back() = static_cast<char>(rows.back() + 1);
      },
      "plan 4");
  PutLie(
      "rows 4", [](auto& r) { r.mutable_plan_rows()->mutable_rows()->pop_back(); }, "rows 4");
  PutLie(
      "rows 4", [](auto& r) { r.mutable_plan_rows()->set_first_row(1); }, "rows 4");
  PutLie(
      "rows 4", [](auto& r) { r.mutable_plan_rows()->set_version(2); }, "rows 4");
  PutLie(
      "rows 4", [](auto& r) { r.mutable_plan_rows()->add_reasons()->set_text("x"); }, "plan 4");
  PutLie(
      "plan 4", [](auto& r) { r.mutable_plan_completed()->set_points(301); }, "plan 4");
  PutLie("upload 4", LeaveOut, "rows 4");
  // To somebody else, and of another amount, than the row says.
  PutLie(
      "birthday",
      [](auto& r) {
        const std::string other = MemberId(9, 2).ToBytes();
        r.mutable_entry()->set_member(other);
        r.mutable_entry()->mutable_postings(1)->set_member(other);
      },
      "birthday");
  PutLie(
      "birthday",
      [](auto& r) {
        r.mutable_entry()->mutable_postings(0)->set_points(-199);
        r.mutable_entry()->mutable_postings(1)->set_points(199);
        r.mutable_entry()->mutable_grant()->set_points(199);
      },
      "birthday");
  PutLie("birthday", OfGrant([](auto& grant) { grant.set_row(1); }), "birthday");
  PutLie("birthday",
         OfGrant([](auto& grant) { grant.set_expiry_micros(grant.expiry_micros() + 1); }),
         "birthday");
  PutLie("birthday", OfGrant([](auto& grant) { grant.set_earmarked_points(59); }), "birthday");
  PutLie("birthday", OfGrant([](auto& grant) { grant.set_earmarked_points(0); }), "birthday");
  PutLie(
      "campaign 3", [](auto& r) { r.mutable_campaign_created()->set_origin(2); }, "birthday");
}

TEST(RunsFiguresTest, SayWhatCouldNotBeChecked) {
  const std::vector<jv1::Record> town = GrantedTown();
  const auto whole = VerifyBytes(BundleOf(town, 1, town.size()));
  ASSERT_OK(whole);
  EXPECT_EQ(whole->runs.bound, 7U);
  EXPECT_EQ(whole->runs.unbound, 0U);
  EXPECT_EQ(whole->plans.approved, 7U);
  EXPECT_EQ(whole->plans.planned, 8U);
  EXPECT_EQ(whole->plans.unplanned, 0U);
  // What is of before the range is proved, but for the rows of plans.
  const auto later = VerifyBytes(BundleOf(town, GrantedRecord("run 4"), town.size()));
  ASSERT_OK(later);
  EXPECT_EQ(later->runs.bound, 4U);
  EXPECT_EQ(later->runs.unbound, 0U);
  EXPECT_EQ(later->plans.approved, 4U);
  EXPECT_EQ(later->plans.unapproved, 0U);
  EXPECT_EQ(later->plans.planned, 3U);
  EXPECT_EQ(later->plans.unplanned, 1U);
}

TEST(RunsFiguresTest, CountARunWhoseUnionAndApprovalTheBundleDoesNotHave) {
  const jv1::Record run = GrantedTownRecord("run 4");
  BundleFacts facts;
  facts.Learn(run);
  BundleRuns later(&facts, /*whole=*/false);
  EXPECT_OK(later.Check(run));
  EXPECT_EQ(later.figures().unbound, 1U);
  BundleRuns whole(&facts, /*whole=*/true);
  EXPECT_THAT(whole.Check(run), HasCode(absl::StatusCode::kDataLoss));
  BundlePlans later_plans(/*whole=*/false);
  EXPECT_OK(later_plans.Check(run));
  EXPECT_EQ(later_plans.figures().unapproved, 1U);
  BundlePlans all_plans(/*whole=*/true);
  EXPECT_THAT(all_plans.Check(run), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::audit::runs_verdicts_test
