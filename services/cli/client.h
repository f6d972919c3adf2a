// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_CLIENT_H_
#define PUHUI_SERVICES_CLI_CLIENT_H_

#include "services/cli/environment.h"

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace puhui::services {

// Calls the service. Every call has a deadline; UNAVAILABLE alone is tried again, with the same
// request and so the same request id, until the deadline.
// Threads: one at a time. Owns: the channel. Borrows: the environment.
class Client {
 public:
  struct Timeouts {
    absl::Duration unary = absl::Seconds(10);
    absl::Duration long_unary = absl::Minutes(5);  // A whole plan is gone through.
    absl::Duration stream = absl::Hours(1);
  };
  // Whether a server's stream that broke may be read again from its beginning after some of it was
  // delivered.
  enum class Restart { kAlways, kOnlyIfNothingCame };

  // `purpose`: why the caller asks, sent with every call; empty: not said.
  Client(std::shared_ptr<grpc::Channel> channel, const Environment& environment, Timeouts timeouts,
         std::string purpose = {})
      : channel_(std::move(channel)),
        environment_(environment),
        timeouts_(timeouts),
        purpose_(std::move(purpose)) {}

  template <class Stub, class Request, class Response>
  grpc::Status Unary(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                     const Request& request, Response* response) {
    return UnaryWithin(timeouts_.unary, method, request, response);
  }
  template <class Stub, class Request, class Response>
  grpc::Status LongUnary(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                      Response*),
                         const Request& request, Response* response) {
    return UnaryWithin(timeouts_.long_unary, method, request, response);
  }

  // Hands every message of a server's stream to `take`, which may return false to want no more: the
  // stream is cancelled then.
  template <class Stub, class Request, class Response, class Take>
  grpc::Status ReadStream(std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(
                              grpc::ClientContext*, const Request&),
                          const Request& request, Restart restart, Take take) {
    Stub stub(channel_);
    bool came = false;
    return Retry(timeouts_.stream, [&](grpc::ClientContext& context) {
      const auto reader = (stub.*method)(&context, request);
      for (Response message; reader->Read(&message);) {
        came = true;
        if (!Wants(take, message)) context.TryCancel();
      }
      return Attempt{reader->Finish(), restart == Restart::kAlways || !came};
    });
  }

  // Sends what `fill(index, message)` fills, index by index, until it returns false.
  template <class Stub, class Request, class Response, class Fill>
  grpc::Status WriteStream(
      std::unique_ptr<grpc::ClientWriter<Request>> (Stub::*method)(grpc::ClientContext*, Response*),
      Fill fill, Response* response) {
    Stub stub(channel_);
    return Retry(timeouts_.stream, [&](grpc::ClientContext& context) {
      response->Clear();
      const auto writer = (stub.*method)(&context, response);
      Request message;
      for (std::size_t index = 0; fill(index, message); ++index) {
        if (!writer->Write(message)) break;  // The server has decided; Finish says what.
        message.Clear();
      }
      writer->WritesDone();
      return Attempt{writer->Finish(), true};
    });
  }

  // Hands a two-way stream to `talk`, which says what it has to, reads until there is nothing more,
  // and begins anew when it is called again: after a stream that broke it is.
  template <class Stub, class Request, class Response, class Talk>
  grpc::Status Converse(std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> (
                            Stub::*method)(grpc::ClientContext*),
                        Talk& talk) {
    Stub stub(channel_);
    return Retry(timeouts_.stream, [&](grpc::ClientContext& context) {
      const auto stream = (stub.*method)(&context);
      talk(*stream);
      return Attempt{stream->Finish(), true};
    });
  }

 private:
  struct Attempt {
    grpc::Status status;
    bool repeatable;
  };

  template <class Take, class Message>
  static bool Wants(Take& take, const Message& message) {
    if constexpr (std::is_void_v<decltype(take(message))>) {
      take(message);
      return true;
    } else {
      return take(message);
    }
  }
  template <class Stub, class Request, class Response>
  grpc::Status UnaryWithin(absl::Duration timeout,
                           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
                           const Request& request, Response* response) {
    Stub stub(channel_);
    return Retry(timeout, [&](grpc::ClientContext& context) {
      response->Clear();
      return Attempt{(stub.*method)(&context, request, response), true};
    });
  }
  grpc::Status Retry(absl::Duration timeout,
                     absl::FunctionRef<Attempt(grpc::ClientContext&)> attempt);
  absl::Duration Jittered(absl::Duration pause);

  const std::shared_ptr<grpc::Channel> channel_;
  const Environment& environment_;
  const Timeouts timeouts_;
  const std::string purpose_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_CLIENT_H_
