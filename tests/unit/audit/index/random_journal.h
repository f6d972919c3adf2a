// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_INDEX_RANDOM_JOURNAL_H_
#define PUHUI_TESTS_UNIT_AUDIT_INDEX_RANDOM_JOURNAL_H_

#include "audit/core/filter.h"
#include "audit/core/record_facts.h"
#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/audit/index/test_journal.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit {

// A small town: few unions, campaigns, members, merchants and callers, so that everything meets
// everything else, in records of many kinds and commands of one to four records.
class RandomJournal {
 public:
  explicit RandomJournal(std::uint64_t seed) : random_(seed) {}

  void AppendCommands(int count);
  TestJournal& journal() { return journal_; }
  // What a look at every record finds them to be about.
  std::vector<RecordFacts> FactsOfAll();
  // Asks for something; mostly for something that is there.
  Filter RandomFilter(const std::vector<RecordFacts>& facts);
  SeededRandom& random() { return random_; }

 private:
  static constexpr std::uint32_t kNumbers = 4;  // Of each kind of thing.
  void AppendOwned();
  journal::v1::Record Record();
  journal::v1::Record Money();
  void AddPair(journal::v1::Entry* entry, std::uint32_t origin, std::int64_t points);
  void SetAccount(journal::v1::Posting* posting);
  std::string Member();
  std::uint32_t Number() { return static_cast<std::uint32_t>(random_.Below(kNumbers) + 1); }
  Sequence EarlierRecord();

  SeededRandom random_;
  TestJournal journal_;
};

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_INDEX_RANDOM_JOURNAL_H_
