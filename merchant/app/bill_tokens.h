// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_BILL_TOKENS_H_
#define PUHUI_MERCHANT_APP_BILL_TOKENS_H_

#include "ledger/base/id.h"
#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/core/bill_text.h"

#include "absl/strings/string_view.h"

#include <string>

namespace puhui::merchant {

// A bill that a member shows to have read.
struct ShownBill {
  Sequence bill = 0;
  ledger::Tag token{};  // Keyed hash of the token.
};

// The tokens in the QR codes of bills. One follows from a random nonce and the key, so that the
// record, which has the nonce, answers a copy of the call as it answered the call; without the key
// the nonce says nothing. Whether a token is good, its keyed hash alone says.
// Threads: safe. Borrows: the hash and the random source.
class BillTokens {
 public:
  BillTokens(const ledger::KeyedHash* keyed_hash, RandomSource* random)
      : keyed_hash_(*keyed_hash), random_(*random) {}

  struct Fresh {
    std::string nonce{};  // 16 bytes.
    ledger::Tag hash{};   // Of the token.
  };
  // 128 bits that nobody guesses.
  Fresh Make() const;
  // What the QR code of the bill with that nonce holds.
  std::string TextOf(Sequence bill, absl::string_view nonce) const;
  ShownBill Read(const BillText& text) const;

 private:
  const ledger::KeyedHash& keyed_hash_;
  RandomSource& random_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BILL_TOKENS_H_
