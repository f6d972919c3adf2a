// SPDX-License-Identifier: Apache-2.0
// The pipeline around real services, over an in-process channel: no ports, no certificates.
#ifndef PUHUI_TESTS_UNIT_SERVICES_RPC_PIPELINE_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_RPC_PIPELINE_FIXTURE_H_

#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/rpc/calls.h"
#include "services/rpc/health.h"
#include "services/rpc/pipeline.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/services/rpc/note_book.h"

#include "absl/strings/string_view.h"
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {

// Takes the caller from the call's metadata: an in-process channel has no certificates.
class MetadataAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<Principal> Authenticate(const grpc::ServerContextBase& context) const override {
    const auto found = context.client_metadata().find("uri");
    if (found == context.client_metadata().end()) return absl::UnauthenticatedError("no uri");
    return ParseSpiffeUri(absl::string_view(found->second.data(), found->second.size()), "d");
  }
};

class Admin final {
 public:
  using Wire = v1::AdminService::AsyncService;
  using Status = std::function<absl::StatusOr<v1::GetStatusResponse>(const CallContext&)>;
  using Verify =
      std::function<absl::StatusOr<MessageSource<v1::StartVerifyResponse>>(const CallContext&)>;

  void Serve(Calls& calls, bool on_worker) {
    calls.Add(&wire_);
    const auto handler = [this](const CallContext& call, const v1::GetStatusRequest&) {
      return status(call);
    };
    if (on_worker) {
      calls.UnaryOnWorker(Rpc::kGetStatus, &wire_, &Wire::RequestGetStatus, handler);
    } else {
      calls.Unary(Rpc::kGetStatus, &wire_, &Wire::RequestGetStatus, handler);
    }
    calls.ServerStream(
        Rpc::kStartVerify, &wire_, &Wire::RequestStartVerify,
        [this](const CallContext& call, const v1::StartVerifyRequest&) { return verify(call); });
  }

  Status status = [](const CallContext&) { return v1::GetStatusResponse(); };
  Verify verify;

 private:
  Wire wire_;
};

class Till final {
 public:
  using Wire = v1::PosService::AsyncService;
  using Handler = std::function<void(const CallContext&, v1::PurchaseResponse*, Completion)>;

  void Serve(Calls& calls) {
    calls.Add(&wire_);
    calls.UnaryLater(
        Rpc::kPurchase, &wire_, &Wire::RequestPurchase,
        [this](const CallContext& call, const v1::PurchaseRequest&, v1::PurchaseResponse* answer,
               Completion done) { purchase(call, answer, std::move(done)); });
  }
  Handler purchase;

 private:
  Wire wire_;
};

// As every receiver must be: it takes nothing but as many rows as the first message said.
class PlanReceiver final : public StreamReceiver<v1::UploadPlanRequest, v1::UploadPlanResponse> {
 public:
  explicit PlanReceiver(std::atomic<int>* finished) : finished_(finished) {}
  absl::Status Receive(v1::UploadPlanRequest&& message) override {
    if (message.has_start()) {
      said_ = message.start().rows();
      return absl::OkStatus();
    }
    if (message.rows().rows_size() == 0) return InvalidField("rows", "want some");
    rows_ += static_cast<std::uint64_t>(message.rows().rows_size());
    return absl::OkStatus();
  }
  absl::StatusOr<v1::UploadPlanResponse> Finish() override {
    if (rows_ != said_) return InvalidField("start.rows", "want as many as it says");
    ++*finished_;
    v1::UploadPlanResponse response;
    response.mutable_plan()->set_rows(rows_);
    return response;
  }

 private:
  std::atomic<int>* const finished_;
  std::uint64_t said_ = 0;
  std::uint64_t rows_ = 0;
};

class Campaigns final {
 public:
  using Wire = v1::CampaignService::AsyncService;

  void Serve(Calls& calls) {
    using Receiver = StreamReceiver<v1::UploadPlanRequest, v1::UploadPlanResponse>;
    calls.Add(&wire_);
    calls.ClientStream(Rpc::kUploadPlan, &wire_, &Wire::RequestUploadPlan, kBytesMax,
                       [this](const CallContext&) -> absl::StatusOr<std::unique_ptr<Receiver>> {
                         return std::make_unique<PlanReceiver>(&finished);
                       });
  }
  static constexpr std::size_t kBytesMax = 10'000;
  std::atomic<int> finished{0};

 private:
  Wire wire_;
};

class PipelineTest : public ::testing::Test {
 protected:
  explicit PipelineTest(bool status_on_worker = false, bool purpose_required = false)
      : purpose_required_(purpose_required) {
    grpc::ServerBuilder builder;
    calls_ = std::make_unique<Calls>(
        &pipeline_, &builder, Calls::Options{.queues = 2, .drained = [this] { drained_(); }});
    admin_.Serve(*calls_, status_on_worker);
    till_.Serve(*calls_);
    campaigns_.Serve(*calls_);
    health_.Serve(*calls_);
    server_ = builder.BuildAndStart();
    calls_->Start();
    const auto channel = server_->InProcessChannel({});
    admin_stub_ = v1::AdminService::NewStub(channel);
    till_stub_ = v1::PosService::NewStub(channel);
    campaign_stub_ = v1::CampaignService::NewStub(channel);
  }
  ~PipelineTest() override { Stop(); }
  void Stop() { server_->Shutdown(), calls_->Stop(); }
  static std::unique_ptr<grpc::ClientContext> As(const std::string& path) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("uri", "spiffe://d" + path);
    return context;
  }
  grpc::Status GetStatus(grpc::ClientContext* context) {
    v1::GetStatusResponse response;
    return admin_stub_->GetStatus(context, {}, &response);
  }
  grpc::Status Purchase(grpc::ClientContext* context, v1::PurchaseResponse* response) {
    return till_stub_->Purchase(context, {}, response);
  }
  std::string Log() { return log_.Flush(), lines_; }

  const bool purpose_required_;
  FakeClock clock_;
  MetadataAuthenticator authenticator_;
  std::string lines_;
  CallLog log_{[this](absl::string_view lines) { lines_.append(lines.data(), lines.size()); },
               absl::Hours(1)};
  CallMetrics metrics_;
  NoteBook notes_;
  WorkerPool workers_{1, 1};
  Pipeline pipeline_{{.authenticator = &authenticator_,
                      .clock = &clock_,
                      .workers = &workers_,
                      .log = &log_,
                      .metrics = &metrics_,
                      .in_flight_max = 64,
                      .accesses = &notes_,
                      .purpose_required = purpose_required_}};
  Admin admin_;
  Till till_;
  Campaigns campaigns_;
  Health health_;
  std::function<void()> drained_ = [] {};  // Set before the first call.
  std::unique_ptr<Calls> calls_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::AdminService::Stub> admin_stub_;
  std::unique_ptr<v1::PosService::Stub> till_stub_;
  std::unique_ptr<v1::CampaignService::Stub> campaign_stub_;
};

inline constexpr char kTerminal[] = "/terminal/merchants/m-7/terminals/t-2";
inline constexpr char kHrPath[] = "/hr/unions/fh-1";

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_RPC_PIPELINE_FIXTURE_H_
