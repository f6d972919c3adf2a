// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/reconciled_transaction.h"

#include "absl/strings/str_format.h"

#include <tuple>

namespace puhui::merchant {

absl::Time ReconciledTime(absl::Time time) {
  return absl::FromUnixSeconds(absl::ToUnixSeconds(time));
}

std::string TextOf(const ReconciledTransaction& transaction) {
  return absl::StrFormat("%012d,%d,%s,%d,%d,%d,%d\n", transaction.reference,
                         static_cast<int>(transaction.kind), transaction.terminal,
                         transaction.batch_number, transaction.trace_number, transaction.points,
                         absl::ToUnixSeconds(transaction.time));
}

bool ComesBefore(const ReconciledTransaction& a, const ReconciledTransaction& b) {
  return std::tie(a.time, a.reference, a.kind) < std::tie(b.time, b.reference, b.kind);
}

}  // namespace puhui::merchant
