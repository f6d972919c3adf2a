// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/bulk_run.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <string>
#include <utility>

namespace puhui::services {

ledger::RequestIdentity StepIdentity(absl::string_view caller, absl::string_view what,
                                     std::uint64_t step, const ledger::Tag& digest) {
  const std::string place = absl::StrCat(what.size(), ":", step, ":");
  const ledger::Hash id = ledger::Sha256().Digest(place, what, ledger::TagBytes(digest));
  return {.caller = std::string(caller),
          .request_id = std::string(ledger::AsBytes(id).substr(0, 16)),
          .digest = digest};
}

absl::Status BulkRun::Give(std::unique_ptr<ledger::Command> command) {
  std::promise<absl::StatusOr<ledger::Outcome>> answer;
  std::future<absl::StatusOr<ledger::Outcome>> outcome = answer.get_future();
  PUHUI_RETURN_IF_ERROR(engine_.SubmitBulk(
      std::move(command),
      [answer = std::move(answer)](absl::StatusOr<ledger::Outcome> came) mutable {
        answer.set_value(std::move(came));
      }));
  waiting_.push_back(std::move(outcome));
  return absl::OkStatus();
}

absl::StatusOr<ledger::Outcome> BulkRun::Take() {
  PUHUI_CHECK(!waiting_.empty());
  std::future<absl::StatusOr<ledger::Outcome>> outcome = std::move(waiting_.front());
  waiting_.pop_front();
  return outcome.get();
}

}  // namespace puhui::services
