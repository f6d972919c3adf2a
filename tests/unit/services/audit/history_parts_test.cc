// SPDX-License-Identifier: Apache-2.0
// What things are like beyond what fields of their records say one by one.
#include "tests/unit/services/audit/history_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const MemberId kGiver(1, 1);
const MemberId kTaker(1, 2);

class HistoryPartsTest : public HistoryFixture {
 protected:
  static jv1::Record Placed() {
    jv1::Record record;
    jv1::Entry& entry = *record.mutable_entry();
    entry.set_member(kGiver.ToBytes());
    entry.mutable_authorization()->set_points(700);
    jv1::OrderPlaced& placed = *entry.mutable_authorization()->mutable_order_placed();
    placed.set_offer(17);
    placed.set_quantity(2);
    placed.set_unit_points(350);
    placed.set_fulfilment(1);
    placed.mutable_voucher()->set_transferable(true);
    return record;
  }
  static jv1::Record Accepted() {
    jv1::Record record;
    record.mutable_entry()->mutable_capture()->mutable_order_accepted()->set_digits_hash("h");
    return record;
  }
  static jv1::Record GivenOn() {
    jv1::Record record;
    record.mutable_voucher_transferred()->set_from(kGiver.ToBytes());
    record.mutable_voucher_transferred()->set_to(kTaker.ToBytes());
    return record;
  }
  static jv1::Record Limited(std::int64_t a_day) {
    jv1::Record record;
    jv1::LimitsChanged& changed = *record.mutable_limits_changed();
    changed.set_subject(1);
    changed.set_number(9);
    changed.add_before()->set_window(1);
    if (a_day == 0) return record;
    changed.add_after()->set_window(3);
    changed.mutable_after(0)->set_points_max(a_day);
    changed.mutable_after(0)->set_count_max(7);
    return record;
  }
};

TEST_F(HistoryPartsTest, LimitsAreReplacedAsAWhole) {
  for (const char* const collection : {"terminals", "merchants", "members"}) {
    HistoryFold fold = FoldOf(collection);
    EXPECT_THAT(TextsOf(fold, Limited(100)),
                ElementsAre("limits.DAY.count_max:  -> 7", "limits.DAY.points_max:  -> 100"))
        << "and whose they are is not said";
    EXPECT_THAT(TextsOf(fold, Limited(200)), ElementsAre("limits.DAY.points_max: 100 -> 200"));
    EXPECT_THAT(TextsOf(fold, Limited(0)),
                ElementsAre("limits.DAY.count_max: 7 -> ", "limits.DAY.points_max: 200 -> "));
  }
}

TEST_F(HistoryPartsTest, DevicesAndMallsAreAMembers) {
  HistoryFold fold = FoldOf("members");
  jv1::Record enrolled;
  enrolled.mutable_device_enrolled()->set_number(123);
  enrolled.mutable_device_enrolled()->set_member(kGiver.ToBytes());
  EXPECT_THAT(TextsOf(fold, enrolled), ElementsAre("devices.00000123.state:  -> ACTIVE"));
  jv1::Record revoked;
  revoked.mutable_device_revoked()->set_number(123);
  EXPECT_THAT(TextsOf(fold, revoked), ElementsAre("devices.00000123.state: ACTIVE -> REVOKED"));
  jv1::Record linked;
  linked.mutable_mall_linked()->mutable_till()->set_merchant(2);
  linked.mutable_mall_linked()->mutable_code()->set_device(123);
  EXPECT_THAT(TextsOf(fold, linked), ElementsAre("malls.m-2.state:  -> LINKED"));
  jv1::Record unlinked;
  unlinked.mutable_mall_unlinked()->set_merchant(2);
  EXPECT_THAT(TextsOf(fold, unlinked), ElementsAre("malls.m-2.state: LINKED -> UNLINKED"));
}

