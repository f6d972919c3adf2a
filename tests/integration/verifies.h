// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_INTEGRATION_VERIFIES_H_
#define PUHUI_TESTS_INTEGRATION_VERIFIES_H_

#include "puhui/v1/admin_service.grpc.pb.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"

#include <grpcpp/client_context.h>

namespace puhui {

// Whether an online verification finds that all is as it should be, the index of auditors too.
inline bool Verifies(const Deployment& deployment) {
  const auto admin = v1::AdminService::NewStub(deployment.Connect("/operator"));
  grpc::ClientContext context;
  SetPatience(&context);
  v1::StartVerifyRequest request;
  request.set_indexes(true);
  const auto reader = admin->StartVerify(&context, request);
  v1::StartVerifyResponse last;
  while (reader->Read(&last)) continue;
  return reader->Finish().ok() && last.result().ok() && last.result().has_index();
}

}  // namespace puhui

#endif  // PUHUI_TESTS_INTEGRATION_VERIFIES_H_
