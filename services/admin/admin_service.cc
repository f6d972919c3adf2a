// SPDX-License-Identifier: Apache-2.0
#include "services/admin/admin_service.h"

#include "issuing/app/key_rotation.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/verify.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "services/admin/index_verification.h"
#include "services/admin/verification_run.h"
#include "services/auth/policy.h"
#include "services/rpc/timestamp.h"

#include "absl/types/optional.h"

#include <memory>
#include <utility>

namespace puhui::services {

struct AdminService::Wire final : v1::AdminService::AsyncService {};

AdminService::AdminService(Parts parts)
    : parts_(std::move(parts)),
      rule_packs_({.ledger = parts_.ledger, .tables = parts_.tables, .tokens = parts_.tokens}),
      limits_({.ledger = parts_.ledger, .state = parts_.till_state}),
      periods_({.ledger = parts_.ledger, .views = parts_.views, .prover = parts_.prover}),
      archives_(parts_.archiving),
      wire_(std::make_unique<Wire>()) {}

AdminService::~AdminService() = default;

namespace {

// What one stream has told of a verification.
class VerificationWatch {
 public:
  explicit VerificationWatch(std::shared_ptr<const VerificationRun> run) : run_(std::move(run)) {}

  absl::StatusOr<Pull> Next(v1::StartVerifyResponse* message) {
    if (told_) return Pull::kEnd;
    const auto result = run_->result();
    const VerificationRun::Progress progress = run_->progress();
    message->set_records_done(progress.done);
    message->set_records(progress.all);
    message->set_per_second(progress.per_second);
    if (!result.has_value()) {
      if (message->records_done() == shown_) return Pull::kIdle;
      shown_ = message->records_done();
      return Pull::kMessage;
    }
    PUHUI_RETURN_IF_ERROR(result->status());
    told_ = true;
    const absl::optional<audit::IndexReport> index = run_->index_report();
    const std::uint64_t records = (*result)->records + (index.has_value() ? index->records : 0);
    message->set_records_done(records);
    message->set_records(records);
    Fill(**result, message->mutable_result());
    if (index.has_value()) *message->mutable_result()->mutable_index() = IndexToProto(*index);
    return Pull::kMessage;
  }

 private:
  static void Fill(const ledger::VerifyReport& report, v1::VerifyResult* result) {
    result->set_ok(report.ok());
    for (const std::string& finding : report.findings) result->add_findings(finding);
    for (const ledger::VerifyDifference& difference : report.differences) {
      v1::ViewDifference& shown = *result->add_differences();
      shown.set_family(difference.family);
      shown.set_table(difference.table);
      shown.set_key(difference.key);
      shown.set_sequence(difference.sequence);
    }
    result->set_records(report.records);
    result->set_entries(report.entries);
    result->set_rows_compared(report.rows_compared);
    result->set_root(ledger::ToHex(report.root));
  }

  const std::shared_ptr<const VerificationRun> run_;
  std::uint64_t shown_ = 0;
  bool told_ = false;
};

}  // namespace

void AdminService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServeGetStatus(calls);
  ServeStartVerify(calls);
  ServeRotateKey(calls);
  ServeRulePacks(calls);
  ServeLimits(calls);
  ServePeriods(calls);
  ServeArchives(calls);
}

void AdminService::ServeGetStatus(Calls& calls) {
  calls.Unary(Rpc::kGetStatus, wire_.get(), &Wire::RequestGetStatus,
              [this](const CallContext& /*call*/, const v1::GetStatusRequest& /*asked*/) {
                return DoGetStatus();
              });
}

absl::StatusOr<v1::GetStatusResponse> AdminService::DoGetStatus() const {
  const ledger::Engine& engine = *parts_.ledger.engine;
  v1::GetStatusResponse answer;
  answer.set_version(parts_.version);
  answer.set_sequence(engine.durable().sequence);
  const absl::Status accepting = engine.accepting();
  answer.set_accepting_writes(accepting.ok());
  answer.set_detail(std::string(accepting.message()));
  PUHUI_ASSIGN_OR_RETURN(const auto rotation, issuing::LastKeyRotation(engine.Latest()));
  if (!rotation.has_value()) return answer;
  v1::KeyRotation& shown = *answer.mutable_key_rotation();
  shown.set_key(rotation->key_id);
  *shown.mutable_start_time() = ToTimestamp(rotation->start_time);
  if (rotation->finish_time.has_value()) {
    *shown.mutable_finish_time() = ToTimestamp(*rotation->finish_time);
  }
  shown.set_members(rotation->members);
  return answer;
}

