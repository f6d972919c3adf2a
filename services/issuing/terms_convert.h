// SPDX-License-Identifier: Apache-2.0
// The terms of campaigns, from API messages and to them.
#ifndef PUHUI_SERVICES_ISSUING_TERMS_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_TERMS_CONVERT_H_

#include "ledger/base/id.h"
#include "ledger/core/terms.h"
#include "ledger/storage/store.h"
#include "puhui/v1/terms.pb.h"
#include "services/ledger/names.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <vector>

namespace puhui::services {

// Terms whose shape is right. What is not known without the ledger is still as it was said.
struct TermsDraft {
  ledger::Terms terms{};
  absl::optional<ledger::CivilDays> days{};  // Else the moments are in `terms`.
  std::vector<MerchantId> allowed_merchants{};
  std::vector<MerchantId> denied_merchants{};
};
// Refuses: kInvalidField, naming the field, as "terms.holidays[2]".
absl::StatusOr<TermsDraft> ReadTerms(const v1::Terms& message);

// Finds the merchants, and the moments at which the days begin and end in the zone of the union.
// Refuses: kNotFound (the union; a merchant, by its field); kInvalidField, naming the field, for
// the first contradiction.
absl::StatusOr<ledger::Terms> ResolveTerms(const TermsDraft& draft, const UnionId& of,
                                           const ledger::Readable& store);

// Fails: kDataLoss when a merchant is missing.
absl::StatusOr<v1::Terms> TermsOf(const ledger::Terms& terms, Names& names);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_TERMS_CONVERT_H_
