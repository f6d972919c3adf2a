// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/server_credentials.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "services/auth/certificates.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <cstddef>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kPemBytesMax = std::size_t{1} << 20;

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<std::string> text,
                         ledger::ReadWholeFile(path, kPemBytesMax));
  if (!text.has_value()) return absl::FailedPreconditionError(absl::StrCat(path, ": no such file"));
  return *std::move(text);
}

absl::Status Naming(const std::string& path, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
}

grpc_ssl_certificate_config_reload_status Fetch(void* user_data,
                                                grpc_ssl_server_certificate_config** config) {
  auto* const port = static_cast<ServerCertificates::Port*>(user_data);
  std::uint64_t generation = 0;
  const auto set = port->certificates->InUse(&generation);
  if (generation == port->generation) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  const grpc_ssl_pem_key_cert_pair pair = {set->key.c_str(), set->chain.c_str()};
  *config = grpc_ssl_server_certificate_config_create(set->client_ca.c_str(), &pair, 1);
  port->generation = generation;
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

// gRPC's C++ layer has no door to the core's certificate fetcher, which swaps pairs in memory and
// was made for this. Its file watcher would do but for one thing: a bad key file makes every new
// handshake fail.
class FetchingCredentials final : public grpc::ServerCredentials {
 public:
  explicit FetchingCredentials(ServerCertificates* certificates) : certificates_(certificates) {}

  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {
    CheckFailed(__FILE__, __LINE__, "authentication belongs to the pipeline");
  }

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    ServerCertificates::Port* const port = certificates_->AddPort();
    grpc_server_credentials* const credentials = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(
            GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, Fetch, port));
    const int bound = grpc_server_add_http2_port(server, address.c_str(), credentials);
    grpc_server_credentials_release(credentials);
    return bound;
  }

  ServerCertificates* const certificates_;
};

}  // namespace

ServerCertificates::ServerCertificates(CertificateFiles files, const Clock* clock)
    : files_(std::move(files)), clock_(clock) {}

absl::StatusOr<std::unique_ptr<ServerCertificates>> ServerCertificates::Load(CertificateFiles files,
                                                                             const Clock* clock) {
  std::unique_ptr<ServerCertificates> certificates(new ServerCertificates(std::move(files), clock));
  PUHUI_RETURN_IF_ERROR(certificates->Reload());
  return certificates;
}

ServerCertificates::~ServerCertificates() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  if (watch_.joinable()) watch_.join();
}

absl::Status ServerCertificates::Reload() {
  PUHUI_RETURN_IF_ERROR(ledger::CheckSecretFileMode(files_.key));
  auto set = std::make_shared<Set>();
  PUHUI_ASSIGN_OR_RETURN(set->chain, ReadPem(files_.chain));
  PUHUI_ASSIGN_OR_RETURN(set->key, ReadPem(files_.key));
  PUHUI_ASSIGN_OR_RETURN(set->client_ca, ReadPem(files_.client_ca));
  const absl::Time now = clock_->Now();
  PUHUI_RETURN_IF_ERROR(Naming(files_.chain, CheckKeyPair(set->chain, set->key, now)));
  PUHUI_RETURN_IF_ERROR(Naming(files_.client_ca, CheckAuthorities(set->client_ca, now)));
  MutexLock lock(&mutex_);
  if (set_ != nullptr && *set_ == *set) return absl::OkStatus();
  set_ = std::move(set);
  ++generation_;
  return absl::OkStatus();
}

void ServerCertificates::Watch(absl::Duration interval, OnFailure on_failure) {
  PUHUI_CHECK(!watch_.joinable());
  watch_ = std::thread([this, interval, on_failure = std::move(on_failure)]() mutable {
    RunWatch(interval, std::move(on_failure));
  });
}

void ServerCertificates::RunWatch(absl::Duration interval, OnFailure on_failure) {
  while (true) {
    {
      MutexLock lock(&mutex_);
      if (!stopping_) wake_.WaitFor(&mutex_, absl::ToChronoMicroseconds(interval));
      if (stopping_) return;
    }
    if (const absl::Status status = Reload(); !status.ok()) on_failure(status);
  }
}

std::shared_ptr<grpc::ServerCredentials> ServerCertificates::Credentials() {
  return std::make_shared<FetchingCredentials>(this);
}

ServerCertificates::Port* ServerCertificates::AddPort() {
  MutexLock lock(&mutex_);
  ports_.push_back(std::make_unique<Port>(Port{.certificates = this}));
  return ports_.back().get();
}

std::shared_ptr<const ServerCertificates::Set> ServerCertificates::InUse(
    std::uint64_t* generation) const {
  MutexLock lock(&mutex_);
  *generation = generation_;
  return set_;
}

}  // namespace puhui::services
