// SPDX-License-Identifier: Apache-2.0
// How gRPC is asked for the next call of a method, by generated code.
#ifndef PUHUI_SERVICES_RPC_ASKING_H_
#define PUHUI_SERVICES_RPC_ASKING_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

namespace puhui::services {

template <class Base, class... Parts>
using Ask = void (Base::*)(grpc::ServerContext*, Parts*..., grpc::CompletionQueue*,
                           grpc::ServerCompletionQueue*, void*);
template <class Base, class Request, class Response>
using AskUnary = Ask<Base, Request, grpc::ServerAsyncResponseWriter<Response>>;
template <class Base, class Request, class Response>
using AskServerStream = Ask<Base, Request, grpc::ServerAsyncWriter<Response>>;
template <class Base, class Request, class Response>
using AskClientStream = Ask<Base, grpc::ServerAsyncReader<Response, Request>>;
template <class Base, class Request, class Response>
using AskTwoWay = Ask<Base, grpc::ServerAsyncReaderWriter<Response, Request>>;

// Generated code wants the queue twice: for the call, and for what happens to it later.
template <class Service, class Method>
auto Asking(Service* service, Method ask) {
  return [service, ask](grpc::ServerCompletionQueue* queue, void* tag, auto*... parts) {
    (service->*ask)(parts..., queue, queue, tag);
  };
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_ASKING_H_