TEST_F(HistoryPartsTest, AClawBackCountsItsRows) {
  HistoryFold fold = FoldOf("clawBacks");
  jv1::Record proposed;
  jv1::ClawBackProposed& wish = *proposed.mutable_claw_back_proposed();
  wish.set_campaign(5);
  wish.set_reason("left");
  wish.add_rows(3);
  wish.add_rows(9);
  wish.set_needs_confirmation(true);
  EXPECT_THAT(TextsOf(fold, proposed),
              ElementsAre("needs_confirmation:  -> true", "reason:  -> left", "rows:  -> 3, 9",
                          "state:  -> PROPOSED"));
  jv1::Record decided;
  decided.mutable_claw_back_decided()->set_confirmed(true);
  EXPECT_THAT(TextsOf(fold, decided), ElementsAre("state: PROPOSED -> RUNNING"));
  jv1::Record advanced;
  advanced.mutable_claw_back_advanced()->set_next_row(1);
  advanced.mutable_claw_back_advanced()->set_verdicts("\x01");
  EXPECT_THAT(TextsOf(fold, advanced), ElementsAre("next_row:  -> 1", "rows_taken:  -> 1"));
  advanced.mutable_claw_back_advanced()->set_next_row(2);
  advanced.mutable_claw_back_advanced()->set_finished(true);
  EXPECT_THAT(TextsOf(fold, advanced),
              ElementsAre("next_row: 1 -> 2", "rows_taken: 1 -> 2", "state: RUNNING -> DONE"));
}

