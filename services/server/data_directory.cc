// SPDX-License-Identifier: Apache-2.0
#include "services/server/data_directory.h"

#include "issuing/app/vault_check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/key_file.h"
#include "ledger/journal/checkpoint.h"
#include "services/admin/checkpoint_keys.h"
#include "services/admin/verification.h"

#include "absl/strings/str_cat.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

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

std::string LookupKeyPath(const config::v1::ServerConfig& config) {
  return absl::StrCat(config.keys_dir(), "/lookup.key");
}

// What is wrong with the key in a file, with the name of the file.
absl::Status InFile(const std::string& path, const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", status.message()));
}

}  // namespace

std::string CheckpointKeyName(const config::v1::ServerConfig& config) {
  return absl::StrCat(config.trust_domain(), "/checkpoint");
}

absl::StatusOr<LedgerKeys> PrepareDirectories(const config::v1::ServerConfig& config,
                                              RandomSource& random) {
  std::error_code error;
  const bool is_new = !std::filesystem::exists(StorePath(config.data_dir()), error);
  PUHUI_RETURN_IF_ERROR(MakeDirectory(config.data_dir()));
  PUHUI_RETURN_IF_ERROR(MakeDirectory(config.keys_dir()));
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t key_number, CheckpointKeyNumber(config.data_dir()));
  const std::string checkpoint_path = CheckpointKeyPath(config.keys_dir(), key_number);
  const std::string lookup_path = LookupKeyPath(config);
  if (is_new) {
    PUHUI_RETURN_IF_ERROR(ledger::ReadOrCreateKeyFile(VaultKeyPath(config, 1), random).status());
    PUHUI_RETURN_IF_ERROR(ledger::ReadOrCreateKeyFile(lookup_path, random).status());
    PUHUI_RETURN_IF_ERROR(
        ledger::SigningKey::ReadOrCreatePemFile(checkpoint_path, random).status());
  }
  PUHUI_ASSIGN_OR_RETURN(ledger::SigningKey checkpoint,
                         ledger::SigningKey::FromPemFile(checkpoint_path));
  PUHUI_ASSIGN_OR_RETURN(std::string lookup, ledger::ReadKeyFile(lookup_path));
  PUHUI_ASSIGN_OR_RETURN(std::string chain_file, ledger::ReadKeyChainFile(config.data_dir()));
  PUHUI_ASSIGN_OR_RETURN(ledger::KeyChain chain,
                         ledger::KeyChain::Parse(chain_file, checkpoint.verify_key()));
  return LedgerKeys{std::move(checkpoint), std::move(lookup), std::move(chain),
                    std::move(chain_file)};
}

std::string VaultKeyPath(const config::v1::ServerConfig& config, std::uint32_t key_id) {
  if (key_id == 1) return absl::StrCat(config.keys_dir(), "/vault.key");
  return absl::StrCat(config.keys_dir(), "/vault-", key_id, ".key");
}

absl::Status LoadVaultKeys(const config::v1::ServerConfig& config, const ledger::Readable& store,
                           puhui::issuing::Vault* vault) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<std::uint32_t> needed,
                         puhui::issuing::NeededVaultKeys(store));
  for (const std::uint32_t key_id : needed) {
    PUHUI_ASSIGN_OR_RETURN(std::string key, ledger::ReadKeyFile(VaultKeyPath(config, key_id)));
    vault->AddKey(key_id, std::move(key));
  }
  vault->UseKey(needed.back());
  for (const std::uint32_t key_id : needed) {
    PUHUI_RETURN_IF_ERROR(
        InFile(VaultKeyPath(config, key_id), puhui::issuing::CheckVaultKey(store, *vault, key_id)));
  }
  return InFile(LookupKeyPath(config), puhui::issuing::CheckLookupKey(store, *vault));
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

absl::StatusOr<std::unique_ptr<CertificateAuthority>> LoadAuthority(
    const config::v1::ServerConfig& config, absl::Time now) {
  PUHUI_ASSIGN_OR_RETURN(const std::string certificate, ReadTextFile(config.ca().cert()));
  PUHUI_ASSIGN_OR_RETURN(const std::string key, ReadTextFile(config.ca().key()));
  return CertificateAuthority::Load(certificate, key, now);
}

}  // namespace puhui::services
