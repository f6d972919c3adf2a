// SPDX-License-Identifier: Apache-2.0
#include "audit/access/access_journal.h"

#include "audit/access/access_rows.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/segment.h"
#include "ledger/journal/tile.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::audit {
namespace {

constexpr std::uint64_t kEpoch = 1;

// Records are hashed again in steps of this many, so that a start does not hold all tiles.
constexpr std::uint64_t kCatchUpRecords = 65'536;

absl::StatusOr<absl::optional<ledger::Checkpoint>> ReadCheckpoint(
    const AccessJournal::Options& options, const ledger::VerifyKey& key, std::string* note) {
  PUHUI_ASSIGN_OR_RETURN(const auto text, ledger::ReadPublishedCheckpoint(options.directory));
  if (!text.has_value()) return absl::optional<ledger::Checkpoint>();
  PUHUI_ASSIGN_OR_RETURN(
      ledger::Checkpoint checkpoint,
      ledger::ParseCheckpoint(*text, options.key_chain.value_or(ledger::KeyChain(key))));
  if (checkpoint.origin != options.origin) {
    return absl::FailedPreconditionError(absl::StrCat("the checkpoint in ", options.directory,
                                                      " is of '", checkpoint.origin, "', not of '",
                                                      options.origin, "'"));
  }
  *note = *text;
  return absl::optional<ledger::Checkpoint>(std::move(checkpoint));
}

}  // namespace

struct AccessJournal::Group {
  std::vector<ledger::SealedSegment> segments;
  ledger::WriteBatch views;
  ledger::HighWater mark;
  Stand stand;
};

AccessJournal::AccessJournal(const Parts& parts, const Options& options,
                             const ledger::SigningKey& key, ledger::HighWaterFile high_water)
    : parts_(parts), options_(options), key_(key), high_water_(std::move(high_water)) {}

AccessJournal::~AccessJournal() { Shutdown().IgnoreError(); }

absl::StatusOr<std::unique_ptr<AccessJournal>> AccessJournal::Open(const Parts& parts,
                                                                   const Options& options,
                                                                   const ledger::SigningKey& key) {
  AccessPromises promises;
  std::string note;
  PUHUI_ASSIGN_OR_RETURN(promises.checkpoint, ReadCheckpoint(options, key.verify_key(), &note));
  PUHUI_ASSIGN_OR_RETURN(auto high_water, ledger::HighWaterFile::Open(options.directory));
  promises.high_water = high_water.last();
  std::unique_ptr<AccessJournal> journal(
      new AccessJournal(parts, options, key, std::move(high_water)));
  PUHUI_RETURN_IF_ERROR(journal->Recover(promises));
  journal->signed_ = promises.checkpoint.has_value() ? promises.checkpoint->size : 0;
  {
    MutexLock lock(&journal->mutex_);
    journal->checkpoint_ = std::move(note);
  }
  journal->thread_ = std::thread([raw = journal.get()] { raw->Run(); });
  return journal;
}

// Tiles are a view: when they are not what the journal says, they are made anew.
absl::Status AccessJournal::Recover(const AccessPromises& promises) {
  PUHUI_RETURN_IF_ERROR(CheckReaches(parts_.log->next_sequence() - 1, promises));
  const auto row = ledger::Find(*parts_.store, kTiledTable, std::uint8_t{0});
  const TiledRow tiled = row.ok() ? row->value_or(TiledRow()) : TiledRow();
  if (tiled.records > 0 && tiled.records < parts_.log->next_sequence()) {
    const absl::Status status = CatchUp(promises, {tiled.records, tiled.bytes});
    if (!absl::IsDataLoss(status)) return status;
  }
  PUHUI_RETURN_IF_ERROR(parts_.store->ClearFamily(ledger::Family::kMeta));
  PUHUI_RETURN_IF_ERROR(parts_.store->ClearFamily(ledger::Family::kTiles));
  return CatchUp(promises, {});
}

