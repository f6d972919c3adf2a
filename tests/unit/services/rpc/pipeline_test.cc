// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/pipeline.h"

#include "ledger/base/limits.h"
#include "ledger/core/refusal.h"
#include "tests/unit/services/rpc/pipeline_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// GetStatus is answered by a worker.
class WorkerTest : public PipelineTest {
 protected:
  WorkerTest() : PipelineTest(/*status_on_worker=*/true) {}
};

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

TEST_F(WorkerTest, WorkRunsOnAWorker) {
  std::promise<std::thread::id> worker;
  ASSERT_TRUE(workers_.TrySubmit([&worker] { worker.set_value(std::this_thread::get_id()); }));
  const std::thread::id id = worker.get_future().get();
  admin_.status = [id](const CallContext&) {
    EXPECT_EQ(std::this_thread::get_id(), id);
    return v1::GetStatusResponse();
  };
  EXPECT_TRUE(GetStatus(As("/operator").get()).ok());
}

TEST_F(WorkerTest, AFullQueueOfWorkersRefusesWithOverloaded) {
  // The job's too: it may be at them still when the test is over.
  const auto started = std::make_shared<std::promise<void>>();
  const auto release = std::make_shared<std::promise<void>>();
  ASSERT_TRUE(workers_.TrySubmit([started, release] {
    started->set_value();
    release->get_future().wait();
  }));
  started->get_future().wait();
  ASSERT_TRUE(workers_.TrySubmit([] {}));
  const grpc::Status status = GetStatus(As("/operator").get());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  release->set_value();
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

// A request of so many bytes, in a field that no handler reads.
v1::PurchaseRequest RequestOf(std::size_t bytes) {
  v1::PurchaseRequest request;
  std::string* const text = request.mutable_card_number();
  text->resize(bytes);
  while (request.ByteSizeLong() > bytes) text->pop_back();
  EXPECT_EQ(request.ByteSizeLong(), bytes);
  return request;
}

TEST_F(PipelineTest, ATillsRequestIsSmallAndALargerOneIsRefusedBeforeAnythingElse) {
  int handled = 0;
  till_.purchase = [&handled](const CallContext&, v1::PurchaseResponse*, Completion done) {
    ++handled;
    done(absl::OkStatus());
  };
  v1::PurchaseResponse response;
  const auto fits = As(kTerminal);
  EXPECT_TRUE(till_stub_->Purchase(fits.get(), RequestOf(kTillMessageBytesMax), &response).ok());
  EXPECT_EQ(handled, 1);
  grpc::ClientContext nobody;
  const grpc::Status refused =
      till_stub_->Purchase(&nobody, RequestOf(kTillMessageBytesMax + 1), &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ledger::RefusalOf(FromGrpcStatus(refused))->reason, ledger::Reason::kMessageTooLarge);
  EXPECT_EQ(handled, 1);
  EXPECT_EQ(metrics_.Count(Rpc::kPurchase, absl::StatusCode::kResourceExhausted), 1U);
  EXPECT_EQ(metrics_.in_flight(), 0);
}

TEST_F(PipelineTest, RefusesAtTheDoorWhenTooManyCallsAreUnderWay) {
  for (int i = 0; i < 63; ++i) metrics_.Begin();
  EXPECT_TRUE(GetStatus(As("/operator").get()).ok());
  metrics_.Begin();
  EXPECT_EQ(GetStatus(As("/operator").get()).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(metrics_.in_flight(), 64);
}

TEST_F(WorkerTest, AClientThatLeavesIsSeenByTheHandler) {
  std::promise<void> arrived;
  std::promise<bool> seen;
  admin_.status = [&](const CallContext& call) -> absl::StatusOr<v1::GetStatusResponse> {
    arrived.set_value();
    while (!call.Cancelled()) std::this_thread::yield();
    seen.set_value(true);
    return absl::CancelledError();
  };
  const auto context = As("/operator");
  std::thread leaver([&] {
    arrived.get_future().wait();
    context->TryCancel();
  });
  EXPECT_EQ(GetStatus(context.get()).error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(seen.get_future().get());
  leaver.join();
  Stop();  // The handler has returned.
}

TEST_F(PipelineTest, AMethodGuardedByAnotherMethodsRowIsABug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  grpc::ServerContext wire;
  EXPECT_DEATH(
      {
        Pipeline::Passage passage(Rpc::kGetCheckpoint, &wire);
        pipeline_.Begin(v1::GetStatusRequest(), wire, &passage).IgnoreError();
      },
      "BelongsTo");
}

}  // namespace
}  // namespace puhui::services
