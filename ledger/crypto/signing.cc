// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/signing.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/openssl.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include <openssl/bio.h>
#include <openssl/pem.h>

#include <array>
#include <climits>
#include <cstdint>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kPemBytesMax = 8192;

using DigestContext = OpenSslPtr<EVP_MD_CTX, &EVP_MD_CTX_free>;
using Bio = OpenSslPtr<BIO, &BIO_free_all>;

std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) { return {key, &EVP_PKEY_free}; }

std::string PublicBytes(const EVP_PKEY* key) {
  std::string bytes(kVerifyKeyBytes, '\0');
  std::size_t size = bytes.size();
  PUHUI_CHECK(EVP_PKEY_get_raw_public_key(key, MutableBytes(bytes), &size) == 1);
  PUHUI_CHECK(size == kVerifyKeyBytes);
  return bytes;
}

// Without this OpenSSL asks the terminal for the passphrase of an encrypted key.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*rwflag*/, void* /*user*/) { return -1; }

}  // namespace

VerifyKey::VerifyKey(std::string bytes) : bytes_(std::move(bytes)) {
  key_ = Own(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, ConstBytes(bytes_), bytes_.size()));
  PUHUI_CHECK(key_ != nullptr);
}

absl::StatusOr<VerifyKey> VerifyKey::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kVerifyKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("want the ", kVerifyKeyBytes, " bytes of an Ed25519 key, got ", bytes.size()));
  }
  return VerifyKey(std::string(bytes));
}

bool VerifyKey::Verify(absl::string_view message, absl::string_view signature) const {
  if (signature.size() != kSignatureBytes) return false;
  const DigestContext context(EVP_MD_CTX_new());
  PUHUI_CHECK(context != nullptr);
  PUHUI_CHECK(EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key_.get(),
                                      nullptr) == 1);
  return EVP_DigestVerify(context.get(), ConstBytes(signature), signature.size(),
                          ConstBytes(message), message.size()) == 1;
}

SigningKey::SigningKey(std::shared_ptr<evp_pkey_st> key)
    : key_(std::move(key)), verify_key_(PublicBytes(key_.get())) {}

SigningKey SigningKey::Generate(RandomSource& random) {
  std::string seed(kSeedBytes, '\0');
  random.Fill(absl::MakeSpan(MutableBytes(seed), seed.size()));
  return FromSeed(seed);
}

SigningKey SigningKey::FromSeed(absl::string_view seed) {
  PUHUI_CHECK(seed.size() == kSeedBytes);
  std::shared_ptr<EVP_PKEY> key =
      Own(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, ConstBytes(seed), seed.size()));
  PUHUI_CHECK(key != nullptr);
  return SigningKey(std::move(key));
}

absl::StatusOr<SigningKey> SigningKey::FromPemFile(const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<std::string> pem, ReadWholeFile(path, kPemBytesMax));
  if (!pem.has_value()) return absl::NotFoundError(absl::StrCat(path, ": no such key file"));
  PUHUI_RETURN_IF_ERROR(CheckSecretFileMode(path));
  const Bio bio(BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size())));
  PUHUI_CHECK(bio != nullptr);
  std::shared_ptr<EVP_PKEY> key =
      Own(PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, nullptr));
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return absl::DataLossError(absl::StrCat(path, ": want an unencrypted Ed25519 key in PEM"));
  }
  return SigningKey(std::move(key));
}

absl::StatusOr<SigningKey> SigningKey::ReadOrCreatePemFile(const std::string& path,
                                                           RandomSource& random) {
  absl::StatusOr<SigningKey> existing = FromPemFile(path);
  if (!absl::IsNotFound(existing.status())) return existing;
  SigningKey key = Generate(random);
  PUHUI_RETURN_IF_ERROR(key.WritePemFile(path));
  return key;
}

absl::Status SigningKey::WritePemFile(const std::string& path) const {
  const Bio bio(BIO_new(BIO_s_mem()));
  PUHUI_CHECK(bio != nullptr);
  PUHUI_CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                            nullptr) == 1);
  std::array<char, kPemBytesMax> pem;
  const int size = BIO_read(bio.get(), pem.data(), static_cast<int>(pem.size()));
  PUHUI_CHECK(size > 0);
  return WriteFileDurably(path, {pem.data(), static_cast<std::size_t>(size)});
}

std::string SigningKey::Sign(absl::string_view message) const {
  const DigestContext context(EVP_MD_CTX_new());
  PUHUI_CHECK(context != nullptr);
  PUHUI_CHECK(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key_.get(),
                                    nullptr) == 1);
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  PUHUI_CHECK(EVP_DigestSign(context.get(), MutableBytes(signature), &size, ConstBytes(message),
                             message.size()) == 1);
  PUHUI_CHECK(size == kSignatureBytes);
  return signature;
}

}  // namespace puhui::ledger
