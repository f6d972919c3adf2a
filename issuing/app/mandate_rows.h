// SPDX-License-Identifier: Apache-2.0
// The rows about what auditors may read.
#ifndef PUHUI_ISSUING_APP_MANDATE_ROWS_H_
#define PUHUI_ISSUING_APP_MANDATE_ROWS_H_

#include "ledger/base/id.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>
#include <vector>

namespace puhui::issuing {

// The last mandate of an auditor. It binds the auditor when it is not in force any more, too: then
// it reads nothing until it gets another.
struct MandateRow {
  UnionNumber union_number{};  // 0: as far as the certificate reaches.
  absl::Time start{};          // Of the records, to `end`, itself excluded.
  absl::Time end{};
  std::vector<std::string> purposes{};  // None: whatever for.
  absl::Time valid_until{};
  absl::Time grant_time{};
  std::string grantor{};
  absl::optional<absl::Time> revoke_time{};
  std::string revoker{};

  bool InForceAt(absl::Time now) const { return !revoke_time.has_value() && now < valid_until; }

  template <class F>
  void Fields(F& f) {
    f(union_number, start, end, purposes, valid_until, grant_time, grantor, revoke_time, revoker);
  }
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_MANDATE_ROWS_H_
