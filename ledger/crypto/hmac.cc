// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/hmac.h"

#include "ledger/base/check.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

// OpenSSL 3 would rather be asked by EVP, which cannot go on from eight words: it keeps a state in
// memory of its own, and copying one takes longer than the block that is left to hash.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace puhui::ledger {
namespace {

constexpr std::uint8_t kInnerPad = 0x36;
constexpr std::uint8_t kOuterPad = 0x5c;
constexpr std::uint32_t kBlockBits = SHA256_CBLOCK * 8;

std::array<std::uint32_t, 8> StateAfter(absl::string_view key, std::uint8_t pad) {
  std::array<std::uint8_t, SHA256_CBLOCK> block;
  block.fill(pad);
  for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= static_cast<std::uint8_t>(key[i]);
  SHA256_CTX context;
  PUHUI_CHECK(SHA256_Init(&context) == 1);
  SHA256_Transform(&context, block.data());
  std::array<std::uint32_t, 8> state;
  std::copy(std::begin(context.h), std::end(context.h), state.begin());
  OPENSSL_cleanse(block.data(), block.size());
  OPENSSL_cleanse(&context, sizeof(context));
  return state;
}

// As if one block had been hashed that left `state`. Finishing overwrites the state in it.
SHA256_CTX GoOnFrom(const std::array<std::uint32_t, 8>& state) {
  SHA256_CTX context{};
  std::copy(state.begin(), state.end(), std::begin(context.h));
  context.Nl = kBlockBits;
  context.md_len = SHA256_DIGEST_LENGTH;
  return context;
}

void FeedState(SHA256_CTX& context, absl::string_view bytes) {
  PUHUI_CHECK(SHA256_Update(&context, bytes.data(), bytes.size()) == 1);
}

Hash FinishState(SHA256_CTX& context) {
  Hash hash;
  PUHUI_CHECK(SHA256_Final(hash.data(), &context) == 1);
  return hash;
}

}  // namespace

HmacKey::HmacKey(absl::string_view key) {
  // RFC 2104 hashes a key that is longer than a block.
  Hash hashed{};
  if (key.size() > SHA256_CBLOCK) {
    hashed = Sha256().Digest(key);
    key = AsBytes(hashed);
  }
  inner_ = StateAfter(key, kInnerPad);
  outer_ = StateAfter(key, kOuterPad);
  OPENSSL_cleanse(hashed.data(), hashed.size());
}

HmacKey::~HmacKey() {
  OPENSSL_cleanse(inner_.data(), sizeof(inner_));
  OPENSSL_cleanse(outer_.data(), sizeof(outer_));
}

Hash HmacKey::Digest(absl::string_view a, absl::string_view b, absl::string_view c) const {
  SHA256_CTX inner = GoOnFrom(inner_);
  FeedState(inner, a);
  FeedState(inner, b);
  FeedState(inner, c);
  const Hash hash = FinishState(inner);
  SHA256_CTX outer = GoOnFrom(outer_);
  FeedState(outer, AsBytes(hash));
  return FinishState(outer);
}

Hash HmacSha256(absl::string_view key, absl::string_view data) { return HmacKey(key).Digest(data); }

}  // namespace puhui::ledger

#pragma GCC diagnostic pop
