// SPDX-License-Identifier: Apache-2.0
// Rule packs on the wire: loaded by an operator, named by a union, judged by again.
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/admin/admin_service.h"
#include "services/audit/audit_service.h"
#include "services/rules/rule_pack_file.h"
#include "tests/unit/services/issuing/campaign_fixture.h"

#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using Admin = v1::AdminService::Stub;

class RulePackCallsTest : public CampaignTest {
 protected:
  RulePackCallsTest() {
    admin_service_ = std::make_unique<AdminService>(AdminService::Parts{
        .ledger = {.engine = ledger_.engine.get(), .request_key = &lookup_},
        .tables = &ledger_.books.issuing,
        .tokens = &tokens_,
        .vault = &vault_,
        .make_vault_key = nullptr,
        .self_check = &self_check_,
        .version = "test",
        .till_state = {.tables = &ledger_.books.merchant, .views = &ledger_.books.views}});
    audit_service_ =
        std::make_unique<AuditService>(AuditService::Parts{.engine = ledger_.engine.get(),
                                                           .tokens = &tokens_,
                                                           .tree = &tree_,
                                                           .index = nullptr,
                                                           .prover = nullptr,
                                                           .key = nullptr,
                                                           .witnesses = nullptr});
    grpc::ServerBuilder builder;
    back_office_ = std::make_unique<Calls>(
        &pipeline_, &builder, Calls::Options{.drained = [this] { ledger_.engine->LendThread(); }});
    admin_service_->Serve(*back_office_);
    audit_service_->Serve(*back_office_);
    second_server_ = builder.BuildAndStart();
    back_office_->Start();
    const auto channel = second_server_->InProcessChannel({});
    admin_ = v1::AdminService::NewStub(channel);
    audit_ = v1::AuditService::NewStub(channel);
  }
  // The campaign, with the plan of that hash; its rows are granted or refused from now on.
  void IssueIt(const std::string& hash) {
    Fund(1'000'000);
    ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(hash)));
    ASSERT_OK(Approve(kApprover, ApprovalWish(hash)));
    ASSERT_OK(Issue(kHr, IssueWish()));
    clock_.Advance(absl::Seconds(1));  // To where its timer is due.
    ledger_.engine->WakeTimers();
  }
  ~RulePackCallsTest() override {
    second_server_->Shutdown();
    back_office_->Stop();
  }

  static v1::RulePack Pack(const std::string& file = "anhui") {
    const auto read = ReadRulePackFile(absl::StrCat("deploy/rules/", file, ".yaml"));
    EXPECT_OK(read);
    return read.ok() ? read->message : v1::RulePack();
  }
  v1::LoadRulePackRequest LoadWish(const v1::RulePack& pack) {
    v1::LoadRulePackRequest request;
    request.set_request_id(NextRequestId());
    *request.mutable_pack() = pack;
    return request;
  }
  absl::StatusOr<v1::LoadRulePackResponse> Load(const v1::LoadRulePackRequest& request,
                                                const std::string& path = kOperatorPath) {
    return Ask(*admin_, &Admin::LoadRulePack, path, request);
  }
  absl::StatusOr<v1::UpdateUnionResponse> Set(const std::string& path, const std::string& field,
                                              const std::string& pack = "anhui") {
    v1::UpdateUnionRequest request;
    request.set_request_id(NextRequestId());
    request.mutable_union_()->set_name("unions/fh-1");
    request.mutable_union_()->mutable_settings()->set_rule_pack(pack);
    request.mutable_union_()->mutable_settings()->set_issuer_kind(v1::ISSUER_KIND_ENTERPRISE);
    request.mutable_update_mask()->add_paths(field);
    return Ask(*unions_, &v1::UnionService::Stub::UpdateUnion, path, request);
  }
  absl::StatusOr<v1::ReDecideGrantResponse> ReDecide(const std::string& path, Sequence sequence) {
    v1::ReDecideGrantRequest request;
    request.set_sequence(sequence);
    return Ask(*audit_, &v1::AuditService::Stub::ReDecideGrant, path, request);
  }
  // The record of that kind that is last.
  Sequence Last(const std::string& kind) {
    v1::ListRecordsRequest request;
    request.set_page_size(1'000);
    const auto listed = Ask(*audit_, &v1::AuditService::Stub::ListRecords, kAuditor, request);
    EXPECT_OK(listed);
    Sequence last = 0;
    for (const v1::RecordView& record : listed->records()) {
      if (record.kind() == kind) last = record.sequence();
    }
    return last;
  }

  const ledger::SigningKey key_ = ledger::SigningKey::Generate(random_);
  SelfCheck self_check_{{.engine = ledger_.engine.get(),
                         .key = key_.verify_key(),
                         .data_directory = directory_.path()}};
  std::unique_ptr<AdminService> admin_service_;
  std::unique_ptr<AuditService> audit_service_;
  std::unique_ptr<Calls> back_office_;
  std::unique_ptr<grpc::Server> second_server_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
  std::unique_ptr<v1::AuditService::Stub> audit_;
};

