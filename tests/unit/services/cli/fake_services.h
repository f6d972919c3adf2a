// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_SERVICES_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_SERVICES_H_

#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "tests/unit/services/cli/fake_till.h"
#include "tests/unit/services/cli/script.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

namespace puhui::services {

// Each does what its script says. Threads: as Script. Borrows: the script.
class FakeAudit final : public v1::AuditService::Service {
 public:
  explicit FakeAudit(Script& script) : script_(script) {}
  grpc::Status GetRecord(grpc::ServerContext*, const v1::GetRecordRequest* request,
                         v1::GetRecordResponse* response) override {
    response->mutable_record()->set_sequence(request->sequence());
    response->set_record_bytes("");
    return script_.Next();
  }
  grpc::Status ReDecideGrant(grpc::ServerContext*, const v1::ReDecideGrantRequest* request,
                             v1::ReDecideGrantResponse* response) override {
    response->set_same(script_.balanced);
    response->set_rule_pack("rulePacks/anhui/versions/1");
    response->set_row(request->sequence());
    response->mutable_then()->set_granted(true);
    response->mutable_now()->set_rule("POINTS_PER_YEAR");
    response->mutable_now()->set_allowed(150'000);
    return script_.Next();
  }
  grpc::Status ListPeriods(grpc::ServerContext*, const v1::ListPeriodsRequest*,
                           v1::ListPeriodsResponse* response) override {
    response->add_periods()->set_name("periods/2027-02");
    response->mutable_periods(0)->set_state(v1::PERIOD_STATE_OPEN);
    response->set_next_page_token("next");
    return script_.Next();
  }
  grpc::Status GetPeriod(grpc::ServerContext*, const v1::GetPeriodRequest* request,
                         v1::GetPeriodResponse* response) override {
    response->mutable_period()->set_name(request->name());
    response->mutable_period()->set_state(v1::PERIOD_STATE_OPEN);
    return script_.Next();
  }
  grpc::Status ListPeriodLines(grpc::ServerContext*, const v1::ListPeriodLinesRequest* request,
                               v1::ListPeriodLinesResponse* response) override {
    script_.period_lines = *request;
    v1::PeriodLine& line = *response->add_lines();
    line.set_kind(v1::ACCOUNT_KIND_FUNDING);
    line.set_origin("unions/fh-1");
    line.set_credit_points(70'000);
    line.set_closing_points(-70'000);
    return script_.Next();
  }
  grpc::Status GetTrialBalance(grpc::ServerContext*, const v1::GetTrialBalanceRequest*,
                               v1::GetTrialBalanceResponse* response) override {
    response->set_balanced(script_.balanced);
    return script_.Next();
  }

 private:
  Script& script_;
};

class FakeAdmin final : public v1::AdminService::Service {
 public:
  explicit FakeAdmin(Script& script) : script_(script) {}
  grpc::Status SetLimits(grpc::ServerContext*, const v1::SetLimitsRequest* request,
                         v1::SetLimitsResponse* response) override {
    script_.limits = *request;
    *response->mutable_limits() = request->limits();
    return script_.Next();
  }
  grpc::Status GetLimits(grpc::ServerContext*, const v1::GetLimitsRequest* request,
                         v1::GetLimitsResponse* response) override {
    script_.shown_limits = *request;
    response->mutable_limits()->set_subject(request->subject());
    return script_.Next();
  }
  grpc::Status ClosePeriod(grpc::ServerContext*, const v1::ClosePeriodRequest* request,
                           v1::ClosePeriodResponse* response) override {
    script_.close_period = *request;
    v1::Period& period = *response->mutable_period();
    period.set_name("periods/" + request->period());
    period.set_state(v1::PERIOD_STATE_CLOSED);
    period.set_closed_by("people/王");
    period.set_root("00ff");
    v1::PeriodCount& count = *period.add_counts();
    count.set_kind("entry/funding");
    count.set_records(3);
    return script_.Next();
  }
  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*,
                         v1::GetStatusResponse* response) override {
    response->set_version("9.9.9");
    if (script_.rotated) Rotation(response->mutable_key_rotation());
    return script_.Next();
  }
  grpc::Status RotateKey(grpc::ServerContext*, const v1::RotateKeyRequest*,
                         v1::RotateKeyResponse* response) override {
    Rotation(response->mutable_key_rotation());
    return script_.Next();
  }
  grpc::Status LoadRulePack(grpc::ServerContext*, const v1::LoadRulePackRequest* request,
                            v1::LoadRulePackResponse* response) override {
    script_.load_rule_pack = *request;
    response->mutable_rule_pack()->set_name("rulePacks/anhui/versions/1");
    *response->mutable_rule_pack()->mutable_pack() = request->pack();
    return script_.Next();
  }
  grpc::Status ListRulePacks(grpc::ServerContext*, const v1::ListRulePacksRequest*,
                             v1::ListRulePacksResponse* response) override {
    response->add_rule_packs()->set_name("rulePacks/anhui/versions/1");
    return script_.Next();
  }
  grpc::Status GetRulePack(grpc::ServerContext*, const v1::GetRulePackRequest* request,
                           v1::GetRulePackResponse* response) override {
    response->mutable_rule_pack()->set_name(request->name());
    return script_.Next();
  }
  grpc::Status StartVerify(grpc::ServerContext*, const v1::StartVerifyRequest* request,
                           grpc::ServerWriter<v1::StartVerifyResponse>* writer) override {
    v1::StartVerifyResponse message;
    message.set_records(10);
    writer->Write(message);
    message.mutable_result()->set_ok(script_.verify_ok);
    if (!script_.verify_ok) message.mutable_result()->add_findings("sequence 7: bytes differ");
    if (request->indexes() && script_.index_state != v1::INDEX_STATE_UNSPECIFIED) {
      v1::IndexVerification& index = *message.mutable_result()->mutable_index();
      index.set_state(script_.index_state);
      index.set_ok(script_.verify_ok);
      index.set_sequence(9);
      index.set_journal_sequence(10);
    }
    writer->Write(message);
    return script_.Next();
  }
  grpc::Status ArchivePeriod(grpc::ServerContext*, const v1::ArchivePeriodRequest*,
                             grpc::ServerWriter<v1::ArchivePeriodResponse>* writer) override {
    v1::ArchivePeriodResponse message;
    message.set_period("2027-01");
    writer->Write(message);
    Twenty(message.mutable_result()->mutable_archive());
    message.mutable_result()->set_held_from(21);
    writer->Write(message);
    return script_.Next();
  }
  grpc::Status ListArchives(grpc::ServerContext*, const v1::ListArchivesRequest*,
                            v1::ListArchivesResponse* response) override {
    Twenty(response->add_archives());
    response->set_held_from(31);
    response->set_missing("records 21 to 30 are in no archive in /cold");
    return script_.Next();
  }

 private:
  static void Twenty(v1::Archive* archive) {
    archive->set_file("segments-1-20.archive");
    archive->set_first(1);
    archive->set_last(20);
  }
  static void Rotation(v1::KeyRotation* rotation) {
    rotation->set_key(2);
    rotation->set_members(1'536);
  }

  Script& script_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_SERVICES_H_
