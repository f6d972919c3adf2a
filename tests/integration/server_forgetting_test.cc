// SPDX-License-Identifier: Apache-2.0
// A real puhuid on a ledger that was last used long ago.
#include "issuing/app/union_commands.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/random.h"
#include "ledger/engine/engine.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/rocks_store.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "services/ledger/books.h"
#include "services/server/config.h"
#include "services/server/data_directory.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/unit/ledger/engine/no_chores.h"

#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace puhui {
namespace {

// Makes the ledger of a deployment, with one call in it, as of `then`.
void LeaveLedger(const Deployment& deployment, absl::Time then) {
  ASSERT_OK_AND_ASSIGN(const auto config, services::ReadConfig(deployment.config_path()));
  ledger::OpenSslRandom random;
  ASSERT_OK_AND_ASSIGN(const auto keys, services::PrepareDirectories(config, random));
  ASSERT_OK_AND_ASSIGN(const auto store,
                       ledger::RocksStore::Open({.path = services::StorePath(config.data_dir())}));
  ASSERT_OK_AND_ASSIGN(const auto log, ledger::LocalLog::Open(store.get()));
  services::Books books(store.get(), std::size_t{1} << 20);
  FakeClock clock(then);
  testing::NoChores chores;
  ASSERT_OK_AND_ASSIGN(const auto engine,
                       ledger::Engine::Open({.clock = &clock,
                                             .store = store.get(),
                                             .log = log.get(),
                                             .fold = &books,
                                             .views = &books.views,
                                             .chores = &chores},
                                            {.data_directory = config.data_dir(),
                                             .origin = config.origin(),
                                             .key_name = services::CheckpointKeyName(config),
                                             .on_failure = {}},
                                            keys.checkpoint));
  auto command = std::make_unique<issuing::CreateUnionCommand>(
      &books.issuing, issuing::CreateUnionCommand::Wish{.id = *UnionId::Parse("fh-1", "id"),
                                                        .display_name = "One",
                                                        .time_zone = "Asia/Shanghai"});
  command->request = {.caller = "/hr/unions/fh-1", .request_id = std::string(16, 'r')};
  ASSERT_OK(engine->Run(std::move(command), ledger::Priority::kInteractive));
  ASSERT_OK(engine->Shutdown());
  ASSERT_OK(store->Close());
}

TEST(ServerForgettingTest, RequestsThatAreOldEnoughAreForgottenWithoutBeingAskedFor) {
  Deployment deployment;
  const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  ASSERT_NO_FATAL_FAILURE(LeaveLedger(deployment, now - kRequestsKeptFor - absl::Hours(2)));
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
