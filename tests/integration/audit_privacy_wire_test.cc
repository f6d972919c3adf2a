// SPDX-License-Identifier: Apache-2.0
// What auditors are told says of nobody who they are, nor why somebody received points.
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/auth/policy.h"
#include "tests/integration/await_head.h"
#include "tests/integration/raw_call.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui {
namespace {

using services::Rpc;
using ::testing::HasSubstr;

// One call, whatever the shape of its stream.
struct AuditCall {
  Rpc rpc;
  std::string path;  // Whose.
  std::string message;
};

class AuditPrivacyWireTest : public ::testing::Test {
 protected:
  using AuditStub = v1::AuditService::Stub;
  using CampaignStub = v1::CampaignService::Stub;
  using MemberStub = v1::MemberService::Stub;

  static constexpr char kHardship[] = "campaigns/q-3";
  static constexpr char kIllness[] = "campaigns/q-4";

  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    ASSERT_OK(Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(1, 250, random_)));
    // Whatever the till is told, a decline is a record too.
    const v1::PurchaseRequest too_much = scene_.Purchase(2, 1'000'000, random_);
    Ask(*till, &v1::PosService::Stub::Purchase, too_much).status().IgnoreError();
  }

  // A campaign for people in hardship that is changed, planned and cancelled, with a word for each.
  void HelpPeopleInHardship() {
    Stage stage(&deployment_, "fh-1", &random_);
    const Stage::CampaignWish wish{.id = "q-3",
                                   .members = {scene_.members.front()},
                                   .points = 100,
                                   .occasion = "hardship",
                                   .display_name = "困难补助",
                                   .reason = "家中失火"};
    ASSERT_OK(stage.CreateCampaign(wish));
    v1::UpdateCampaignRequest update;
    update.set_request_id(NewRequestId(random_));
    update.mutable_campaign()->set_name(kHardship);
    update.mutable_campaign()->set_display_name("大病救助");
    update.mutable_update_mask()->add_paths("display_name");
    ASSERT_OK(Ask(stage.campaigns(), &CampaignStub::UpdateCampaign, update));
    ASSERT_OK(stage.UploadPlan(wish));
    v1::CancelCampaignRequest cancel;
    cancel.set_request_id(NewRequestId(random_));
    cancel.set_name(kHardship);
    cancel.set_reason("低保名单有误");
    ASSERT_OK(Ask(stage.campaigns(), &CampaignStub::CancelCampaign, cancel));
  }
  // A campaign for people who are ill that is issued, and taken back with a word why.
  void HelpPeopleWhoAreIll() {
    Stage stage(&deployment_, "fh-1", &random_);
    ASSERT_OK(stage.Prepare(
        {.id = "q-4", .members = scene_.members, .points = 100, .occasion = "illness"}));
    ASSERT_OK(stage.Issue("q-4"));
    v1::ClawBackRequest take_back;
    take_back.set_request_id(NewRequestId(random_));
    take_back.set_campaign(kIllness);
    take_back.mutable_all();
    take_back.set_reason("住院证明系伪造");
    ASSERT_OK_AND_ASSIGN(const auto taken,
                         Ask(stage.campaigns(), &CampaignStub::ClawBack, take_back));
    claw_back_ = taken.claw_back().name();
  }

  // Somebody looks at everything that there is to see of a member, and tries what is refused.
  void Reveal() {
    const auto auditor = v1::MemberService::NewStub(deployment_.Connect("/auditor/people/a-1"));
    v1::RevealMemberRequest reveal;
    reveal.set_request_id(NewRequestId(random_));
    reveal.set_name(scene_.members.front());
    reveal.add_fields(v1::PERSONAL_FIELD_FULL_NAME);
    reveal.add_fields(v1::PERSONAL_FIELD_ID_NUMBER);
    reveal.add_fields(v1::PERSONAL_FIELD_MOBILE);
    reveal.set_reason("结算差异，案号 42");
    ASSERT_OK_AND_ASSIGN(const auto shown, Ask(*auditor, &MemberStub::RevealMember, reveal));
    EXPECT_EQ(shown.full_name(), Person(1).full_name()) << "the vault knows what is looked for";
    EXPECT_EQ(shown.id_number(), Person(1).id_number());
    EXPECT_EQ(shown.mobile(), Person(1).mobile());
    reveal.set_request_id(NewRequestId(random_));
    reveal.set_reason(absl::StrCat("为", Person(1).full_name(), "核对"));
    EXPECT_THAT(Ask(*auditor, &MemberStub::RevealMember, reveal),
                Refuses(ledger::Reason::kInvalidField, "reason"));
    v1::LookupMemberRequest lookup;
    lookup.set_card_number(scene_.cards.front());
    EXPECT_OK(Ask(*auditor, &MemberStub::LookupMember, lookup));
  }

  v1::ListRecordsResponse AllRecords() {
    v1::ListRecordsRequest request;
    request.set_page_size(1'000);
    const auto auditor = v1::AuditService::NewStub(deployment_.Connect("/auditor/people/a-1"));
    auto all = Ask(*auditor, &AuditStub::ListRecords, request);
    EXPECT_OK(all);
    return all.ok() ? *std::move(all) : v1::ListRecordsResponse();
  }
  // What a watch from the first record on tells until record `last`.
  std::string Watched(std::uint64_t last) {
    const auto auditor = v1::AuditService::NewStub(deployment_.Connect("/auditor/people/a-1"));
    grpc::ClientContext context;
    SetPatience(&context);
    v1::WatchRecordsRequest request;
    request.set_from_sequence(1);
    const auto reader = auditor->WatchRecords(&context, request);
    std::string told;
    for (v1::WatchRecordsResponse message; reader->Read(&message);) {
      told.append(message.SerializeAsString());
      if (message.record().sequence() >= last) break;
    }
    context.TryCancel();
    reader->Finish();
    return told;
  }
  // What the service of campaigns tells somebody of this role of the two that are for some alone,
  // by every read that the role has.
  std::string ToldOfCampaigns(const std::string& path, services::Role role);
  // Calls of every method but a watch that read everything there is.
  std::vector<AuditCall> Calls(const v1::ListRecordsResponse& all, SeededRandom* random) const;
  std::vector<AuditCall> AccountCalls() const;

  SeededRandom random_{20'261'128};
  Deployment deployment_;
  Scene scene_;
  std::string claw_back_;  // Of kIllness.
};

