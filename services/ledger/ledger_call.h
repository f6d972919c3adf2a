// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_LEDGER_CALL_H_
#define PUHUI_SERVICES_LEDGER_LEDGER_CALL_H_

#include "ledger/base/status_macros.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/command.h"
#include "ledger/engine/engine.h"
#include "services/rpc/call_context.h"
#include "services/rpc/pipeline.h"
#include "services/rpc/request_id.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {

// How handlers reach the ledger.
struct LedgerAccess {
  ledger::Engine* engine;
  const ledger::KeyedHash* request_key;  // Of the bodies' digests.
};

// Who asks, under which request id, and for what. Refuses: kInvalidField at "request_id".
template <class Request>
absl::StatusOr<ledger::RequestIdentity> IdentityOf(const LedgerAccess& access,
                                                   const CallContext& call,
                                                   const Request& request) {
  PUHUI_ASSIGN_OR_RETURN(const RequestId id, ParseRequestId(request.request_id()));
  const ledger::Hash digest = BodyDigest(*access.request_key, call.rpc(), request);
  return ledger::RequestIdentity{
      .caller = call.principal().caller,
      .request_id = std::string(id.begin(), id.end()),
      .digest = ledger::TagFromBytes(ledger::AsBytes(digest).substr(0, 16))};
}

// Says that of a command, and until when the answer is of use.
template <class Request>
absl::Status Identify(const LedgerAccess& access, const CallContext& call, const Request& request,
                      ledger::Command& command) {
  PUHUI_ASSIGN_OR_RETURN(command.request, IdentityOf(access, call, request));
  command.deadline = call.deadline();
  return absl::OkStatus();
}

// Runs `command` and answers a call when the outcome is durable. `build` makes the response:
// absl::Status(const ledger::Outcome&, Response*). On the thread of a queue
// (services/rpc/call_queue.h), which lends itself to the writer when it has taken all calls at
// hand.
template <class Response, class Build>
void RunCommand(const LedgerAccess& access, std::unique_ptr<ledger::Command> command,
                Response* response, Completion done, Build build) {
  // Shared, because a refused submission is destroyed and the call still has to be answered.
  auto duty = std::make_shared<Completion>(std::move(done));
  const absl::Status status = access.engine->SubmitLent(
      std::move(command),
      [duty, response, build = std::move(build)](const absl::StatusOr<ledger::Outcome>& outcome) {
        (*duty)(outcome.ok() ? build(*outcome, response) : outcome.status());
      });
  if (!status.ok()) (*duty)(status);
}

// The same for a call with a request id, whose response is made from the records alone: a copy of
// the call is answered alike.
template <class Request, class Response, class Build>
void RunForCall(const LedgerAccess& access, const CallContext& call, const Request& request,
                absl::StatusOr<std::unique_ptr<ledger::Command>> command, Response* response,
                Completion done, Build build) {
  // Shape comes before permission, and `command` may have been refused by either.
  absl::Status status = ParseRequestId(request.request_id()).status();
  if (status.ok()) status = command.status();
  if (status.ok()) status = Identify(access, call, request, **command);
  if (!status.ok()) return done(status);
  RunCommand(access, *std::move(command), response, std::move(done), std::move(build));
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_LEDGER_CALL_H_
