// SPDX-License-Identifier: Apache-2.0
#include "services/cli/error_text.h"

#include "puhui/v1/errors.pb.h"
#include "services/cli/exit_code.h"
#include "tests/unit/services/cli/rich_status.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

// A status as the service sends it.
grpc::Status Refusal(grpc::StatusCode code, const v1::ErrorInfo& info,
                     const v1::BadRequest& bad_request) {
  return RichStatus(code, "it cannot be", info, bad_request);
}

TEST(ErrorTextTest, ShowsReasonMetadataAndFieldsEachOnItsLine) {
  v1::ErrorInfo info;
  info.set_reason("INSUFFICIENT_POINTS");
  (*info.mutable_metadata())["wanted"] = "500";
  (*info.mutable_metadata())["available"] = "300";
  v1::BadRequest bad_request;
  v1::BadRequest::FieldViolation& violation = *bad_request.add_field_violations();
  violation.set_field("rows[3].points");
  violation.set_description("wanted 1 or more");
  EXPECT_EQ(ErrorText(Refusal(grpc::StatusCode::FAILED_PRECONDITION, info, bad_request)),
            "error: INSUFFICIENT_POINTS: it cannot be\n"
            "  available: 300\n"
            "  wanted: 500\n"
            "  rows[3].points: wanted 1 or more\n");
}

TEST(ErrorTextTest, NamesTheCodeWhenNobodySentAReason) {
  EXPECT_EQ(ErrorText(grpc::Status(grpc::StatusCode::UNAVAILABLE, "no route")),
            "error: UNAVAILABLE: no route\n");
  EXPECT_EQ(ErrorText(grpc::Status(grpc::StatusCode::NOT_FOUND, "gone", "not a protobuf \xFF")),
            "error: NOT_FOUND: gone\n");
}

TEST(ErrorTextTest, KeepsAMessageFromSteeringTheTerminal) {
  EXPECT_EQ(ErrorText(grpc::Status(grpc::StatusCode::INTERNAL, "a\x1b[2Jb")),
            "error: INTERNAL: a\uFFFD[2Jb\n");
}

TEST(ExitCodeTest, GroupsCodesByClassOfError) {
  const struct {
    grpc::StatusCode status;
    int exit;
  } rows[] = {
      {grpc::StatusCode::OK, 0},
      {grpc::StatusCode::CANCELLED, 1},
      {grpc::StatusCode::UNKNOWN, 1},
      {grpc::StatusCode::UNIMPLEMENTED, 1},
      {grpc::StatusCode::INTERNAL, 1},
      {grpc::StatusCode::DATA_LOSS, 1},
      {grpc::StatusCode::INVALID_ARGUMENT, 3},
      {grpc::StatusCode::OUT_OF_RANGE, 3},
      {grpc::StatusCode::NOT_FOUND, 4},
      {grpc::StatusCode::PERMISSION_DENIED, 5},
      {grpc::StatusCode::UNAUTHENTICATED, 5},
      {grpc::StatusCode::FAILED_PRECONDITION, 6},
      {grpc::StatusCode::ALREADY_EXISTS, 6},
      {grpc::StatusCode::ABORTED, 6},
      {grpc::StatusCode::UNAVAILABLE, 7},
      {grpc::StatusCode::DEADLINE_EXCEEDED, 7},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, 7},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(static_cast<int>(ExitCodeFor(row.status)), row.exit) << row.status;
  }
}

}  // namespace
}  // namespace puhui::services
