// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CRASH_TOLD_H_
#define PUHUI_TESTS_CRASH_TOLD_H_

#include "ledger/core/refusal.h"
#include "services/rpc/error.h"
#include "tests/support/wire/ask.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace puhui::testing {

// What a caller was told, byte for byte.
struct Told {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string message;
  std::string details;
  std::string body;
  friend bool operator==(const Told&, const Told&) = default;
  friend void PrintTo(const Told& told, std::ostream* out) {
    *out << "code " << told.code << " '" << told.message << "', " << told.body.size() << " bytes";
  }

  // The name of the reason; empty when it was carried out.
  std::string refused() const {
    const auto refusal =
        ledger::RefusalOf(services::FromGrpcStatus(grpc::Status(code, message, details)));
    return refusal.has_value() ? std::string(ledger::ReasonName(refusal->reason)) : "";
  }
  // False when nobody answered: the server was gone. It never says by itself that it does not know.
  bool IsAnswer() const {
    if (code == grpc::StatusCode::OK) return true;
    if (details.empty()) return false;
    const auto refusal =
        ledger::RefusalOf(services::FromGrpcStatus(grpc::Status(code, message, details)));
    EXPECT_TRUE(refusal.has_value() && refusal->reason < ledger::Reason::kOverloaded) << message;
    return true;
  }
};

template <class Stub, class Request, class Response>
Told Tell(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
          const Request& request) {
  grpc::ClientContext context;
  SetPatience(&context);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  return {.code = status.error_code(),
          .message = status.error_message(),
          .details = status.error_details(),
          .body = status.ok() ? response.SerializeAsString() : ""};
}

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_CRASH_TOLD_H_
