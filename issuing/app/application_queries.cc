// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/application_queries.h"

#include "issuing/app/queries.h"
#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include <utility>

namespace puhui::issuing {

using ledger::Readable;

absl::StatusOr<absl::optional<ApplicationRow>> FindApplication(const Readable& from,
                                                               Sequence application) {
  return ledger::Find(from, kApplicationTable, application);
}

absl::StatusOr<std::vector<Sequence>> ListApplications(const Readable& from, UnionNumber of,
                                                       Sequence after, std::size_t limit) {
  ledger::Range range{.prefix = ledger::EncodeKeyPrefix(ledger::Table::kUnionApplications, of)};
  range.from = ledger::EncodeKey(ledger::Table::kUnionApplications, UnionApplicationKey{of, after});
  range.after_from = true;
  PUHUI_ASSIGN_OR_RETURN(const auto rows,
                         ledger::List(from, kUnionApplicationTable, std::move(range), limit));
  std::vector<Sequence> applications;
  applications.reserve(rows.size());
  for (const auto& row : rows) applications.push_back(row.key.application);
  return applications;
}

// The vault forgets a moment before the views say that it was decided, and after a member joined
// under the applicant's id what it has is the member's.
absl::StatusOr<absl::optional<PersonalData>> OpenApplicant(const Readable& from, const Vault& vault,
                                                           const ApplicationRow& application) {
  if (application.state != ApplicationState::kSubmitted) return absl::optional<PersonalData>();
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<PersonalDataRow> row,
                         FindPersonalData(from, application.applicant));
  if (!row.has_value() || !row->search_tags.empty()) return absl::optional<PersonalData>();
  PUHUI_ASSIGN_OR_RETURN(OpenedData opened, vault.Open(application.applicant, *row));
  if (opened.commitment == application.commitment) {
    return absl::make_optional(std::move(opened.data));
  }
  return absl::DataLossError("personal data is not what the journal was told of");
}

}  // namespace puhui::issuing
