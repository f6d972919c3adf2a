// SPDX-License-Identifier: Apache-2.0
// The pipeline around the admin service, over an in-process channel: no ports, no certificates.
#include "services/rpc/pipeline.h"

#include "ledger/core/refusal.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/rpc/client_stream.h"
#include "services/rpc/server_stream.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Takes the caller from the call's metadata: an in-process channel has no certificates.
class MetadataAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<Principal> Authenticate(const grpc::ServerContextBase& context) const override {
    const auto found = context.client_metadata().find("uri");
    if (found == context.client_metadata().end()) return absl::UnauthenticatedError("no uri");
    return ParseSpiffeUri(absl::string_view(found->second.data(), found->second.size()), "d");
  }
};

class Admin final : public v1::AdminService::CallbackService {
 public:
  using Status = std::function<absl::StatusOr<v1::GetStatusResponse>(const CallContext&)>;
  using Verify =
      std::function<absl::StatusOr<MessageSource<v1::StartVerifyResponse>>(const CallContext&)>;
  explicit Admin(Pipeline* pipeline) : pipeline_(pipeline) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* wire,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override {
    const auto handler = [this](const CallContext& call, const v1::GetStatusRequest&) {
      return status(call);
    };
    if (on_worker) {
      return pipeline_->UnaryOnWorker(Rpc::kGetStatus, wire, request, response, handler);
    }
    return pipeline_->Unary(Rpc::kGetStatus, wire, request, response, handler);
  }
  grpc::ServerWriteReactor<v1::StartVerifyResponse>* StartVerify(
      grpc::CallbackServerContext* wire, const v1::StartVerifyRequest* request) override {
    return ServerStream<v1::StartVerifyResponse>(
        *pipeline_, Rpc::kStartVerify, wire, request,
        [this](const CallContext& call, const v1::StartVerifyRequest&) { return verify(call); });
  }

  Status status = [](const CallContext&) { return v1::GetStatusResponse(); };
  Verify verify;
  bool on_worker = false;

 private:
  Pipeline* const pipeline_;
};

class Till final : public v1::PosService::CallbackService {
 public:
  using Handler = std::function<void(const CallContext&, v1::PurchaseResponse*, Completion)>;
  explicit Till(Pipeline* pipeline) : pipeline_(pipeline) {}
  grpc::ServerUnaryReactor* Purchase(grpc::CallbackServerContext* wire,
                                     const v1::PurchaseRequest* request,
                                     v1::PurchaseResponse* response) override {
    return pipeline_->UnaryAsync(
        Rpc::kPurchase, wire, request, response,
        [this](const CallContext& call, const v1::PurchaseRequest&, v1::PurchaseResponse* answer,
               Completion done) { purchase(call, answer, std::move(done)); });
  }
  Handler purchase;

 private:
  Pipeline* const pipeline_;
};

class PlanReceiver final : public StreamReceiver<v1::UploadPlanRequest, v1::UploadPlanResponse> {
 public:
  explicit PlanReceiver(std::atomic<int>* finished) : finished_(finished) {}
  absl::Status Receive(v1::UploadPlanRequest&& message) override {
    if (message.rows().rows_size() == 0) return InvalidField("rows", "want some");
    rows_ += static_cast<std::uint64_t>(message.rows().rows_size());
    return absl::OkStatus();
  }
  absl::StatusOr<v1::UploadPlanResponse> Finish() override {
    ++*finished_;
    v1::UploadPlanResponse response;
    response.mutable_plan()->set_rows(rows_);
    return response;
  }

 private:
  std::atomic<int>* const finished_;
  std::uint64_t rows_ = 0;
};

class Campaigns final : public v1::CampaignService::CallbackService {
 public:
  explicit Campaigns(Pipeline* pipeline) : pipeline_(pipeline) {}
  grpc::ServerReadReactor<v1::UploadPlanRequest>* UploadPlan(
      grpc::CallbackServerContext* wire, v1::UploadPlanResponse* response) override {
    using Receiver = StreamReceiver<v1::UploadPlanRequest, v1::UploadPlanResponse>;
    return ClientStream<v1::UploadPlanRequest>(
        *pipeline_, Rpc::kUploadPlan, wire, response, kBytesMax,
        [this](const CallContext&) -> absl::StatusOr<std::unique_ptr<Receiver>> {
          return std::make_unique<PlanReceiver>(&finished);
        });
  }
  static constexpr std::size_t kBytesMax = 10'000;
  std::atomic<int> finished{0};

 private:
  Pipeline* const pipeline_;
};