absl::Status AccessJournal::CatchUp(const AccessPromises& promises, Stand tiled) {
  const ledger::Store& store = *parts_.store;
  const auto read_tile = [&store](const ledger::TileId& id) { return ledger::ReadTile(store, id); };
  const auto read_leaf = [&store](Sequence sequence) -> absl::StatusOr<ledger::Hash> {
    PUHUI_ASSIGN_OR_RETURN(const std::string record, ledger::ReadRecord(store, sequence));
    return ledger::LeafHash(record);
  };
  PUHUI_ASSIGN_OR_RETURN(ledger::MerkleTree tree,
                         ledger::MerkleTree::Recover(tiled.last, read_tile, read_leaf));
  std::int64_t last_micros = 0;
  if (tiled.last > 0) {
    PUHUI_ASSIGN_OR_RETURN(const std::string record, ledger::ReadRecord(store, tiled.last));
    PUHUI_ASSIGN_OR_RETURN(const auto access, ParseAccess(tiled.last, record));
    last_micros = access.time_micros();
  }
  AccessWalk walk(promises, std::move(tree), last_micros);
  for (bool more = true; more;) {
    PUHUI_ASSIGN_OR_RETURN(more, walk.Step(store, kCatchUpRecords));
    tree_ = std::move(walk.tree());
    ledger::WriteBatch views;
    AddTiles({tree_.size(), tiled.bytes + walk.bytes()}, &views);
    PUHUI_RETURN_IF_ERROR(parts_.store->Commit(views, ledger::Durability::kView));
    if (more) walk.tree() = std::move(tree_);
  }
  PUHUI_RETURN_IF_ERROR(walk.Finish());
  PUHUI_RETURN_IF_ERROR(CheckOldPromises(promises));
  last_micros_ = walk.last_micros();
  MutexLock lock(&mutex_);
  stand_ = {tree_.size(), tiled.bytes + walk.bytes()};
  return absl::OkStatus();
}

// Of what the tiles had taken in before.
absl::Status AccessJournal::CheckOldPromises(const AccessPromises& promises) const {
  const auto read_tile = [this](const ledger::TileId& id) {
    return ledger::ReadTile(*parts_.store, id);
  };
  const auto check = [&](std::uint64_t size, const ledger::Hash& wanted,
                         absl::string_view by) -> absl::Status {
    PUHUI_ASSIGN_OR_RETURN(const ledger::Hash root, tree_.RootAt(size, read_tile));
    if (root == wanted) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat("access journal up to sequence ", size,
                                            ": something was altered: its root is not the one of ",
                                            by));
  };
  if (promises.checkpoint.has_value()) {
    PUHUI_RETURN_IF_ERROR(
        check(promises.checkpoint->size, promises.checkpoint->root, "the signed checkpoint"));
  }
  if (!promises.high_water.has_value()) return absl::OkStatus();
  return check(promises.high_water->sequence, promises.high_water->root, "the high-water mark");
}

void AccessJournal::Append(journal::v1::Access access, Done done) {
  absl::Status refused;
  {
    MutexLock lock(&mutex_);
    if (!failure_.ok()) {
      refused = failure_;
    } else if (stopping_) {
      refused = absl::UnavailableError("the access journal is being closed");
    } else if (waiting_.size() >= kAccessesWaitingMax) {
      refused = absl::ResourceExhaustedError("too many accesses wait to be written");
    } else {
      waiting_.push_back({std::move(access), std::move(done)});
      changed_.NotifyAll();
      return;
    }
  }
  done(std::move(refused));
}

std::string AccessJournal::checkpoint() const {
  MutexLock lock(&mutex_);
  return checkpoint_;
}

absl::Status AccessJournal::failure() const {
  MutexLock lock(&mutex_);
  return failure_;
}

std::uint64_t AccessJournal::size() const {
  MutexLock lock(&mutex_);
  return stand_.last;
}

std::uint64_t AccessJournal::bytes() const {
  MutexLock lock(&mutex_);
  return stand_.bytes;
}

bool AccessJournal::stopping() const {
  MutexLock lock(&mutex_);
  return stopping_;
}

absl::Status AccessJournal::Shutdown() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (!thread_.joinable()) return absl::OkStatus();
  thread_.join();
  PUHUI_RETURN_IF_ERROR(failure());
  return parts_.store->FlushViews(/*wait=*/true);
}

void AccessJournal::Run() {
  absl::Time next_signing = parts_.clock->Now() + options_.checkpoint_interval;
  while (true) {
    std::vector<Waiting> waiting = Take();
    const bool idle = waiting.empty();
    if (!idle) Write(std::move(waiting));
    if (const absl::Time now = parts_.clock->Now(); idle || now >= next_signing) {
      next_signing = now + options_.checkpoint_interval;
      SignIfGrown();
    }
    if (idle && stopping()) return;
  }
}

