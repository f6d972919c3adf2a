// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_ENVIRONMENT_H_
#define PUHUI_SERVICES_CLI_ENVIRONMENT_H_

#include "ledger/base/random.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

namespace puhui::services {

// What the program reaches outside itself. main.cc fills it with the real things, tests with fakes.
// Borrows: the streams and the randomness, for the program's life.
struct Environment {
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  bool err_is_terminal = false;
  RandomSource* random = nullptr;
  std::function<absl::Time()> now;
  std::function<void(absl::Duration)> sleep;
  std::string default_profile;  // The path that is read without --profile.
  // Opens a channel with the profile at `path` as the identity `as`, the unnamed one when empty.
  std::function<absl::StatusOr<std::shared_ptr<grpc::Channel>>(const std::string& path,
                                                               const std::string& as)>
      connect;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_ENVIRONMENT_H_
