// SPDX-License-Identifier: Apache-2.0
// Business days and their figures as records have them.
#ifndef PUHUI_MERCHANT_APP_STATEMENT_RECORDS_H_
#define PUHUI_MERCHANT_APP_STATEMENT_RECORDS_H_

#include "ledger/base/id.h"
#include "merchant/app/statement_rows.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/statusor.h"

namespace puhui::merchant {

void StoreDay(const BusinessDay& day, MerchantNumber merchant, journal::v1::BusinessDay& stored);
BusinessDay DayFrom(const journal::v1::BusinessDay& stored);

// What a cut says of the lines.
void StoreLines(const DayLines& lines, journal::v1::DayCut& cut);
// Without the time of the last line. Fails: kDataLoss when the digest is cut short.
absl::StatusOr<DayLines> LinesFrom(const journal::v1::DayCut& cut);
// Whether a cut says exactly this. Fails: as LinesFrom.
absl::StatusOr<bool> IsCutOf(const journal::v1::DayCut& cut, const BusinessDay& day,
                             const DayLines& lines);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_STATEMENT_RECORDS_H_
