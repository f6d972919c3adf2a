// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/bill_tokens.h"

#include <array>
#include <cstdint>

namespace puhui::merchant {
namespace {

std::string TokenOf(const ledger::KeyedHash& keyed_hash, absl::string_view nonce) {
  return keyed_hash.Tag16("bill", nonce);
}

ledger::Tag HashOf(const ledger::KeyedHash& keyed_hash, absl::string_view token) {
  return ledger::TagFromBytes(keyed_hash.Tag16("bill_token", token));
}

}  // namespace

BillTokens::Fresh BillTokens::Make() const {
  std::array<std::uint8_t, kBillTokenBytes> bytes{};
  random_.Fill(absl::MakeSpan(bytes));
  Fresh fresh{.nonce = std::string(bytes.begin(), bytes.end())};
  fresh.hash = HashOf(keyed_hash_, TokenOf(keyed_hash_, fresh.nonce));
  return fresh;
}

std::string BillTokens::TextOf(Sequence bill, absl::string_view nonce) const {
  return FormatBillText({.bill = bill, .token = TokenOf(keyed_hash_, nonce)});
}

ShownBill BillTokens::Read(const BillText& text) const {
  return {.bill = text.bill, .token = HashOf(keyed_hash_, text.token)};
}

}  // namespace puhui::merchant
