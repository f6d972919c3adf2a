// SPDX-License-Identifier: Apache-2.0
// NOLINT(size): one fixture, which is read from top to bottom.
#ifndef PUHUI_TESTS_SUPPORT_LEDGER_FIXTURE_H_
#define PUHUI_TESTS_SUPPORT_LEDGER_FIXTURE_H_

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/period.h"
#include "ledger/engine/command.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/replay.h"
#include "ledger/engine/table_set.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/fake_clock.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/arena.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {

// A ledger without threads: decides a command, writes its records to a journal in memory and folds
// them, exactly as the sequencer and the committer do.
//
//   LedgerFixture ledger;
//   issuing::Tables tables(&ledger.set());
//   issuing::IssuingApplier applier(&tables, &ledger.views());
//   ledger.Attach(&applier);
//   EXPECT_THAT(ledger.Run(command), Refuses(ledger::Reason::kNotFound));
//
// Every command is a group of its own and durable at once, unless Hold() was called.
// Threads: none. Owns: the store, the set, the ledger's views. Borrows: the appliers.
class LedgerFixture final : private ledger::Fold {
 public:
  LedgerFixture() : set_(&store_), views_(&set_, std::size_t{64} << 20) {}

  FakeClock& clock() { return clock_; }
  ledger::TableSet& set() { return set_; }
  ledger::LedgerViews& views() { return views_; }
  ledger::MemoryStore& store() { return store_; }  // What is durable.
  Sequence last_sequence() const { return last_; }
  void Attach(ledger::Applier* applier) { appliers_.push_back(applier); }

  // What the command came to; refusals are statuses that carry them (RefusalOf). A known request id
  // gives the first outcome, read back from the journal.
  absl::StatusOr<ledger::Outcome> Run(ledger::Command& command) {
    if (command.request.has_value()) {
      const ledger::RequestIdentity& request = *command.request;
      const ledger::RequestRow* known =
          views_.requests.Find(views_.RequestKey(request.caller, request.request_id));
      if (known != nullptr) return Repeat(*known, request);
    }
    const absl::Time now = std::max(clock_.Now(), last_time_ + absl::Microseconds(1));
    auto arena = std::make_shared<google::protobuf::Arena>();
    ledger::Decision decision(arena.get());
    if (const auto refusal = command.Decide({.now = now}, decision)) return ToStatus(*refusal);
    last_time_ = now - absl::Microseconds(1);
    PUHUI_RETURN_IF_ERROR(Record(command, decision));
    return ledger::Outcome({decision.records().begin(), decision.records().end()}, arena);
  }

  // What follows is decided but not durable until Release().
  void Hold() { holding_ = true; }
  void Release() {
    holding_ = false;
    CloseGroup();
  }

