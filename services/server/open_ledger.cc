// SPDX-License-Identifier: Apache-2.0
#include "services/server/open_ledger.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/rebuild_note.h"
#include "ledger/journal/archive_run.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/prover.h"
#include "services/admin/index_verification.h"
#include "services/admin/open_store.h"
#include "services/admin/scratch_directory.h"
#include "services/admin/verification.h"
#include "services/server/chore_failure_log.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include <spdlog/spdlog.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kMib = std::size_t{1} << 20;
constexpr std::size_t kIndexCacheBytes = 32 * kMib;
constexpr std::size_t kIndexBufferBytes = 16 * kMib;

// The journal cannot be written any more: only a restart recovers, and the supervisor does that.
[[noreturn]] void EndProcess(const absl::Status& why) {
  spdlog::critical("the journal failed, ending to recover: {}", why.ToString());
  spdlog::shutdown();
  std::_Exit(EXIT_FAILURE);
}

void SayThatAViewIsDamaged(const absl::Status& damage) {
  spdlog::error("a view is damaged, the next start folds all of them anew: {}", damage.ToString());
}

std::function<void(absl::optional<std::uint8_t>, const absl::Status&)> SayThatChoresFail(
    const Clock* clock) {
  const auto log = std::make_shared<ChoreFailureLog>(
      clock, [](absl::string_view what) { spdlog::error("{}", std::string(what)); });
  return [log](absl::optional<std::uint8_t> kind, const absl::Status& status) {
    log->Note(kind, status);
  };
}

// Before the start, which takes its time then.
absl::Status SayIfViewsAreFoldedAnew(const config::v1::ServerConfig& config,
                                     const absl::Status& views_dropped) {
  PUHUI_ASSIGN_OR_RETURN(const auto doubt, ledger::RebuildNote(config.data_dir()).Read());
  if (views_dropped.ok() && !doubt.has_value()) return absl::OkStatus();
  spdlog::warn("folding all views anew: {}", doubt.value_or(views_dropped.ToString()));
  return absl::OkStatus();
}

absl::Status CheckArchivesWhole(const ledger::SegmentArchive& archive, const ledger::Store& store) {
  const absl::StatusOr<std::string> held = store.FirstJournalKey();
  absl::Status whole = archive.CheckWhole();
  if (held.ok()) whole.Update(archive.CheckReaches(*held));
  return whole;
}

// Purchases go on without them; who asks for what they hold is told.
void SayIfArchivesAreMissing(const Ledger& parts) {
  const absl::Status whole = CheckArchivesWhole(*parts.archive, *parts.store);
  if (!whole.ok()) spdlog::error("archives are missing: {}", whole.ToString());
  const std::string unread = parts.archive->unread();
  if (!unread.empty()) spdlog::error("archives are not read: {}", unread);
}

// The roots of the tree that the engine has recovered are those that were signed.
void LeaveOutOtherArchives(const Ledger& parts) {
  const ledger::Position end = parts.engine->durable();
  const ledger::TreeHead head{end.sequence, end.root};
  ledger::Prover prover(SayThatAViewIsDamaged);
  const auto moment = parts.engine->Read();
  const std::string unread_before = parts.archive->unread();
  const absl::Status left =
      parts.archive->LeaveOutOthers([&](std::uint64_t size) -> absl::StatusOr<ledger::Hash> {
        if (size > head.size) return ledger::EmptyRoot();
        return prover.Root(*moment, head, size);
      });
  if (!left.ok()) spdlog::error("archives were not held against the ledger: {}", left.ToString());
  if (const std::string unread = parts.archive->unread(); unread != unread_before) {
    spdlog::error("archives are not read: {}", unread);
  }
}

}  // namespace

absl::TimeZone MerchantZone(const config::v1::ServerConfig& config) {
  absl::TimeZone zone;
  PUHUI_CHECK(absl::LoadTimeZone(config.merchant_time_zone(), &zone));
  return zone;
}

audit::AuditIndex::Options AuditIndexOptions(const config::v1::ServerConfig& config) {
  return {.directory = AuditIndexPath(config.data_dir()),
          .open = [](const std::string& path) -> absl::StatusOr<std::unique_ptr<ledger::Store>> {
            return ledger::RocksStore::Open({.path = path,
                                             .block_cache_bytes = kIndexCacheBytes,
                                             .write_buffer_bytes = kIndexBufferBytes});
          },
          .say = [](absl::string_view what) { spdlog::warn("{}", std::string(what)); }};
}

