// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/ledger_on_disk.h"

#include "services/admin/verification.h"

namespace puhui::bench {
namespace {

constexpr std::size_t kMib = std::size_t{1} << 20;

}  // namespace

LedgerOnDisk::LedgerOnDisk(const services::LedgerKeys& keys,
                           std::unique_ptr<ledger::RocksStore> store,
                           std::unique_ptr<ledger::LocalLog> log, std::size_t wallet_cache_bytes,
                           absl::Duration behind)
    : clock_(behind),
      lookup_(keys.lookup),
      store_(std::move(store)),
      log_(std::move(log)),
      books_(store_.get(), wallet_cache_bytes),
      vault_({.keyed_hash = &lookup_, .random = &random_}),
      chores_(&books_, &vault_) {}

absl::StatusOr<std::unique_ptr<LedgerOnDisk>> LedgerOnDisk::Open(
    const config::v1::ServerConfig& config, absl::Duration behind, const Clock* clock) {
  ledger::OpenSslRandom random;
  PUHUI_ASSIGN_OR_RETURN(const services::LedgerKeys keys,
                         services::PrepareDirectories(config, random));
  PUHUI_ASSIGN_OR_RETURN(
      auto store, ledger::RocksStore::Open({.path = services::StorePath(config.data_dir()),
                                            .block_cache_bytes = config.block_cache_mib() * kMib}));
  PUHUI_ASSIGN_OR_RETURN(auto log, ledger::LocalLog::Open(store.get()));
  std::unique_ptr<LedgerOnDisk> opened(new LedgerOnDisk(keys, std::move(store), std::move(log),
                                                        config.wallet_cache_mib() * kMib, behind));
  PUHUI_ASSIGN_OR_RETURN(
      opened->engine_, ledger::Engine::Open({.clock = clock != nullptr ? clock : &opened->clock_,
                                             .store = opened->store_.get(),
                                             .log = opened->log_.get(),
                                             .fold = &opened->books_,
                                             .views = &opened->books_.views,
                                             .chores = &opened->chores_},
                                            {.data_directory = config.data_dir(),
                                             .origin = config.origin(),
                                             .key_name = services::CheckpointKeyName(config),
                                             .disk_reserve_bytes = config.disk_reserve_mib() * kMib,
                                             .on_failure = {}},
                                            keys.checkpoint));
  PUHUI_RETURN_IF_ERROR(services::LoadVaultKeys(config, *opened->store_, &opened->vault_));
  PUHUI_RETURN_IF_ERROR(services::WriteVerifierKey(config, keys.checkpoint.verify_key()));
  return opened;
}

absl::Status LedgerOnDisk::Close() {
  if (std::exchange(closed_, true)) return absl::OkStatus();
  PUHUI_RETURN_IF_ERROR(engine_->Shutdown());
  return store_->Close();
}

}  // namespace puhui::bench