TEST_F(RulePackCallsTest, LoadsAPackOnce) {
  const v1::LoadRulePackRequest request = LoadWish(Pack());
  const Sequence before = LastRecord();
  ASSERT_OK_AND_ASSIGN(const auto loaded, Load(request));
  EXPECT_EQ(loaded.rule_pack().name(), "rulePacks/anhui/versions/1");
  EXPECT_EQ(loaded.rule_pack().pack().SerializeAsString(), Pack().SerializeAsString());
  EXPECT_TRUE(loaded.rule_pack().has_load_time());
  EXPECT_EQ(LastRecord(), before + 1);
  clock_.Advance(absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const auto replayed, Load(request));
  EXPECT_EQ(replayed.SerializeAsString(), loaded.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto same, Load(LoadWish(Pack())));
  EXPECT_EQ(same.SerializeAsString(), loaded.SerializeAsString());
  EXPECT_EQ(LastRecord(), before + 1);
  v1::RulePack other = Pack();
  other.set_points_per_year_max(1);
  EXPECT_THAT(Load(LoadWish(other)), Refuses(Reason::kRulePackExists, "pack.version"));
}

TEST_F(RulePackCallsTest, RefusesAFaultyPackWholeAndNamesTheField) {
  const Sequence before = LastRecord();
  v1::RulePack pack = Pack("guizhou");
  pack.mutable_occasions(2)->set_points_max(0);
  EXPECT_THAT(Load(LoadWish(pack)), Refuses(Reason::kInvalidField, "pack.occasions[2].points_max"));
  pack = Pack();
  pack.set_effective_from("2018-02-30");
  EXPECT_THAT(Load(LoadWish(pack)), Refuses(Reason::kInvalidField, "pack.effective_from"));
  EXPECT_THAT(Load(LoadWish({})), Refuses(Reason::kInvalidField, "pack.effective_from"));
  pack = Pack();
  pack.GetReflection()->MutableUnknownFields(&pack)->AddVarint(99, 1);
  EXPECT_THAT(Load(LoadWish(pack)), Refuses(Reason::kInvalidField, "pack"));
  EXPECT_THAT(Load(LoadWish(Pack()), kAdminPath), Refuses(Reason::kPermissionDenied));
  v1::LoadRulePackRequest nameless = LoadWish(Pack());
  nameless.clear_request_id();
  EXPECT_THAT(Load(nameless), Refuses(Reason::kInvalidField, "request_id"));
  EXPECT_EQ(LastRecord(), before);
}

TEST_F(RulePackCallsTest, ValidatesWithoutLoading) {
  v1::LoadRulePackRequest request = LoadWish(Pack());
  request.set_validate_only(true);
  const Sequence before = LastRecord();
  ASSERT_OK_AND_ASSIGN(const auto validated, Load(request));
  EXPECT_FALSE(validated.rule_pack().has_load_time());
  EXPECT_EQ(validated.rule_pack().name(), "rulePacks/anhui/versions/1");
  EXPECT_EQ(LastRecord(), before);
  ASSERT_OK(Load(LoadWish(Pack())));
  request.mutable_pack()->set_display_name("Other");
  EXPECT_THAT(Load(request), Refuses(Reason::kRulePackExists, "pack.version"));
}

TEST_F(RulePackCallsTest, ListsAndReadsWhatIsLoaded) {
  for (const char* file : {"shaanxi-2", "anhui", "shaanxi-1"}) {
    ASSERT_OK(Load(LoadWish(Pack(file))));
  }
  v1::ListRulePacksRequest list;
  list.set_page_size(2);
  std::vector<std::string> names;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Ask(*admin_, &Admin::ListRulePacks, kAuditor, list));
    for (const v1::RulePackSummary& pack : page.rule_packs()) names.push_back(pack.name());
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(names,
              ::testing::ElementsAre("rulePacks/anhui/versions/1", "rulePacks/shaanxi/versions/1",
                                     "rulePacks/shaanxi/versions/2"));
  v1::GetRulePackRequest get;
  get.set_name("rulePacks/shaanxi/versions/1");
  ASSERT_OK_AND_ASSIGN(const auto read, Ask(*admin_, &Admin::GetRulePack, kAuditor, get));
  EXPECT_EQ(read.rule_pack().pack().SerializeAsString(), Pack("shaanxi-1").SerializeAsString());
  get.set_name("rulePacks/shaanxi/versions/3");
  EXPECT_THAT(Ask(*admin_, &Admin::GetRulePack, kAuditor, get), Refuses(Reason::kNotFound));
  for (const char* name : {"rulePacks/shaanxi", "rulePacks/shaanxi/versions/01", "anhui",
                           "rulePacks/shaanxi/versions/0"}) {
    get.set_name(name);
    EXPECT_THAT(Ask(*admin_, &Admin::GetRulePack, kAuditor, get),
                Refuses(Reason::kInvalidField, "name"));
  }
  EXPECT_THAT(Ask(*admin_, &Admin::GetRulePack, kHr, get), Refuses(Reason::kPermissionDenied));
}

