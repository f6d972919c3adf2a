// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/echo_server.h"

#include "ledger/base/status_macros.h"
#include "services/rpc/server_arguments.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>

namespace puhui::bench {

grpc::ServerUnaryReactor* EchoServer::Service::Echo(grpc::CallbackServerContext* context,
                                                    const v1::EchoRequest* request,
                                                    v1::EchoResponse* response) {
  response->mutable_payload()->resize(std::min(request->answer_bytes(), kEchoBytesMax), 'x');
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

absl::StatusOr<std::unique_ptr<EchoServer>> EchoServer::Start(
    const services::CertificateFiles& files) {
  std::unique_ptr<EchoServer> echo(new EchoServer());
  PUHUI_ASSIGN_OR_RETURN(echo->certificates_,
                         services::ServerCertificates::Load(files, &echo->clock_));
  grpc::ServerBuilder builder;
  services::ApplyLimits({}, &builder);
  builder.AddListeningPort("127.0.0.1:0", echo->certificates_->Credentials(), &echo->port_);
  builder.RegisterService(&echo->service_);
  echo->server_ = builder.BuildAndStart();
  if (echo->server_ == nullptr || echo->port_ == 0) {
    return absl::UnavailableError("no port on 127.0.0.1");
  }
  return echo;
}

EchoServer::~EchoServer() {
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
}

}  // namespace puhui::bench
