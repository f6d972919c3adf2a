// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/journal_alone.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/local_log.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/rocks_store.h"

#include "absl/time/clock.h"

#include <cstddef>
#include <utility>

namespace puhui::bench {
namespace {

constexpr std::uint64_t kEpoch = 1;

// Writes records to a log as the sequencer and the committer do, one after the other.
class Writer {
 public:
  explicit Writer(ledger::LocalLog* log) : log_(log) {}

  absl::Status Add(const std::string& record) {
    if (!segment_.Fits(record.size())) PUHUI_RETURN_IF_ERROR(SealSegment());
    segment_.Add(record);
    tree_.Append(ledger::LeafHash(record));
    return absl::OkStatus();
  }
  absl::Status Finish() {
    if (!segment_.empty()) PUHUI_RETURN_IF_ERROR(SealSegment());
    return Append();
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  absl::Status SealSegment() {
    ledger::SealedSegment sealed = segment_.Seal(root_);
    root_ = tree_.Root();
    tree_.TakeCompletedTiles();
    if (group_bytes_ + sealed.bytes.size() > kGroupBytesMax) PUHUI_RETURN_IF_ERROR(Append());
    group_bytes_ += sealed.bytes.size();
    group_.push_back(std::move(sealed));
    return absl::OkStatus();
  }
  absl::Status Append() {
    bytes_ += std::exchange(group_bytes_, 0);
    const auto group = std::exchange(group_, {});
    if (group.empty()) return absl::OkStatus();
    const auto result = log_->Append(kEpoch, group, /*vault=*/{});
    PUHUI_RETURN_IF_ERROR(result.status);
    PUHUI_CHECK(result.outcome == ledger::AppendOutcome::kCommitted);
    return absl::OkStatus();
  }

  ledger::LocalLog* const log_;
  ledger::MerkleTree tree_;
  ledger::Hash root_ = tree_.Root();
  ledger::SegmentBuilder segment_{0, kEpoch, 1};
  std::vector<ledger::SealedSegment> group_;
  std::size_t group_bytes_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> CopyRecords(const ledger::CommitLog& log, Sequence first,
                                                     Sequence last) {
  std::vector<std::string> records;
  const auto visit = [&](absl::string_view bytes) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const ledger::SegmentView segment, ledger::SegmentView::Parse(bytes));
    Sequence sequence = segment.first();
    for (const absl::string_view record : segment) {
      if (sequence >= first && sequence <= last) records.emplace_back(record);
      ++sequence;
    }
    return segment.last() < last;
  };
  PUHUI_RETURN_IF_ERROR(log.Read(first, visit));
  return records;
}

absl::StatusOr<JournalAlone> TimeJournalAlone(const std::vector<std::string>& records,
                                              const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(const auto store, ledger::RocksStore::Open({.path = path}));
  PUHUI_ASSIGN_OR_RETURN(const auto log, ledger::LocalLog::Open(store.get()));
  PUHUI_CHECK(log->next_sequence() == 1);
  Writer writer(log.get());
  const absl::Time begin = absl::Now();
  for (const std::string& record : records) PUHUI_RETURN_IF_ERROR(writer.Add(record));
  PUHUI_RETURN_IF_ERROR(writer.Finish());
  const absl::Duration taken = absl::Now() - begin;
  PUHUI_CHECK(log->next_sequence() == records.size() + 1);
  PUHUI_RETURN_IF_ERROR(store->Close());
  return JournalAlone{.taken = taken, .bytes = writer.bytes()};
}

}  // namespace puhui::bench
