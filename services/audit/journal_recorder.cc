// SPDX-License-Identifier: Apache-2.0
#include "services/audit/journal_recorder.h"

#include "ledger/core/reason.h"
#include "services/auth/policy.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::services {

void JournalRecorder::Record(const AccessNote& note, Recorded recorded) {
  const RpcRule& rule = RuleOf(note.rpc);
  journal::v1::Access access;
  access.set_caller(note.principal.caller);
  access.set_person(note.principal.person);
  access.set_rpc(absl::StrCat(rule.service, "/", rule.name));
  access.set_filter(note.filter);
  access.set_purpose(note.purpose);
  access.set_rows(note.rows);
  access.set_unended(note.unended);
  access.set_begun(note.begun);
  if (!note.outcome.ok()) {
    // As the caller is answered it.
    access.set_code(static_cast<std::uint32_t>(ToGrpcStatus(note.outcome).error_code()));
    const auto answer = AnswerFor(note.outcome);
    if (answer.has_value()) access.set_reason(std::string(ledger::ReasonName(answer->reason)));
  }
  journal_.Append(std::move(access), std::move(recorded));
}

}  // namespace puhui::services
