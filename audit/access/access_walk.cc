// SPDX-License-Identifier: Apache-2.0
#include "audit/access/access_walk.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/segment.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::audit {
namespace {

absl::Status DamagedAt(Sequence sequence, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("access journal at sequence ", sequence, ": ", what));
}

}  // namespace

absl::StatusOr<journal::v1::Access> ParseAccess(Sequence sequence, absl::string_view bytes) {
  journal::v1::Access access;
  if (!access.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return DamagedAt(sequence, "it cannot be parsed");
  }
  if (access.sequence() != sequence) return DamagedAt(sequence, "it says it is another");
  return access;
}

absl::Status CheckReaches(Sequence last, const AccessPromises& promises) {
  const auto check = [last](Sequence promised, absl::string_view by) {
    if (promised <= last) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat("the access journal ends with ", last, ", but ", by,
                                            " vouches for ", promised, ": access ", last + 1,
                                            " is missing"));
  };
  if (promises.checkpoint.has_value()) {
    PUHUI_RETURN_IF_ERROR(check(promises.checkpoint->size, "the signed checkpoint"));
  }
  if (!promises.high_water.has_value()) return absl::OkStatus();
  return check(promises.high_water->sequence, "the high-water mark");
}

AccessWalk::AccessWalk(const AccessPromises& promises) : promises_(promises) {}

AccessWalk::AccessWalk(const AccessPromises& promises, ledger::MerkleTree tree,
                       std::int64_t last_micros)
    : promises_(promises), tree_(std::move(tree)), last_micros_(last_micros) {}

absl::Status AccessWalk::Take(absl::string_view segment) {
  PUHUI_ASSIGN_OR_RETURN(const auto view, ledger::SegmentView::Parse(segment));
  const ledger::SegmentHeader& header = view.header();
  if (header.first != tree_.size() + 1) return DamagedAt(tree_.size() + 1, "it is missing");
  if (header.partition != kAccessPartition) {
    return DamagedAt(header.first, "the segment is of another journal");
  }
  if (header.root_before != tree_.Root()) {
    return Altered(absl::StrCat("that access ", header.first, " was written after"));
  }
  sound_ = tree_.size();
  Sequence sequence = header.first;
  for (const absl::string_view record : view) {
    PUHUI_RETURN_IF_ERROR(TakeRecord(sequence++, record));
  }
  bytes_ += segment.size();
  return absl::OkStatus();
}

absl::StatusOr<bool> AccessWalk::Step(const ledger::Readable& readable, std::uint64_t records) {
  const Sequence from = tree_.size() + 1;
  bool stopped = false;
  PUHUI_RETURN_IF_ERROR(
      ledger::ReadSegments(readable, from, [&](absl::string_view segment) -> absl::StatusOr<bool> {
        PUHUI_RETURN_IF_ERROR(Take(segment));
        stopped = tree_.size() - from + 1 >= records;
        return !stopped;
      }));
  return stopped;
}

absl::Status AccessWalk::TakeRecord(Sequence sequence, absl::string_view record) {
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Access access, ParseAccess(sequence, record));
  if (access.time_micros() <= last_micros_) {
    return DamagedAt(sequence, "its time is not after that of the one before");
  }
  last_micros_ = access.time_micros();
  tree_.Append(ledger::LeafHash(record));
  return CheckPromises();
}

absl::Status AccessWalk::CheckPromises() const {
  const auto check = [this](Sequence size, const ledger::Hash& root, absl::string_view by) {
    return size != tree_.size() || root == tree_.Root() ? absl::OkStatus() : Altered(by);
  };
  if (promises_.checkpoint.has_value()) {
    PUHUI_RETURN_IF_ERROR(
        check(promises_.checkpoint->size, promises_.checkpoint->root, "of the signed checkpoint"));
  }
  if (!promises_.high_water.has_value()) return absl::OkStatus();
  return check(promises_.high_water->sequence, promises_.high_water->root,
               "of the high-water mark");
}

absl::Status AccessWalk::Altered(absl::string_view by) const {
  return absl::DataLossError(
      absl::StrCat("access journal from sequence ", sound_ + 1, " to ", tree_.size(),
                   ": something was altered: their root is not the one ", by));
}

}  // namespace puhui::audit
