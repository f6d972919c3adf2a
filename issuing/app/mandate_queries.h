// SPDX-License-Identifier: Apache-2.0
// Reads of mandates, for handlers. Threads: safe. Fail: as Readable.
#ifndef PUHUI_ISSUING_APP_MANDATE_QUERIES_H_
#define PUHUI_ISSUING_APP_MANDATE_QUERIES_H_

#include "issuing/app/mandate_rows.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::issuing {

// The last mandate of an auditor, in force or not; absent: there never was one.
absl::StatusOr<absl::optional<MandateRow>> FindMandate(const ledger::Readable& from,
                                                       const std::string& auditor);

struct AuditorMandate {
  std::string auditor{};
  MandateRow row{};
};
// The last mandate of each auditor behind `after`, by auditor.
absl::StatusOr<std::vector<AuditorMandate>> ListMandates(const ledger::Readable& from,
                                                         const std::string& after,
                                                         std::size_t limit);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_MANDATE_QUERIES_H_