SelfCheck::Parts SelfCheckParts(const config::v1::ServerConfig& config, const LedgerKeys& keys,
                                const Ledger& ledger, audit::AuditIndex* index) {
  return {.engine = ledger.engine.get(),
          .store = ledger.store.get(),
          .index = index,
          .key = keys.checkpoint.verify_key(),
          .data_directory = config.data_dir(),
          .disk_reserve_bytes = config.disk_reserve_mib() * kMib,
          .records_per_second = config.verify_records_per_second(),
          .scrub_records_per_hour = config.scrub_records_per_hour(),
          .alert = [](absl::string_view what) { spdlog::error("{}", std::string(what)); },
          .on_damaged_tile = [engine = ledger.engine.get()](
                                 const absl::Status& damage) { engine->ReportViewDamage(damage); },
          .archives_whole =
              [archive = ledger.archive.get(), store = ledger.store.get()] {
                return CheckArchivesWhole(*archive, *store);
              }};
}

absl::StatusOr<Ledger> OpenLedger(const config::v1::ServerConfig& config, const LedgerKeys& keys,
                                  Secrets& secrets, const Clock* clock) {
  Ledger parts;
  PUHUI_ASSIGN_OR_RETURN(StoredLedger stored,
                         OpenStoredLedger({.path = StorePath(config.data_dir()),
                                           .block_cache_bytes = config.block_cache_mib() * kMib},
                                          config.archive_dir()));
  parts.rocks = std::move(stored.rocks);
  parts.archive = std::move(stored.archive);
  parts.store = std::move(stored.store);
  ScratchDirectory::RemoveLeft(config.data_dir());  // By verifications that were killed.
  PUHUI_RETURN_IF_ERROR(SayIfViewsAreFoldedAnew(config, parts.rocks->views_dropped()));
  SayIfArchivesAreMissing(parts);
  PUHUI_RETURN_IF_ERROR(ledger::CheckNotBehind(*parts.rocks, *parts.archive));
  PUHUI_ASSIGN_OR_RETURN(parts.log, ledger::LocalLog::Open(parts.store.get()));
  parts.books = std::make_unique<Books>(parts.store.get(), config.wallet_cache_mib() * kMib);
  parts.chores = std::make_unique<Chores>(parts.books.get(), &secrets.vault, MerchantZone(config),
                                          config.invoice_remark());
  parts.forgetting =
      std::make_unique<ledger::RequestForgetting>(&parts.books->views, parts.chores.get());
  PUHUI_ASSIGN_OR_RETURN(const auto calendar,
                         ledger::PeriodCalendar::Of(config.period_time_zone()));
  PUHUI_ASSIGN_OR_RETURN(
      parts.engine, ledger::Engine::Open({.clock = clock,
                                          .store = parts.store.get(),
                                          .log = parts.log.get(),
                                          .fold = parts.books.get(),
                                          .views = &parts.books->views,
                                          .chores = parts.forgetting.get()},
                                         {.data_directory = config.data_dir(),
                                          .origin = config.origin(),
                                          .key_name = CheckpointKeyName(config),
                                          .disk_reserve_bytes = config.disk_reserve_mib() * kMib,
                                          .on_failure = EndProcess,
                                          .on_damaged_view = SayThatAViewIsDamaged,
                                          .on_chore_failure = SayThatChoresFail(clock),
                                          .key_chain = keys.chain,
                                          .calendar = calendar},
                                         keys.checkpoint));
  LeaveOutOtherArchives(parts);
  PUHUI_RETURN_IF_ERROR(LoadVaultKeys(config, *parts.store, &secrets.vault));
  parts.archiving = std::make_unique<Archiving>(Archiving::Parts{
      .engine = parts.engine.get(),
      .store = parts.store.get(),
      .archive = parts.archive.get(),
      .key = keys.checkpoint.verify_key(),
      .records_per_second = config.verify_records_per_second(),
      .disk_reserve_bytes = config.disk_reserve_mib() * kMib,
      .alert = [](absl::string_view what) { spdlog::error("{}", std::string(what)); }});
  return parts;
}

absl::Status CloseLedger(Ledger& ledger) {
  ledger.archiving->Stop();
  PUHUI_RETURN_IF_ERROR(ledger.engine->Shutdown());
  return ledger.store->Close();
}

}  // namespace puhui::services