TEST_F(RulePackCallsTest, OnlyAnOperatorSaysWhatLimitsAUnion) {
  EXPECT_THAT(Set(kAdminPath, "settings.rule_pack"),
              Refuses(Reason::kPermissionDenied, "union.settings.rule_pack"));
  EXPECT_THAT(Set(kAdminPath, "settings.issuer_kind"),
              Refuses(Reason::kPermissionDenied, "union.settings.issuer_kind"));
  EXPECT_THAT(Set(kOperatorPath, "settings.rule_pack"),
              Refuses(Reason::kNotFound, "union.settings.rule_pack"));
  EXPECT_THAT(Set(kOperatorPath, "settings.rule_pack", "An hui"),
              Refuses(Reason::kInvalidField, "union.settings.rule_pack"));
  ASSERT_OK(Load(LoadWish(Pack())));
  ASSERT_OK(Set(kOperatorPath, "settings.rule_pack"));
  ASSERT_OK_AND_ASSIGN(const auto set, Set(kOperatorPath, "settings.issuer_kind"));
  EXPECT_EQ(set.union_().settings().rule_pack(), "anhui");
  EXPECT_EQ(set.union_().settings().issuer_kind(), v1::ISSUER_KIND_ENTERPRISE);
  v1::CreateUnionRequest below = UnionWish("below", "unions/fh-1");
  ASSERT_OK(CreateUnion(kOperatorPath, below));
  ASSERT_OK_AND_ASSIGN(const auto read, GetUnion(kAdminPath, "unions/below"));
  EXPECT_EQ(read.settings().rule_pack(), "");
  EXPECT_EQ(read.effective_settings().rule_pack(), "anhui");
  EXPECT_EQ(read.effective_settings().issuer_kind(), v1::ISSUER_KIND_ENTERPRISE);
}

