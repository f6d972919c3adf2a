// SPDX-License-Identifier: Apache-2.0
// Reads of statements, for handlers. Pass a snapshot where two reads must agree.
// Threads: safe. Fail: as Readable.
#ifndef PUHUI_MERCHANT_APP_STATEMENT_QUERIES_H_
#define PUHUI_MERCHANT_APP_STATEMENT_QUERIES_H_

#include "ledger/storage/store.h"
#include "merchant/app/statement_line.h"
#include "merchant/app/statement_rows.h"

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Of a day that is over, or of the one that is running.
absl::StatusOr<absl::optional<StatementRow>> FindStatement(const ledger::Readable& from,
                                                           const StatementKey& key);
// By day, those after `after`, at most `limit`; the day that is running is the last.
absl::StatusOr<std::vector<StatementRow>> ListStatements(const ledger::Readable& from,
                                                         MerchantNumber merchant,
                                                         absl::optional<absl::CivilDay> after,
                                                         std::size_t limit);

// A statement that was cut is what its record says, and the record is what the journal's checksums
// and the signed root speak for. Requires: it was cut. Fails: kDataLoss, naming the record, when
// the row says otherwise.
absl::Status CheckFrozen(const ledger::Readable& from, const StatementRow& row);

// The part of one union: what changed, and what was payable before.
struct OriginPart {
  DayFigures figures{};
  std::int64_t payable_before = 0;
};
// By union, those with anything. Cost: as ChangesOf, and a seek for each union that ever paid.
// Requires: `row` is the statement of `key`, at that moment. Fails: kDataLoss when the parts do not
// add up to it.
absl::StatusOr<std::map<UnionNumber, OriginPart>> PartsOf(const ledger::Readable& from,
                                                          const StatementKey& key,
                                                          const StatementRow& row);
// The same without what was payable before, of which it has nothing. Cost: a row for each campaign
// that paid on the day, and some seeks for each union that ever did. Fails: kDataLoss too when the
// parts are not what accounts say.
absl::StatusOr<std::map<UnionNumber, OriginPart>> ChangesOf(const ledger::Readable& from,
                                                            const StatementKey& key,
                                                            const StatementRow& row);

// The lines after record `after`, at most `limit`, read from their records. Requires: the statement
// was cut, or its day is over.
absl::StatusOr<std::vector<StatementLine>> ListLines(const ledger::Readable& from,
                                                     MerchantNumber merchant, const DayLines& lines,
                                                     Sequence after, std::size_t limit);
// Whether `sequence` is one of the lines.
absl::StatusOr<bool> HasLine(const ledger::Readable& from, MerchantNumber merchant,
                             const DayLines& lines, Sequence sequence);

absl::StatusOr<absl::optional<DisputeRow>> FindDispute(const ledger::Readable& from,
                                                       const DisputeKey& key);
// By line; at most kDisputesPerStatementMax.
absl::StatusOr<std::vector<std::pair<Sequence, DisputeRow>>> ListDisputes(
    const ledger::Readable& from, const StatementKey& key);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_STATEMENT_QUERIES_H_
