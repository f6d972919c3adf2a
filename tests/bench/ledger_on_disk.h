// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_LEDGER_ON_DISK_H_
#define PUHUI_TESTS_BENCH_LEDGER_ON_DISK_H_

#include "issuing/app/vault.h"
#include "ledger/base/clock.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/crypto/random.h"
#include "ledger/engine/engine.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/rocks_store.h"
#include "puhui/config/v1/server_config.pb.h"
#include "services/ledger/books.h"
#include "services/ledger/chores.h"
#include "services/server/data_directory.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace puhui::bench {

// The ledger of a puhuid that is not running: the same parts over the same data directory, without
// a network.
// Threads: as Engine. Owns: all of it.
class LedgerOnDisk {
 public:
  // Makes the directories and keys that are not there. Its clock is so far behind the machine's, so
  // that a server finds days that are over; or it is `clock`, which must outlive the ledger. Fails:
  // as RocksStore::Open and Engine::Open.
  static absl::StatusOr<std::unique_ptr<LedgerOnDisk>> Open(
      const config::v1::ServerConfig& config, absl::Duration behind = absl::ZeroDuration(),
      const Clock* clock = nullptr);

  ledger::Engine& engine() { return *engine_; }
  ledger::LocalLog& log() { return *log_; }
  services::Books& books() { return books_; }
  const puhui::issuing::Vault& vault() const { return vault_; }
  const ledger::KeyedHash& lookup() const { return lookup_; }

  // Runs a command to its end and drops what it came to. Fails: as the command.
  template <class C>
  absl::Status Run(std::unique_ptr<C> command) {
    return engine_->Run(std::move(command), ledger::Priority::kInteractive).status();
  }

  // Here it is `now`, and time goes on from there. Requires: it was not later before.
  void SetTime(absl::Time now) { clock_.SetTime(now); }

  // What was changed is durable and the directory free for a server. Idempotent.
  absl::Status Close();

 private:
  class LateClock final : public Clock {
   public:
    explicit LateClock(absl::Duration behind) : behind_micros_(absl::ToInt64Microseconds(behind)) {}
    absl::Time Now() const override {
      return clock_.Now() - absl::Microseconds(behind_micros_.load());
    }
    void SetTime(absl::Time now) { behind_micros_ = absl::ToInt64Microseconds(clock_.Now() - now); }

   private:
    const SystemClock clock_;
    std::atomic<std::int64_t> behind_micros_;
  };

  LedgerOnDisk(const services::LedgerKeys& keys, std::unique_ptr<ledger::RocksStore> store,
               std::unique_ptr<ledger::LocalLog> log, std::size_t wallet_cache_bytes,
               absl::Duration behind);

  LateClock clock_;
  ledger::OpenSslRandom random_;
  ledger::KeyedHash lookup_;
  std::unique_ptr<ledger::RocksStore> store_;
  std::unique_ptr<ledger::LocalLog> log_;
  services::Books books_;
  puhui::issuing::Vault vault_;
  services::Chores chores_;
  std::unique_ptr<ledger::Engine> engine_;
  bool closed_ = false;
};

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_LEDGER_ON_DISK_H_