std::string AuditPrivacyWireTest::ToldOfCampaigns(const std::string& path, services::Role role) {
  // All of these requests have a name, or a parent, as their first field.
  const auto named = [](const std::string& name) {
    v1::GetCampaignRequest request;
    request.set_name(name);
    return request.SerializeAsString();
  };
  std::map<Rpc, std::vector<std::string>> requests = {
      {Rpc::kGetCampaign, {named(kHardship), named(kIllness)}},
      {Rpc::kListCampaigns, {named("unions/fh-1")}},
      {Rpc::kPreviewCampaign, {named(kHardship), named(kIllness)}},
      {Rpc::kWatchIssueRun, {named(kIllness)}},
      {Rpc::kListRows, {named(kHardship), named(kIllness)}},
      {Rpc::kGetCampaignReport, {named(kHardship), named(kIllness)}},
      {Rpc::kListExpiring, {named(kIllness)}},
      {Rpc::kGetClawBack, {named(claw_back_)}},
      {Rpc::kListClawBackRows, {named(claw_back_)}}};
  std::string told;
  for (const services::RpcRule& rule : services::RpcRules()) {
    const bool reads = rule.service == "CampaignService" && rule.effect == services::Effect::kRead;
    if (!reads || !rule.callers.Has(role)) continue;
    EXPECT_FALSE(requests[rule.rpc].empty()) << "say what to ask " << rule.name;
    for (const std::string& request : requests[rule.rpc]) {
      const grpc::Status status =
          CallRaw(deployment_.Connect(path),
                  absl::StrCat("/puhui.v1.", rule.service, "/", rule.name), {request}, &told);
      EXPECT_TRUE(status.ok()) << rule.name << ": " << status.error_message();
    }
  }
  return told;
}

std::vector<AuditCall> AuditPrivacyWireTest::AccountCalls() const {
  std::vector<AuditCall> calls;
  const auto add = [&calls](v1::AccountKind kind, const std::string& owner) {
    v1::GetAccountRequest account;
    account.set_kind(kind);
    account.set_owner(owner);
    calls.push_back({Rpc::kGetAccount, "/auditor", account.SerializeAsString()});
    v1::GetAccountStatementRequest statement;
    statement.set_kind(kind);
    statement.set_owner(owner);
    calls.push_back({Rpc::kGetAccountStatement, "/auditor", statement.SerializeAsString()});
  };
  for (const std::string& member : scene_.members) {
    add(v1::ACCOUNT_KIND_WALLET, member);
    add(v1::ACCOUNT_KIND_HELD, member);
  }
  add(v1::ACCOUNT_KIND_BUDGET, "unions/fh-1");
  add(v1::ACCOUNT_KIND_CAMPAIGN, scene_.campaign);
  add(v1::ACCOUNT_KIND_PAYABLE, scene_.merchant);
  for (const std::string& name : {scene_.members.front(), scene_.campaign, scene_.merchant}) {
    v1::GetHistoryRequest history;
    history.set_name(name);
    calls.push_back({Rpc::kGetHistory, "/auditor", history.SerializeAsString()});
  }
  return calls;
}

