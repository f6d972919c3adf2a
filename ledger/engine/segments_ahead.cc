// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/segments_ahead.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::size_t kSegmentsReadyMax = 64;

std::unique_ptr<ParsedSegment> ParseSegment(const SegmentView& segment) {
  auto parsed = std::make_unique<ParsedSegment>();
  parsed->header = segment.header();
  parsed->records.reserve(segment.header().record_count);
  Sequence sequence = segment.first();
  for (const absl::string_view bytes : segment) {
    auto* record = google::protobuf::Arena::CreateMessage<journal::v1::Record>(&parsed->arena);
    parsed->broken = ParseRecord(sequence++, bytes, record);
    if (!parsed->broken.ok()) break;
    parsed->records.push_back({record, LeafHash(bytes), bytes.size()});
  }
  return parsed;
}

}  // namespace

absl::Status ParseRecord(Sequence sequence, absl::string_view bytes, journal::v1::Record* record) {
  if (!record->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(absl::StrCat("record ", sequence, " cannot be parsed"));
  }
  if (record->sequence() != sequence) {
    return absl::DataLossError(
        absl::StrCat("record ", sequence, " says that it is ", record->sequence()));
  }
  return absl::OkStatus();
}

SegmentsAhead::SegmentsAhead(const Readable& journal, MerkleTree* tree, Sequence to)
    : journal_(journal),
      tree_(tree),
      reader_([this, from = tree->size() + 1, to] { Read(from, to); }) {}

SegmentsAhead::~SegmentsAhead() {
  {
    MutexLock lock(&mutex_);
    unwanted_ = true;
    changed_.NotifyAll();
  }
  reader_.join();
}

void SegmentsAhead::Read(Sequence from, Sequence to) {
  absl::Status status =
      ReadSegments(journal_, from, [&](absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const SegmentView segment, SegmentView::Parse(bytes));
        if (segment.first() > to) return false;
        return Take(segment);
      });
  MutexLock lock(&mutex_);
  status_ = std::move(status);
  done_ = true;
  changed_.NotifyAll();
}

absl::StatusOr<bool> SegmentsAhead::Take(const SegmentView& segment) {
  std::unique_ptr<ParsedSegment> parsed = ParseSegment(segment);
  {
    MutexLock lock(&tree_mutex_);
    if (segment.first() != tree_->size() + 1 || segment.header().root_before != tree_->Root()) {
      return absl::DataLossError(absl::StrCat("the segment at record ", segment.first(),
                                              " does not continue the ", tree_->size(),
                                              " records before it"));
    }
    for (const ParsedSegment::Record& record : parsed->records) tree_->Append(record.leaf);
  }
  const bool whole = parsed->broken.ok();
  return Hand(std::move(parsed)) && whole;
}

absl::StatusOr<Hash> SegmentsAhead::RootAt(std::uint64_t size, TileReader read_tile) const {
  MutexLock lock(&tree_mutex_);
  return tree_->RootAt(size, read_tile);
}

std::vector<Tile> SegmentsAhead::TakeCompletedTiles(std::uint64_t size) {
  MutexLock lock(&tree_mutex_);
  return tree_->TakeCompletedTiles(size);
}

bool SegmentsAhead::Hand(std::unique_ptr<ParsedSegment> segment) {
  MutexLock lock(&mutex_);
  while (ready_.size() >= kSegmentsReadyMax && !unwanted_) changed_.Wait(&mutex_);
  ready_.push_back(std::move(segment));
  changed_.NotifyAll();
  return !unwanted_;
}

absl::StatusOr<std::unique_ptr<ParsedSegment>> SegmentsAhead::Next() {
  MutexLock lock(&mutex_);
  while (ready_.empty() && !done_) changed_.Wait(&mutex_);
  if (ready_.empty()) {
    if (!status_.ok()) return status_;
    return nullptr;
  }
  std::unique_ptr<ParsedSegment> segment = std::move(ready_.front());
  ready_.pop_front();
  changed_.NotifyAll();
  return segment;
}

}  // namespace puhui::ledger
