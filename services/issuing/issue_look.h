// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_ISSUE_LOOK_H_
#define PUHUI_SERVICES_ISSUING_ISSUE_LOOK_H_

#include "issuing/app/queries.h"
#include "issuing/app/run_commands.h"
#include "ledger/engine/engine.h"
#include "ledger/storage/store.h"
#include "services/rpc/call_context.h"

#include "absl/status/statusor.h"

#include <atomic>

namespace puhui::services {

// Looks at every row of a plan for a call that issues all or nothing, ahead of its command and not
// on the writer's thread. Threads: safe; the caller's, a worker, for seconds. Borrows: the engine.
class IssueLook {
 public:
  // So many calls look at a time: other work wants workers too.
  static constexpr int kAtOnceMax = 2;

  explicit IssueLook(const ledger::Engine* engine) : engine_(*engine) {}

  // What the command is to be told. Of a campaign that is not APPROVED nothing is looked at; the
  // command refuses it. Requires: `campaign` was read from `store`, a snapshot.
  // Refuses: DEADLINE_EXCEEDED, OVERLOADED. Fails: CANCELLED when nobody waits for it any more; as
  // Readable.
  absl::StatusOr<issuing::StartIssueCommand::Look> Run(const CallContext& call,
                                                       const ledger::Readable& store,
                                                       issuing::FoundCampaign campaign);

 private:
  const ledger::Engine& engine_;
  std::atomic<int> under_way_ = 0;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_ISSUE_LOOK_H_
