// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/keyed_hash.h"

#include "ledger/base/check.h"
#include "ledger/crypto/openssl.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace puhui::ledger {
namespace {

constexpr std::size_t kHashKeyBytes = 32;
constexpr std::size_t kTagBytes = 16;

void Feed(EVP_MAC_CTX* context, absl::string_view bytes) {
  PUHUI_CHECK(EVP_MAC_update(context, ConstBytes(bytes), bytes.size()) == 1);
}

}  // namespace

void KeyedHash::FreeContext::operator()(evp_mac_ctx_st* context) const {
  EVP_MAC_CTX_free(context);
}

KeyedHash::KeyedHash(absl::string_view key) {
  PUHUI_CHECK(key.size() == kHashKeyBytes);
  const OpenSslPtr<EVP_MAC, &EVP_MAC_free> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  PUHUI_CHECK(hmac != nullptr);
  keyed_.reset(EVP_MAC_CTX_new(hmac.get()));
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 2> params = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  PUHUI_CHECK(keyed_ != nullptr);
  PUHUI_CHECK(EVP_MAC_init(keyed_.get(), ConstBytes(key), key.size(), params.data()) == 1);
}

KeyedHash::~KeyedHash() = default;

Hash KeyedHash::Digest(absl::string_view label, absl::string_view data) const {
  PUHUI_CHECK(label.size() <= UINT8_MAX);
  const OpenSslPtr<EVP_MAC_CTX, &EVP_MAC_CTX_free> context(EVP_MAC_CTX_dup(keyed_.get()));
  PUHUI_CHECK(context != nullptr);
  const char label_size = static_cast<char>(label.size());
  Feed(context.get(), {&label_size, 1});
  Feed(context.get(), label);
  Feed(context.get(), data);
  Hash hash;
  std::size_t size = 0;
  PUHUI_CHECK(EVP_MAC_final(context.get(), hash.data(), &size, hash.size()) == 1);
  PUHUI_CHECK(size == hash.size());
  return hash;
}

std::string KeyedHash::Tag16(absl::string_view label, absl::string_view data) const {
  return std::string(AsBytes(Digest(label, data)).substr(0, kTagBytes));
}

bool ConstantTimeEqual(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace puhui::ledger
