// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_SERVER_CREDENTIALS_H_
#define PUHUI_SERVICES_RPC_SERVER_CREDENTIALS_H_

#include "ledger/base/clock.h"
#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/security/server_credentials.h>

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::services {

struct CertificateFiles {
  std::string chain;      // The server's certificate and its intermediates, PEM.
  std::string key;        // Its key, PEM, closed to the world.
  std::string client_ca;  // Whose clients are let in, PEM.
};

// What the server shows and whom it believes, taken from files and taken again when they change. A
// set that does not pass (the pair, the chain, the dates) is reported and left alone: the old one
// stays in use. Connections that are open keep what they began with until their age ends them.
// TLS 1.2 at least; 1.3 with every peer that knows it. A client certificate is required and
// verified. Threads: safe. Owns: the watching thread. Outlives every server that uses its
// credentials.
class ServerCertificates {
 public:
  using OnFailure = absl::AnyInvocable<void(const absl::Status&)>;

  // Fails: kFailedPrecondition, kUnavailable; names the file, never the content.
  static absl::StatusOr<std::unique_ptr<ServerCertificates>> Load(CertificateFiles files,
                                                                  const Clock* clock);
  ~ServerCertificates();
  ServerCertificates(const ServerCertificates&) = delete;
  ServerCertificates& operator=(const ServerCertificates&) = delete;

  // Reads the files now and puts them to use if they differ and pass. Fails as Load; nothing
  // changes then.
  absl::Status Reload();
  // Reloads every `interval` from now on, on a thread of its own; what fails goes to `on_failure`.
  // Requires: called once at most (checked).
  void Watch(absl::Duration interval, OnFailure on_failure);

  std::shared_ptr<grpc::ServerCredentials> Credentials();

  // The set in use, and how often it changed.
  struct Set {
    std::string chain;
    std::string key;
    std::string client_ca;
    friend bool operator==(const Set&, const Set&) = default;
  };
  std::shared_ptr<const Set> InUse(std::uint64_t* generation) const;

  // What gRPC is given to ask with: at every handshake, whether there is something newer than it
  // was given last. Kept here, because the server keeps the credentials for as long as it lives and
  // says no good-bye.
  struct Port {
    const ServerCertificates* certificates;
    std::uint64_t generation = 0;
  };
  Port* AddPort();

 private:
  ServerCertificates(CertificateFiles files, const Clock* clock);
  void RunWatch(absl::Duration interval, OnFailure on_failure);

  const CertificateFiles files_;
  const Clock* const clock_;
  mutable Mutex mutex_;
  std::shared_ptr<const Set> set_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Port>> ports_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  CondVar wake_;
  std::thread watch_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_SERVER_CREDENTIALS_H_
