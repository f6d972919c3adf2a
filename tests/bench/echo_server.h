// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_ECHO_SERVER_H_
#define PUHUI_TESTS_BENCH_ECHO_SERVER_H_

#include "ledger/base/clock.h"
#include "services/rpc/server_credentials.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "echo.grpc.pb.h"

#include <memory>
#include <string>

namespace puhui::bench {

inline constexpr std::uint32_t kEchoBytesMax = 4'096;

// What gRPC and mutual TLS cost with nothing behind them: the credentials and limits of puhuid, the
// callback API, an answer of the size that was asked for.
// Threads: safe.
class EchoServer {
 public:
  // Listens on 127.0.0.1, on a port of the system's choice.
  // Fails: as ServerCertificates::Load; kUnavailable when there is no port.
  static absl::StatusOr<std::unique_ptr<EchoServer>> Start(const services::CertificateFiles& files);
  ~EchoServer();

  int port() const { return port_; }

 private:
  class Service final : public v1::EchoService::CallbackService {
   public:
    grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context,
                                   const v1::EchoRequest* request,
                                   v1::EchoResponse* response) override;
  };

  EchoServer() = default;

  SystemClock clock_;
  Service service_;
  std::unique_ptr<services::ServerCertificates> certificates_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_ECHO_SERVER_H_
