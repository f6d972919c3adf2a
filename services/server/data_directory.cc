// SPDX-License-Identifier: Apache-2.0
#include "services/server/data_directory.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/key_file.h"
#include "ledger/journal/checkpoint.h"
#include "services/admin/verification.h"

#include "absl/strings/str_cat.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace puhui::services {
namespace {

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  if (std::filesystem::create_directories(path, error)) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot make ", path, ": ", error.message()));
}

// Written beside and moved into place, so that nobody reads half of it.
absl::Status WriteSmallFile(const std::string& path, absl::string_view text) {
  const std::string beside = absl::StrCat(path, ".new");
  std::ofstream file(beside, std::ios::trunc);
  file << text << "\n";
  file.close();
  std::error_code error;
  if (file.good()) std::filesystem::rename(beside, path, error);
  if (file.good() && !error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", path));
}

}  // namespace

std::string CheckpointKeyName(const config::v1::ServerConfig& config) {
  return absl::StrCat(config.trust_domain(), "/checkpoint");
}

absl::StatusOr<LedgerKeys> PrepareDirectories(const config::v1::ServerConfig& config,
                                              RandomSource& random) {
  PUHUI_RETURN_IF_ERROR(MakeDirectory(config.data_dir()));
  PUHUI_RETURN_IF_ERROR(MakeDirectory(config.keys_dir()));
  const std::string& keys = config.keys_dir();
  PUHUI_ASSIGN_OR_RETURN(
      ledger::SigningKey checkpoint,
      ledger::SigningKey::ReadOrCreatePemFile(absl::StrCat(keys, "/checkpoint.pem"), random));
  PUHUI_ASSIGN_OR_RETURN(std::string lookup,
                         ledger::ReadOrCreateKeyFile(absl::StrCat(keys, "/lookup.key"), random));
  PUHUI_ASSIGN_OR_RETURN(std::string vault,
                         ledger::ReadOrCreateKeyFile(absl::StrCat(keys, "/vault.key"), random));
  return LedgerKeys{std::move(checkpoint), std::move(lookup), std::move(vault)};
}

absl::Status WriteVerifierKey(const config::v1::ServerConfig& config,
                              const ledger::VerifyKey& key) {
  return WriteSmallFile(absl::StrCat(config.data_dir(), "/", kVerifierKeyFileName),
                        ledger::VerifierKeyText(CheckpointKeyName(config), key));
}

absl::Status WritePort(const config::v1::ServerConfig& config, int port) {
  return WriteSmallFile(absl::StrCat(config.data_dir(), "/puhuid.port"), absl::StrCat(port));
}

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file.good()) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  return text.str();
}

}  // namespace puhui::services
