// SPDX-License-Identifier: Apache-2.0
#include "services/cli/profile.h"

#include "ledger/base/status_macros.h"
#include "services/cli/input_file.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kProfileBytesMax = std::size_t{1} << 20;
constexpr int kReconnectMsMin = 100;
constexpr int kReconnectMsMax = 2'000;

// Walks one map of a profile and refuses, with its full name, what it does not understand.
// Threads: one at a time. Borrows: the path.
class ProfileReader {
 public:
  explicit ProfileReader(const std::string& path)
      : path_(path), folder_(std::filesystem::path(path).parent_path()) {}

  absl::StatusOr<Profile> Read(const YAML::Node& root) const;

 private:
  absl::Status Refuse(absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(path_, ": ", what));
  }
  absl::StatusOr<std::string> Text(const std::string& key, const YAML::Node& value) const;
  absl::StatusOr<std::string> Path(const std::string& key, const YAML::Node& value) const;
  absl::StatusOr<ClientIdentity> ReadIdentity(const std::string& key, const YAML::Node& map) const;
  absl::Status ReadIdentities(const YAML::Node& map, Profile* profile) const;
  absl::Status ReadField(const std::string& key, const YAML::Node& value, Profile* profile) const;
  absl::Status CheckComplete(const Profile& profile) const;

  const std::string& path_;
  const std::filesystem::path folder_;
};

absl::StatusOr<std::string> ProfileReader::Text(const std::string& key,
                                                const YAML::Node& value) const {
  if (!value.IsScalar() || value.Scalar().empty()) {
    return Refuse(absl::StrCat(key, ": wanted a text"));
  }
  return value.Scalar();
}

absl::StatusOr<std::string> ProfileReader::Path(const std::string& key,
                                                const YAML::Node& value) const {
  PUHUI_ASSIGN_OR_RETURN(const std::string text, Text(key, value));
  return (folder_ / text).string();  // An absolute path replaces the folder.
}

absl::StatusOr<ClientIdentity> ProfileReader::ReadIdentity(const std::string& key,
                                                           const YAML::Node& map) const {
  if (!map.IsMap()) return Refuse(absl::StrCat(key, ": wanted a map with cert and key"));
  ClientIdentity identity;
  for (const auto& entry : map) {
    const std::string field = absl::StrCat(key, ".", entry.first.Scalar());
    PUHUI_ASSIGN_OR_RETURN(std::string path, Path(field, entry.second));
    if (entry.first.Scalar() == "cert") {
      identity.cert = std::move(path);
    } else if (entry.first.Scalar() == "key") {
      identity.key = std::move(path);
    } else {
      return Refuse(absl::StrCat(field, ": unknown key"));
    }
  }
  if (identity.cert.empty() || identity.key.empty()) {
    return Refuse(absl::StrCat(key, ": wanted both cert and key"));
  }
  return identity;
}

absl::Status ProfileReader::ReadIdentities(const YAML::Node& map, Profile* profile) const {
  if (!map.IsMap()) return Refuse("identities: wanted a map of names");
  for (const auto& entry : map) {
    const std::string& name = entry.first.Scalar();
    PUHUI_ASSIGN_OR_RETURN(profile->identities[name],
                           ReadIdentity(absl::StrCat("identities.", name), entry.second));
  }
  return absl::OkStatus();
}

absl::Status ProfileReader::ReadField(const std::string& key, const YAML::Node& value,
                                      Profile* profile) const {
  if (key == "identities") return ReadIdentities(value, profile);
  if (key == "server") {
    PUHUI_ASSIGN_OR_RETURN(profile->server, Text(key, value));
  } else if (key == "server_name") {
    PUHUI_ASSIGN_OR_RETURN(profile->server_name, Text(key, value));
  } else if (key == "ca") {
    PUHUI_ASSIGN_OR_RETURN(profile->ca, Path(key, value));
  } else if (key == "cert") {
    PUHUI_ASSIGN_OR_RETURN(profile->identity.cert, Path(key, value));
  } else if (key == "key") {
    PUHUI_ASSIGN_OR_RETURN(profile->identity.key, Path(key, value));
  } else {
    return Refuse(absl::StrCat(key, ": unknown key"));
  }
  return absl::OkStatus();
}

