// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/mandate_queries.h"

#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include <utility>

namespace puhui::issuing {

using ledger::Readable;

absl::StatusOr<absl::optional<MandateRow>> FindMandate(const Readable& from,
                                                       const std::string& auditor) {
  return ledger::Find(from, kMandateTable, auditor);
}

absl::StatusOr<std::vector<AuditorMandate>> ListMandates(const Readable& from,
                                                         const std::string& after,
                                                         std::size_t limit) {
  ledger::Range range;
  if (!after.empty()) {
    range.from = ledger::EncodeKey(ledger::Table::kMandates, after);
    range.after_from = true;
  }
  PUHUI_ASSIGN_OR_RETURN(auto found, ledger::List(from, kMandateTable, std::move(range), limit));
  std::vector<AuditorMandate> mandates;
  mandates.reserve(found.size());
  for (auto& row : found) {
    mandates.push_back({.auditor = std::move(row.key), .row = std::move(row.value)});
  }
  return mandates;
}

}  // namespace puhui::issuing
