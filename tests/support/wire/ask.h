// SPDX-License-Identifier: Apache-2.0
// One call to a real server, and what it takes.
#ifndef PUHUI_TESTS_SUPPORT_WIRE_ASK_H_
#define PUHUI_TESTS_SUPPORT_WIRE_ASK_H_

#include "services/rpc/error.h"
#include "tests/support/seeded_random.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace puhui {

// Only so that a server that hangs fails the test instead of hanging it.
inline void SetPatience(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
}

// A UUID (RFC 4122, version 4).
inline std::string NewRequestId(SeededRandom& random) {
  const auto bits = [&random](int count) { return random.Below(std::uint64_t{1} << count); };
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", bits(32), bits(16), bits(12), bits(12),
                         bits(48));
}

// One unary call: the response, or the status as the server's handler made it.
template <class Stub, class Request, class Response>
absl::StatusOr<Response> Ask(Stub& stub,
                             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                             const Request& request) {
  grpc::ClientContext context;
  SetPatience(&context);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return services::FromGrpcStatus(status);
  return response;
}

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_ASK_H_
