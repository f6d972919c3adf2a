// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_DISPUTE_APPLIER_H_
#define PUHUI_MERCHANT_APP_DISPUTE_APPLIER_H_

#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace puhui::merchant {

// Folds what becomes of statements once they are cut: agreed, or disputed and resolved. Threads:
// the writer's alone. Borrows: the tables.
class DisputeApplier {
 public:
  explicit DisputeApplier(Tables* tables) : tables_(*tables) {}
  absl::Status Apply(const journal::v1::Record& record);

 private:
  absl::Status Agree(const journal::v1::StatementAgreed& agreed, absl::Time now);
  absl::Status Dispute(const journal::v1::LinesDisputed& disputed, absl::Time now);
  absl::Status Propose(const journal::v1::ResolutionProposed& proposed, absl::Time now);
  // With nothing left that is disputed, the statement is cut again. Invariant: a dispute is
  // resolved once, as it was proposed, and by a second person.
  absl::Status Resolve(const DisputeKey& key, std::int64_t points, absl::string_view person,
                       absl::Time now);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_DISPUTE_APPLIER_H_
