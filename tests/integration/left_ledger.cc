// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/left_ledger.h"

#include "ledger/crypto/random.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/rocks_store.h"
#include "services/admin/verification.h"
#include "services/server/config.h"
#include "services/server/data_directory.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/no_chores.h"

#include <cstddef>

namespace puhui {

void LeaveLedger(const Deployment& deployment, absl::Time then,
                 absl::FunctionRef<void(ledger::Engine& engine, services::Books& books)> work) {
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
  ASSERT_NO_FATAL_FAILURE(work(*engine, books));
  ASSERT_OK(engine->Shutdown());
  ASSERT_OK(store->Close());
}

}  // namespace puhui
