// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_MALL_TOKENS_H_
#define PUHUI_MERCHANT_APP_MALL_TOKENS_H_

#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/ledger_rows.h"

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <string>

namespace puhui::merchant {

// What a mall knows of a member: 32 hexadecimal digits. One follows from a random nonce and the
// key, so that the record, which has the nonce, answers a copy of the call as it answered the call;
// without the key the nonce says nothing. Whether a token is good, its keyed hash alone says.
// Threads: safe. Borrows: the hash and the random source.
class MallTokens {
 public:
  MallTokens(const ledger::KeyedHash* keyed_hash, RandomSource* random)
      : keyed_hash_(*keyed_hash), random_(*random) {}

  struct Fresh {
    std::string nonce{};  // 16 bytes.
    ledger::Tag hash{};   // Of the token.
  };
  // 128 bits that nobody guesses.
  Fresh Make() const;
  // The token of that nonce.
  std::string TextOf(absl::string_view nonce) const;
  // The hash of a token that a mall sends; nothing unless it is written as one.
  absl::optional<ledger::Tag> Read(absl::string_view text) const;

 private:
  const ledger::KeyedHash& keyed_hash_;
  RandomSource& random_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MALL_TOKENS_H_
