// SPDX-License-Identifier: Apache-2.0
#include "services/admin/checkpoint_keys.h"

#include "ledger/base/status_macros.h"
#include "ledger/journal/checkpoint.h"
#include "services/admin/verification.h"

#include "absl/strings/str_cat.h"

#include <fstream>
#include <utility>

namespace puhui::services {
namespace {

// The name before the first '+' of the verifier key that the server left.
absl::StatusOr<std::string> NameInVerifierKey(const std::string& data_directory) {
  const std::string path = absl::StrCat(data_directory, "/", kVerifierKeyFileName);
  PUHUI_RETURN_IF_ERROR(ReadVerifierKey(path).status());
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line.substr(0, line.find('+'));
}

}  // namespace

std::string CheckpointKeyPath(const std::string& keys_directory, std::uint32_t number) {
  if (number == 1) return absl::StrCat(keys_directory, "/checkpoint.pem");
  return absl::StrCat(keys_directory, "/checkpoint-", number, ".pem");
}

absl::StatusOr<std::uint32_t> CheckpointKeyNumber(const std::string& data_directory) {
  PUHUI_ASSIGN_OR_RETURN(const std::string file, ledger::ReadKeyChainFile(data_directory));
  return static_cast<std::uint32_t>(ledger::SuccessionsIn(file) + 1);
}

absl::StatusOr<ledger::KeyChain> ReadKeyChain(const std::string& data_directory,
                                              const ledger::VerifyKey& trusted) {
  PUHUI_ASSIGN_OR_RETURN(const std::string file, ledger::ReadKeyChainFile(data_directory));
  return ledger::KeyChain::Parse(file, trusted);
}

absl::StatusOr<KeySuccession> RotateCheckpointKey(const std::string& data_directory,
                                                  const std::string& keys_directory,
                                                  RandomSource& random, absl::Time now) {
  PUHUI_RETURN_IF_ERROR(CheckNotOpen(StorePath(data_directory)));
  PUHUI_ASSIGN_OR_RETURN(const std::string name, NameInVerifierKey(data_directory));
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t number, CheckpointKeyNumber(data_directory));
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::SigningKey present,
      ledger::SigningKey::FromPemFile(CheckpointKeyPath(keys_directory, number)));
  PUHUI_ASSIGN_OR_RETURN(const ledger::KeyChain chain,
                         ReadKeyChain(data_directory, present.verify_key()));
  if (chain.keys().back().bytes() != present.verify_key().bytes()) {
    return absl::DataLossError("the present key is not the last of the chain");
  }
  KeySuccession made{.number = number + 1, .path = CheckpointKeyPath(keys_directory, number + 1)};
  PUHUI_ASSIGN_OR_RETURN(const ledger::SigningKey next,
                         ledger::SigningKey::ReadOrCreatePemFile(made.path, random));
  PUHUI_RETURN_IF_ERROR(ledger::AddSuccession(
      data_directory, ledger::SignSuccession(made.number, name, present, next, now)));
  made.text = ledger::VerifierKeyText(name, next.verify_key());
  return made;
}

}  // namespace puhui::services
