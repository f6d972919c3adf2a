// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/health.h"

#include "services/rpc/queued_call.h"

#include "absl/types/optional.h"
#include <grpcpp/alarm.h>

#include <chrono>

namespace puhui::services {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// How soon somebody who watches learns that the server is going.
constexpr std::chrono::milliseconds kLookEvery{200};

HealthCheckResponse StateOf(bool serving) {
  HealthCheckResponse response;
  response.set_status(serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING);
  return response;
}

}  // namespace

class Health::Check final : public QueuedCall {
 public:
  Check(Health* health, CallQueue* queue) : QueuedCall(queue, /*watched=*/false), health_(*health) {
    health_.wire_.RequestCheck(&context_, &request_, &writer_, queue_.get(), queue_.get(), tag());
  }

 private:
  ~Check() override = default;

  void Arrive() override {
    new Check(&health_, &queue_);
    BeforeAnswer();
    if (request_.service().empty()) {
      writer_.Finish(StateOf(health_.serving()), grpc::Status::OK, tag());
    } else {
      writer_.FinishWithError({grpc::StatusCode::NOT_FOUND, "want the empty name"}, tag());
    }
  }
  void Move(bool /*ok*/) override {}

  Health& health_;
  HealthCheckRequest request_;
  grpc::ServerAsyncResponseWriter<HealthCheckResponse> writer_{&context_};
};

// Writes the state when it is not what was written last, and looks again in a while.
class Health::Watch final : public QueuedCall {
 public:
  Watch(Health* health, CallQueue* queue) : QueuedCall(queue, /*watched=*/true), health_(*health) {
    health_.wire_.RequestWatch(&context_, &request_, &writer_, queue_.get(), queue_.get(), tag());
  }

 private:
  ~Watch() override = default;

  void Arrive() override {
    new Watch(&health_, &queue_);
    if (!request_.service().empty()) {
      HealthCheckResponse unknown;
      unknown.set_status(HealthCheckResponse::SERVICE_UNKNOWN);
      told_serving_ = health_.serving();
      return writer_.Write(unknown, tag());
    }
    Tell();
  }

  void Move(bool ok) override {
    if (!ok || context_.IsCancelled()) return End(grpc::Status::CANCELLED);
    if (told_serving_ == health_.serving()) {
      alarm_.emplace();
      return alarm_->Set(queue_.get(), std::chrono::system_clock::now() + kLookEvery, tag());
    }
    if (!request_.service().empty()) return End(grpc::Status::OK);
    Tell();
  }

  void Tell() {
    const bool serving = health_.serving();
    told_serving_ = serving;
    if (serving) return writer_.Write(StateOf(true), tag());
    BeforeAnswer();
    writer_.WriteAndFinish(StateOf(false), grpc::WriteOptions(), grpc::Status::OK, tag());
  }

  void End(const grpc::Status& status) {
    BeforeAnswer();
    writer_.Finish(status, tag());
  }

  Health& health_;
  HealthCheckRequest request_;
  grpc::ServerAsyncWriter<HealthCheckResponse> writer_{&context_};
  absl::optional<bool> told_serving_;
  absl::optional<grpc::Alarm> alarm_;
};

void Health::Serve(Calls& calls) {
  calls.Add(&wire_);
  calls.Bare([this](CallQueue* queue) { new Check(this, queue); });
  calls.Bare([this](CallQueue* queue) { new Watch(this, queue); });
}

}  // namespace puhui::services
