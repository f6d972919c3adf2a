// SPDX-License-Identifier: Apache-2.0
// A real puhuid on a ledger that was last used long ago.
#include "issuing/app/union_commands.h"
#include "ledger/base/limits.h"
#include "ledger/engine/engine.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "services/ledger/books.h"
#include "tests/integration/left_ledger.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"

#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace puhui {
namespace {

// One call, of a request id.
void CreateOneUnion(ledger::Engine& engine, services::Books& books) {
  auto command = std::make_unique<issuing::CreateUnionCommand>(
      &books.issuing, issuing::CreateUnionCommand::Wish{.id = *UnionId::Parse("fh-1", "id"),
                                                        .display_name = "One",
                                                        .time_zone = "Asia/Shanghai"});
  command->request = {.caller = "/hr/unions/fh-1", .request_id = std::string(16, 'r')};
  ASSERT_OK(engine.Run(std::move(command), ledger::Priority::kInteractive));
}

TEST(ServerForgettingTest, RequestsThatAreOldEnoughAreForgottenWithoutBeingAskedFor) {
  Deployment deployment;
  const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  ASSERT_NO_FATAL_FAILURE(
      LeaveLedger(deployment, now - kRequestsKeptFor - absl::Hours(2), CreateOneUnion));
  ASSERT_OK(deployment.Start());
  const auto auditor = v1::AuditService::NewStub(deployment.Connect("/auditor"));
  v1::ListRecordsResponse records;
  while (records.records_size() < 2) {
    ASSERT_OK_AND_ASSIGN(
        records, Ask(*auditor, &v1::AuditService::Stub::ListRecords, v1::ListRecordsRequest()));
    std::this_thread::yield();
  }
  EXPECT_EQ(records.records(0).kind(), "union_created");
  EXPECT_EQ(records.records(1).kind(), "requests_forgotten");
  ASSERT_OK(deployment.Stop());
  ASSERT_OK_AND_ASSIGN(const auto report,
                       services::VerifyDataDirectory(deployment.data_directory(), nullptr, {}));
  EXPECT_TRUE(report.ok()) << report.findings.front();
}

}  // namespace
}  // namespace puhui
