// SPDX-License-Identifier: Apache-2.0
#include "audit/index/facts_of.h"

#include "tests/support/status_matchers.h"
#include "tests/unit/audit/index/filled_records.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

// Owners that tell what they were asked for, and one earlier record for all.
class ToldBackground final : public Background {
 public:
  absl::StatusOr<Owner> OwnerOf(const Owned& owned) override {
    const std::uint32_t number = 1'000 * (owned.kind == OwnedKind::kCampaign   ? 1U
                                          : owned.kind == OwnedKind::kTerminal ? 2U
                                          : owned.kind == OwnedKind::kOffer    ? 3U
                                                                               : 4U) +
                                 owned.number;
    return Owner{.number = number,
                 .store = owned.kind == OwnedKind::kTerminal ? "bg" : std::string()};
  }
  absl::StatusOr<jv1::Record> Earlier(Sequence sequence) override {
    jv1::Record record;
    record.set_sequence(sequence);
    record.mutable_member_joined()->set_member(MemberId(8, 8).ToBytes());
    record.mutable_member_joined()->set_union_number(50);
    return record;
  }
  absl::StatusOr<std::string> CallerOf(Sequence first) override {
    return absl::StrCat("/caller/of/", first);
  }
};

template <class T, class ToText>
void Tell(absl::string_view name, const std::vector<T>& values, ToText to_text,
          std::vector<std::string>* told) {
  if (values.empty()) return;
  std::vector<std::string> texts;
  for (const T& value : values) texts.push_back(to_text(value));
  told->push_back(absl::StrCat(name, "=", absl::StrJoin(texts, ",")));
}

std::string Told(const RecordFacts& facts) {
  const auto number = [](auto value) { return absl::StrCat(static_cast<std::uint64_t>(value)); };
  std::vector<std::string> told;
  Tell(
      "members", facts.members, [](MemberId id) { return absl::StrCat(id.high(), ".", id.low()); },
      &told);
  Tell("campaigns", facts.campaigns, number, &told);
  Tell("unions", facts.unions, number, &told);
  Tell("merchants", facts.merchants, number, &told);
  Tell(
      "stores", facts.stores,
      [](const StorePlace& place) {
        return absl::StrCat(static_cast<std::uint32_t>(place.merchant), "/", place.store);
      },
      &told);
  Tell("terminals", facts.terminals, number, &told);
  Tell("reasons", facts.reasons, number, &told);
  Tell("about", facts.about, number, &told);
  if (!facts.person.empty()) told.push_back(absl::StrCat("person=", facts.person));
  if (facts.amount.has_value()) told.push_back(absl::StrCat("amount=", *facts.amount));
  return absl::StrJoin(told, " ");
}

