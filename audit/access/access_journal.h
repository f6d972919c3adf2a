// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_ACCESS_ACCESS_JOURNAL_H_
#define PUHUI_AUDIT_ACCESS_ACCESS_JOURNAL_H_

#include "audit/access/access_walk.h"
#include "ledger/base/clock.h"
#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/commit_log.h"
#include "ledger/journal/high_water.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/merkle.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/access.pb.h"

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::audit {

// Who read what, and why: a journal beside the ledger's, in a store of its own, in the same
// segments, with a Merkle tree and a signed head of its own. What waits is written together and
// synced once; a read is answered after that. The ledger's writer has no part in it.
//
// After a write that failed nothing is written any more until it is opened again: whoever has to be
// on record is refused meanwhile. Nothing is ever taken out.
// Threads: safe. Owns: its writer's thread. Borrows: its parts, which outlive it.
class AccessJournal {
 public:
  struct Parts {
    const Clock* clock;
    ledger::Store* store;
    ledger::CommitLog* log;  // Of that store.
  };
  struct Options {
    std::string directory;  // Of the files `checkpoint` and `head`; the store may lie below it.
    std::string origin;     // Names it in its checkpoints.
    std::string key_name;
    absl::Duration checkpoint_interval = absl::Seconds(1);
    std::uint64_t flush_records = 100'000;  // Bounds what the next start has to hash again.
    absl::optional<ledger::KeyChain> key_chain = {};  // As ledger::Engine::Options.
  };
  // Recovers: a tail that nobody was told about is gone with the store's own recovery.
  // Fails: kDataLoss, naming the first access that is missing, damaged or altered;
  // kFailedPrecondition when the checkpoint is of another journal; kUnavailable.
  static absl::StatusOr<std::unique_ptr<AccessJournal>> Open(const Parts& parts,
                                                             const Options& options,
                                                             const ledger::SigningKey& key);
  ~AccessJournal();
  AccessJournal(const AccessJournal&) = delete;
  AccessJournal& operator=(const AccessJournal&) = delete;

  // Where it was written, once it is durable; on the writer's thread, which must not wait.
  using Done = absl::AnyInvocable<void(absl::StatusOr<Sequence>)>;
  // Writes `access`, but for sequence and time, which are given. Calls `done` exactly once; at once
  // when it cannot be taken. Fails: kResourceExhausted when too many wait; kUnavailable.
  void Append(journal::v1::Access access, Done done);

  // One moment of it.
  std::unique_ptr<ledger::Readable> Read() const { return parts_.store->TakeSnapshot(); }
  // The latest signed head; empty when there is none yet.
  std::string checkpoint() const;
  // Why nothing is written any more. OK: it is.
  absl::Status failure() const;
  // What there is, durably: accesses, and the bytes of their segments.
  std::uint64_t size() const;
  std::uint64_t bytes() const;

  // Writes and signs what waits, flushes, and takes nothing any more. Idempotent.
  absl::Status Shutdown();

 private:
  struct Waiting {
    journal::v1::Access access;
    Done done;
  };
  struct Stand {  // Of what is durable.
    Sequence last = 0;
    std::uint64_t bytes = 0;
  };
  struct Group;
  AccessJournal(const Parts& parts, const Options& options, const ledger::SigningKey& key,
                ledger::HighWaterFile high_water);

  // Brings the tree up to the end of the journal.
  absl::Status Recover(const AccessPromises& promises);
  absl::Status CatchUp(const AccessPromises& promises, Stand tiled);
  absl::Status CheckOldPromises(const AccessPromises& promises) const;

  void Run();
  // What waits, or nothing when it is time to sign, or to stop.
  std::vector<Waiting> Take() ABSL_LOCKS_EXCLUDED(mutex_);
  void Write(std::vector<Waiting> waiting);
  // Gives sequences and times, and frames.
  Group Frame(std::vector<Waiting>& waiting);
  absl::Status MakeDurable(const Group& group);
  void AddTiles(const Stand& stand, ledger::WriteBatch* views);
  void SignIfGrown();
  void Fail(const absl::Status& status);
  bool stopping() const;

  const Parts parts_;
  const Options options_;
  const ledger::SigningKey key_;
  // The writer's.
  ledger::HighWaterFile high_water_;
  ledger::MerkleTree tree_;
  std::int64_t last_micros_ = 0;
  std::uint64_t signed_ = 0;
  std::uint64_t unflushed_ = 0;

  mutable Mutex mutex_;
  CondVar changed_;
  std::vector<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  Stand stand_ ABSL_GUARDED_BY(mutex_);
  std::string checkpoint_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_ACCESS_ACCESS_JOURNAL_H_
