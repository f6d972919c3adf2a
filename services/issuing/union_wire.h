// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for UnionService, for the files that serve it.
#ifndef PUHUI_SERVICES_ISSUING_UNION_WIRE_H_
#define PUHUI_SERVICES_ISSUING_UNION_WIRE_H_

#include "puhui/v1/union_service.grpc.pb.h"
#include "services/issuing/union_service.h"

#include <utility>

namespace puhui::services {

struct UnionService::Wire final : v1::UnionService::AsyncService {};

template <class Base, class Request, class Response, class Build>
void UnionService::ServeChange(Calls& calls, Rpc rpc, AskUnary<Base, Request, Response> ask,
                               Read<Request> read, Build build) {
  calls.UnaryLater(
      rpc, wire_.get(), ask,
      [this, read, build](const CallContext& call, const Request& asked, Response* answer,
                          Completion done) {
        RunForCall(parts_.ledger, call, asked, (this->*read)(call, asked), answer, std::move(done),
                   [this, build](const ledger::Outcome& outcome, Response* out) {
                     return build(parts_.ledger.engine->Latest(), outcome.first(), out);
                   });
      });
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_UNION_WIRE_H_
