// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/connections.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"
#include <grpcpp/grpcpp.h>

#include <fstream>
#include <sstream>

namespace puhui::bench {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file.good()) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  return text.str();
}

}  // namespace

std::string MerchantOf(std::size_t connection) { return absl::StrCat("m-", connection); }

absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(int port, const std::string& certificates,
                                                       absl::string_view identity) {
  const std::string base = absl::StrCat(certificates, "/", identity);
  grpc::SslCredentialsOptions options;
  PUHUI_ASSIGN_OR_RETURN(options.pem_root_certs, ReadFile(absl::StrCat(certificates, "/ca.pem")));
  PUHUI_ASSIGN_OR_RETURN(options.pem_private_key, ReadFile(absl::StrCat(base, ".key")));
  PUHUI_ASSIGN_OR_RETURN(options.pem_cert_chain, ReadFile(absl::StrCat(base, ".pem")));
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetSslTargetNameOverride("localhost");
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port), grpc::SslCredentials(options),
                                   arguments);
}

}  // namespace puhui::bench