std::vector<AccessJournal::Waiting> AccessJournal::Take() {
  MutexLock lock(&mutex_);
  while (waiting_.empty() && !stopping_) {
    if (signed_ == stand_.last || !failure_.ok()) {
      changed_.Wait(&mutex_);
    } else if (!changed_.WaitFor(&mutex_,
                                 absl::ToChronoMicroseconds(options_.checkpoint_interval))) {
      break;
    }
  }
  return std::exchange(waiting_, {});
}

void AccessJournal::Write(std::vector<Waiting> waiting) {
  absl::Status status = failure();
  if (status.ok()) {
    const Group group = Frame(waiting);
    status = MakeDurable(group);
    if (status.ok()) {
      MutexLock lock(&mutex_);
      stand_ = group.stand;
    } else {
      Fail(status);
      status = failure();
    }
  }
  for (Waiting& one : waiting) {
    one.done(status.ok() ? absl::StatusOr<Sequence>(one.access.sequence()) : status);
  }
}

AccessJournal::Group AccessJournal::Frame(std::vector<Waiting>& waiting) {
  Group group;
  {
    MutexLock lock(&mutex_);
    group.stand = stand_;
  }
  ledger::SegmentBuilder builder(kAccessPartition, kEpoch, tree_.size() + 1);
  ledger::Hash root_before = tree_.Root();
  const auto seal = [&] {
    group.segments.push_back(builder.Seal(root_before));
    group.stand.bytes += group.segments.back().bytes.size();
    root_before = tree_.Root();
  };
  last_micros_ = std::max(last_micros_, absl::ToUnixMicros(parts_.clock->Now()) - 1);
  for (Waiting& one : waiting) {
    one.access.set_sequence(tree_.size() + 1);
    one.access.set_time_micros(++last_micros_);
    const std::string record = one.access.SerializeAsString();
    if (!builder.Fits(record.size())) seal();
    builder.Add(record);
    tree_.Append(ledger::LeafHash(record));
  }
  seal();
  group.stand.last = tree_.size();
  group.mark = {tree_.size(), tree_.Root()};
  AddTiles(group.stand, &group.views);
  return group;
}

void AccessJournal::AddTiles(const Stand& stand, ledger::WriteBatch* views) {
  for (ledger::Tile& tile : tree_.TakeCompletedTiles()) {
    views->Put(ledger::Family::kTiles, ledger::TileKey(tile.id), std::move(tile.bytes));
  }
  views->Put(kTiledTable.family, ledger::EncodeKey(kTiledTable.id, std::uint8_t{0}),
             ledger::EncodeValue(TiledRow{stand.last, stand.bytes}));
}

// As the ledger's: durable first, then the mark, which is never ahead of it.
absl::Status AccessJournal::MakeDurable(const Group& group) {
  const ledger::CommitLog::AppendResult result =
      parts_.log->Append(kEpoch, group.segments, ledger::WriteBatch());
  if (result.outcome != ledger::AppendOutcome::kCommitted) {
    return result.status.ok() ? absl::UnavailableError("another epoch owns it") : result.status;
  }
  PUHUI_RETURN_IF_ERROR(high_water_.Write(group.mark));
  PUHUI_RETURN_IF_ERROR(parts_.store->Commit(group.views, ledger::Durability::kView));
  unflushed_ += group.segments.back().last - group.segments.front().first + 1;
  if (unflushed_ < options_.flush_records) return absl::OkStatus();
  unflushed_ = 0;
  return parts_.store->FlushViews(/*wait=*/false);
}

// Signs what is durable and nothing else.
void AccessJournal::SignIfGrown() {
  if (tree_.size() == signed_ || !failure().ok()) return;
  std::string note = ledger::SignCheckpoint({.origin = options_.origin,
                                             .size = tree_.size(),
                                             .root = tree_.Root(),
                                             .time = parts_.clock->Now()},
                                            options_.key_name, key_);
  if (absl::Status status = ledger::PublishCheckpoint(options_.directory, note); !status.ok()) {
    return Fail(status);
  }
  signed_ = tree_.size();
  MutexLock lock(&mutex_);
  checkpoint_ = std::move(note);
}

void AccessJournal::Fail(const absl::Status& status) {
  MutexLock lock(&mutex_);
  failure_ = absl::UnavailableError(absl::StrCat(
      "the access journal cannot be written until the next start: ", status.message()));
}

}  // namespace puhui::audit