TEST_F(RulePackCallsTest, SaysOfARowWhichRuleItBrokeAndDecidesAgain) {
  ASSERT_OK(Load(LoadWish(Pack())));
  ASSERT_OK(Set(kOperatorPath, "settings.rule_pack"));
  ASSERT_OK(Create(kHr, CampaignWish()));
  const std::vector<std::string> people = Enrol(1, 2);
  ASSERT_OK_AND_ASSIGN(const auto plan,
                       Upload({ByMember(people[0], 150'000), ByMember(people[1], 150'001)}));
  ASSERT_OK_AND_ASSIGN(const auto preview, Preview(kHr));
  EXPECT_EQ(preview.back().summary().rows_refused(), 1U);
  const v1::RowVerdict& foreseen = preview.front().verdicts(1);
  EXPECT_EQ(foreseen.reason(), "RULE_PACK_BROKEN");
  EXPECT_EQ(foreseen.rule(), "POINTS_PER_YEAR");
  EXPECT_EQ(foreseen.allowed(), 150'000);
  EXPECT_EQ(foreseen.used(), 0);
  EXPECT_EQ(foreseen.asked(), 150'001);
  ASSERT_NO_FATAL_FAILURE(IssueIt(plan.plan().hash()));
  ASSERT_OK_AND_ASSIGN(const auto progress, Watch(kHr));
  EXPECT_EQ(progress.back().progress().rows_refused(), 1U);
  v1::ListRowsRequest list;
  list.set_name("campaigns/spring");
  list.set_refused_only(true);
  ASSERT_OK_AND_ASSIGN(const auto rows, ListRows(kHr, list));
  EXPECT_EQ(rows.rows(0).SerializeAsString(), foreseen.SerializeAsString());

  ASSERT_OK_AND_ASSIGN(const auto granted, ReDecide(kAuditor, Last("entry/grant")));
  EXPECT_TRUE(granted.same());
  EXPECT_TRUE(granted.then().granted() && granted.now().granted());
  EXPECT_EQ(granted.rule_pack(), "rulePacks/anhui/versions/1");
  EXPECT_EQ(granted.recorded_rule_pack(), granted.rule_pack());
  EXPECT_EQ(granted.campaign(), "campaigns/spring");
  EXPECT_EQ(granted.inputs().points(), 150'000);
  EXPECT_EQ(granted.inputs().day(), "2025-01-01");
  ASSERT_OK_AND_ASSIGN(const auto refused, ReDecide("/auditor/unions/fh-1", Last("row_refused")));
  EXPECT_TRUE(refused.same());
  EXPECT_EQ(refused.row(), 1U);
  EXPECT_FALSE(refused.now().granted());
  EXPECT_EQ(refused.now().rule(), "POINTS_PER_YEAR");
  EXPECT_EQ(refused.now().asked(), 150'001);

  EXPECT_THAT(ReDecide("/auditor/unions/gz-2", Last("entry/grant")), Refuses(Reason::kNotFound));
  EXPECT_THAT(ReDecide("/auditor/unions/fh-1", 1), Refuses(Reason::kNotFound));
  EXPECT_THAT(ReDecide(kAuditor, 1), Refuses(Reason::kInvalidField, "sequence"));
  EXPECT_THAT(ReDecide(kAuditor, 0), Refuses(Reason::kInvalidField, "sequence"));
  EXPECT_THAT(ReDecide(kAuditor, 999'999), Refuses(Reason::kNotFound));
  EXPECT_THAT(ReDecide(kHr, 1), Refuses(Reason::kPermissionDenied));
}

TEST_F(RulePackCallsTest, WhichRuleOfALifeEventWasBrokenIsForThoseWhoDecide) {
  ASSERT_OK(Load(LoadWish(Pack())));
  ASSERT_OK(Set(kOperatorPath, "settings.rule_pack"));
  v1::CreateCampaignRequest wish = CampaignWish();
  wish.set_occasion("birthday");
  ASSERT_OK(Create(kHr, wish));
  ASSERT_OK_AND_ASSIGN(const auto plan, Upload({ByMember(Enrol(1, 1)[0], 30'001)}));
  ASSERT_OK_AND_ASSIGN(const auto told, Preview(kHr));
  EXPECT_EQ(told.front().verdicts(0).rule(), "POINTS_PER_LIFE_EVENT");
  EXPECT_EQ(told.front().verdicts(0).allowed(), 30'000);
  ASSERT_OK_AND_ASSIGN(const auto preview, Preview(kAuditor));
  const v1::RowVerdict& hidden = preview.front().verdicts(0);
  EXPECT_EQ(hidden.reason(), "RULE_PACK_BROKEN");
  EXPECT_EQ(hidden.rule(), "personal");
  // What birthdays allow says that it is one.
  EXPECT_EQ(hidden.allowed(), 0);
  EXPECT_EQ(hidden.asked(), 0);
  ASSERT_NO_FATAL_FAILURE(IssueIt(plan.plan().hash()));
  ASSERT_OK(Watch(kHr));
  v1::ListRowsRequest list;
  list.set_name("campaigns/spring");
  ASSERT_OK_AND_ASSIGN(const auto rows, ListRows(kAuditor, list));
  EXPECT_EQ(rows.rows(0).SerializeAsString(), hidden.SerializeAsString());

  const Sequence refused = Last("row_refused");
  ASSERT_OK_AND_ASSIGN(const auto again, ReDecide(kAuditor, refused));
  EXPECT_TRUE(again.same());
  EXPECT_EQ(again.inputs().occasion(), "personal");
  for (const v1::RuleAnswer& answer : {again.then(), again.now()}) {
    EXPECT_FALSE(answer.granted());
    EXPECT_EQ(answer.rule(), "personal");
    EXPECT_EQ(answer.allowed(), 0);
  }
  v1::GetRecordRequest get;
  get.set_sequence(refused);
  ASSERT_OK_AND_ASSIGN(const auto record,
                       Ask(*audit_, &v1::AuditService::Stub::GetRecord, kAuditor, get));
  EXPECT_THAT(record.record().json(), ::testing::HasSubstr("\"broken\":"));
  for (const char* field : {"\"rule\":", "\"allowed\":", "\"asked\":"}) {
    EXPECT_THAT(record.record().json(), ::testing::Not(::testing::HasSubstr(field)));
  }
}

TEST_F(RulePackCallsTest, TellsWhoApprovesThatAnotherPackIsInForce) {
  ASSERT_OK(Create(kHr, CampaignWish()));
  ASSERT_OK_AND_ASSIGN(const auto plan, Upload({ByMember(Enrol(1, 1)[0], 5)}));
  Fund(1'000);
  const std::string hash = plan.plan().hash();
  ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(hash)));
  ASSERT_OK(Load(LoadWish(Pack())));
  ASSERT_OK(Set(kOperatorPath, "settings.rule_pack"));
  EXPECT_THAT(Approve(kApprover, ApprovalWish(hash)), Refuses(Reason::kRulePackChanged));
  ASSERT_OK(Submit(kHr, HashWish<v1::SubmitCampaignRequest>(hash)));
  EXPECT_OK(Approve(kApprover, ApprovalWish(hash)));
}

}  // namespace
}  // namespace puhui::services
