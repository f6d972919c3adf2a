// SPDX-License-Identifier: Apache-2.0
// The stores that the contract suite is run over. Each opens one store, which the factory outlives.
#ifndef PUHUI_TESTS_CONTRACT_STORE_FACTORIES_H_
#define PUHUI_TESTS_CONTRACT_STORE_FACTORIES_H_

#include "ledger/base/check.h"
#include "ledger/storage/archived_store.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/store.h"
#include "ledger/storage/write_back_store.h"
#include "tests/contract/cold_memory.h"
#include "tests/support/temp_dir.h"

#include <cstddef>
#include <memory>
#include <utility>

namespace puhui::ledger {

class MemoryFactory {
 public:
  std::unique_ptr<Store> Open() { return std::make_unique<MemoryStore>(); }
};

class RocksFactory {
 public:
  std::unique_ptr<Store> Open() {
    auto store = RocksStore::Open({.path = dir_.Join("db")});
    PUHUI_CHECK_OK(store.status());
    return *std::move(store);
  }

 private:
  TempDir dir_;
};

// Without anything cold it is the store beneath.
class ArchivedFactory {
 public:
  std::unique_ptr<Store> Open() { return std::make_unique<ArchivedStore>(&hot_, &cold_); }

 private:
  MemoryStore hot_;
  ColdMemory cold_;
};

// What waits in memory is seen as if it were in the store beneath,
class WaitingFactory {
 public:
  std::unique_ptr<Store> Open() {
    return std::make_unique<WriteBackStore>(&below_, std::size_t{1} << 20);
  }

 private:
  MemoryStore below_;
};

// and so is what was written back while more came.
class WrittenBackFactory {
 public:
  std::unique_ptr<Store> Open() { return std::make_unique<WriteBackStore>(&below_, 1'200); }

 private:
  MemoryStore below_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_TESTS_CONTRACT_STORE_FACTORIES_H_
