// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/mandate_commands.h"

#include "issuing/app/records.h"

namespace puhui::issuing {

using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> GrantMandateCommand::Decide(const DecideContext& context,
                                                    Decision& decision) {
  if (wish_.valid_until <= context.now) {
    return Refuse(Reason::kInvalidField, "mandate.valid_until_time",
                  "want a moment that is to come");
  }
  UnionNumber in_union{};
  if (wish_.in_union.has_value()) {
    const absl::optional<UnionNumber> number = tables_.FindUnion(*wish_.in_union);
    if (!number.has_value()) return UnionNotFound("mandate.in_union");
    in_union = *number;
  }
  const MandateRow* const before = tables_.mandates.Find(wish_.auditor);
  if (before != nullptr && before->InForceAt(context.now)) {
    return Refuse(Reason::kAlreadyExists, "mandate.auditor",
                  "a mandate of the auditor is in force");
  }
  journal::v1::MandateGranted& granted = *decision.Add().mutable_mandate_granted();
  granted.set_auditor(wish_.auditor);
  granted.set_union_number(NumberOf(in_union));
  granted.set_start_micros(absl::ToUnixMicros(wish_.start));
  granted.set_end_micros(absl::ToUnixMicros(wish_.end));
  for (const std::string& purpose : wish_.purposes) granted.add_purposes(purpose);
  granted.set_valid_until_micros(absl::ToUnixMicros(wish_.valid_until));
  granted.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> RevokeMandateCommand::Decide(const DecideContext& context,
                                                     Decision& decision) {
  const MandateRow* const before = tables_.mandates.Find(wish_.auditor);
  if (before == nullptr || !before->InForceAt(context.now)) {
    return Refuse(Reason::kNotFound, "auditor", "no mandate of the auditor is in force");
  }
  journal::v1::MandateRevoked& revoked = *decision.Add().mutable_mandate_revoked();
  revoked.set_auditor(wish_.auditor);
  revoked.set_person(wish_.person);
  return absl::nullopt;
}

}  // namespace puhui::issuing
