// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CRASH_JOURNAL_FACTS_H_
#define PUHUI_TESTS_CRASH_JOURNAL_FACTS_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace puhui::testing {

// What the journal of a server that is not running says, without the views.
struct JournalFacts {
  std::map<std::string, std::uint64_t> records;  // By kind, for example "entry/purchase".
  std::uint64_t repeated_requests = 0;           // Request ids that more than one command answers.
  std::uint64_t cuts_amid_issue = 0;  // Of the given ends, those between the grants of a run.
};

// `ends` are sequences after which the server was killed, ascending.
absl::StatusOr<JournalFacts> ReadFacts(const ledger::Readable& store,
                                       const std::vector<Sequence>& ends);

// Where each recovery found the end of the journal, as the server's log says.
std::vector<Sequence> RecoveredEnds(const std::string& log);

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_CRASH_JOURNAL_FACTS_H_
