// SPDX-License-Identifier: Apache-2.0
// Which records of a merchant moved the same points: what was bought, what was given back of it,
// what set a line right, and the payouts of the statement that the line is in.
#ifndef PUHUI_AUDIT_INDEX_STATEMENT_LINKS_H_
#define PUHUI_AUDIT_INDEX_STATEMENT_LINKS_H_

#include "audit/index/point_links.h"
#include "audit/index/trace_reader.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

namespace puhui::audit {

// Requires: the record is an entry. Fails: as the index and the journal.
absl::Status AddStatementSources(const journal::v1::Record& record, WantedOrigin origin,
                                 TraceReader& reader, PointLinkList* links);
absl::Status AddStatementUses(const journal::v1::Record& record, WantedOrigin origin,
                              TraceReader& reader, PointLinkList* links);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_STATEMENT_LINKS_H_