absl::Status ProfileReader::CheckComplete(const Profile& profile) const {
  if (profile.server.empty()) return Refuse("server: missing");
  if (profile.ca.empty()) return Refuse("ca: missing");
  if (profile.identity.cert.empty() != profile.identity.key.empty()) {
    return Refuse("cert and key: wanted both or neither");
  }
  if (profile.identity.cert.empty() && profile.identities.empty()) {
    return Refuse("cert and key, or identities: missing");
  }
  return absl::OkStatus();
}

absl::StatusOr<Profile> ProfileReader::Read(const YAML::Node& root) const {
  if (!root.IsMap()) return Refuse("wanted a YAML map");
  Profile profile;
  for (const auto& entry : root) {
    PUHUI_RETURN_IF_ERROR(ReadField(entry.first.Scalar(), entry.second, &profile));
  }
  PUHUI_RETURN_IF_ERROR(CheckComplete(profile));
  return profile;
}

}  // namespace

absl::StatusOr<Profile> ReadProfile(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadInputFile(path, kProfileBytesMax);
  if (absl::IsNotFound(text.status())) {
    return absl::NotFoundError(
        absl::StrCat(text.status().message(),
                     ": a profile says where the service is and who is asking, with server, ca, "
                     "cert and key; docs/operations.md has an example under \"The profile of "
                     "puhui\". Name another with --profile or PUHUI_PROFILE"));
  }
  PUHUI_RETURN_IF_ERROR(text.status());
  try {  // The only way yaml-cpp reports.
    return ProfileReader(path).Read(YAML::Load(*text));
  } catch (const YAML::Exception& exception) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": line ", exception.mark.line + 1, ": not YAML: ", exception.msg));
  }
}

absl::StatusOr<ClientIdentity> ChooseIdentity(const Profile& profile, absl::string_view as) {
  const std::string names = absl::StrJoin(
      profile.identities, ", ",
      [](std::string* out, const auto& identity) { absl::StrAppend(out, identity.first); });
  if (as.empty()) {
    if (!profile.identity.cert.empty()) return profile.identity;
    return absl::InvalidArgumentError(
        absl::StrCat("the profile has no identity of its own; choose one with --as: ", names));
  }
  const auto found = profile.identities.find(std::string(as));
  if (found != profile.identities.end()) return found->second;
  return absl::InvalidArgumentError(
      absl::StrCat("--as ", as, ": the profile has ", names.empty() ? "no identities" : names));
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const Profile& profile,
                                                           absl::string_view as) {
  PUHUI_ASSIGN_OR_RETURN(const ClientIdentity identity, ChooseIdentity(profile, as));
  grpc::SslCredentialsOptions tls;
  PUHUI_ASSIGN_OR_RETURN(tls.pem_root_certs, ReadInputFile(profile.ca, kProfileBytesMax));
  PUHUI_ASSIGN_OR_RETURN(tls.pem_cert_chain, ReadInputFile(identity.cert, kProfileBytesMax));
  PUHUI_ASSIGN_OR_RETURN(tls.pem_private_key, ReadInputFile(identity.key, kProfileBytesMax));
  grpc::ChannelArguments arguments;
  if (!profile.server_name.empty()) arguments.SetSslTargetNameOverride(profile.server_name);
  // People wait: look again sooner than the library's one second to two minutes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMsMin);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kReconnectMsMin);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMsMax);
  return grpc::CreateCustomChannel(profile.server, grpc::SslCredentials(tls), arguments);
}

}  // namespace puhui::services
