// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_FORGETTING_H_
#define PUHUI_LEDGER_ENGINE_FORGETTING_H_

#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/timers.h"
#include "ledger/storage/store.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::ledger {

// Successive records of the journal whose requests are to be forgotten.
struct OldRequests {
  Sequence first = 0;
  Sequence next = 0;       // One after the last.
  absl::Time newest{};     // The time of the last; the infinite past when there is none.
  absl::Time due{};        // When there will be more.
  std::string requests{};  // Their keys, one after another.
};

// The old requests from record `first` on, as of `now`: of at most kForgetRecordsMax records.
// Fails: as ReadRecords.
absl::StatusOr<OldRequests> ReadOldRequests(const Readable& store, Sequence first, absl::Time now);

// Takes requests out of the view. Nobody needs to look whether a row is still that of its record: a
// key is written again only after it went, and each record is passed once, in order.
// Records: RequestsForgotten; none when others have passed these records meanwhile.
class ForgetRequestsCommand final : public Command {
 public:
  ForgetRequestsCommand(LedgerViews* views, OldRequests old)
      : views_(*views), old_(std::move(old)) {}
  absl::optional<Refusal> Decide(const DecideContext& context, Decision& decision) override;

 private:
  LedgerViews& views_;
  const OldRequests old_;
};

// Forgets the requests of calls that were answered longer than kRequestsKeptFor ago, walking the
// journal behind everything else, beside the chores of others.
// Threads: the timers'. Borrows: the views, for its commands, and the others.
class RequestForgetting final : public ChoreSource {
 public:
  RequestForgetting(LedgerViews* views, ChoreSource* others) : views_(views), others_(others) {}
  absl::StatusOr<std::unique_ptr<Chore>> Begin(const TimerKey& timer,
                                               const Readable& store) override;
  absl::StatusOr<absl::optional<TimerKey>> Standing(const Readable& store) override;

 private:
  LedgerViews* const views_;
  ChoreSource* const others_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_FORGETTING_H_
