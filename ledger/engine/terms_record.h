// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_TERMS_RECORD_H_
#define PUHUI_LEDGER_ENGINE_TERMS_RECORD_H_

#include "ledger/base/id.h"
#include "ledger/core/terms.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/statusor.h"

namespace puhui::ledger {

// The terms of a campaign as its record has them. Records from before a condition was known do not
// ask it. Fails: kDataLoss when a number is out of its range.
absl::StatusOr<Terms> TermsFrom(const journal::v1::Terms& stored, UnionNumber origin);

// All but the origin, which is the campaign's union. Terms that ask no more than the first records
// could are written as those were.
void StoreTerms(const Terms& terms, journal::v1::Terms& stored);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_TERMS_RECORD_H_
