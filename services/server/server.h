// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_SERVER_H_
#define PUHUI_SERVICES_SERVER_SERVER_H_

#include "puhui/config/v1/server_config.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>
#include <string>

namespace puhui::services {

// Whether the indexes of auditors and of offers follow the ledger. kStill is for measuring what
// that costs: auditors are answered that theirs is behind, and nobody finds an offer. No
// configuration asks for it.
enum class Indexes { kFollow, kStill };

// puhuid: the real objects, wired. Everything else gets its parts from here.
// Threads: Start and Stop from one.
class Server {
 public:
  // Recovers the ledger and begins to serve.
  // Fails: with what is wrong in the configuration, the keys, the certificates or the ledger;
  // nothing is served then.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const config::v1::ServerConfig& config,
                                                       Indexes indexes = Indexes::kFollow);
  virtual ~Server() = default;

  virtual int port() const = 0;
  // What recovery found.
  virtual std::string recovered() const = 0;
  // Refuses new calls, finishes those under way, leaves everything durable and flushed.
  virtual absl::Status Stop() = 0;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_SERVER_H_
