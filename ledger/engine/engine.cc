// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/engine.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/checkpoint_file.h"

#include "absl/strings/str_cat.h"

#include <chrono>
#include <future>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::chrono::milliseconds kLookAtDiskEvery{100};

absl::StatusOr<absl::optional<Checkpoint>> ReadCheckpoint(const Engine::Options& options,
                                                          const SigningKey& key) {
  PUHUI_ASSIGN_OR_RETURN(const auto text, ReadPublishedCheckpoint(options.data_directory));
  if (!text.has_value()) return absl::optional<Checkpoint>();
  PUHUI_ASSIGN_OR_RETURN(
      Checkpoint checkpoint,
      ParseCheckpoint(*text, options.key_chain.value_or(KeyChain(key.verify_key()))));
  if (checkpoint.origin != options.origin) {
    return absl::FailedPreconditionError(absl::StrCat("the checkpoint in ", options.data_directory,
                                                      " is of '", checkpoint.origin,
                                                      "', this service is '", options.origin, "'"));
  }
  return absl::optional<Checkpoint>(std::move(checkpoint));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(const Parts& parts, Options options,
                                                     const SigningKey& key) {
  PUHUI_ASSIGN_OR_RETURN(HighWaterFile high_water, HighWaterFile::Open(options.data_directory));
  Promises promises;
  PUHUI_ASSIGN_OR_RETURN(promises.checkpoint, ReadCheckpoint(options, key));
  promises.high_water = high_water.last();
  auto note = std::make_shared<RebuildNote>(options.data_directory);
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<std::string> doubt, note->Read());
  // When it cannot be left either, the next process meets the same damage and tries again.
  parts.fold->tables().OnDoubt([note](absl::string_view why) { note->Leave(why).IgnoreError(); });
  PUHUI_ASSIGN_OR_RETURN(Recovered recovered,
                         Recover(*parts.store, *parts.fold, promises,
                                 doubt.has_value() ? Views::kDoubted : Views::kBelieved));
  if (doubt.has_value()) {
    recovered.rebuilt_because = *doubt;
    PUHUI_RETURN_IF_ERROR(note->Remove());
  }
  std::unique_ptr<Engine> engine(new Engine(parts, std::move(options), key,
                                            {.high_water = std::move(high_water),
                                             .note = std::move(note),
                                             .recovered = std::move(recovered)}));
  engine->Start();
  return engine;
}

Engine::Engine(const Parts& parts, Options options, const SigningKey& key, Kept kept)
    : parts_(parts),
      options_(std::move(options)),
      key_(key),
      high_water_(std::move(kept.high_water)),
      note_(std::move(kept.note)),
      recovered_(std::move(kept.recovered)) {
  constexpr std::uint64_t kEpoch = 1;  // A log with one owner; its store's lock keeps others out.
  committer_ = std::make_unique<Committer>(
      Committer::Parts{.log = parts_.log,
                       .store = parts_.store,
                       .high_water = &high_water_,
                       .epoch = kEpoch,
                       .flush_records = options_.flush_records,
                       .on_failure = [this](const absl::Status& status) { Fail(status); }},
      recovered_.end);
  sequencer_ = std::make_unique<Sequencer>(Sequencer::Parts{.clock = parts_.clock,
                                                            .fold = parts_.fold,
                                                            .views = parts_.views,
                                                            .committer = committer_.get(),
                                                            .epoch = kEpoch,
                                                            .calendar = options_.calendar},
                                           recovered_.end, recovered_.tree);
  timers_ = std::make_unique<Timers>(Timers::Parts{.clock = parts_.clock,
                                                   .store = parts_.store,
                                                   .sequencer = sequencer_.get(),
                                                   .source = parts_.chores,
                                                   .on_failure = options_.on_chore_failure});
}

Engine::~Engine() { Shutdown().IgnoreError(); }

void Engine::Start() {
  committer_->Start();
  sequencer_->Start();
  timers_->Start();
  housekeeper_ = std::thread([this] { KeepHouse(); });
}

absl::StatusOr<Outcome> Engine::Run(std::unique_ptr<Command> command, Priority priority) {
  std::promise<absl::StatusOr<Outcome>> answer;
  PUHUI_RETURN_IF_ERROR(sequencer_->Submit(
      std::move(command), priority, Work::kOwn,
      [&answer](absl::StatusOr<Outcome> outcome) { answer.set_value(std::move(outcome)); }));
  return answer.get_future().get();
}

std::string Engine::checkpoint() const {
  MutexLock lock(&mutex_);
  return checkpoint_;
}

