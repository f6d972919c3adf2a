// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_LEDGER_IN_MEMORY_H_
#define PUHUI_TESTS_SUPPORT_LEDGER_IN_MEMORY_H_

#include "ledger/base/check.h"
#include "ledger/base/clock.h"
#include "ledger/crypto/signing.h"
#include "ledger/engine/engine.h"
#include "ledger/engine/forgetting.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/memory_store.h"
#include "services/ledger/books.h"
#include "services/ledger/chores.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace puhui {

// The ledger as puhuid wires it, with its threads, over a store in memory. Both sides' books are in
// it; `directory` gets the checkpoint and the mark. A failure of the journal fails the test.
// Threads: as the engine. Borrows: the clock.
struct LedgerInMemory {
  static constexpr char kInvoiceRemark[] = "福利积分";

  LedgerInMemory(const Clock* clock, const std::string& directory, const ledger::SigningKey& key) {
    auto opened_log = ledger::LocalLog::Open(&store);
    PUHUI_CHECK_OK(opened_log.status());
    log = *std::move(opened_log);
    auto opened = ledger::Engine::Open(
        {.clock = clock,
         .store = &store,
         .log = log.get(),
         .fold = &books,
         .views = &books.views,
         .chores = &forgetting},
        {.data_directory = directory,
         .origin = "test",
         .key_name = "test",
         .on_failure = [](const absl::Status& status) { ADD_FAILURE() << status; }},
        key);
    PUHUI_CHECK_OK(opened.status());
    engine = *std::move(opened);
  }

  ledger::MemoryStore store;
  services::Books books{&store, std::size_t{1} << 20};
  services::Chores chores{&books, nullptr, absl::UTCTimeZone(), kInvoiceRemark};
  ledger::RequestForgetting forgetting{&books.views, &chores};
  std::unique_ptr<ledger::LocalLog> log;
  std::unique_ptr<ledger::Engine> engine;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_LEDGER_IN_MEMORY_H_
