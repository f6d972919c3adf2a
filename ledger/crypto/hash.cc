// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/hash.h"

#include "ledger/base/check.h"
#include "ledger/crypto/openssl.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace puhui::ledger {
namespace {

// Fetched once per process: fetching walks the providers' tables under a lock.
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

absl::string_view AsText(absl::Span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void Start(EVP_MD_CTX* context) {
  PUHUI_CHECK(EVP_DigestInit_ex2(context, Sha256Algorithm(), nullptr) == 1);
}

Hash Finished(EVP_MD_CTX* context) {
  Hash hash;
  PUHUI_CHECK(EVP_DigestFinal_ex(context, hash.data(), nullptr) == 1);
  return hash;
}

void Feed(EVP_MD_CTX* context, absl::string_view bytes) {
  PUHUI_CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
}

}  // namespace

Hash HashFromBytes(absl::string_view bytes) {
  Hash hash;
  PUHUI_CHECK(bytes.size() == hash.size());
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return hash;
}

void Sha256::FreeContext::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { PUHUI_CHECK(context_ != nullptr); }

Sha256::~Sha256() = default;

Hash Sha256::Digest(absl::string_view a, absl::string_view b, absl::string_view c) {
  PUHUI_CHECK(!streaming_);
  Start(context_.get());
  // One call instead of three is an eighth quicker for the 65 bytes of a tree node, which is most
  // of what is hashed.
  std::array<char, 256> joined;
  if (const std::size_t size = a.size() + b.size() + c.size(); size <= joined.size()) {
    char* end = std::copy(a.begin(), a.end(), joined.data());
    end = std::copy(b.begin(), b.end(), end);
    std::copy(c.begin(), c.end(), end);
    Feed(context_.get(), {joined.data(), size});
  } else {
    Feed(context_.get(), a);
    Feed(context_.get(), b);
    Feed(context_.get(), c);
  }
  return Finished(context_.get());
}

void Sha256::Update(absl::string_view bytes) {
  if (!streaming_) Start(context_.get());
  streaming_ = true;
  Feed(context_.get(), bytes);
}

Hash Sha256::Finish() {
  if (!streaming_) Start(context_.get());
  streaming_ = false;
  return Finished(context_.get());
}

Hash Sha256::SoFar() const {
  Sha256 copy;
  if (streaming_) {
    PUHUI_CHECK(EVP_MD_CTX_copy_ex(copy.context_.get(), context_.get()) == 1);
    copy.streaming_ = true;
  }
  return copy.Finish();
}

std::string ToHex(absl::Span<const std::uint8_t> bytes) { return ToHex(AsText(bytes)); }

std::string ToHex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

absl::StatusOr<std::string> FromHex(absl::string_view text) {
  if (text.size() % 2 != 0 || !std::all_of(text.begin(), text.end(), absl::ascii_isxdigit)) {
    return absl::InvalidArgumentError("want pairs of hexadecimal digits");
  }
  return absl::HexStringToBytes(text);
}

std::string ToBase64(absl::Span<const std::uint8_t> bytes) { return ToBase64(AsText(bytes)); }

std::string ToBase64(absl::string_view bytes) { return absl::Base64Escape(bytes); }

absl::StatusOr<std::string> FromBase64(absl::string_view text) {
  std::string bytes;
  // abseil forgives white space, missing padding and stray bits; two texts for the same bytes would
  // be two names.
  if (!absl::Base64Unescape(text, &bytes) || absl::Base64Escape(bytes) != text) {
    return absl::InvalidArgumentError("want base 64 with padding");
  }
  return bytes;
}

}  // namespace puhui::ledger
