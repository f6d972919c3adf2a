// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_ADMIN_SERVICE_H_
#define PUHUI_SERVICES_ADMIN_ADMIN_SERVICE_H_

#include "ledger/crypto/signing.h"
#include "ledger/engine/engine.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "services/rpc/calls.h"

#include <atomic>
#include <string>
#include <thread>

namespace puhui::services {

// Running the service. Threads: safe. Borrows: its parts.
class AdminService final {
 public:
  struct Parts {
    const ledger::Engine* engine;
    ledger::VerifyKey verify_key;
    std::string version;
    std::string scratch_directory;  // On the disk of the data, for the rebuilt views.
  };
  explicit AdminService(Parts parts) : parts_(std::move(parts)) {}

  void Serve(Calls& calls);

 private:
  using Wire = v1::AdminService::AsyncService;
  void ServeGetStatus(Calls& calls);
  void ServeStartVerify(Calls& calls);

  const Parts parts_;
  Wire wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_ADMIN_SERVICE_H_
