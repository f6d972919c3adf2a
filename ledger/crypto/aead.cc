// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/aead.h"

#include "ledger/base/check.h"
#include "ledger/crypto/openssl.h"

#include "absl/status/status.h"
#include "absl/types/span.h"

#include <array>
#include <climits>
#include <cstdint>

namespace puhui::ledger {
namespace {

using CipherContext = OpenSslPtr<EVP_CIPHER_CTX, &EVP_CIPHER_CTX_free>;

const EVP_CIPHER* Algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return algorithm;
}

int Size(absl::string_view bytes) {
  PUHUI_CHECK(bytes.size() <= INT_MAX);
  return static_cast<int>(bytes.size());
}

CipherContext NewContext() {
  CipherContext context(EVP_CIPHER_CTX_new());
  PUHUI_CHECK(context != nullptr);
  return context;
}

}  // namespace

std::string Seal(absl::string_view key, absl::string_view plaintext, absl::string_view aad,
                 RandomSource& random) {
  PUHUI_CHECK(key.size() == kAeadKeyBytes);
  std::string sealed(kAeadNonceBytes + plaintext.size() + kAeadTagBytes, '\0');
  unsigned char* const nonce = MutableBytes(sealed);
  unsigned char* const ciphertext = nonce + kAeadNonceBytes;
  unsigned char* const tag = ciphertext + plaintext.size();
  random.Fill(absl::MakeSpan(nonce, kAeadNonceBytes));

  const CipherContext context = NewContext();
  EVP_CIPHER_CTX* const c = context.get();
  int written = 0;
  PUHUI_CHECK(EVP_EncryptInit_ex2(c, Algorithm(), ConstBytes(key), nonce, nullptr) == 1);
  PUHUI_CHECK(EVP_EncryptUpdate(c, nullptr, &written, ConstBytes(aad), Size(aad)) == 1);
  PUHUI_CHECK(EVP_EncryptUpdate(c, ciphertext, &written, ConstBytes(plaintext), Size(plaintext)) ==
              1);
  PUHUI_CHECK(EVP_EncryptFinal_ex(c, tag, &written) == 1);
  PUHUI_CHECK(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, kAeadTagBytes, tag) == 1);
  return sealed;
}

absl::StatusOr<std::string> Open(absl::string_view key, absl::string_view sealed,
                                 absl::string_view aad) {
  PUHUI_CHECK(key.size() == kAeadKeyBytes);
  if (sealed.size() < kAeadNonceBytes + kAeadTagBytes) {
    return absl::DataLossError("sealed value is too short");
  }
  const absl::string_view nonce = sealed.substr(0, kAeadNonceBytes);
  const absl::string_view ciphertext =
      sealed.substr(kAeadNonceBytes, sealed.size() - kAeadNonceBytes - kAeadTagBytes);
  std::string tag(sealed.substr(sealed.size() - kAeadTagBytes));  // OpenSSL wants it mutable.
  std::string plaintext(ciphertext.size(), '\0');

  const CipherContext context = NewContext();
  EVP_CIPHER_CTX* const c = context.get();
  int written = 0;
  std::array<unsigned char, kAeadTagBytes> rest;  // GCM has no last block; nothing is written.
  PUHUI_CHECK(EVP_DecryptInit_ex2(c, Algorithm(), ConstBytes(key), ConstBytes(nonce), nullptr) ==
              1);
  PUHUI_CHECK(EVP_DecryptUpdate(c, nullptr, &written, ConstBytes(aad), Size(aad)) == 1);
  PUHUI_CHECK(EVP_DecryptUpdate(c, MutableBytes(plaintext), &written, ConstBytes(ciphertext),
                                Size(ciphertext)) == 1);
  PUHUI_CHECK(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, kAeadTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(c, rest.data(), &written) != 1) {
    return absl::DataLossError("sealed value does not authenticate");
  }
  return plaintext;
}

}  // namespace puhui::ledger
