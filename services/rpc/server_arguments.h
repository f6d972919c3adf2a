// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_SERVER_ARGUMENTS_H_
#define PUHUI_SERVICES_RPC_SERVER_ARGUMENTS_H_

#include "ledger/base/limits.h"

#include "absl/time/time.h"
#include <grpcpp/server_builder.h>

#include <cstddef>

namespace puhui::services {

// What a connection may cost. The defaults are those of docs/operations.
struct ServerLimits {
  int message_bytes_max = static_cast<int>(kMessageBytesMax);
  int metadata_bytes_max = 8 << 10;
  int streams_per_connection_max = 100;
  absl::Duration idle_max = absl::Minutes(5);
  absl::Duration age_max =
      absl::Minutes(30);  // Bounds how long a revoked or rotated certificate lives on.
  absl::Duration age_grace = absl::Seconds(30);
  absl::Duration keepalive_every = absl::Seconds(60);
  absl::Duration keepalive_timeout = absl::Seconds(10);
  absl::Duration handshake_max = absl::Seconds(10);
  std::size_t memory_bytes = std::size_t{512} << 20;
};

// Sets the limits on `builder`. Compressed messages are refused: inflating what a stranger sends is
// a gift to them. For the whole process, abseil's search for lock cycles is switched off.
void ApplyLimits(const ServerLimits& limits, grpc::ServerBuilder* builder);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_SERVER_ARGUMENTS_H_
