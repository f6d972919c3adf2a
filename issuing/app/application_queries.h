// SPDX-License-Identifier: Apache-2.0
// Reads of applications, for handlers. Threads: safe. Fail: as Readable.
#ifndef PUHUI_ISSUING_APP_APPLICATION_QUERIES_H_
#define PUHUI_ISSUING_APP_APPLICATION_QUERIES_H_

#include "issuing/app/application_rows.h"
#include "issuing/app/vault.h"
#include "ledger/base/id.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <vector>

namespace puhui::issuing {

absl::StatusOr<absl::optional<ApplicationRow>> FindApplication(const ledger::Readable& from,
                                                               Sequence application);
// Applications to one union, oldest first, behind `after`.
absl::StatusOr<std::vector<Sequence>> ListApplications(const ledger::Readable& from, UnionNumber of,
                                                       Sequence after, std::size_t limit);
// Who asks; absent once the application is decided.
// Fails: as Vault::Open, and kDataLoss when it is not what the journal was told of.
absl::StatusOr<absl::optional<PersonalData>> OpenApplicant(const ledger::Readable& from,
                                                           const Vault& vault,
                                                           const ApplicationRow& application);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_APPLICATION_QUERIES_H_
