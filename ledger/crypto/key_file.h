// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CRYPTO_KEY_FILE_H_
#define PUHUI_LEDGER_CRYPTO_KEY_FILE_H_

#include "ledger/base/random.h"

#include "absl/status/statusor.h"

#include <string>

namespace puhui::ledger {

// The 32 bytes of the key in `path`: 64 hexadecimal digits and a line end.
// Fails: kNotFound when there is no file, kFailedPrecondition when others can read it, kDataLoss
// when it is not a key, kUnavailable; errors name the path, never the content.
absl::StatusOr<std::string> ReadKeyFile(const std::string& path);

// As ReadKeyFile, but makes a random key, durably and with mode 0600, when there is no file.
absl::StatusOr<std::string> ReadOrCreateKeyFile(const std::string& path, RandomSource& random);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_KEY_FILE_H_
