// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_ACCOUNT_WALK_H_
#define PUHUI_SERVICES_AUDIT_ACCOUNT_WALK_H_

#include "audit/core/filter.h"
#include "audit/index/index_moment.h"
#include "ledger/base/id.h"
#include "ledger/base/limits.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/audit/account_owner.h"

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>

namespace puhui::services {

// A page of what moved an account.
struct AccountWalk {
  audit::AccountName account{};
  Sequence first = 1;  // The records to look at.
  Sequence last = 0;
  std::int64_t held = 0;  // Of what is told, before the first of them.
  std::size_t lines_max = 0;
  std::size_t movements_max = kRowsPerPageMax;  // Looked at, also those that are not told.
};

// Adds a line for each record that moved what is `told` of the account, with what it held then.
// Returns where the next page begins; 0: there is no more. A page may be short, or empty, and have
// a next. `go_on` is asked before the first movement and now and then. Fails: as the index; with
// what `go_on` says.
absl::StatusOr<Sequence> AddMovements(const audit::IndexMoment& moment, const AccountWalk& walk,
                                      ToldOrigins* told, absl::FunctionRef<absl::Status()> go_on,
                                      v1::GetAccountStatementResponse* page);

// Says of each line of the page when and what its record is, and who asked, if that is `told`.
// Fails: as the index and the journal.
absl::Status TellRecords(const audit::IndexMoment& moment, ToldOrigins* told,
                         v1::GetAccountStatementResponse* page);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_ACCOUNT_WALK_H_