void AdminService::ServeLimits(Calls& calls) {
  calls.UnaryLater(Rpc::kSetLimits, wire_.get(), &Wire::RequestSetLimits,
                   [this](const CallContext& call, const v1::SetLimitsRequest& asked,
                          v1::SetLimitsResponse* answer,
                          Completion done) { limits_.Set(call, asked, answer, std::move(done)); });
  calls.Unary(Rpc::kGetLimits, wire_.get(), &Wire::RequestGetLimits,
              [this](const CallContext& /*call*/, const v1::GetLimitsRequest& asked) {
                return limits_.Get(asked);
              });
}

void AdminService::ServePeriods(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kClosePeriod, wire_.get(), &Wire::RequestClosePeriod,
                      [this](const CallContext& call, const v1::ClosePeriodRequest& asked) {
                        return periods_.Close(call, asked);
                      });
}

void AdminService::ServeArchives(Calls& calls) {
  calls.ServerStream(Rpc::kArchivePeriod, wire_.get(), &Wire::RequestArchivePeriod,
                     [this](const CallContext& /*call*/, const v1::ArchivePeriodRequest& asked) {
                       return archives_.Archive(asked);
                     });
  calls.UnaryOnWorker(
      Rpc::kListArchives, wire_.get(), &Wire::RequestListArchives,
      [this](const CallContext& /*call*/, const v1::ListArchivesRequest& /*asked*/) {
        return archives_.List();
      });
}

void AdminService::ServeRulePacks(Calls& calls) {
  calls.UnaryLater(Rpc::kLoadRulePack, wire_.get(), &Wire::RequestLoadRulePack,
                   [this](const CallContext& call, const v1::LoadRulePackRequest& asked,
                          v1::LoadRulePackResponse* answer, Completion done) {
                     rule_packs_.Load(call, asked, answer, std::move(done));
                   });
  calls.UnaryOnWorker(Rpc::kListRulePacks, wire_.get(), &Wire::RequestListRulePacks,
                      [this](const CallContext& call, const v1::ListRulePacksRequest& asked) {
                        return rule_packs_.List(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kGetRulePack, wire_.get(), &Wire::RequestGetRulePack,
                      [this](const CallContext& /*call*/, const v1::GetRulePackRequest& asked) {
                        return rule_packs_.Get(asked);
                      });
}

void AdminService::ServeRotateKey(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kRotateKey, wire_.get(), &Wire::RequestRotateKey,
                      [this](const CallContext& call, const v1::RotateKeyRequest& asked) {
                        return DoRotateKey(call, asked);
                      });
}

// The key is in its file before a record speaks of it, and seals nothing before the record is
// durable.
absl::StatusOr<v1::RotateKeyResponse> AdminService::DoRotateKey(
    const CallContext& call, const v1::RotateKeyRequest& request) {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  ledger::Engine& engine = *parts_.ledger.engine;
  MutexLock lock(&rotating_);
  PUHUI_ASSIGN_OR_RETURN(const auto last, issuing::LastKeyRotation(engine.Latest()));
  const bool running = last.has_value() && !last->finish_time.has_value();
  // While one is running the command is for the key in use, which is always refused, or gives the
  // earlier answer: that it may end meanwhile must not let a key be recorded that was never made.
  const std::uint32_t next = (last.has_value() ? last->key_id : 1) + (running ? 0 : 1);
  ledger::Tag check{};
  if (!running) {
    PUHUI_ASSIGN_OR_RETURN(std::string key, parts_.make_vault_key(next));
    parts_.vault->AddKey(next, std::move(key));
    check = parts_.vault->KeyCheck(next);
  }
  auto command = std::make_unique<issuing::StartKeyRotationCommand>(parts_.tables, next, check);
  PUHUI_RETURN_IF_ERROR(Identify(parts_.ledger, call, request, *command));
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         engine.Run(std::move(command), ledger::Priority::kInteractive));
  const auto& started = outcome.first().key_rotation_started();
  // An earlier answer may be of a key that is not needed any more.
  if (parts_.vault->HasKey(started.key_id())) parts_.vault->UseKey(started.key_id());
  engine.WakeTimers();
  v1::RotateKeyResponse response;
  response.mutable_key_rotation()->set_key(started.key_id());
  *response.mutable_key_rotation()->mutable_start_time() =
      ToTimestamp(absl::FromUnixMicros(outcome.first().time_micros()));
  return response;
}

void AdminService::ServeStartVerify(Calls& calls) {
  calls.ServerStream(
      Rpc::kStartVerify, wire_.get(), &Wire::RequestStartVerify,
      [this](const CallContext& call, const v1::StartVerifyRequest& asked)
          -> absl::StatusOr<MessageSource<v1::StartVerifyResponse>> {
        PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
        PUHUI_ASSIGN_OR_RETURN(
            auto run, parts_.self_check->Verify(asked.records_per_second(), asked.indexes()));
        auto watch = std::make_shared<VerificationWatch>(std::move(run));
        return MessageSource<v1::StartVerifyResponse>(
            [watch](v1::StartVerifyResponse* message) { return watch->Next(message); });
      });
}

}  // namespace puhui::services
