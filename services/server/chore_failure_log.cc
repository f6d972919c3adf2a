// SPDX-License-Identifier: Apache-2.0
#include "services/server/chore_failure_log.h"

#include "ledger/engine/ledger_rows.h"

#include "absl/strings/str_cat.h"

#include <iterator>

namespace puhui::services {
namespace {

std::string WorkOf(absl::optional<std::uint8_t> kind) {
  if (!kind.has_value()) return "finding out what is due";
  switch (*kind) {
    case ledger::kTimerForgetting:
      return "forgetting old request ids";
    case ledger::kTimerIssueRun:
      return "an issue run";
    case ledger::kTimerExpiry:
      return "the sweep of an expired campaign";
    case ledger::kTimerAuthorizations:
      return "the expiry of authorisations";
    case ledger::kTimerApprovals:
      return "the end of approvals that are too old";
    case ledger::kTimerClawBack:
      return "a claw-back";
    case ledger::kTimerBusinessDay:
      return "the cut of a business day";
    case ledger::kTimerKeyRotation:
      return "the replacement of the vault's key";
    default:
      return absl::StrCat("work of kind ", *kind);
  }
}

}  // namespace

void ChoreFailureLog::Note(absl::optional<std::uint8_t> kind, const absl::Status& status) {
  const absl::Time now = clock_.Now();
  for (auto at = said_.begin(); at != said_.end();) {
    // A clock that was set back makes nothing unsaid for longer.
    const bool lately = at->second <= now && now < at->second + kSaidAgainAfter;
    at = lately ? std::next(at) : said_.erase(at);
  }
  const std::string line =
      absl::StrCat("work that is due by itself failed and will be tried again: ", WorkOf(kind),
                   ": ", absl::StatusCodeToString(status.code()), ": ", status.message());
  if (said_.size() >= kDifferentMax || !said_.emplace(line, now).second) return;
  say_(line);
}

}  // namespace puhui::services
