// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_HEALTH_H_
#define PUHUI_SERVICES_RPC_HEALTH_H_

#include "services/rpc/calls.h"

#include "grpc/health/v1/health.grpc.pb.h"

#include <atomic>

namespace puhui::services {

// Says whether the server is there to serve: to anybody with a certificate of ours, so that a load
// balancer needs no role. It is no matter of the pipeline, and nothing of it is logged. Threads:
// safe. Must outlive the calls.
class Health {
 public:
  using Wire = grpc::health::v1::Health::AsyncService;

  void Serve(Calls& calls);
  // Before the server is shut down: those who watch are told, and their calls end.
  void Stop() { serving_.store(false, std::memory_order_relaxed); }

 private:
  class Check;
  class Watch;
  bool serving() const { return serving_.load(std::memory_order_relaxed); }

  std::atomic<bool> serving_{true};
  Wire wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_HEALTH_H_
