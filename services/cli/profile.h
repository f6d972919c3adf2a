// SPDX-License-Identifier: Apache-2.0
// Where the service is and who is asking: a YAML file.
//
//   server: ledger.example.org:8443
//   server_name: puhui            # optional: the name in the server's certificate
//   ca: ca.pem
//   cert: operator.pem
//   key: operator.key
//   identities:                   # optional: chosen with --as
//     hr: {cert: hr.pem, key: hr.key}
//
// Paths are relative to the file.
#ifndef PUHUI_SERVICES_CLI_PROFILE_H_
#define PUHUI_SERVICES_CLI_PROFILE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <grpcpp/channel.h>

#include <map>
#include <memory>
#include <string>

namespace puhui::services {

// A certificate and its key, as paths.
struct ClientIdentity {
  std::string cert;
  std::string key;
};

struct Profile {
  std::string server;
  std::string server_name;  // Empty: the host of `server`.
  std::string ca;
  ClientIdentity identity;                           // Empty when only named ones are given.
  std::map<std::string, ClientIdentity> identities;  // By name, for --as.
};

// Reads a profile; paths come back resolved.
// Refuses: kInvalidArgument, naming file and key, for what is not YAML, a key that is not known,
// one that is missing or of the wrong kind. Fails: kNotFound when there is no such file.
absl::StatusOr<Profile> ReadProfile(const std::string& path);

// The identity `as` of the profile; the unnamed one when `as` is empty.
// Refuses: kInvalidArgument, listing the names there are.
absl::StatusOr<ClientIdentity> ChooseIdentity(const Profile& profile, absl::string_view as);

// A channel over mutual TLS. Connects lazily: a server that is down shows at the first call.
// Refuses: as ChooseIdentity. Fails: kInvalidArgument, naming the file, when one cannot be read.
absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const Profile& profile,
                                                           absl::string_view as);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_PROFILE_H_