// What a record of the kind is about, when every field is filled. The one posting is of the budget
// of union 37, of the money of union 36.
const std::map<std::string, std::string>& WantedFacts() {
  static const std::string campaign = "campaigns=4 unions=1004";
  static const std::string entry = "members=1.1 campaigns=4 unions=36,37,1004";
  static const std::string terminal = " stores=2007/bg terminals=7";
  static const std::string till = "merchants=6,2007" + terminal;
  static const std::string inherited = "members=8.8 unions=50";
  static const auto* const wanted = new std::map<std::string, std::string>{
      {"entry/funding", "members=1.1 campaigns=4 unions=3,36,37,1004 about=9 person=li amount=400"},
      {"entry/approval", entry + " person=li amount=400"},
      {"entry/grant", entry + " amount=500"},
      {"entry/purchase", entry + " " + till + " about=9 amount=500"},
      {"entry/refund", entry + " " + till + " about=9 person=li amount=500"},
      {"entry/reversal", entry + " " + till + " about=9 amount=500"},
      {"entry/expiry", entry + " amount=500"},
      {"entry/returned", entry + " amount=500"},
      {"entry/authorization", entry + " " + till + " amount=500"},
      {"entry/capture", entry + " " + till + " about=9 person=li amount=500"},
      {"entry/voided", entry + " " + till + " about=9 person=li amount=500"},
      {"entry/authorization_expiry", entry + " merchants=6 about=9 amount=500"},
      {"entry/lot_returned", entry + " amount=500"},
      {"entry/clawed_back", entry + " about=9 amount=500"},
      {"entry/adjustment", entry + " merchants=6 about=9 person=li amount=500"},
      {"entry/payout_paid", entry + " merchants=6 amount=500"},
      {"entry/payout_returned", entry + " merchants=6 amount=500"},
      {"entry/allocation", "members=1.1 campaigns=4 unions=34,35,36,37,1004 amount=500"},
      {"entry/budget_return", "members=1.1 campaigns=4 unions=34,35,36,37,1004 amount=500"},
      {"union_created", "unions=11,31"},
      {"union_updated", "unions=11"},
      {"union_moved", "unions=11,32,33"},
      {"union_closed", "unions=11"},
      {"funding_proposed", "unions=3 person=li amount=500"},
      {"funding_rejected", "unions=3 about=9 person=li"},
      {"member_joined", "members=1.1 unions=3"},
      {"member_batch", "members=1.1 unions=3 reasons=700"},
      {"member_changed/suspended", "members=1.1 unions=3"},
      {"member_changed/reinstated", "members=1.1 unions=3"},
      {"member_changed/left", "members=1.1 unions=3"},
      {"member_changed/came_back", "members=1.1 unions=3,34"},
      {"member_changed/transferred", "members=1.1 unions=3,34"},
      {"member_changed/updated", "members=1.1 unions=3"},
      {"member_changed/card_issued", "members=1.1 unions=3"},
      {"member_changed/card_blocked", "members=1.1 unions=3"},
      {"member_changed/erased", "members=1.1 unions=3"},
      {"member_revealed", "members=1.1 person=li"},
      {"members_exported", "unions=3 person=li"},
      {"application_submitted", "members=1.1 unions=3 person=li"},
      {"application_decided", "members=1.1,8.8 unions=50 about=9 person=li"},
      {"key_rotation_started", ""},
      {"key_rotation_advanced", ""},
      {"requests_forgotten", ""},
      {"campaign_created", "campaigns=11 unions=3,36,1011 person=li"},
      {"campaign_updated", campaign + " person=li"},
      {"plan_started", campaign + " person=li"},
      {"plan_rows", campaign},
      {"plan_completed", campaign + " amount=500"},
      {"campaign_submitted", campaign + " person=li"},
      {"approval_given", campaign + " person=li"},
      {"approvals_voided", campaign},
      {"campaign_rejected", campaign + " person=li"},
      {"campaign_cancelled", campaign + " person=li"},
      {"issue_started", campaign + " person=li amount=500"},
      {"issue_paused", campaign + " reasons=700 person=li"},
      {"issue_resumed", campaign + " person=li"},
      {"row_refused", campaign + " reasons=700"},
      {"issue_finished", campaign},
      {"expiry_advanced", campaign},
      {"campaign_closed", campaign + " person=li"},
      {"rule_pack_loaded", "person=li"},
      {"claw_back_proposed", campaign + " person=li"},
      {"claw_back_decided", inherited + " about=9 person=li"},
      {"claw_back_advanced", inherited + " about=9"},
      {"merchant_registered", "merchants=11"},
      {"merchant_applied", "merchants=11 person=li"},
      {"merchant_decided", "merchants=6 person=li"},
      {"merchant_state_changed", "merchants=6 person=li"},
      {"agreement_made", "merchants=6 person=li"},
      {"store_created", "merchants=6 stores=6/id"},
      {"store_located", "merchants=6 stores=6/s"},
      {"terminal_enrolled", "merchants=6,2011 stores=6/s,2011/bg terminals=11"},
      {"terminal_blocked", "merchants=2007" + terminal},
      {"terminal_state_changed", "merchants=2007" + terminal},
      {"terminal_renewed", "merchants=2007" + terminal},
      {"enrolment_code_made", "merchants=6 stores=6/s person=li"},
      {"enrolment_code_refused", "merchants=6"},
      {"limits_changed", "members=1.1 person=li"},
      {"device_enrolled", "members=1.1"},
      {"device_revoked", "members=1.1 person=li"},
      {"declined", "members=1.1 unions=3 " + till + " reasons=700 about=9 amount=500"},
      {"tombstone", till + " about=9"},
      {"bill_created", till + " amount=500"},
      {"bill_cancelled", till + " about=9"},
      {"batch_closed", till},
      {"day_cut", "merchants=6 person=li"},
      {"statement_agreed", "merchants=6 person=li"},
      {"lines_disputed", "merchants=6 about=9 person=li"},
      {"resolution_proposed", "unions=36 merchants=6 about=9 person=li amount=500"},
      {"dispute_dismissed", "merchants=6 about=9 person=li"},
      {"bank_account_proposed", "merchants=6 person=li"},
      {"bank_account_decided", "merchants=6 person=li"},
      {"payout_run_created", "unions=36 merchants=6 person=li amount=500"},
      {"payout_run_approved", "person=li"},
      {"payout_run_cancelled", "person=li"},
      {"payout_run_exported", "person=li"},
      {"bank_answered", "person=li"},
      {"payment_correction_proposed", "person=li"},
      {"payment_correction_decided", "about=9 person=li"},
      {"offer_created", "merchants=6 person=li"},
      {"offer_changed", "merchants=6 person=li"},
      {"offer_moved", "merchants=6 person=li"},
      {"offer_restocked", "merchants=3012 person=li"},
      {"offers_viewed", "unions=38 merchants=6"},
      {"notice_published", "unions=3 person=li"},
      {"notice_withdrawn", "unions=4013 person=li"},
      {"order_shipped", inherited + " about=9 person=li"},
      {"order_fulfilled", inherited + " about=9 person=li"},
      {"voucher_redeemed", inherited + " " + till + " about=9"},
      {"voucher_transferred", "members=1.2,1.3,8.8 unions=50 about=9"},
      {"voucher_codes_added", "merchants=3012 person=li"},
      {"mall_enabled", till + " person=li"},
      {"mall_changed", "merchants=6 person=li"},
      {"mall_linked", "members=1.1 " + till},
      {"mall_unlinked", "members=1.1 merchants=6"},
      {"mandate_granted", "unions=3 person=li"},
      {"mandate_revoked", "person=li"},
      {"period_closed", "person=li"},
      {"period_lines", ""}};
  return *wanted;
}

