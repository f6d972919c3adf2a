// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/journal_facts.h"

#include "audit/index/facts_of.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

#include <set>
#include <utility>

namespace puhui::testing {

absl::StatusOr<JournalFacts> ReadFacts(const ledger::Readable& store,
                                       const std::vector<Sequence>& ends) {
  JournalFacts facts;
  std::set<std::pair<std::string, std::string>> requests;
  std::uint64_t granted_in_run = 0;
  auto end = ends.begin();
  PUHUI_RETURN_IF_ERROR(ledger::ReadRecords(
      store, 1, SIZE_MAX, [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                               ledger::ParseRecord(sequence, bytes));
        ++facts.records[audit::KindText(audit::KindOf(record))];
        const journal::v1::Request& request = record.request();
        if (record.has_request() &&
            !requests.insert({request.caller(), request.request_id()}).second) {
          ++facts.repeated_requests;
        }
        if (record.entry().has_grant()) ++granted_in_run;
        if (record.has_issue_finished()) granted_in_run = 0;
        for (; end != ends.end() && *end == sequence; ++end) {
          if (granted_in_run > 0) ++facts.cuts_amid_issue;
        }
        return true;
      }));
  return facts;
}

std::vector<Sequence> RecoveredEnds(const std::string& log) {
  std::vector<Sequence> ends;
  const std::vector<std::string> parts = absl::StrSplit(log, "\"recovered ");
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::vector<std::string> words = absl::StrSplit(parts[i], absl::MaxSplits(' ', 1));
    Sequence sequence = 0;
    if (absl::SimpleAtoi(words[0], &sequence) && sequence > 0) ends.push_back(sequence);
  }
  return ends;
}

}  // namespace puhui::testing