std::vector<AuditCall> AuditPrivacyWireTest::Calls(const v1::ListRecordsResponse& all,
                                                   SeededRandom* random) const {
  v1::QueryRecordsRequest query;
  query.set_page_size(1'000);
  v1::ListRecordsRequest list;
  list.set_page_size(1'000);
  v1::ListRevealsRequest reveals;
  reveals.set_parent("unions/fh-1");
  std::vector<AuditCall> calls = AccountCalls();
  for (const v1::RecordView& record : all.records()) {
    v1::GetRecordRequest one;
    one.set_sequence(record.sequence());
    calls.push_back({Rpc::kGetRecord, "/auditor", one.SerializeAsString()});
    if (record.postings_size() > 0) {
      v1::TracePointsRequest trace;
      trace.set_sequence(record.sequence());
      trace.set_direction(v1::TRACE_DIRECTION_BACKWARD);
      calls.push_back({Rpc::kTracePoints, "/auditor", trace.SerializeAsString()});
    }
    if (record.kind() != "entry/grant") continue;
    v1::ReDecideGrantRequest again;
    again.set_sequence(record.sequence());
    calls.push_back({Rpc::kReDecideGrant, "/auditor", again.SerializeAsString()});
  }
  v1::GrantMandateRequest grant;
  grant.set_request_id(NewRequestId(*random));
  grant.mutable_mandate()->set_auditor("people/a-9");
  grant.mutable_mandate()->mutable_from_time()->set_seconds(1);
  grant.mutable_mandate()->mutable_until_time()->set_seconds(2);
  grant.mutable_mandate()->mutable_valid_until_time()->set_seconds(4'000'000'000);
  v1::RevokeMandateRequest revoke;
  revoke.set_request_id(NewRequestId(*random));
  revoke.set_auditor("people/a-9");
  calls.push_back({Rpc::kGrantMandate, "/supervisor", grant.SerializeAsString()});
  calls.push_back({Rpc::kListMandates, "/supervisor", ""});
  calls.push_back({Rpc::kRevokeMandate, "/supervisor", revoke.SerializeAsString()});
  calls.push_back({Rpc::kListRecords, "/operator", list.SerializeAsString()});
  calls.push_back({Rpc::kQueryRecords, "/auditor", query.SerializeAsString()});
  calls.push_back({Rpc::kStreamRecords, "/auditor", ""});
  calls.push_back({Rpc::kGetTrialBalance, "/auditor", ""});
  calls.push_back({Rpc::kGetCheckpoint, "/auditor", ""});
  v1::ProveInclusionRequest inclusion;
  inclusion.set_sequence(1);
  v1::ProveConsistencyRequest consistency;
  consistency.set_first_size(1);
  calls.push_back({Rpc::kProveInclusion, "/auditor", inclusion.SerializeAsString()});
  calls.push_back({Rpc::kProveConsistency, "/witness", consistency.SerializeAsString()});
  calls.push_back({Rpc::kExportBundle, "/auditor", ""});
  calls.push_back({Rpc::kListPeriods, "/auditor", ""});
  v1::GetPeriodRequest period;
  period.set_name(all.records(0).period());
  calls.push_back({Rpc::kGetPeriod, "/auditor", period.SerializeAsString()});
  calls.push_back({Rpc::kListAccesses, "/supervisor", ""});
  calls.push_back({Rpc::kVerifyAccesses, "/supervisor", ""});
  calls.push_back({Rpc::kGetAccessCheckpoint, "/supervisor", ""});
  for (const char* path : {"/supervisor", "/union-admin/unions/fh-1"}) {
    calls.push_back({Rpc::kListReveals, path, reveals.SerializeAsString()});
  }
  return calls;
}

TEST_F(AuditPrivacyWireTest, NoAnswerHasPersonalDataInIt) {
  ASSERT_NO_FATAL_FAILURE(Reveal());
  std::vector<std::string> secrets = scene_.cards;
  for (std::size_t number = 1; number <= scene_.members.size(); ++number) {
    const v1::NewMember person = Person(number);
    secrets.push_back(person.full_name());
    secrets.push_back(person.id_number());
    secrets.push_back(person.mobile());
  }
  const v1::ListRecordsResponse all = AllRecords();
  ASSERT_GT(all.records_size(), 0);
  // The answer to a cosignature is a number, and lines of a month are sums.
  std::set<Rpc> swept = {Rpc::kWatchRecords, Rpc::kAddCosignature, Rpc::kListPeriodLines};
  const auto audit = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
  ASSERT_OK(AwaitHead(*audit, all.records(all.records_size() - 1).sequence()));
  std::string answers = Watched(all.records(all.records_size() - 1).sequence());
  EXPECT_THAT(answers, HasSubstr(scene_.merchant)) << "what is told can be read";
  for (const AuditCall& call : Calls(all, &random_)) {
    const services::RpcRule& rule = services::RuleOf(call.rpc);
    std::string answer;
    const grpc::Status status =
        CallRaw(deployment_.Connect(call.path),
                absl::StrCat("/puhui.v1.", rule.service, "/", rule.name), {call.message}, &answer);
    // No checkpoint of accesses may have been signed yet.
    const bool none_yet = status.error_code() == grpc::StatusCode::NOT_FOUND &&
                          absl::EndsWith(rule.name, "Checkpoint");
    ASSERT_TRUE(status.ok() || none_yet) << rule.name << ": " << status.error_message();
    EXPECT_EQ(answer.empty(), none_yet) << rule.name;
    answers += answer;
    swept.insert(call.rpc);
  }
  for (const std::string& secret : secrets) {
    EXPECT_FALSE(absl::StrContains(answers, secret)) << secret;
  }
  for (const services::RpcRule& rule : services::RpcRules()) {
    if (rule.service != "AuditService" && rule.service != "AccessService") continue;
    EXPECT_TRUE(swept.contains(rule.rpc)) << rule.name;
  }
}

// What is said of campaigns whose occasion says something of people.
constexpr const char* kMarks[] = {"hardship",     "大病救助", "家中失火",
                                  "低保名单有误", "illness",  "住院证明系伪造"};

TEST_F(AuditPrivacyWireTest, WhoDecidesOnHardshipIsToldOfIt) {
  ASSERT_NO_FATAL_FAILURE(HelpPeopleInHardship());
  ASSERT_NO_FATAL_FAILURE(HelpPeopleWhoAreIll());
  const std::string told = ToldOfCampaigns("/hr/unions/fh-1", services::Role::kHr);
  for (const char* word : kMarks) EXPECT_THAT(told, HasSubstr(word));
}

TEST_F(AuditPrivacyWireTest, NobodyIsMarkedAsInHardship) {
  ASSERT_NO_FATAL_FAILURE(HelpPeopleInHardship());
  ASSERT_NO_FATAL_FAILURE(HelpPeopleWhoAreIll());
  const v1::ListRecordsResponse all = AllRecords();
  const std::uint64_t last = all.records(all.records_size() - 1).sequence();
  std::string told = all.SerializeAsString();
  EXPECT_THAT(told, HasSubstr("campaign_cancelled"));
  EXPECT_THAT(told, HasSubstr("\"occasion\":\"spring-festival\"")) << "says nothing of anybody";
  EXPECT_THAT(told, HasSubstr("\"occasion\":\"personal\""));
  told += Watched(last);
  const auto auditor = v1::AuditService::NewStub(deployment_.Connect("/auditor/unions/fh-1"));
  v1::QueryRecordsRequest query;
  query.mutable_filter()->set_in_union("unions/fh-1");
  query.set_page_size(1'000);
  ASSERT_OK_AND_ASSIGN(const auto found, Ask(*auditor, &AuditStub::QueryRecords, query));
  told += found.SerializeAsString();
  v1::StreamRecordsRequest stream;
  *stream.mutable_filter() = query.filter();
  ASSERT_TRUE(CallRaw(deployment_.Connect("/auditor/unions/fh-1"),
                      "/puhui.v1.AuditService/StreamRecords", {stream.SerializeAsString()}, &told)
                  .ok());
  const auto whole = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
  for (const v1::RecordView& record : all.records()) {
    v1::GetRecordRequest one;
    one.set_sequence(record.sequence());
    ASSERT_OK_AND_ASSIGN(const auto got, Ask(*whole, &AuditStub::GetRecord, one));
    told += got.record().SerializeAsString();
  }
  v1::GetHistoryRequest history;
  history.set_name(kHardship);
  for (AuditStub* const one : {auditor.get(), whole.get()}) {
    ASSERT_OK_AND_ASSIGN(const auto changes, Ask(*one, &AuditStub::GetHistory, history));
    ASSERT_GT(changes.entries_size(), 0);
    EXPECT_EQ(changes.entries().rbegin()->kind(), "campaign_cancelled");
    told += changes.SerializeAsString();
  }
  told += ToldOfCampaigns("/finance/unions/fh-1", services::Role::kFinance);
  for (const char* path : {"/auditor/unions/fh-1", "/auditor"}) {
    told += ToldOfCampaigns(path, services::Role::kAuditor);
  }
  for (const char* word : kMarks) EXPECT_FALSE(absl::StrContains(told, word)) << word;
  EXPECT_FALSE(absl::StrContains(told, "困难补助")) << "as it was called first";
}

}  // namespace
}  // namespace puhui