TEST_F(HistoryPartsTest, ARulePackIsWhatItsLastVersionSays) {
  HistoryFold fold = FoldOf("rulePacks");
  jv1::Record loaded;
  jv1::RulePackLoaded& pack = *loaded.mutable_rule_pack_loaded();
  pack.set_id("hubei");
  pack.set_version(1);
  pack.set_pack("as it was sent");
  pack.mutable_rules()->set_effective_from(kHistoryDay);
  pack.mutable_rules()->add_issuer_kinds(1);
  pack.mutable_rules()->set_points_per_year_max(1'200);
  EXPECT_THAT(TextsOf(fold, loaded),
              ElementsAre("effective_from:  -> 2026-11-28", HasSubstr("issuer_kinds:  -> "),
                          "points_per_year_max:  -> 1200", "version:  -> 1"));
  pack.set_version(2);
  pack.mutable_rules()->set_points_per_year_max(1'500);
  EXPECT_THAT(TextsOf(fold, loaded),
              ElementsAre("points_per_year_max: 1200 -> 1500", "version: 1 -> 2"));
}

TEST_F(HistoryPartsTest, AnOrderIsPlacedAcceptedAndReturned) {
  HistoryFold fold = FoldOf("orders");
  EXPECT_THAT(TextsOf(fold, Placed()),
              ElementsAre(HasSubstr("fulfilment:  -> "), "offer:  -> offers/17", "quantity:  -> 2",
                          "state:  -> PLACED", "unit_points:  -> 350",
                          absl::StrCat("voucher.holder:  -> members/", kGiver.ToString()),
                          "voucher.transferable:  -> true"));
  EXPECT_THAT(TextsOf(fold, Accepted()),
              ElementsAre("state: PLACED -> ACCEPTED", "voucher.state:  -> ACTIVE"));
  EXPECT_THAT(TextsOf(fold, GivenOn()),
              ElementsAre(absl::StrCat("voucher.holder: members/", kGiver.ToString(),
                                       " -> members/", kTaker.ToString())));
  jv1::Record returned;
  jv1::OrderReturned& back = *returned.mutable_entry()->mutable_refund()->mutable_order_returned();
  back.set_quantity(2);
  back.set_returned(2);
  back.set_state(5);  // Cancelled.
  back.set_reason("sold out");
  EXPECT_THAT(TextsOf(fold, returned),
              ElementsAre("reason:  -> sold out", "returned:  -> 2", "state: ACCEPTED -> CANCELLED",
                          "voucher.state: ACTIVE -> VOID"));
}

TEST_F(HistoryPartsTest, WhoOfOthersHasAVoucherIsNotTold) {
  HistoryFold fold = FoldOf(
      "orders", [](const MemberId& member) -> absl::StatusOr<bool> { return member == kGiver; });
  TextsOf(fold, Placed());
  TextsOf(fold, Accepted());
  EXPECT_THAT(TextsOf(fold, GivenOn()),
              ElementsAre(absl::StrCat("voucher.holder: members/", kGiver.ToString(), " -> ",
                                       kMemberElsewhere)));
  jv1::Record redeemed;
  redeemed.mutable_voucher_redeemed()->set_quantity(2);
  EXPECT_THAT(TextsOf(fold, redeemed),
              ElementsAre("state: ACCEPTED -> FULFILLED", "voucher.state: ACTIVE -> REDEEMED"));
}

TEST_F(HistoryPartsTest, WhatIsNeverAVoucherHasNone) {
  jv1::Record placed = Placed();
  placed.mutable_entry()->mutable_authorization()->mutable_order_placed()->clear_voucher();
  HistoryFold fold = FoldOf("orders");
  TextsOf(fold, placed);
  jv1::Record lapsed;
  lapsed.mutable_entry()->mutable_authorization_expiry()->set_points(700);
  EXPECT_THAT(TextsOf(fold, lapsed), ElementsAre("state: PLACED -> LAPSED"));
}

TEST_F(HistoryPartsTest, AnApplicationIsDecidedOn) {
  jv1::Record submitted;
  submitted.mutable_application_submitted()->set_union_number(1);
  submitted.mutable_application_submitted()->set_member(kGiver.ToBytes());
  submitted.mutable_application_submitted()->set_commitment("c");
  jv1::Record decided;
  decided.mutable_application_decided()->set_accepted(true);
  decided.mutable_application_decided()->set_member(kTaker.ToBytes());
  HistoryFold fold = FoldOf("applications");
  EXPECT_THAT(TextsOf(fold, submitted),
              ElementsAre("state:  -> SUBMITTED", "union:  -> unions/u-1"));
  EXPECT_THAT(TextsOf(fold, decided),
              ElementsAre(absl::StrCat("member:  -> members/", kTaker.ToString()),
                          "state: SUBMITTED -> ACCEPTED"));
}

TEST_F(HistoryPartsTest, NoticesMandatesAndPeriodsAreTold) {
  HistoryFold notice = FoldOf("notices");
  jv1::Record published;
  published.mutable_notice_published()->set_title("放假通知");
  published.mutable_notice_published()->mutable_audience()->set_joined_from(kHistoryDay);
  EXPECT_THAT(TextsOf(notice, published),
              ElementsAre("audience.joined_from:  -> 2026-11-28", "state:  -> PUBLISHED",
                          "title:  -> 放假通知"));
  jv1::Record withdrawn;
  withdrawn.mutable_notice_withdrawn()->set_notice(3);
  EXPECT_THAT(TextsOf(notice, withdrawn), ElementsAre("state: PUBLISHED -> WITHDRAWN"));

  HistoryFold mandate = FoldOf("people");
  jv1::Record granted;
  granted.mutable_mandate_granted()->set_auditor("people/a-1");
  granted.mutable_mandate_granted()->set_union_number(1);
  granted.mutable_mandate_granted()->add_purposes("the yearly audit");
  EXPECT_THAT(
      TextsOf(mandate, granted),
      ElementsAre("purposes:  -> the yearly audit", "state:  -> GRANTED", "union:  -> unions/u-1"));
  jv1::Record revoked;
  revoked.mutable_mandate_revoked()->set_auditor("people/a-1");
  EXPECT_THAT(TextsOf(mandate, revoked), ElementsAre("state: GRANTED -> REVOKED"));

  HistoryFold period = FoldOf("periods");
  jv1::Record closed;
  closed.mutable_period_closed()->set_period(202'611);
  closed.mutable_period_closed()->set_entries(12);
  closed.mutable_period_closed()->add_lines()->set_origin(1);
  EXPECT_THAT(TextsOf(period, closed), ElementsAre("entries:  -> 12", "state:  -> CLOSED"));
}

TEST_F(HistoryPartsTest, VersionsOfAnOfferAreCountedFromTheFirst) {
  HistoryFold fold = FoldOf("offers");
  jv1::Record created;
  created.mutable_offer_created()->set_offer(17);
  EXPECT_THAT(TextsOf(fold, created), ElementsAre("state:  -> DRAFT", "version:  -> 1"));
  jv1::Record published;
  published.mutable_offer_moved()->set_version(2);
  published.mutable_offer_moved()->set_state(2);
  EXPECT_THAT(TextsOf(fold, published),
              ElementsAre("state: DRAFT -> PUBLISHED", "version: 1 -> 2"));
}

TEST_F(HistoryPartsTest, CodesOfAnOfferAreCounted) {
  HistoryFold fold = FoldOf("offers");
  jv1::Record added;
  added.mutable_voucher_codes_added()->set_offer(17);
  added.mutable_voucher_codes_added()->set_code_hashes(std::string(32, 'h'));
  EXPECT_THAT(TextsOf(fold, added), ElementsAre("codes:  -> 2"));
  EXPECT_THAT(TextsOf(fold, added), ElementsAre("codes: 2 -> 4"));
}

}  // namespace
}  // namespace puhui::services
