// SPDX-License-Identifier: Apache-2.0
// How all calls ask the index of auditors: no longer than somebody waits, and never telling of its
// damage as of an internal error.
#ifndef PUHUI_SERVICES_AUDIT_INDEX_QUESTION_H_
#define PUHUI_SERVICES_AUDIT_INDEX_QUESTION_H_

#include "audit/index/audit_index.h"
#include "ledger/base/limits.h"
#include "services/audit/audit_service.h"
#include "services/rpc/call_context.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <algorithm>

namespace puhui::services {

// The index as it is when it knows every record that the ledger has now.
// Refuses: AUDIT_INDEX_BEHIND, when that takes too long, or longer than the call has.
inline absl::StatusOr<audit::IndexMoment> ReadIndex(const AuditService::Parts& parts,
                                                    const CallContext& call) {
  return parts.index->Read(std::min(kIndexWaitMax, call.deadline() - parts.engine->Now()));
}

// What `answer` returns, a StatusOr, which may read the index; but where that was damaged it is
// built anew, and the answer is AUDIT_INDEX_BEHIND: who repeats the question will be told.
template <class Answer>
auto AskIndex(audit::AuditIndex& index, Answer answer) -> decltype(answer()) {
  const audit::AuditIndex::Figures before = index.figures();
  auto result = answer();
  if (result.ok()) return result;
  return index.Explain(result.status(), before);
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_INDEX_QUESTION_H_
