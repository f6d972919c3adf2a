// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_AUDIT_INDEX_H_
#define PUHUI_AUDIT_INDEX_AUDIT_INDEX_H_

#include "audit/index/index_moment.h"
#include "audit/index/index_writer.h"
#include "ledger/base/id.h"
#include "ledger/base/limits.h"
#include "ledger/base/mutex.h"
#include "ledger/engine/follower.h"
#include "ledger/storage/store.h"

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace puhui::audit {

// Where the index lies in its directory; absl::nullopt when there is none. The last one counts.
absl::optional<std::string> StoredIndexPath(const std::string& directory);

// By what, and where, records are found: a view that the writer knows nothing of, in a store of its
// own. A thread follows the journal, reading what is durable. An index that is lost, damaged, of
// another ledger or of another version is dropped and built anew, and nothing but questions of
// auditors waits for it.
// Threads: safe. Owns: everything in its directory. Borrows: the ledger's store.
class AuditIndex {
 public:
  // Whoever waits has a thread, one of the few that answer all that is long: so many wait as long
  // as they like, and the others no longer than an index takes that follows as it should.
  static constexpr std::size_t kWaitingMax = 2;
  static constexpr absl::Duration kCrowdedWaitMax = absl::Milliseconds(100);

  struct Options {
    std::string directory;
    // Opens the store that lies at `path`, or makes one.
    std::function<absl::StatusOr<std::unique_ptr<ledger::Store>>(const std::string& path)> open;
    absl::Duration interval = absl::Seconds(1);
    std::size_t step_records_max = kIndexStepRecordsMax;
    absl::Duration crowded_wait_max = kCrowdedWaitMax;
    std::function<void(absl::string_view)> say = [](absl::string_view) {};  // What became of it.
  };
  struct Figures {
    Sequence sequence = 0;       // The last record that it knows of.
    std::uint64_t rebuilds = 0;  // How often it was built anew since the start.
    std::size_t waiting = 0;     // Who waits for it as long as they like.
  };

  AuditIndex(const ledger::Store* ledger, Options options);
  ~AuditIndex();

  void Start() { follower_.Start(); }
  // Leaves the index durable. Idempotent.
  void Stop();

  // The index as it is when it knows every record that the ledger has now.
  // Refuses: AUDIT_INDEX_BEHIND, when that takes longer than `wait_max`, or than crowded_wait_max
  // while kWaitingMax others wait.
  absl::StatusOr<IndexMoment> Read(absl::Duration wait_max = kIndexWaitMax);
  // The index as it is, and it is told to follow. Refuses: AUDIT_INDEX_BEHIND, when there is none.
  absl::StatusOr<IndexMoment> Latest();
  // What `moment` was taken of was found not to say what the journal says: it is dropped and built
  // anew, as one that is damaged. Nothing happens when it is gone already.
  void Reject(const IndexMoment& moment);
  // What whoever asks is told of `failure`, which reading of moments came to since `before` was
  // figures(). Refuses: AUDIT_INDEX_BEHIND, when it was damage of the index: that is built anew
  // then. Fails: as `failure`, when it was of anything else.
  absl::Status Explain(absl::Status failure, const Figures& before);
  Figures figures() const;

  // Follows the journal to its end now, building the index if it has to. What Start's thread does,
  // for who has none. Fails: as the ledger and the index; the next call goes on.
  absl::Status Follow();

 private:
  absl::Status Open(const ledger::Readable& journal);
  // Whether what was opened is of this ledger, and can be gone on with; its segments then.
  absl::StatusOr<bool> Continues(const ledger::Store& index, const ledger::Readable& journal,
                                 SegmentStarts* segments) const;
  // What a moment is taken of.
  struct Shown {
    std::shared_ptr<const ledger::Store> store{};
    std::shared_ptr<const SegmentStarts> segments{};
  };
  absl::StatusOr<IndexMoment> MomentOf(Shown shown) const;
  bool Knows(Sequence wanted) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return readable_.store != nullptr && figures_.sequence >= wanted;
  }
  absl::Status Await(Sequence wanted, absl::Duration wait_max)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Rejected();
  // It can be read, and lies where it was opened: somebody may have deleted it.
  bool Usable() const;
  void Drop(absl::string_view why);
  void Show();

  const ledger::Store& ledger_;
  const Options options_;
  const std::shared_ptr<RecordTimes> times_ = std::make_shared<RecordTimes>();

  // The follower's own.
  std::shared_ptr<ledger::Store> store_;
  std::shared_ptr<SegmentStarts> segments_;  // Those that it knows of.
  std::unique_ptr<IndexWriter> writer_;
  std::uint64_t number_ = 0;  // Of the last index: it names its place.
  bool on_disk_ = false;      // Its place was there when it was opened.
  std::uint64_t rebuilds_ = 0;
  bool building_ = false;  // From the first record on; said when it is done.

  mutable Mutex mutex_;
  CondVar shown_;
  Shown readable_ ABSL_GUARDED_BY(mutex_);  // Nothing until there is an index.
  std::weak_ptr<const ledger::Store> rejected_ ABSL_GUARDED_BY(mutex_);
  Figures figures_ ABSL_GUARDED_BY(mutex_);
  ledger::Follower follower_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_AUDIT_INDEX_H_