void Engine::ReportViewDamage(const absl::Status& damage) {
  MutexLock lock(&mutex_);
  reported_damage_.Update(damage);
}

absl::Status Engine::Shutdown() {
  if (std::exchange(shut_down_, true)) return absl::OkStatus();
  timers_->Stop();
  sequencer_->Stop();
  committer_->Stop();
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    stop_.NotifyAll();
  }
  housekeeper_.join();
  WatchViews();
  if (committer_->failed()) return absl::UnavailableError("the journal failed earlier");
  PUHUI_RETURN_IF_ERROR(PublishIfGrown());
  return parts_.store->FlushViews(/*wait=*/true);
}

// Checkpoints at intervals, and an eye on the disk and the views.
void Engine::KeepHouse() {
  absl::Duration since_checkpoint = options_.checkpoint_interval;
  while (true) {
    WatchDisk();
    WatchViews();
    if (since_checkpoint >= options_.checkpoint_interval) {
      since_checkpoint = absl::ZeroDuration();
      if (absl::Status status = PublishIfGrown(); !status.ok()) Fail(status);
    }
    MutexLock lock(&mutex_);
    if (stopping_) return;
    stop_.WaitFor(&mutex_, kLookAtDiskEvery);
    if (stopping_) return;
    since_checkpoint += absl::FromChrono(kLookAtDiskEvery);
  }
}

// After a failure that was a full disk, reads go on until there is room again; then only a restart
// recovers.
void Engine::WatchDisk() {
  const absl::StatusOr<std::uint64_t> free_bytes = parts_.store->FreeBytes();
  if (!free_bytes.ok()) return;
  const bool full = *free_bytes < options_.disk_reserve_bytes;
  {
    MutexLock lock(&mutex_);
    if (!failed_) {
      if (full == disk_full_) return;
      disk_full_ = full;
      sequencer_->SetAccepting(
          full ? absl::UnavailableError("the disk is full: writes are refused, reads go on")
               : absl::OkStatus());
      return;
    }
    if (!awaits_space_) return;  // Given up, or about to be.
  }
  if (!full) GiveUp(absl::UnavailableError("the disk has room again: restart to recover"));
}

// The writer ends the process when it meets damage; readers only fail, and leave it to the next
// start.
void Engine::WatchViews() {
  if (views_damaged_) return;
  absl::Status damage = parts_.store->ViewDamage();
  if (damage.ok()) {
    MutexLock lock(&mutex_);
    damage = reported_damage_;
  }
  if (damage.ok() || !note_->Leave(damage.message()).ok()) return;
  views_damaged_ = true;
  if (options_.on_damaged_view) options_.on_damaged_view(damage);
}

// Signs what is durable and nothing else: a lost signed head looks like fraud.
absl::Status Engine::PublishIfGrown() {
  const Position position = committer_->durable();
  if (position.sequence == 0 || committer_->failed()) return absl::OkStatus();
  if (position.sequence == published_) return absl::OkStatus();
  const std::string note = SignCheckpoint({.origin = options_.origin,
                                           .size = position.sequence,
                                           .root = position.root,
                                           .time = parts_.clock->Now()},
                                          options_.key_name, key_);
  PUHUI_RETURN_IF_ERROR(PublishCheckpoint(options_.data_directory, note));
  published_ = position.sequence;
  MutexLock lock(&mutex_);
  checkpoint_ = note;
  return absl::OkStatus();
}

void Engine::Fail(const absl::Status& status) {
  // The store met damage by itself, in whatever family: the next start reads everything.
  if (absl::IsDataLoss(status)) note_->Leave(status.message()).IgnoreError();
  {
    // In one step, so that the watch of the disk does not let writes in again.
    MutexLock lock(&mutex_);
    failed_ = true;
    awaits_space_ = absl::IsResourceExhausted(status);
    sequencer_->SetAccepting(absl::UnavailableError("the journal cannot be written"));
  }
  // Reads may go on only when nothing but space is missing.
  if (!absl::IsResourceExhausted(status)) GiveUp(status);
}

// Tells the owner, once: the first cause is the one to look for.
void Engine::GiveUp(const absl::Status& status) {
  {
    MutexLock lock(&mutex_);
    if (std::exchange(gave_up_, true)) return;
  }
  if (options_.on_failure) {
    options_.on_failure(status);
  } else {
    CheckFailed(__FILE__, __LINE__, absl::StrCat("the journal failed: ", status.ToString()));
  }
}

}  // namespace puhui::ledger
