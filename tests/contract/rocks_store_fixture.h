// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CONTRACT_ROCKS_STORE_FIXTURE_H_
#define PUHUI_TESTS_CONTRACT_ROCKS_STORE_FIXTURE_H_

#include "ledger/base/check.h"
#include "ledger/storage/rocks_store.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {

// A RocksStore in a directory of its own, on a disk that can fail.
class RocksStoreTest : public ::testing::Test {
 protected:
  using Fault = FaultyFileSystem::Fault;
  using Value = absl::optional<std::string>;

  RocksOptions Options() {
    return {.path = dir_.Join("db"),
            .env = disk_.env(),
            .block_cache_bytes = std::size_t{1} << 20,
            .write_buffer_bytes = std::size_t{1} << 20};
  }
  std::unique_ptr<RocksStore> Open() {
    auto store = RocksStore::Open(Options());
    PUHUI_CHECK_OK(store.status());
    return *std::move(store);
  }
  static absl::Status Put(Store& store, Family family, std::string key, std::string value) {
    WriteBatch batch;
    const bool log = family == Family::kJournal || family == Family::kVault;
    batch.Put(family, std::move(key), std::move(value));
    return store.Commit(batch, log ? Durability::kSynced : Durability::kView);
  }
  static Value Get(const Readable& from, Family family, absl::string_view key) {
    auto value = from.Get(family, key);
    EXPECT_OK(value);
    return value.ok() ? *value : Value();
  }
  // The files of the directory that end with `suffix`.
  std::vector<std::string> Files(absl::string_view suffix) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.Join("db"))) {
      if (absl::EndsWith(entry.path().string(), suffix)) files.push_back(entry.path().string());
    }
    return files;
  }
  void PowerCut(std::unique_ptr<RocksStore> store) {
    disk_.CutPower();
    store.reset();
    disk_.RestorePower();
  }
  static void Flip(const std::string& path, std::uintmax_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 0x10));
  }

  TempDir dir_;
  FaultyFileSystem disk_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_TESTS_CONTRACT_ROCKS_STORE_FIXTURE_H_
