// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/error.h"

#include "puhui/v1/errors.pb.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

v1::RpcStatus Details(const grpc::Status& status) {
  v1::RpcStatus details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

v1::ErrorInfo Info(const grpc::Status& status) {
  v1::ErrorInfo info;
  const v1::RpcStatus details = Details(status);
  EXPECT_GE(details.details_size(), 1);
  if (details.details_size() == 0) return info;
  EXPECT_EQ(details.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_TRUE(info.ParseFromString(details.details(0).value()));
  return info;
}

TEST(ErrorTest, EveryReasonOfTheLedgerIsAReasonOfTheApi) {
  const google::protobuf::EnumDescriptor* api = v1::Reason_descriptor();
  for (const Reason reason : ledger::AllReasons()) {
    const auto* value = api->FindValueByNumber(static_cast<int>(reason));
    ASSERT_NE(value, nullptr) << ledger::ReasonName(reason);
    EXPECT_EQ(value->name(), absl::StrCat("REASON_", ledger::ReasonName(reason)));
  }
  // And no other way round: one value of the API, UNSPECIFIED, is no reason.
  EXPECT_EQ(static_cast<std::size_t>(api->value_count()), ledger::AllReasons().size() + 1);
}

TEST(ErrorTest, RefusalTravelsWithReasonDomainAndMetadata) {
  const grpc::Status status = ToGrpcStatus(ledger::ToStatus({.reason = Reason::kInsufficientPoints,
                                                             .message = "120 are available here",
                                                             .metadata = {{"available", "120"}}}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "120 are available here");
  EXPECT_EQ(Details(status).code(), static_cast<int>(grpc::StatusCode::FAILED_PRECONDITION));
  const v1::ErrorInfo info = Info(status);
  EXPECT_EQ(info.reason(), "INSUFFICIENT_POINTS");
  EXPECT_EQ(info.domain(), "puhui");
  EXPECT_EQ(info.metadata().at("available"), "120");
  EXPECT_EQ(Details(status).details_size(), 1);
}

TEST(ErrorTest, EveryReasonTravelsUnderItsOwnCode) {
  for (const Reason reason : ledger::AllReasons()) {
    const grpc::Status status = ToGrpcStatus(ledger::ToStatus({.reason = reason}));
    EXPECT_EQ(static_cast<int>(status.error_code()), static_cast<int>(ledger::CodeFor(reason)));
    EXPECT_EQ(Info(status).reason(), ledger::ReasonName(reason));
  }
}

TEST(ErrorTest, BrokenFieldIsNamedInBadRequest) {
  const grpc::Status status = ToGrpcStatus(InvalidField("rows[3].points", "want 1 to 10"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const v1::RpcStatus details = Details(status);
  ASSERT_EQ(details.details_size(), 2);
  EXPECT_EQ(details.details(1).type_url(), "type.googleapis.com/google.rpc.BadRequest");
  v1::BadRequest bad;
  ASSERT_TRUE(bad.ParseFromString(details.details(1).value()));
  ASSERT_EQ(bad.field_violations_size(), 1);
  EXPECT_EQ(bad.field_violations(0).field(), "rows[3].points");
  EXPECT_EQ(bad.field_violations(0).description(), "want 1 to 10");
}

TEST(ErrorTest, ComplaintsOfTheBaseTypesNameTheirField) {
  const auto answer = AnswerFor(absl::InvalidArgumentError("points: want 1 to 10"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->reason, Reason::kInvalidField);
  EXPECT_EQ(answer->field, "points");
  EXPECT_EQ(answer->message, "want 1 to 10");
  const auto prose = AnswerFor(absl::InvalidArgumentError("this is odd: very"));
  ASSERT_TRUE(prose.has_value());
  EXPECT_EQ(prose->field, "");
}

TEST(ErrorTest, WhatAMachineBrokeOverNeverReachesTheCaller) {
  constexpr char kSecret[] = "block 17 of /var/lib/puhui/000012.sst";
  for (const absl::StatusCode code :
       {absl::StatusCode::kInternal, absl::StatusCode::kDataLoss, absl::StatusCode::kUnknown,
        absl::StatusCode::kAborted, absl::StatusCode::kFailedPrecondition,
        absl::StatusCode::kOutOfRange, absl::StatusCode::kUnimplemented,
        absl::StatusCode::kUnavailable, absl::StatusCode::kResourceExhausted,
        absl::StatusCode::kDeadlineExceeded}) {
    const grpc::Status status = ToGrpcStatus(absl::Status(code, kSecret));
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(status.error_message().find("sst"), std::string::npos);
    EXPECT_EQ(status.error_details().find("sst"), std::string::npos);
  }
  EXPECT_EQ(ToGrpcStatus(absl::DataLossError(kSecret)).error_code(), grpc::StatusCode::INTERNAL);
  const absl::Status packed =
      ledger::ToStatus({.reason = Reason::kUnavailable, .message = kSecret});
  EXPECT_EQ(ToGrpcStatus(packed).error_message().find("sst"), std::string::npos);
  EXPECT_EQ(ToGrpcStatus(packed).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST(ErrorTest, OkAndCancelledCarryNoDetails) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  const grpc::Status cancelled = ToGrpcStatus(absl::CancelledError("x"));
  EXPECT_EQ(cancelled.error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(cancelled.error_details(), "");
}

TEST(ErrorTest, TheOtherEndReadsTheSameRefusal) {
  const ledger::Refusal sent{.reason = Reason::kBudgetTooSmall,
                             .field = "plan",
                             .message = "the plan is larger",
                             .metadata = {{"available", "7"}, {"wanted", "9"}}};
  const absl::Status received = FromGrpcStatus(ToGrpcStatus(ledger::ToStatus(sent)));
  const auto refusal = ledger::RefusalOf(received);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->reason, sent.reason);
  EXPECT_EQ(refusal->field, sent.field);
  EXPECT_EQ(refusal->message, sent.message);
  EXPECT_EQ(refusal->metadata, sent.metadata);
}

TEST(ErrorTest, ForeignDetailsLeaveTheBareStatus) {
  const grpc::Status foreign(grpc::StatusCode::UNAVAILABLE, "proxy", "\x01\x02garbage");
  EXPECT_THAT(FromGrpcStatus(foreign), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(ledger::RefusalOf(FromGrpcStatus(foreign)).has_value());
}

}  // namespace
}  // namespace puhui::services