class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&admin_);
    builder.RegisterService(&till_);
    builder.RegisterService(&campaigns_);
    server_ = builder.BuildAndStart();
    const auto channel = server_->InProcessChannel({});
    admin_stub_ = v1::AdminService::NewStub(channel);
    till_stub_ = v1::PosService::NewStub(channel);
    campaign_stub_ = v1::CampaignService::NewStub(channel);
  }
  ~PipelineTest() override { server_->Shutdown(); }

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
  std::string Log() {
    log_.Flush();
    return lines_;
  }

  FakeClock clock_;
  MetadataAuthenticator authenticator_;
  std::string lines_;
  CallLog log_{[this](absl::string_view lines) { lines_.append(lines.data(), lines.size()); },
               absl::Hours(1)};
  CallMetrics metrics_;
  WorkerPool workers_{1, 1};
  Pipeline pipeline_{{.authenticator = &authenticator_,
                      .clock = &clock_,
                      .workers = &workers_,
                      .log = &log_,
                      .metrics = &metrics_,
                      .in_flight_max = 64}};
  Admin admin_{&pipeline_};
  Till till_{&pipeline_};
  Campaigns campaigns_{&pipeline_};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::AdminService::Stub> admin_stub_;
  std::unique_ptr<v1::PosService::Stub> till_stub_;
  std::unique_ptr<v1::CampaignService::Stub> campaign_stub_;
};

const char kTerminal[] = "/terminal/merchants/m-7/terminals/t-2";
const char kHrPath[] = "/hr/unions/fh-1";

TEST_F(PipelineTest, HandsTheCallerToTheHandlerAndItsAnswerBack) {
  admin_.status = [](const CallContext& call) {
    v1::GetStatusResponse response;
    response.set_detail(call.principal().caller);
    return response;
  };
  const auto context = As("/operator/people/wang");
  v1::GetStatusResponse response;
  ASSERT_TRUE(admin_stub_->GetStatus(context.get(), {}, &response).ok());
  EXPECT_EQ(response.detail(), "/operator/people/wang");
  EXPECT_EQ(metrics_.Count(Rpc::kGetStatus, absl::StatusCode::kOk), 1U);
  EXPECT_EQ(metrics_.in_flight(), 0);
  EXPECT_THAT(Log(),
              HasSubstr("\"rpc\":\"AdminService/GetStatus\",\"caller\":\"/operator/people/wang\","
                        "\"code\":\"OK\""));
}

TEST_F(PipelineTest, TheHandlerNeverSeesStrangersNorOtherRoles) {
  admin_.status = [](const CallContext&) -> absl::StatusOr<v1::GetStatusResponse> {
    ADD_FAILURE() << "the handler ran";
    return absl::InternalError("");
  };
  grpc::ClientContext nobody;
  EXPECT_EQ(GetStatus(&nobody).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(GetStatus(As("/king").get()).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  const grpc::Status denied = GetStatus(As(kHrPath).get());
  EXPECT_EQ(denied.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ledger::RefusalOf(FromGrpcStatus(denied))->reason, ledger::Reason::kPermissionDenied);
  EXPECT_EQ(metrics_.in_flight(), 0);
}

TEST_F(PipelineTest, TheLogKnowsWhatTheCallerIsNotTold) {
  admin_.status = [](const CallContext&) -> absl::StatusOr<v1::GetStatusResponse> {
    return absl::DataLossError("record 17 does not hash to its leaf");
  };
  const grpc::Status status = GetStatus(As("/operator").get());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("17")));
  EXPECT_THAT(Log(), HasSubstr("\"detail\":\"record 17 does not hash to its leaf\""));
}

TEST_F(PipelineTest, WorkRunsOnAWorker) {
  admin_.on_worker = true;
  std::promise<std::thread::id> worker;
  ASSERT_TRUE(workers_.TrySubmit([&worker] { worker.set_value(std::this_thread::get_id()); }));
  const std::thread::id id = worker.get_future().get();
  admin_.status = [id](const CallContext&) {
    EXPECT_EQ(std::this_thread::get_id(), id);
    return v1::GetStatusResponse();
  };
  EXPECT_TRUE(GetStatus(As("/operator").get()).ok());
}

TEST_F(PipelineTest, AFullQueueOfWorkersRefusesWithOverloaded) {
  admin_.on_worker = true;
  std::promise<void> started;
  std::promise<void> release;
  ASSERT_TRUE(workers_.TrySubmit([&] {
    started.set_value();
    release.get_future().wait();
  }));
  started.get_future().wait();
  ASSERT_TRUE(workers_.TrySubmit([] {}));
  const grpc::Status status = GetStatus(As("/operator").get());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  release.set_value();
}

