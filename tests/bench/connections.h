// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_CONNECTIONS_H_
#define PUHUI_TESTS_BENCH_CONNECTIONS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

namespace puhui::bench {

// A connection of its own, whatever gRPC would like to share, to a port of this machine. Shows
// `identity`.pem and believes ca.pem, both in `certificates` (deploy/dev_ca.sh).
// Fails: kNotFound when a file cannot be read.
absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(int port, const std::string& certificates,
                                                       absl::string_view identity);

// The names that the identities of a load have: connection 0 speaks for merchants/m-0, and so on.
std::string MerchantOf(std::size_t connection);

// The same codes, by number.
inline absl::Status ToStatus(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_CONNECTIONS_H_
