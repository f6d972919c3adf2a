// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_RECEIPT_KEY_H_
#define PUHUI_SERVICES_CLI_RECEIPT_KEY_H_

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/signed_note.h"
#include "services/admin/verification.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include <string>
#include <utility>

namespace puhui::services {

// The key that a ledger signs its heads with, from its text or from a file that holds it.
// Fails: as ReadVerifierKey.
inline absl::StatusOr<ledger::VerifyKey> ReadLogKey(const std::string& text_or_path) {
  absl::StatusOr<ledger::NoteKey> key =
      ledger::ParseNoteKey(text_or_path, ledger::NoteKeyType::kEd25519);
  if (key.ok()) return std::move(key->key);
  return ReadVerifierKey(text_or_path);
}

// That key, with those that the file of a chain leads to from it; no path: there is no chain.
// Fails: kDataLoss, when the chain does not hold; kNotFound; as ReadLogKey.
inline absl::StatusOr<ledger::KeyChain> ReadLogKeys(const std::string& text_or_path,
                                                    const std::string& chain_path) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::VerifyKey key, ReadLogKey(text_or_path));
  if (chain_path.empty()) return ledger::KeyChain(key);
  PUHUI_ASSIGN_OR_RETURN(const auto chain,
                         ledger::ReadWholeFile(chain_path, ledger::kKeyChainBytesMax));
  if (!chain.has_value()) {
    return absl::NotFoundError(absl::StrCat("there is no file ", chain_path));
  }
  return ledger::KeyChain::Parse(*chain, key);
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_RECEIPT_KEY_H_
