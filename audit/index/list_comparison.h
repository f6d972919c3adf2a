// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_LIST_COMPARISON_H_
#define PUHUI_AUDIT_INDEX_LIST_COMPARISON_H_

#include "audit/index/index_report.h"
#include "ledger/engine/view_comparison.h"
#include "ledger/storage/store.h"
#include "ledger/storage/tables.h"

#include "absl/status/status.h"

namespace puhui::audit {

// Holds the lists of one table, postings or movements, of a stored index against those of a rebuilt
// one. A list lies in rows as it was written, step by step, and steps are as long as there were
// records just then: so what the rows say is compared, and not where they begin. Of each list the
// first difference is reported.
// Fails: as the indexes and the pace; kInternal when the rebuilt rows cannot be taken apart.
absl::Status CompareLists(const ledger::Readable& stored, const ledger::Readable& rebuilt,
                          ledger::Table table, const ledger::ComparisonPace& pace,
                          IndexReport* report);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_LIST_COMPARISON_H_