absl::StatusOr<RecordFacts> Facts(const jv1::Record& record) {
  ToldBackground background;
  return FactsOf(record, background);
}

TEST(FactsOfTest, EveryKindOfRecordIsAboutWhatItNames) {
  const std::map<std::string, jv1::Record> records = RecordsOfEveryKind();
  for (const auto& [kind, record] : records) {
    const auto wanted = WantedFacts().find(kind);
    if (wanted == WantedFacts().end()) {
      ADD_FAILURE() << "say what " << kind << " is about";
      continue;
    }
    const absl::StatusOr<RecordFacts> facts = Facts(record);
    ASSERT_OK(facts) << kind;
    EXPECT_EQ(Told(*facts), wanted->second) << kind;
  }
  for (const auto& [kind, wanted] : WantedFacts()) EXPECT_EQ(records.count(kind), 1U) << kind;
}

TEST(FactsOfTest, KindsAreReadAsTheyAreWritten) {
  for (const auto& [kind, record] : RecordsOfEveryKind()) {
    EXPECT_EQ(ParseKind(kind), KindOf(record)) << kind;
  }
  EXPECT_EQ(ParseKind("entry"), (RecordKind{.body = 8}));
  EXPECT_EQ(ParseKind("member_changed"), (RecordKind{.body = 40}));
  for (const char* const text :
       {"", "/", "entry/", "entry/x", "entry/postings", "entry/opened_day", "sequence", "request",
        "plan_rows/x", "member_changed/member", "entry/grant/x"}) {
    EXPECT_EQ(ParseKind(text), absl::nullopt) << text;
  }
}

