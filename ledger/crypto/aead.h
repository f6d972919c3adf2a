// SPDX-License-Identifier: Apache-2.0
// AES-256-GCM for what must be both secret and unchanged: personal data, wrapped keys.
#ifndef PUHUI_LEDGER_CRYPTO_AEAD_H_
#define PUHUI_LEDGER_CRYPTO_AEAD_H_

#include "ledger/base/random.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <string>

namespace puhui::ledger {

inline constexpr std::size_t kAeadKeyBytes = 32;
inline constexpr std::size_t kAeadNonceBytes = 12;
inline constexpr std::size_t kAeadTagBytes = 16;

// nonce ‖ ciphertext ‖ tag. `aad` is not stored but must be the same to open: bind a value to its
// key with it, so that two values cannot be swapped. The nonce is random, so seal far fewer than
// 2^32 values under one key.
// Requires: key.size() == 32 (checked).
std::string Seal(absl::string_view key, absl::string_view plaintext, absl::string_view aad,
                 RandomSource& random);

// Requires: key.size() == 32 (checked).
// Fails: kDataLoss when `sealed` was not made by Seal with this key and `aad`, or was changed
// since.
absl::StatusOr<std::string> Open(absl::string_view key, absl::string_view sealed,
                                 absl::string_view aad);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_AEAD_H_
