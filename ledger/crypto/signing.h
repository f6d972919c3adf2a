// SPDX-License-Identifier: Apache-2.0
// Ed25519 signatures (RFC 8032).
#ifndef PUHUI_LEDGER_CRYPTO_SIGNING_H_
#define PUHUI_LEDGER_CRYPTO_SIGNING_H_

#include "ledger/base/random.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <memory>
#include <string>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY.

namespace puhui::ledger {

inline constexpr std::size_t kSignatureBytes = 64;
inline constexpr std::size_t kVerifyKeyBytes = 32;

// The public half: checks signatures. Cheap to copy.
// Threads: safe.
class VerifyKey {
 public:
  // Fails: kInvalidArgument when `bytes` are not 32.
  static absl::StatusOr<VerifyKey> FromBytes(absl::string_view bytes);
  const std::string& bytes() const { return bytes_; }

  // False for a wrong signature and for one that is not 64 bytes.
  bool Verify(absl::string_view message, absl::string_view signature) const;

 private:
  friend class SigningKey;
  explicit VerifyKey(std::string bytes);
  std::string bytes_;
  std::shared_ptr<evp_pkey_st> key_;
};

// The private half. Cheap to copy.
// Threads: safe.
class SigningKey {
 public:
  static SigningKey Generate(RandomSource& random);
  // Requires: `seed`, the private key of RFC 8032, has 32 bytes (checked).
  static SigningKey FromSeed(absl::string_view seed);

  // Reads an unencrypted PKCS #8 PEM file.
  // Fails: kNotFound, kFailedPrecondition when others can read it, kDataLoss when it does not hold
  // an Ed25519 key, kUnavailable; errors name the path, never the content.
  static absl::StatusOr<SigningKey> FromPemFile(const std::string& path);
  // As FromPemFile, but generates and writes a key when there is no file.
  static absl::StatusOr<SigningKey> ReadOrCreatePemFile(const std::string& path,
                                                        RandomSource& random);
  // Replaces `path`, durably and with mode 0600.
  absl::Status WritePemFile(const std::string& path) const;

  // The 64 bytes of the signature: the same for the same message.
  std::string Sign(absl::string_view message) const;
  const VerifyKey& verify_key() const { return verify_key_; }

 private:
  explicit SigningKey(std::shared_ptr<evp_pkey_st> key);
  std::shared_ptr<evp_pkey_st> key_;
  VerifyKey verify_key_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_SIGNING_H_
