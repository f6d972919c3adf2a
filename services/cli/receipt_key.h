// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_RECEIPT_KEY_H_
#define PUHUI_SERVICES_CLI_RECEIPT_KEY_H_

#include "ledger/crypto/signing.h"
#include "ledger/journal/signed_note.h"
#include "services/admin/verification.h"

#include "absl/status/statusor.h"

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

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_RECEIPT_KEY_H_
