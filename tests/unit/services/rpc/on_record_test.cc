// SPDX-License-Identifier: Apache-2.0
// Calls that have to be on record: noted with what came of them, and not answered before.
#include "services/rpc/access_text.h"
#include "tests/unit/services/rpc/pipeline_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>

#include <vector>

namespace puhui::services {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kAuditorPath[] = "/auditor/unions/fh-1/people/a-1";

class OnRecordTest : public PipelineTest {
 protected:
  OnRecordTest() : PipelineTest(/*status_on_worker=*/false, /*purpose_required=*/true) {}
  std::vector<std::string> Notes() { return notes_.Lines(); }
  static std::unique_ptr<grpc::ClientContext> AuditorWith(const std::string& purpose) {
    auto context = As(kAuditorPath);
    context->AddMetadata(std::string(kPurposeHeader), purpose);
    return context;
  }
};

TEST_F(OnRecordTest, ATryOutsideTheRoleIsNotedAndLearnsNothing) {
  const grpc::Status status = GetStatus(AuditorWith("年度审计").get());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(Notes(), ElementsAre("GetStatus people/a-1 年度审计 0 PERMISSION_DENIED"));
}

TEST_F(OnRecordTest, OthersLeaveNoNote) {
  EXPECT_TRUE(GetStatus(As("/operator").get()).ok());
  EXPECT_EQ(GetStatus(As("/hr/unions/fh-1").get()).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(Notes(), ElementsAre());
}

TEST_F(OnRecordTest, AStreamIsNotedBeforeItsFirstRowAndAtItsEnd) {
  admin_.verify = [](const CallContext&) -> absl::StatusOr<MessageSource<v1::StartVerifyResponse>> {
    return MessageSource<v1::StartVerifyResponse>(
        [left = 3](v1::StartVerifyResponse*) mutable -> absl::StatusOr<Pull> {
          return left-- > 0 ? Pull::kMessage : Pull::kEnd;
        });
  };
  const auto context = AuditorWith("audit");
  const auto reader = admin_stub_->StartVerify(context.get(), {});
  v1::StartVerifyResponse message;
  int messages = 0;
  while (reader->Read(&message)) ++messages;
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(messages, 3);
  EXPECT_THAT(Notes(), ElementsAre("StartVerify people/a-1 audit 1 unended",
                                   "StartVerify people/a-1 audit 3 OK of 1"));
}

TEST_F(OnRecordTest, WhatCannotBeNotedIsNotAnswered) {
  notes_.Fail(absl::UnavailableError("the disk is gone"));
  const auto context = AuditorWith("audit");
  admin_.verify = [](const CallContext&) -> absl::StatusOr<MessageSource<v1::StartVerifyResponse>> {
    return MessageSource<v1::StartVerifyResponse>(
        [](v1::StartVerifyResponse*) -> absl::StatusOr<Pull> { return Pull::kMessage; });
  };
  const auto reader = admin_stub_->StartVerify(context.get(), {});
  v1::StartVerifyResponse message;
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(GetStatus(As("/operator").get()).ok()) << "who need not be on record goes on";
}

TEST_F(OnRecordTest, APurposeIsWantedOfAuditorsAndJudged) {
  const auto verify = [this](std::unique_ptr<grpc::ClientContext> context) {
    const auto reader = admin_stub_->StartVerify(context.get(), {});
    v1::StartVerifyResponse message;
    while (reader->Read(&message)) {
    }
    return reader->Finish();
  };
  admin_.verify = [](const CallContext&) -> absl::StatusOr<MessageSource<v1::StartVerifyResponse>> {
    return MessageSource<v1::StartVerifyResponse>(
        [](v1::StartVerifyResponse*) -> absl::StatusOr<Pull> { return Pull::kEnd; });
  };
  EXPECT_TRUE(verify(AuditorWith("年度审计")).ok());
  EXPECT_TRUE(verify(AuditorWith(std::string(kReasonCharactersMax, 'x'))).ok());
  for (const std::string& purpose :
       {std::string(kReasonCharactersMax + 1, 'x'), std::string("\xFF\xFE"), std::string("a\nb"),
        std::string("of 350102199001011234"), std::string()}) {
    EXPECT_EQ(verify(AuditorWith(purpose)).error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << purpose;
  }
  EXPECT_EQ(verify(As(kAuditorPath)).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(Notes().back(), HasSubstr("INVALID_FIELD"));
}

}  // namespace
}  // namespace puhui::services
