// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/journal_alone.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/local_log.h"
#include "ledger/storage/rocks_store.h"

#include "absl/time/clock.h"

#include <utility>

namespace puhui::bench {
namespace {

constexpr std::uint64_t kEpoch = 1;

// Packs records into segments, and segments into appends.
class Packer {
 public:
  void Add(absl::string_view record) {
    if (!segment_.Fits(record.size())) SealSegment();
    segment_.Add(record);
    ++appends_.records;
  }
  Appends Finish() {
    if (!segment_.empty()) SealSegment();
    if (!group_.empty()) EndGroup();
    return std::move(appends_);
  }

 private:
  // The tree over the records is no part of the journal's own work.
  void SealSegment() {
    ledger::SealedSegment sealed = segment_.Seal(ledger::Hash{});
    if (group_bytes_ + sealed.bytes.size() > kGroupBytesMax) EndGroup();
    group_bytes_ += sealed.bytes.size();
    group_.push_back(std::move(sealed));
  }
  void EndGroup() {
    appends_.bytes += std::exchange(group_bytes_, 0);
    appends_.groups.push_back(std::exchange(group_, {}));
  }

  Appends appends_;
  ledger::SegmentBuilder segment_{0, kEpoch, 1};
  std::vector<ledger::SealedSegment> group_;
  std::size_t group_bytes_ = 0;
};

}  // namespace

absl::StatusOr<Appends> CopyRecords(const ledger::CommitLog& log, Sequence first, Sequence last) {
  Packer packer;
  const auto visit = [&](absl::string_view bytes) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const ledger::SegmentView segment, ledger::SegmentView::Parse(bytes));
    Sequence sequence = segment.first();
    for (const absl::string_view record : segment) {
      if (sequence >= first && sequence <= last) packer.Add(record);
      ++sequence;
    }
    return segment.last() < last;
  };
  PUHUI_RETURN_IF_ERROR(log.Read(first, visit));
  return packer.Finish();
}

absl::StatusOr<absl::Duration> TimeJournalAlone(const Appends& appends, const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(const auto store, ledger::RocksStore::Open({.path = path}));
  PUHUI_ASSIGN_OR_RETURN(const auto log, ledger::LocalLog::Open(store.get()));
  PUHUI_CHECK(log->next_sequence() == 1);
  const ledger::WriteBatch no_personal_data;
  const absl::Time begin = absl::Now();
  for (const auto& group : appends.groups) {
    const auto result = log->Append(kEpoch, group, no_personal_data);
    PUHUI_RETURN_IF_ERROR(result.status);
    PUHUI_CHECK(result.outcome == ledger::AppendOutcome::kCommitted);
  }
  const absl::Duration taken = absl::Now() - begin;
  PUHUI_RETURN_IF_ERROR(store->Close());
  return taken;
}

}  // namespace puhui::bench
