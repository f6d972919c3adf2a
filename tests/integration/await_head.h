// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_INTEGRATION_AWAIT_HEAD_H_
#define PUHUI_TESTS_INTEGRATION_AWAIT_HEAD_H_

#include "puhui/v1/audit_service.grpc.pb.h"
#include "tests/support/wire/ask.h"

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include <cstdint>

namespace puhui {

// Until a signed head covers the record; one is signed every second.
inline absl::Status AwaitHead(v1::AuditService::Stub& audit, std::uint64_t sequence) {
  v1::ProveInclusionRequest request;
  request.set_sequence(sequence);
  const absl::Time patience = absl::Now() + absl::Minutes(1);
  while (absl::Now() < patience) {
    if (Ask(audit, &v1::AuditService::Stub::ProveInclusion, request).ok()) return absl::OkStatus();
  }
  return absl::DeadlineExceededError("no head covers the record");
}

}  // namespace puhui

#endif  // PUHUI_TESTS_INTEGRATION_AWAIT_HEAD_H_
