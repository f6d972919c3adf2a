// SPDX-License-Identifier: Apache-2.0
// SHA-256, and the two ways bytes are written as text.
#ifndef PUHUI_LEDGER_CRYPTO_HASH_H_
#define PUHUI_LEDGER_CRYPTO_HASH_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX: its headers stay inside this room.

namespace puhui::ledger {

using Hash = std::array<std::uint8_t, 32>;

// The bytes of `hash`, for as long as it lives.
inline absl::string_view AsBytes(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// Requires: bytes.size() == 32 (checked).
Hash HashFromBytes(absl::string_view bytes);

// SHA-256 with a context that is set up once: a fresh context per hash is 3 to 7 times slower.
// Threads: none; keep one per thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  // The hash of the three parts written one after another.
  // Requires: no streamed hash is under way (checked).
  Hash Digest(absl::string_view a, absl::string_view b = {}, absl::string_view c = {});

  // The streamed form: any number of Update calls, then Finish, which makes ready for the next
  // hash.
  void Update(absl::string_view bytes);
  Hash Finish();
  // What Finish would give now; the hash goes on.
  Hash SoFar() const;

 private:
  struct FreeContext {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, FreeContext> context_;
  bool streaming_ = false;
};

// Lower-case hexadecimal.
std::string ToHex(absl::Span<const std::uint8_t> bytes);
std::string ToHex(absl::string_view bytes);
// Accepts both cases.
// Fails: kInvalidArgument, without repeating `text`, which may be a secret.
absl::StatusOr<std::string> FromHex(absl::string_view text);

// RFC 4648 section 4, padded.
std::string ToBase64(absl::Span<const std::uint8_t> bytes);
std::string ToBase64(absl::string_view bytes);
// Accepts exactly what ToBase64 writes: no white space, no missing padding, no stray bits.
// Fails: kInvalidArgument, without repeating `text`.
absl::StatusOr<std::string> FromBase64(absl::string_view text);

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_HASH_H_