TEST_F(PipelineTest, AnAnswerMayComeLaterFromAnotherThread) {
  std::thread later;
  till_.purchase = [&later](const CallContext&, v1::PurchaseResponse* response, Completion done) {
    later = std::thread([response, done = std::move(done)]() mutable {
      response->mutable_purchase()->set_points(9);
      done(absl::OkStatus());
    });
  };
  v1::PurchaseResponse response;
  EXPECT_TRUE(Purchase(As(kTerminal).get(), &response).ok());
  EXPECT_EQ(response.purchase().points(), 9);
  later.join();
}

TEST_F(PipelineTest, ADroppedCompletionIsAnsweredAsInternal) {
  till_.purchase = [](const CallContext&, v1::PurchaseResponse*, Completion) {};
  v1::PurchaseResponse response;
  EXPECT_EQ(Purchase(As(kTerminal).get(), &response).error_code(), grpc::StatusCode::INTERNAL);
}

TEST_F(PipelineTest, AMoneyCallWithoutADeadlineGetsFiveSeconds) {
  absl::Time deadline;
  till_.purchase = [&deadline](const CallContext& call, v1::PurchaseResponse*, Completion done) {
    deadline = call.deadline();
    done(absl::OkStatus());
  };
  v1::PurchaseResponse response;
  EXPECT_TRUE(Purchase(As(kTerminal).get(), &response).ok());
  EXPECT_EQ(deadline, clock_.Now() + absl::Seconds(5));

  const auto hurried = As(kTerminal);
  hurried->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  EXPECT_TRUE(Purchase(hurried.get(), &response).ok());
  EXPECT_GT(deadline, clock_.Now() + absl::Seconds(30));
  EXPECT_LE(deadline, clock_.Now() + absl::Seconds(61));
}

TEST_F(PipelineTest, AReadWithoutADeadlineHasNone) {
  absl::Time deadline;
  admin_.status = [&deadline](const CallContext& call) {
    deadline = call.deadline();
    return v1::GetStatusResponse();
  };
  EXPECT_TRUE(GetStatus(As("/operator").get()).ok());
  EXPECT_EQ(deadline, absl::InfiniteFuture());
}

