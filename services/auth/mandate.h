// SPDX-License-Identifier: Apache-2.0
// What an auditor may read within the scope of its certificate.
#ifndef PUHUI_SERVICES_AUTH_MANDATE_H_
#define PUHUI_SERVICES_AUTH_MANDATE_H_

#include "ledger/base/id.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>
#include <vector>

namespace puhui::services {

struct Mandate {
  bool in_force = false;
  UnionId union_id{};  // Whose records, with those below it; empty: whatever the scope takes in.
  absl::Time start{};  // Of the records, to `end`, itself excluded.
  absl::Time end{};
  std::vector<std::string> purposes{};  // None: whatever for.

  bool operator==(const Mandate&) const = default;
};

// The mandates of auditors. Threads: safe.
class Mandates {
 public:
  virtual ~Mandates() = default;
  // The last that the person was granted, in force at `now` or not; absent: there never was one.
  virtual absl::StatusOr<absl::optional<Mandate>> Of(const std::string& person,
                                                     absl::Time now) const = 0;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUTH_MANDATE_H_
