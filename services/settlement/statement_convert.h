// SPDX-License-Identifier: Apache-2.0
// Statements as API messages.
#ifndef PUHUI_SERVICES_SETTLEMENT_STATEMENT_CONVERT_H_
#define PUHUI_SERVICES_SETTLEMENT_STATEMENT_CONVERT_H_

#include "merchant/app/statement_line.h"
#include "merchant/app/statement_queries.h"
#include "merchant/app/statement_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/statement.pb.h"
#include "services/ledger/names.h"
#include "services/settlement/settlement_scope.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Of the merchant with that name.
v1::Statement StatementOf(absl::string_view merchant_name, const merchant::StatementRow& row);
// The same of what is told.
v1::Statement StatementOf(absl::string_view merchant_name, const merchant::StatementRow& row,
                          const StatementParts& parts);
// As a record cut it. Fails: kDataLoss when the record says nothing of the kind.
absl::StatusOr<v1::Statement> StatementOf(absl::string_view merchant_name,
                                          const journal::v1::Record& cut);
v1::StatementFigures FiguresOf(const merchant::DayFigures& figures, std::int64_t payable_before);
// `terminal_name` is empty for one of none. Fails: as Names.
absl::StatusOr<v1::StatementLine> LineOf(const merchant::StatementLine& line,
                                         const std::string& terminal_name, Names& names);
// Fails: as Names.
absl::StatusOr<v1::Dispute> DisputeOf(absl::string_view statement_name, Sequence line,
                                      const merchant::DisputeRow& row, Names& names);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SETTLEMENT_STATEMENT_CONVERT_H_
