// SPDX-License-Identifier: Apache-2.0
#include "audit/index/sequence_list.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::audit {
namespace {

// A list that lies in rows, whose keys end with the first sequence of each.
class StoredList : public SequenceList {
 public:
  StoredList(const ledger::Readable& index, ledger::Family family, std::string prefix,
             Direction direction)
      : cursor_(index.NewCursor(family)), prefix_(std::move(prefix)), direction_(direction) {}

  absl::StatusOr<Sequence> Seek(Sequence from) override {
    ++seeks_;
    if (!Within(from)) PUHUI_RETURN_IF_ERROR(Load(from));
    if (row_.empty()) return 0;
    if (direction_ == Direction::kForward) {
      const auto found = std::lower_bound(row_.begin(), row_.end(), from);
      return found == row_.end() ? 0 : *found;
    }
    const auto after = std::upper_bound(row_.begin(), row_.end(), from);
    return after == row_.begin() ? 0 : *(after - 1);
  }

 protected:
  virtual absl::StatusOr<std::vector<Sequence>> Unpack(Sequence first,
                                                       absl::string_view value) const = 0;

 private:
  // Whether the row that was read last, if any, answers.
  bool Within(Sequence from) const {
    if (ended_) return true;
    if (row_.empty()) return false;
    return direction_ == Direction::kForward ? from <= row_.back() : from >= row_.front();
  }

  // The row that begins at `from` or before it; forwards, the one after it when that one ends
  // before.
  absl::Status Load(Sequence from) {
    if (!row_.empty()) {  // Mostly the row beside the last one is the one, and that is near.
      if (direction_ == Direction::kForward) {
        cursor_->Next();
      } else {
        cursor_->Prev();
      }
      PUHUI_RETURN_IF_ERROR(Take());
      if (row_.empty() || Within(from)) return absl::OkStatus();
    }
    std::string key = prefix_;
    key.resize(prefix_.size() + sizeof(Sequence));
    absl::big_endian::Store64(key.data() + prefix_.size(), from);
    cursor_->SeekBackward(key);
    PUHUI_RETURN_IF_ERROR(Take());
    if (direction_ == Direction::kBackward) return absl::OkStatus();
    if (row_.empty()) {
      ended_ = false;
      cursor_->Seek(key);
      return Take();
    }
    if (from <= row_.back()) return absl::OkStatus();
    cursor_->Next();
    return Take();
  }

  // The row under the cursor; none when it is of another list.
  absl::Status Take() {
    row_.clear();
    if (!cursor_->Valid() || !absl::StartsWith(cursor_->key(), prefix_)) {
      ended_ = true;
      return cursor_->Valid() ? absl::OkStatus() : cursor_->status();
    }
    if (cursor_->key().size() != prefix_.size() + sizeof(Sequence)) {
      return absl::DataLossError("index: a key is malformed");
    }
    const Sequence first = absl::big_endian::Load64(cursor_->key().data() + prefix_.size());
    PUHUI_ASSIGN_OR_RETURN(row_, Unpack(first, cursor_->value()));
    return absl::OkStatus();
  }

  const std::unique_ptr<ledger::Cursor> cursor_;
  const std::string prefix_;
  const Direction direction_;
  std::vector<Sequence> row_;
  bool ended_ = false;  // There is nothing beyond the last row that was read.
};

class PostingsList final : public StoredList {
 public:
  PostingsList(const ledger::Readable& index, const ListName& list, Direction direction)
      : StoredList(index, kPostingsTable.family, ledger::EncodeKeyPrefix(kPostingsTable.id, list),
                   direction) {}

 protected:
  absl::StatusOr<std::vector<Sequence>> Unpack(Sequence first,
                                               absl::string_view value) const override {
    PUHUI_ASSIGN_OR_RETURN(const std::string packed,
                           ledger::DecodeRow<std::string>(kPostingsTable, value));
    return UnpackSequences(first, packed);
  }
};

class MovementsList final : public StoredList {
 public:
  MovementsList(const ledger::Readable& index, const AccountName& account, Direction direction)
      : StoredList(index, kMovementsTable.family,
                   ledger::EncodeKeyPrefix(kMovementsTable.id, RowNameOf(account)), direction) {}

 protected:
  absl::StatusOr<std::vector<Sequence>> Unpack(Sequence first,
                                               absl::string_view value) const override {
    PUHUI_ASSIGN_OR_RETURN(const MovementsRow row,
                           ledger::DecodeRow<MovementsRow>(kMovementsTable, value));
    std::vector<Sequence> sequences;
    sequences.reserve(row.movements.size());
    Sequence sequence = first;
    for (const StoredMovement& movement : row.movements) {
      sequence += movement.beyond;
      sequences.push_back(sequence);
    }
    return sequences;
  }
};

// Whether `a` comes before `b` on the way; 0 is behind everything.
bool Sooner(Sequence a, Sequence b, Direction direction) {
  if (a == 0 || b == 0) return b == 0 && a != 0;
  return direction == Direction::kForward ? a < b : a > b;
}

class AnyList final : public SequenceList {
 public:
  AnyList(std::vector<SequenceListPtr> lists, Direction direction)
      : lists_(std::move(lists)), direction_(direction) {}

  absl::StatusOr<Sequence> Seek(Sequence from) override {
    if (next_.empty()) next_.resize(lists_.size());
    Sequence nearest = 0;
    for (std::size_t i = 0; i < lists_.size(); ++i) {
      if (!asked_ || (next_[i] != 0 && Sooner(next_[i], from, direction_))) {
        const std::size_t before = lists_[i]->seeks();
        PUHUI_ASSIGN_OR_RETURN(next_[i], lists_[i]->Seek(from));
        seeks_ += lists_[i]->seeks() - before;
      }
      if (Sooner(next_[i], nearest, direction_)) nearest = next_[i];
    }
    asked_ = true;
    return nearest;
  }

 private:
  const std::vector<SequenceListPtr> lists_;
  const Direction direction_;
  std::vector<Sequence> next_;  // Of each list, at or after what was asked for last.
  bool asked_ = false;
};

}  // namespace

SequenceListPtr PostingsOf(const ledger::Readable& index, const ListName& list,
                           Direction direction) {
  return std::make_unique<PostingsList>(index, list, direction);
}

SequenceListPtr MovementsOf(const ledger::Readable& index, const AccountName& account,
                            Direction direction) {
  return std::make_unique<MovementsList>(index, account, direction);
}

SequenceListPtr AnyOf(std::vector<SequenceListPtr> lists, Direction direction) {
  return std::make_unique<AnyList>(std::move(lists), direction);
}

CommonList::CommonList(std::vector<SequenceListPtr> lists, Range range)
    : lists_(std::move(lists)), range_(range) {
  PUHUI_CHECK(range_.first > 0);  // 0 is what lists say when there is none.
}

absl::StatusOr<CommonList::Place> CommonList::Seek(Sequence from, std::size_t seeks_max) {
  Place place{.sequence = from};
  if (!Within(from)) return Place{};
  for (std::size_t agreed = 0, i = 0; agreed < lists_.size(); i = (i + 1) % lists_.size()) {
    if (place.seeks >= seeks_max && place.sequence != from) return place;
    const std::size_t before = lists_[i]->seeks();
    PUHUI_ASSIGN_OR_RETURN(const Sequence found, lists_[i]->Seek(place.sequence));
    place.seeks += lists_[i]->seeks() - before;
    if (!Within(found)) return Place{.seeks = place.seeks};
    agreed = found == place.sequence ? agreed + 1 : 1;
    place.sequence = found;
  }
  place.in_all = true;
  return place;
}

}  // namespace puhui::audit
