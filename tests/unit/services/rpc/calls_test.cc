// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/calls.h"

#include "tests/unit/services/rpc/pipeline_fixture.h"

#include "grpc/health/v1/health.grpc.pb.h"
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

class CallsTest : public PipelineTest {
 protected:
  CallsTest() : health_stub_(grpc::health::v1::Health::NewStub(server_->InProcessChannel({}))) {}
  std::unique_ptr<grpc::health::v1::Health::Stub> health_stub_;
};

// As the ledger does it: handlers leave their calls behind, and when all at hand have come somebody
// sees to them.
TEST_F(CallsTest, SaysWhenAllCallsAtHandHaveCome) {
  Mutex mutex;
  std::vector<Completion> waiting;
  till_.purchase = [&](const CallContext&, v1::PurchaseResponse*, Completion done) {
    MutexLock lock(&mutex);
    waiting.push_back(std::move(done));
  };
  drained_ = [&] {
    MutexLock lock(&mutex);
    for (Completion& done : waiting) done(absl::OkStatus());
    waiting.clear();
  };
  v1::PurchaseResponse response;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(Purchase(As(kTerminal).get(), &response).ok());
  Stop();
}

TEST_F(CallsTest, MoreCallsThanAreAwaitedAreAllAnswered) {
  till_.purchase = [](const CallContext&, v1::PurchaseResponse*, Completion done) {
    done(absl::OkStatus());
  };
  std::vector<std::thread> threads;
  std::atomic<int> answered{0};
  for (int t = 0; t < 48; ++t) {
    threads.emplace_back([&] {
      v1::PurchaseResponse response;
      for (int i = 0; i < 5; ++i) answered += Purchase(As(kTerminal).get(), &response).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 48 * 5);
}

// An in-process channel cuts its calls off when the server goes, so the caller may hear of neither.
TEST_F(CallsTest, StoppingWaitsForTheAnswersThatAreOwed) {
  std::promise<Completion> owed;
  till_.purchase = [&](const CallContext&, v1::PurchaseResponse*, Completion done) {
    owed.set_value(std::move(done));
  };
  std::thread caller([&] {
    v1::PurchaseResponse response;
    Purchase(As(kTerminal).get(), &response);
  });
  Completion done = owed.get_future().get();
  std::atomic<bool> answered{false};
  std::thread stopper([&] {
    Stop();
    EXPECT_TRUE(answered);
  });
  answered = true;
  done(absl::OkStatus());
  stopper.join();
  caller.join();
}

TEST_F(CallsTest, AClientThatLeavesDoesNotTakeTheAnswerWithIt) {
  std::promise<Completion> owed;
  till_.purchase = [&](const CallContext&, v1::PurchaseResponse*, Completion done) {
    owed.set_value(std::move(done));
  };
  const auto context = As(kTerminal);
  v1::PurchaseResponse response;
  std::thread caller([&] {
    EXPECT_EQ(Purchase(context.get(), &response).error_code(), grpc::StatusCode::CANCELLED);
  });
  Completion done = owed.get_future().get();
  context->TryCancel();
  caller.join();
  done(absl::OkStatus());  // Nobody hears it, and it ends the call.
  Stop();
  EXPECT_EQ(metrics_.in_flight(), 0);
}

TEST_F(CallsTest, HealthIsOfTheWholeServerAndNeedsNoRole) {
  grpc::ClientContext context;
  HealthCheckResponse response;
  EXPECT_TRUE(health_stub_->Check(&context, {}, &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  grpc::ClientContext other;
  HealthCheckRequest named;
  named.set_service("puhui.v1.PosService");
  EXPECT_EQ(health_stub_->Check(&other, named, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  health_.Stop();
  grpc::ClientContext late;
  EXPECT_TRUE(health_stub_->Check(&late, {}, &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
}

TEST_F(CallsTest, WhoWatchesHealthIsToldOfTheEnd) {
  grpc::ClientContext context;
  HealthCheckResponse response;
  const auto watch = health_stub_->Watch(&context, {});
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  health_.Stop();
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  EXPECT_FALSE(watch->Read(&response));
  EXPECT_TRUE(watch->Finish().ok());
}

TEST_F(CallsTest, WatchingAnUnknownServiceSaysSoAndALeaverIsForgotten) {
  grpc::ClientContext context;
  HealthCheckRequest named;
  named.set_service("puhui.v1.PosService");
  HealthCheckResponse response;
  const auto watch = health_stub_->Watch(&context, named);
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVICE_UNKNOWN);
  context.TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
  Stop();  // Would wait for ever for a call that does not end.
}

}  // namespace
}  // namespace puhui::services