TEST_F(PipelineTest, RefusesAtTheDoorWhenTooManyCallsAreUnderWay) {
  for (int i = 0; i < 63; ++i) metrics_.Begin();
  EXPECT_TRUE(GetStatus(As("/operator").get()).ok());
  metrics_.Begin();
  EXPECT_EQ(GetStatus(As("/operator").get()).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(metrics_.in_flight(), 64);
}

TEST_F(PipelineTest, AClientThatLeavesIsSeenByTheHandler) {
  std::promise<void> arrived;
  std::promise<bool> seen;
  std::thread later;
  till_.purchase = [&](const CallContext& call, v1::PurchaseResponse*, Completion done) {
    later = std::thread([&, context = &call, done = std::move(done)]() mutable {
      arrived.set_value();
      while (!context->Cancelled()) std::this_thread::yield();
      seen.set_value(true);
      done(absl::CancelledError());
    });
  };
  const auto context = As(kTerminal);
  std::thread leaver([&] {
    arrived.get_future().wait();
    context->TryCancel();
  });
  v1::PurchaseResponse response;
  EXPECT_EQ(Purchase(context.get(), &response).error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(seen.get_future().get());
  leaver.join();
  later.join();
}

// A source of `count` messages that is idle once before each.
MessageSource<v1::StartVerifyResponse> Counting(std::uint64_t count) {
  return [count, next = std::uint64_t{0},
          idle = true](v1::StartVerifyResponse* message) mutable -> absl::StatusOr<Pull> {
    idle = !idle;
    if (next == 2 && !idle) return Pull::kIdle;
    if (next == count) return Pull::kEnd;
    message->set_records_done(++next);
    return Pull::kMessage;
  };
}

TEST_F(PipelineTest, AStreamDeliversEveryMessageInOrder) {
  admin_.verify = [](const CallContext&) { return Counting(500); };
  const auto context = As("/auditor");
  const auto reader = admin_stub_->StartVerify(context.get(), {});
  v1::StartVerifyResponse message;
  std::uint64_t expected = 0;
  while (reader->Read(&message)) EXPECT_EQ(message.records_done(), ++expected);
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(expected, 500U);
  EXPECT_EQ(metrics_.Count(Rpc::kStartVerify, absl::StatusCode::kOk), 1U);
}

TEST_F(PipelineTest, AStreamThatFailsSaysWhyAfterItsMessages) {
  admin_.verify = [](const CallContext&) -> MessageSource<v1::StartVerifyResponse> {
    return [sent = false](v1::StartVerifyResponse*) mutable -> absl::StatusOr<Pull> {
      if (std::exchange(sent, true)) return NotFound("thing");
      return Pull::kMessage;
    };
  };
  const auto context = As("/auditor");
  const auto reader = admin_stub_->StartVerify(context.get(), {});
  v1::StartVerifyResponse message;
  EXPECT_TRUE(reader->Read(&message));
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(PipelineTest, AStreamIsRefusedLikeAnyCall) {
  admin_.verify = [](const CallContext&) { return Counting(1); };
  v1::StartVerifyResponse message;
  const auto denied = As(kTerminal);
  EXPECT_EQ(admin_stub_->StartVerify(denied.get(), {})->Finish().error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  admin_.verify = [](const CallContext&) -> absl::StatusOr<MessageSource<v1::StartVerifyResponse>> {
    return InvalidField("x", "y");
  };
  const auto invalid = As("/operator");
  EXPECT_EQ(admin_stub_->StartVerify(invalid.get(), {})->Finish().error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(PipelineTest, ASlowReaderHoldsTheSourceBackAndLeavingEndsIt) {
  auto made = std::make_shared<std::atomic<std::uint64_t>>(0);
  auto gone = std::make_shared<std::promise<void>>();
  std::future<void> ended = gone->get_future();
  admin_.verify = [made, &gone](const CallContext&) {
    std::shared_ptr<void> on_end(nullptr, [gone](void*) { gone->set_value(); });
    gone.reset();
    return MessageSource<v1::StartVerifyResponse>(
        [made, on_end](v1::StartVerifyResponse* message) -> absl::StatusOr<Pull> {
          ++*made;
          message->mutable_result()->set_root(std::string(100'000, 'r'));
          return Pull::kMessage;
        });
  };
  const auto context = As("/auditor");
  const auto reader = admin_stub_->StartVerify(context.get(), {});
  v1::StartVerifyResponse message;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(reader->Read(&message));
  context->TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  ended.wait();
  // Some are on their way in gRPC's buffers, but the endless source was not drained into memory.
  EXPECT_LT(*made, 1'000U);
}

v1::UploadPlanRequest Rows(int count) {
  v1::UploadPlanRequest message;
  for (int i = 0; i < count; ++i) message.mutable_rows()->add_rows()->set_points(1);
  return message;
}

TEST_F(PipelineTest, AnUploadIsCollectedAndAnsweredOnce) {
  const auto context = As(kHrPath);
  v1::UploadPlanResponse response;
  const auto writer = campaign_stub_->UploadPlan(context.get(), &response);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(writer->Write(Rows(7)));
  writer->WritesDone();
  EXPECT_TRUE(writer->Finish().ok());
  EXPECT_EQ(response.plan().rows(), 70U);
  EXPECT_EQ(campaigns_.finished, 1);
}

TEST_F(PipelineTest, AnUploadAboveItsBoundIsRefusedWhereItCrossesIt) {
  const auto context = As(kHrPath);
  v1::UploadPlanResponse response;
  const auto writer = campaign_stub_->UploadPlan(context.get(), &response);
  while (writer->Write(Rows(500))) {
  }
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(campaigns_.finished, 0);
}

TEST_F(PipelineTest, AMessageThatTheReceiverRefusesEndsTheUpload) {
  const auto context = As(kHrPath);
  v1::UploadPlanResponse response;
  const auto writer = campaign_stub_->UploadPlan(context.get(), &response);
  while (writer->Write(Rows(0))) {
  }
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(campaigns_.finished, 0);
}

TEST_F(PipelineTest, AnUploadThatIsCutIsNeverTakenForWhole) {
  for (int i = 0; i < 20; ++i) {
    const auto context = As(kHrPath);
    v1::UploadPlanResponse response;
    const auto writer = campaign_stub_->UploadPlan(context.get(), &response);
    ASSERT_TRUE(writer->Write(Rows(3)));
    context->TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  server_->Shutdown();
  EXPECT_EQ(campaigns_.finished, 0);
}

TEST_F(PipelineTest, AMethodGuardedByAnotherMethodsRowIsABug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  grpc::CallbackServerContext wire;
  v1::GetStatusRequest request;
  v1::GetStatusResponse response;
  EXPECT_DEATH(
      pipeline_.Unary(Rpc::kGetCheckpoint, &wire, &request, &response,
                      [](const CallContext&, const v1::GetStatusRequest&) {
                        return absl::StatusOr<v1::GetStatusResponse>(v1::GetStatusResponse());
                      }),
      "BelongsTo");
}

}  // namespace
}  // namespace puhui::services
