// SPDX-License-Identifier: Apache-2.0
#include "audit/index/merged_list.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace puhui::audit {
namespace {

// Sequences of a list that are in memory at a time. More would be read for lists that are asked for
// one of theirs; of fewer, a row of a long list would be unpacked more often.
constexpr std::size_t kMergedAtOnce = 16;

class MergedList final : public SequenceList {
 public:
  MergedList(const ledger::Readable& index, const std::vector<ListName>& lists, Direction direction)
      : cursor_(index.NewCursor(kPostingsTable.family)),
        forward_(direction == Direction::kForward) {
    lanes_.reserve(lists.size());
    for (const ListName& list : lists) lanes_.push_back({.list = list});
    heads_.reserve(lists.size());
  }

  absl::StatusOr<Sequence> Seek(Sequence from) override {
    if (!begun_) {
      begun_ = true;
      for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
        PUHUI_RETURN_IF_ERROR(Advance(lane, from));
      }
    }
    while (!heads_.empty() && Passed(heads_.front().next, from)) {
      std::pop_heap(heads_.begin(), heads_.end(), Farther{forward_});
      const std::uint32_t lane = heads_.back().lane;
      heads_.pop_back();
      PUHUI_RETURN_IF_ERROR(Advance(lane, from));
    }
    return heads_.empty() ? 0 : heads_.front().next;
  }

 private:
  // One list, and those of its sequences that come next, in the order that they are met in.
  struct Lane {
    ListName list{};
    std::array<Sequence, kMergedAtOnce> ahead{};
    std::uint32_t at = 0;
    std::uint32_t end = 0;
  };
  struct Head {
    Sequence next = 0;
    std::uint32_t lane = 0;
  };
  // So that the nearest of the heads is the first of the heap.
  struct Farther {
    bool forward;
    bool operator()(const Head& a, const Head& b) const {
      return forward ? a.next > b.next : a.next < b.next;
    }
  };

  bool Passed(Sequence sequence, Sequence from) const {
    return forward_ ? sequence < from : sequence > from;
  }

  // Puts the lane into the heap again, unless it has nothing from `from` on.
  absl::Status Advance(std::uint32_t number, Sequence from) {
    ++seeks_;
    Lane& lane = lanes_[number];
    while (lane.at < lane.end && Passed(lane.ahead[lane.at], from)) ++lane.at;
    if (lane.at == lane.end) PUHUI_RETURN_IF_ERROR(Refill(from, &lane));
    if (lane.at == lane.end) return absl::OkStatus();
    heads_.push_back({.next = lane.ahead[lane.at], .lane = number});
    std::push_heap(heads_.begin(), heads_.end(), Farther{forward_});
    return absl::OkStatus();
  }

  absl::Status Refill(Sequence from, Lane* lane) {
    const std::string prefix = ledger::EncodeKeyPrefix(kPostingsTable.id, lane->list);
    std::string key = prefix;
    key.resize(prefix.size() + sizeof(Sequence));
    absl::big_endian::Store64(key.data() + prefix.size(), from);
    lane->at = lane->end = 0;
    // The row that begins at `from` or before it; forwards, the one after it when it ends before.
    cursor_->SeekBackward(key);
    PUHUI_RETURN_IF_ERROR(Take(prefix, from, lane));
    if (!forward_ || lane->end != 0) return absl::OkStatus();
    if (cursor_->Valid()) {
      cursor_->Next();
    } else {
      cursor_->Seek(key);
    }
    return Take(prefix, from, lane);
  }

  // What the row under the cursor has from `from` on; nothing when it is of another list.
  absl::Status Take(const std::string& prefix, Sequence from, Lane* lane) {
    if (!cursor_->Valid()) return cursor_->status();
    if (!absl::StartsWith(cursor_->key(), prefix)) return absl::OkStatus();
    if (cursor_->key().size() != prefix.size() + sizeof(Sequence)) {
      return absl::DataLossError("index: a key is malformed");
    }
    const Sequence first = absl::big_endian::Load64(cursor_->key().data() + prefix.size());
    PUHUI_ASSIGN_OR_RETURN(const std::string packed,
                           ledger::DecodeRow<std::string>(kPostingsTable, cursor_->value()));
    PUHUI_ASSIGN_OR_RETURN(const std::vector<Sequence> row, UnpackSequences(first, packed));
    const auto put = [lane](Sequence sequence) { lane->ahead[lane->end++] = sequence; };
    if (forward_) {
      auto next = std::lower_bound(row.begin(), row.end(), from);
      while (next != row.end() && lane->end < kMergedAtOnce) put(*next++);
    } else {
      auto next = std::upper_bound(row.begin(), row.end(), from);
      while (next != row.begin() && lane->end < kMergedAtOnce) put(*--next);
    }
    return absl::OkStatus();
  }

  const std::unique_ptr<ledger::Cursor> cursor_;
  const bool forward_;
  std::vector<Lane> lanes_;
  std::vector<Head> heads_;  // A heap: of each lane that is not at its end.
  bool begun_ = false;
};

}  // namespace

SequenceListPtr MergeOf(const ledger::Readable& index, const std::vector<ListName>& lists,
                        Direction direction) {
  PUHUI_CHECK(lists.size() <= kMergedListsMax);
  return std::make_unique<MergedList>(index, lists, direction);
}

}  // namespace puhui::audit
