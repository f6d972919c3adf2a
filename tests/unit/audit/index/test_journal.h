// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_INDEX_TEST_JOURNAL_H_
#define PUHUI_TESTS_UNIT_AUDIT_INDEX_TEST_JOURNAL_H_

#include "audit/index/background.h"
#include "ledger/base/check.h"
#include "ledger/base/id.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/journal/segment.h"
#include "ledger/storage/memory_store.h"
#include "ledger/storage/typed_reads.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// A second before the first command of a test's journal; each command is a second after the last.
inline const absl::Time kJournalStart = absl::FromUnixSeconds(1'700'000'000);

// A journal that a test writes by itself, command by command, whatever records those are.
class TestJournal {
 public:
  // The records of one command by `caller`; sequence, time and place in the command are filled in.
  void Append(absl::string_view caller, std::vector<journal::v1::Record> command) {
    ++commands_;
    const Sequence first = records_.size() + 1;
    ledger::SegmentBuilder segment(/*partition=*/0, /*epoch=*/1, first);
    std::uint32_t index = 0;
    for (journal::v1::Record& record : command) {
      record.set_sequence(first + index);
      record.set_time_micros(
          absl::ToUnixMicros(kJournalStart + absl::Seconds(commands_) + absl::Microseconds(index)));
      record.set_index_in_command(index);
      if (index == 0) record.mutable_request()->set_caller(std::string(caller));
      segment.Add(record.SerializeAsString());
      records_.push_back(std::move(record));
      ++index;
    }
    ledger::SealedSegment sealed = segment.Seal({});
    ledger::WriteBatch journal;
    journal.Put(ledger::Family::kJournal, ledger::SegmentKey(sealed.first),
                std::move(sealed.bytes));
    PUHUI_CHECK_OK(store_.Commit(journal, ledger::Durability::kSynced));
    ledger::WriteBatch applied;
    ledger::PutRow(applied, ledger::kAppliedTable, std::uint8_t{0}, sealed.last);
    PUHUI_CHECK_OK(store_.Commit(applied, ledger::Durability::kView));
  }

  const std::vector<journal::v1::Record>& records() const { return records_; }
  ledger::MemoryStore& store() { return store_; }

 private:
  ledger::MemoryStore store_;
  std::vector<journal::v1::Record> records_;
  std::int64_t commands_ = 0;
};

// What earlier records say, looked for in all of them: obvious, and slow.
class ScannedBackground final : public Background {
 public:
  explicit ScannedBackground(const std::vector<journal::v1::Record>* records)
      : records_(*records) {}

  absl::StatusOr<Owner> OwnerOf(const Owned& owned) override {
    for (const journal::v1::Record& record : records_) {
      const auto found = OwnerIn(record);
      if (found.has_value() && found->first == owned) return found->second;
    }
    return Owner{};
  }
  absl::StatusOr<journal::v1::Record> Earlier(Sequence sequence) override {
    if (sequence == 0 || sequence > records_.size()) return absl::NotFoundError("record");
    return records_[sequence - 1];
  }
  absl::StatusOr<std::string> CallerOf(Sequence first) override {
    return records_[first - 1].request().caller();
  }

 private:
  const std::vector<journal::v1::Record>& records_;
};

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_INDEX_TEST_JOURNAL_H_
