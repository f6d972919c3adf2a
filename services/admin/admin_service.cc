// SPDX-License-Identifier: Apache-2.0
#include "services/admin/admin_service.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/checkpoint.h"
#include "services/admin/verification.h"
#include "services/auth/policy.h"

#include "absl/types/optional.h"

#include <memory>
#include <utility>

namespace puhui::services {
namespace {

// One verification on a thread of its own, looked at by the stream that asked for it. Ends early
// when the stream is gone.
class Verification {
 public:
  Verification(std::unique_ptr<ledger::Readable> moment, ledger::Promises promises,
               std::string scratch)
      : moment_(std::move(moment)),
        thread_([this, promises = std::move(promises), scratch = std::move(scratch)] {
          report_ = VerifyStore(*moment_, promises, scratch,
                                [this](std::uint64_t done, std::uint64_t all) {
                                  done_.store(done, std::memory_order_relaxed);
                                  all_.store(all, std::memory_order_relaxed);
                                });
          ended_.store(true, std::memory_order_release);
        }) {}
  ~Verification() { thread_.join(); }

  absl::StatusOr<Pull> Next(v1::StartVerifyResponse* message) {
    if (told_) return Pull::kEnd;
    const bool ended = ended_.load(std::memory_order_acquire);
    message->set_records_done(done_.load(std::memory_order_relaxed));
    message->set_records(all_.load(std::memory_order_relaxed));
    if (!ended) {
      if (message->records_done() == shown_) return Pull::kIdle;
      shown_ = message->records_done();
      return Pull::kMessage;
    }
    PUHUI_RETURN_IF_ERROR(report_.status());
    told_ = true;
    message->set_records_done(report_->records);
    message->set_records(report_->records);
    v1::VerifyResult& result = *message->mutable_result();
    result.set_ok(report_->ok());
    for (const std::string& finding : report_->findings) result.add_findings(finding);
    result.set_records(report_->records);
    result.set_entries(report_->entries);
    result.set_rows_compared(report_->rows_compared);
    result.set_root(ledger::ToHex(report_->root));
    return Pull::kMessage;
  }

 private:
  std::unique_ptr<ledger::Readable> moment_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> all_{0};
  std::atomic<bool> ended_{false};
  absl::StatusOr<ledger::VerifyReport> report_ = absl::UnavailableError("not ended");
  std::uint64_t shown_ = 0;
  bool told_ = false;
  std::thread thread_;
};

}  // namespace

void AdminService::Serve(Calls& calls) {
  calls.Add(&wire_);
  ServeGetStatus(calls);
  ServeStartVerify(calls);
}

void AdminService::ServeGetStatus(Calls& calls) {
  calls.Unary(
      Rpc::kGetStatus, &wire_, &Wire::RequestGetStatus,
      [this](const CallContext& /*call*/,
             const v1::GetStatusRequest& /*asked*/) -> absl::StatusOr<v1::GetStatusResponse> {
        v1::GetStatusResponse answer;
        answer.set_version(parts_.version);
        answer.set_sequence(parts_.engine->durable().sequence);
        const absl::Status accepting = parts_.engine->accepting();
        answer.set_accepting_writes(accepting.ok());
        answer.set_detail(std::string(accepting.message()));
        return answer;
      });
}

// The checkpoint is read before the moment is taken, so it never vouches for more than the moment
// holds.
void AdminService::ServeStartVerify(Calls& calls) {
  calls.ServerStream(Rpc::kStartVerify, &wire_, &Wire::RequestStartVerify,
                     [this](const CallContext& call, const v1::StartVerifyRequest& /*asked*/)
                         -> absl::StatusOr<MessageSource<v1::StartVerifyResponse>> {
                       PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
                       ledger::Promises promises;
                       if (const std::string note = parts_.engine->checkpoint(); !note.empty()) {
                         PUHUI_ASSIGN_OR_RETURN(promises.checkpoint,
                                                ledger::ParseCheckpoint(note, parts_.verify_key));
                       }
                       auto verification = std::make_shared<Verification>(
                           parts_.engine->Read(), std::move(promises), parts_.scratch_directory);
                       return MessageSource<v1::StartVerifyResponse>(
                           [verification](v1::StartVerifyResponse* message) {
                             return verification->Next(message);
                           });
                     });
}

}  // namespace puhui::services