  // Folds the journal of another fixture again and takes its vault over. Requires: nothing was run
  // here (checked).
  absl::Status RecoverFrom(const LedgerFixture& dead) {
    PUHUI_CHECK(last_ == 0);
    ledger::WriteBatch kept;
    for (const ledger::Family family : {ledger::Family::kJournal, ledger::Family::kVault}) {
      const auto cursor = dead.store_.NewCursor(family);
      for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
        kept.Put(family, std::string(cursor->key()), std::string(cursor->value()));
      }
    }
    PUHUI_RETURN_IF_ERROR(store_.Commit(kept, ledger::Durability::kSynced));
    PUHUI_RETURN_IF_ERROR(ledger::Replay(&store_, this, &tree_).Run(store_));
    last_ = tree_.size();
    sealed_root_ = tree_.Root();
    segment_ = ledger::SegmentBuilder(0, 1, last_ + 1);
    last_time_ = dead.last_time_;
    clock_.Set(dead.clock_.Now());
    return absl::OkStatus();
  }

  // The bytes of every durable record, oldest first.
  std::vector<std::string> Journal() const {
    std::vector<std::string> records;
    PUHUI_CHECK_OK(ledger::ReadRecords(
        store_, 1, SIZE_MAX, [&](Sequence, absl::string_view record) -> absl::StatusOr<bool> {
          records.emplace_back(record);
          return true;
        }));
    return records;
  }

 private:
  ledger::TableSet& tables() override { return set_; }
  absl::Status Apply(const journal::v1::Record& record) override {
    PUHUI_RETURN_IF_ERROR(views_.Apply(record));
    for (ledger::Applier* applier : appliers_) PUHUI_RETURN_IF_ERROR(applier->Apply(record));
    return absl::OkStatus();
  }
  absl::Status EndSegment(Sequence last) override {
    PUHUI_RETURN_IF_ERROR(views_.EndSegment(last));
    for (ledger::Applier* applier : appliers_) PUHUI_RETURN_IF_ERROR(applier->EndSegment(last));
    return absl::OkStatus();
  }

  absl::StatusOr<ledger::Outcome> Repeat(const ledger::RequestRow& known,
                                         const ledger::RequestIdentity& request) {
    if (known.digest != request.digest) {
      return ledger::ToStatus({.reason = ledger::Reason::kRequestIdReused, .field = "request_id"});
    }
    auto kept = std::make_shared<std::vector<journal::v1::Record>>();
    PUHUI_RETURN_IF_ERROR(ledger::ReadRecords(
        store_, known.first, known.records,
        [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
          PUHUI_ASSIGN_OR_RETURN(kept->emplace_back(), ledger::ParseRecord(sequence, bytes));
          return true;
        }));
    std::vector<const journal::v1::Record*> records;
    for (const journal::v1::Record& record : *kept) records.push_back(&record);
    return ledger::Outcome(std::move(records), std::move(kept));
  }

  absl::Status Record(ledger::Command& command, const ledger::Decision& decision) {
    std::uint32_t index = 0;
    for (journal::v1::Record* record : decision.records()) {
      last_time_ += absl::Microseconds(1);
      record->set_sequence(++last_);
      record->set_time_micros(absl::ToUnixMicros(last_time_));
      record->set_index_in_command(index);
      record->set_period(std::max(calendar_.PeriodOf(last_time_), views_.periods.current()));
      if (index++ == 0 && command.request.has_value()) {
        journal::v1::Request& request = *record->mutable_request();
        request.set_caller(command.request->caller);
        request.set_request_id(command.request->request_id);
        request.set_digest(std::string(ledger::TagBytes(command.request->digest)));
        request.set_records(static_cast<std::uint32_t>(decision.records().size()));
      }
      const std::string bytes = record->SerializeAsString();
      if (!segment_.Fits(bytes.size())) PUHUI_RETURN_IF_ERROR(SealSegment());
      segment_.Add(bytes);
      tree_.Append(ledger::LeafHash(bytes));
      PUHUI_RETURN_IF_ERROR(Apply(*record));
    }
    command.StorePersonalData();
    if (!holding_) CloseGroup();
    return absl::OkStatus();
  }

  absl::Status SealSegment() {
    const ledger::SealedSegment sealed = segment_.Seal(sealed_root_);
    sealed_root_ = tree_.Root();
    journal_.Put(ledger::Family::kJournal, ledger::SegmentKey(sealed.first), sealed.bytes);
    return EndSegment(sealed.last);
  }

  void CloseGroup() {
    if (!segment_.empty()) PUHUI_CHECK_OK(SealSegment());
    const std::uint64_t group = set_.group();
    ledger::WriteBatch views;
    set_.CloseGroup(&views, &journal_);
    ledger::PutRow(views, ledger::kAppliedTable, std::uint8_t{0}, last_);
    PUHUI_CHECK_OK(store_.Commit(journal_, ledger::Durability::kSynced));
    PUHUI_CHECK_OK(store_.Commit(views, ledger::Durability::kView));
    journal_.Clear();
    set_.Retire(group);
  }

  FakeClock clock_;
  const ledger::PeriodCalendar calendar_;
  ledger::MemoryStore store_;
  ledger::TableSet set_;
  ledger::LedgerViews views_;
  std::vector<ledger::Applier*> appliers_;
  ledger::MerkleTree tree_;
  ledger::Hash sealed_root_ = ledger::EmptyRoot();
  ledger::SegmentBuilder segment_{0, 1, 1};
  ledger::WriteBatch journal_;  // Of the group: its segments and its vault rows.
  Sequence last_ = 0;
  absl::Time last_time_ = absl::UnixEpoch();
  bool holding_ = false;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_SUPPORT_LEDGER_FIXTURE_H_
