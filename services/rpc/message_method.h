// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_MESSAGE_METHOD_H_
#define PUHUI_SERVICES_RPC_MESSAGE_METHOD_H_

#include "services/rpc/pipeline.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>

#include <cstddef>
#include <functional>

namespace puhui::services {

// A streaming method whose every message is a call of another, and what answers those.
template <class Request, class Response>
struct MessageMethod {
  using Stream = grpc::ServerAsyncReaderWriter<Response, Request>;
  Rpc rpc;                    // Of the stream.
  Rpc message_rpc;            // What each message is a call of.
  std::size_t in_flight_max;  // Messages that are not answered; more are not read.
  // The request within a message, and how long its answer is of use.
  std::function<const google::protobuf::Message&(const Request&)> inner;
  std::function<absl::StatusOr<absl::Duration>(const Request&)> timeout;
  std::function<void(const CallContext&, const Request&, Response*, Completion)> handle;
  // Makes the answer to a message of what its call came to.
  std::function<void(const Request&, const grpc::Status&, Response*)> answer;
  const Pipeline* pipeline = nullptr;
  absl::Duration silence_max{};
  std::function<void(grpc::ServerCompletionQueue*, void*, grpc::ServerContext*, Stream*)> ask = {};
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_MESSAGE_METHOD_H_
