// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/client_stream.h"
#include "services/rpc/server_stream.h"
#include "tests/unit/services/rpc/pipeline_fixture.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using StreamTest = PipelineTest;

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

TEST_F(StreamTest, AStreamDeliversEveryMessageInOrder) {
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

TEST_F(StreamTest, AStreamThatFailsSaysWhyAfterItsMessages) {
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

TEST_F(StreamTest, AStreamIsRefusedLikeAnyCall) {
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

TEST_F(StreamTest, ASlowReaderHoldsTheSourceBackAndLeavingEndsIt) {
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

v1::UploadPlanRequest Start(std::uint64_t rows) {
  v1::UploadPlanRequest message;
  message.mutable_start()->set_rows(rows);
  return message;
}

v1::UploadPlanRequest Rows(int count) {
  v1::UploadPlanRequest message;
  for (int i = 0; i < count; ++i) message.mutable_rows()->add_rows()->set_points(1);
  return message;
}

TEST_F(StreamTest, AnUploadIsCollectedAndAnsweredOnce) {
  const auto context = As(kHrPath);
  v1::UploadPlanResponse response;
  const auto writer = campaign_stub_->UploadPlan(context.get(), &response);
  ASSERT_TRUE(writer->Write(Start(70)));
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(writer->Write(Rows(7)));
  writer->WritesDone();
  EXPECT_TRUE(writer->Finish().ok());
  EXPECT_EQ(response.plan().rows(), 70U);
  EXPECT_EQ(campaigns_.finished, 1);
}

TEST_F(StreamTest, AnUploadAboveItsBoundIsRefusedWhereItCrossesIt) {
  const auto context = As(kHrPath);
  v1::UploadPlanResponse response;
  const auto writer = campaign_stub_->UploadPlan(context.get(), &response);
  while (writer->Write(Rows(500))) {
  }
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(campaigns_.finished, 0);
}

TEST_F(StreamTest, AMessageThatTheReceiverRefusesEndsTheUpload) {
  const auto context = As(kHrPath);
  v1::UploadPlanResponse response;
  const auto writer = campaign_stub_->UploadPlan(context.get(), &response);
  while (writer->Write(Rows(0))) {
  }
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(campaigns_.finished, 0);
}

// What a cut is when gRPC has not said so yet.
TEST_F(StreamTest, AnUploadThatEndsEarlyIsRefused) {
  const auto context = As(kHrPath);
  v1::UploadPlanResponse response;
  const auto writer = campaign_stub_->UploadPlan(context.get(), &response);
  ASSERT_TRUE(writer->Write(Start(5)));
  ASSERT_TRUE(writer->Write(Rows(3)));
  writer->WritesDone();
  EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(campaigns_.finished, 0);
}

TEST_F(StreamTest, AnUploadThatIsCutIsNeverTakenForWhole) {
  for (int i = 0; i < 20; ++i) {
    const auto context = As(kHrPath);
    v1::UploadPlanResponse response;
    const auto writer = campaign_stub_->UploadPlan(context.get(), &response);
    ASSERT_TRUE(writer->Write(Start(5)));
    ASSERT_TRUE(writer->Write(Rows(3)));
    context->TryCancel();
    EXPECT_EQ(writer->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  server_->Shutdown();
  EXPECT_EQ(campaigns_.finished, 0);
}

}  // namespace
}  // namespace puhui::services