TEST(FactsOfTest, LimitsAreOfTheirSubject) {
  jv1::Record record;
  record.set_sequence(1);
  record.mutable_limits_changed()->set_number(11);
  record.mutable_limits_changed()->set_subject(1);
  EXPECT_EQ(Told(*Facts(record)), "merchants=2011 stores=2011/bg terminals=11");
  record.mutable_limits_changed()->set_subject(2);
  EXPECT_EQ(Told(*Facts(record)), "merchants=11");
}

TEST(FactsOfTest, APostingNamesWhoseAccountItIs) {
  const std::map<jv1::AccountKind, std::string> wanted = {
      {jv1::ACCOUNT_KIND_FUNDING, "unions=2,5 amount=0"},
      {jv1::ACCOUNT_KIND_BUDGET, "unions=2,5 amount=0"},
      {jv1::ACCOUNT_KIND_CAMPAIGN, "campaigns=5 unions=2,1005 amount=0"},
      {jv1::ACCOUNT_KIND_WALLET, "members=1.1 unions=2 amount=0"},
      {jv1::ACCOUNT_KIND_HELD, "members=1.1 unions=2 amount=0"},
      {jv1::ACCOUNT_KIND_PAYABLE, "unions=2 merchants=5 amount=0"},
      {jv1::ACCOUNT_KIND_FEE, "unions=2 merchants=5 amount=0"},
      {jv1::ACCOUNT_KIND_PAYOUT, "unions=2 merchants=5 amount=0"},
      {jv1::ACCOUNT_KIND_EXPIRED, "unions=2,5 amount=0"},
      {jv1::ACCOUNT_KIND_AID, "unions=2 amount=0"}};
  for (const auto& [kind, told] : wanted) {
    jv1::Record record;
    record.set_sequence(1);
    jv1::Posting& posting = *record.mutable_entry()->add_postings();
    posting.set_kind(kind);
    posting.set_owner(5);
    posting.set_member(MemberId(1, 1).ToBytes());
    posting.set_origin(2);
    posting.set_points(-300);
    EXPECT_EQ(Told(*Facts(record)), told) << kind;
  }
}

TEST(FactsOfTest, RecordsOfACommandHaveItsCaller) {
  jv1::Record record;
  record.set_sequence(7);
  record.mutable_union_closed();
  record.mutable_request()->set_caller("/hr/unions/fh-1");
  EXPECT_EQ(Facts(record)->actor, "/hr/unions/fh-1");
  record.clear_request();
  EXPECT_EQ(Facts(record)->actor, "");
  record.set_index_in_command(3);
  EXPECT_EQ(Facts(record)->actor, "/caller/of/4");
}

TEST(FactsOfTest, EveryKindOfRecordMayNameNobody) {
  for (auto [kind, record] : RecordsOfEveryKind()) {
    const google::protobuf::FieldDescriptor* const body =
        jv1::Record::descriptor()->FindFieldByNumber(record.body_case());
    google::protobuf::Message& message = *record.GetReflection()->MutableMessage(&record, body);
    const google::protobuf::FieldDescriptor* const member =
        message.GetDescriptor()->FindFieldByName("member");
    if (member == nullptr || member->is_repeated()) continue;
    message.GetReflection()->ClearField(&message, member);
    EXPECT_OK(Facts(record)) << kind;
  }
  // As a till is answered when the card is not known, and was before declines named a union.
  jv1::Record declined;
  declined.set_sequence(1);
  declined.mutable_declined()->mutable_till()->set_merchant(7);
  declined.mutable_declined()->set_reason(564);
  EXPECT_EQ(Told(*Facts(declined)), "merchants=7 reasons=564 amount=0");
}

TEST(FactsOfTest, WhatIsNoRecordIsDataLoss) {
  jv1::Record record;
  record.set_sequence(5);
  EXPECT_THAT(Facts(record), HasCode(absl::StatusCode::kDataLoss));
  record.mutable_member_joined()->set_member("short");
  EXPECT_THAT(Facts(record), HasCode(absl::StatusCode::kDataLoss));
  // What goes on from itself, or from what comes later.
  record.mutable_order_shipped()->set_order(5);
  EXPECT_THAT(Facts(record), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::audit
