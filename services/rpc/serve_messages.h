// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_SERVE_MESSAGES_H_
#define PUHUI_SERVICES_RPC_SERVE_MESSAGES_H_

#include "services/rpc/asking.h"
#include "services/rpc/calls.h"
#include "services/rpc/message_method.h"
#include "services/rpc/message_stream.h"

#include <memory>
#include <utility>

namespace puhui::services {

// Makes the method known to a server, as the methods of Calls do.
template <class Service, class Base, class Request, class Response>
void ServeMessages(Calls& calls, Service* service, AskTwoWay<Base, Request, Response> ask,
                   MessageMethod<Request, Response> method) {
  method.pipeline = &calls.pipeline();
  method.silence_max = calls.silence_max();
  method.ask = Asking(service, ask);
  const auto kept = std::make_shared<const MessageMethod<Request, Response>>(std::move(method));
  calls.Bare(
      [kept](CallQueue* queue) { new MessageStreamCall<Request, Response>(kept.get(), queue); });
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_SERVE_MESSAGES_H_
