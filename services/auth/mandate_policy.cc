// SPDX-License-Identifier: Apache-2.0
#include "services/auth/mandate_policy.h"

#include "ledger/core/refusal.h"
#include "services/auth/policy.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

// What answers with the records of a time, or with what there was at one.
bool IsNarrowedByTime(Rpc rpc) {
  return rpc == Rpc::kQueryRecords || rpc == Rpc::kStreamRecords || rpc == Rpc::kWatchRecords ||
         rpc == Rpc::kGetAccount || rpc == Rpc::kGetAccountStatement ||
         rpc == Rpc::kGetTrialBalance;
}

absl::Status Denied(std::string why) {
  return ledger::ToStatus({.reason = ledger::Reason::kPermissionDenied, .message = std::move(why)});
}

}  // namespace

absl::Status AllowByMandate(const Principal& principal, Rpc rpc, absl::string_view purpose) {
  if (principal.role != Role::kAuditor || !principal.mandate.has_value()) return absl::OkStatus();
  const Mandate& mandate = *principal.mandate;
  if (!mandate.in_force) return Denied("the mandate is not in force");
  if (!IsNarrowedByTime(rpc)) {
    return Denied(absl::StrCat("with a mandate nobody may call ", RuleOf(rpc).name));
  }
  const bool for_this = mandate.purposes.empty() ||
                        std::find(mandate.purposes.begin(), mandate.purposes.end(), purpose) !=
                            mandate.purposes.end();
  return for_this ? absl::OkStatus() : Denied("the mandate is for other purposes");
}

}  // namespace puhui::services
