// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_INTEGRATION_RAW_CALL_H_
#define PUHUI_TESTS_INTEGRATION_RAW_CALL_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>
#include <vector>

namespace puhui {

// Calls `method`, for example "/puhui.v1.PosService/Purchase", whatever its stream shape: sends the
// messages, reads what comes, and returns how it ended. The bytes of the answers are added to
// `answers` when somebody wants them.
grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::vector<std::string>& messages, std::string* answers = nullptr);

}  // namespace puhui

#endif  // PUHUI_TESTS_INTEGRATION_RAW_CALL_H_
