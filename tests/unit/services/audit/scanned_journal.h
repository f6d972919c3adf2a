// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_AUDIT_SCANNED_JOURNAL_H_
#define PUHUI_TESTS_UNIT_SERVICES_AUDIT_SCANNED_JOURNAL_H_

#include "audit/core/filter.h"
#include "audit/core/record_facts.h"
#include "audit/index/facts_of.h"
#include "ledger/base/id.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/index/test_journal.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace puhui::services {

// Every record of a ledger that goes on, read one after another, and what each is about: what an
// answer of auditors has to agree with. Threads: none.
class ScannedJournal {
 public:
  // Reads what is new in `journal`, up to record `last` at least, if it is there.
  void ReadUpTo(const ledger::Readable& journal, Sequence last) {
    if (last <= records_.size()) return;
    EXPECT_OK(ledger::ReadRecords(
        journal, records_.size() + 1, last - records_.size(),
        [this](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
          absl::StatusOr<journal::v1::Record> record = ledger::ParseRecord(sequence, bytes);
          if (!record.ok()) return record.status();
          records_.push_back(*std::move(record));
          return true;
        }));
    EXPECT_EQ(records_.size(), last);
    audit::ScannedBackground background(&records_);
    for (std::size_t i = facts_.size(); i < records_.size(); ++i) {
      absl::StatusOr<audit::RecordFacts> facts = audit::FactsOf(records_[i], background);
      EXPECT_OK(facts);
      facts_.push_back(facts.ok() ? *std::move(facts) : audit::RecordFacts());
    }
  }
  // Those up to record `last`.
  std::vector<journal::v1::Record> RecordsUpTo(Sequence last) const {
    return {records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(last)};
  }
  const std::vector<audit::RecordFacts>& facts() const { return facts_; }

  // Of those up to record `last`, which `takes` says.
  template <class Takes>
  std::vector<Sequence> Scan(Sequence last, Takes takes) const {
    std::vector<Sequence> found;
    for (Sequence sequence = 1; sequence <= last; ++sequence) {
      if (takes(records_[sequence - 1])) found.push_back(sequence);
    }
    return found;
  }
  std::vector<Sequence> Find(Sequence last, const audit::Filter& filter) const {
    std::vector<Sequence> found;
    for (Sequence sequence = 1; sequence <= last; ++sequence) {
      if (audit::Matches(filter, facts_[sequence - 1])) found.push_back(sequence);
    }
    return found;
  }

 private:
  std::vector<journal::v1::Record> records_;
  std::vector<audit::RecordFacts> facts_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_AUDIT_SCANNED_JOURNAL_H_
