// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_ADMIN_SERVICE_H_
#define PUHUI_SERVICES_ADMIN_ADMIN_SERVICE_H_

#include "ledger/crypto/signing.h"
#include "ledger/engine/engine.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "services/rpc/pipeline.h"

#include <atomic>
#include <string>
#include <thread>

namespace puhui::services {

// Running the service. Threads: safe. Borrows: its parts.
class AdminService final : public v1::AdminService::CallbackService {
 public:
  struct Parts {
    Pipeline* pipeline;
    const ledger::Engine* engine;
    ledger::VerifyKey verify_key;
    std::string version;
    std::string scratch_directory;  // On the disk of the data, for the rebuilt views.
  };
  explicit AdminService(Parts parts) : parts_(std::move(parts)) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* wire,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override;
  grpc::ServerWriteReactor<v1::StartVerifyResponse>* StartVerify(
      grpc::CallbackServerContext* wire, const v1::StartVerifyRequest* request) override;

 private:
  const Parts parts_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_ADMIN_SERVICE_H_
