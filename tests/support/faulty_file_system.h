// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_
#define PUHUI_TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_

#include "absl/types/optional.h"

#include <cstdint>
#include <memory>

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace puhui {

class FaultPlan;

// The machine's file system with faults that a test orders. Give env() to RocksOptions::env.
//
// Operations are what changes a disk: creating, appending to, syncing, renaming, linking and
// deleting files, and syncing directories; RocksDB's LOG does not count. A failed append leaves
// half of its bytes behind.
//
// Threads: safe. Owns: env(), which must outlive every store that was opened on it.
class FaultyFileSystem {
 public:
  enum class Fault { kIoError, kNoSpace };

  FaultyFileSystem();
  ~FaultyFileSystem();

  rocksdb::Env* env() const { return env_.get(); }

  // Operations so far, failed ones too.
  std::uint64_t operations() const;

  // Fails the n-th operation from now (1: the next), or with `for_good` every one from it on.
  // Replaces the order before.
  void FailAt(std::uint64_t n, Fault fault, bool for_good = false);
  // Fails the n-th sync of a file from now, which RocksDB cannot repeat.
  void FailSyncAt(std::uint64_t n, Fault fault);
  // Whether an ordered fault has been met.
  bool failed() const;
  // Every operation works again.
  void Heal();

  // From here to RestorePower() nothing reaches the disk. Destroy the store in between.
  void CutPower();
  // Takes back what was not synced: the ends of files, and files whose directory was not synced
  // after they were made. A rename is durable at once.
  void RestorePower();

  // What the free space of the disk is said to be; absl::nullopt for the truth.
  void SetFreeBytes(absl::optional<std::uint64_t> bytes);

 private:
  std::shared_ptr<FaultPlan> plan_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_FAULTY_FILE_SYSTEM_H_
