// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/rocks_tuning.h"

#include "ledger/base/give_way.h"

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <cstdarg>
#include <cstddef>
#include <cstdint>

namespace puhui::ledger {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

// A read-only open must not rotate the LOG of a directory that may belong to another process.
class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

// Threads that compact give way; those that flush do not, for writes wait for them when memory is
// full.
class CompactionsGiveWay final : public rocksdb::EventListener {
 public:
  void OnCompactionBegin(rocksdb::DB* /*db*/, const rocksdb::CompactionJobInfo& /*job*/) override {
    GiveWay(Precedence::kLast);
  }
};

}  // namespace

rocksdb::DBOptions DatabaseTuning(const RocksOptions& options) {
  rocksdb::DBOptions tuning;
  if (options.env != nullptr) tuning.env = options.env;
  if (options.read_only) tuning.info_log = std::make_shared<SilentLogger>();
  tuning.create_if_missing = !options.read_only;
  tuning.create_missing_column_families = !options.read_only;

  // The default mode drops synced writes behind a flipped bit without a word; this one refuses a
  // flip and accepts the torn tail that every power cut may leave.
  tuning.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  if (options.up_to_damage) {
    tuning.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  }
  tuning.paranoid_checks = true;
  // The views have no log of their own: only a flush of all of them in one step leaves one moment
  // on disk. It covers the journal too whenever RocksDB itself decides to flush, which also frees
  // the log.
  tuning.atomic_flush = true;
  // Destroying an unclosed store is a crash; Close() flushes by itself.
  tuning.avoid_flush_during_shutdown = true;
  tuning.max_total_wal_size = 128 * kMiB;

  // One thread writes, so its inserts need not be safe against others.
  tuning.allow_concurrent_memtable_write = false;
  // A flush and a compaction: more at a time only take the processors from who waits for an answer.
  tuning.max_background_jobs = 2;
  tuning.listeners.push_back(std::make_shared<CompactionsGiveWay>());
  tuning.bytes_per_sync =
      kMiB;  // Spreads write-back, so that a sync of the log does not wait behind a whole file.
  tuning.max_open_files = 1024;
  tuning.skip_stats_update_on_db_open = true;  // A restart need not read every file.
  tuning.keep_log_file_num = 8;
  tuning.max_log_file_size = 16 * kMiB;
  return tuning;
}

rocksdb::ColumnFamilyOptions FamilyTuning(const RocksOptions& options, Family family,
                                          const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions tuning;
  tuning.write_buffer_size = options.write_buffer_bytes;
  tuning.max_write_buffer_number = 4;  // Writes go on while a flush of all families is under way.
  tuning.level_compaction_dynamic_level_bytes = true;
  tuning.paranoid_file_checks = true;
  // Changes come sorted: the skip list goes on from the last insert of the same table. 10 to 15 %
  // less time per put.
  tuning.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(1));

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.format_version = 5;
  table.cache_index_and_filter_blocks =
      true;  // All of a reader's memory is inside the cache's bound.
  table.pin_l0_filter_and_index_blocks_in_cache = true;

  switch (family) {
    case Family::kState:
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
      // In blocks of their own size: the filter of a whole file grows with the file, and the cache
      // would drop it and read it again for a single look-up.
      table.partition_filters = true;
      table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
      // Every call asks for rows that are not there: its request id, its till keys.
      tuning.memtable_whole_key_filtering = true;
      tuning.memtable_prefix_bloom_size_ratio = 0.1;
      table.block_size = 4096;
      tuning.compression = rocksdb::kLZ4Compression;
      break;
    case Family::kMeta:
      tuning.compression = rocksdb::kLZ4Compression;
      break;
    case Family::kJournal:
      // A full segment ends its block: who asks for one record decompresses no other. The index of
      // a file in blocks of its own, for it has an entry for each. One compression for all levels:
      // files of the journal never overlap, and only then are they moved down instead of written
      // again.
      table.block_size = 4096;
      table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
      tuning.compression = rocksdb::kLZ4Compression;
      break;
    case Family::kIndex:
      table.block_size = 16384;  // Read in order.
      tuning.compression = rocksdb::kLZ4Compression;
      break;
    case Family::kTiles:
      tuning.compression = rocksdb::kNoCompression;  // Hashes.
      break;
    case Family::kVault:
      // Whoever is enrolled is looked for first, by document and external id, and is mostly not
      // there.
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
      table.partition_filters = true;
      table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
      tuning.memtable_whole_key_filtering = true;
      tuning.memtable_prefix_bloom_size_ratio = 0.05;
      tuning.compression = rocksdb::kNoCompression;  // Hashes and ciphertext.
      break;
  }
  tuning.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return tuning;
}

}  // namespace puhui::ledger
