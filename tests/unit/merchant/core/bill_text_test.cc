// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/bill_text.h"

#include "tests/support/seeded_random.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace puhui::merchant {
namespace {

constexpr char kText[] = "puhui:bill/000000000042/000102030405060708090a0b0c0d0eff";

std::string Token() {
  std::string token;
  for (char c = 0; c < 15; ++c) token.push_back(c);
  token.push_back('\xFF');
  return token;
}

TEST(BillTextTest, IsWrittenAndReadAgain) {
  EXPECT_EQ(FormatBillText({.bill = 42, .token = Token()}), kText);
  const auto read = ParseBillText(kText);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->bill, 42U);
  EXPECT_EQ(read->token, Token());
}

TEST(BillTextTest, WhatIsNotExactlyThatIsNone) {
  const std::string text = kText;
  for (const std::string& wrong : std::initializer_list<std::string>{
           "", text.substr(1), text + "0", text.substr(0, text.size() - 1),
           "PUHUI:BILL" + text.substr(10), "https://example.com/" + text, " " + text, text + "\n",
           "puhui:bill/+00000000042/000102030405060708090a0b0c0d0eff",
           "puhui:bill/ 00000000042/000102030405060708090a0b0c0d0eff",
           "puhui:bill/00000000004x/000102030405060708090a0b0c0d0eff",
           "puhui:bill/0000000000420000102030405060708090a0b0c0d0eff",
           "puhui:bill/000000000042/000102030405060708090A0B0C0D0EFF",
           "puhui:bill/000000000042/000102030405060708090a0b0c0d0efg"}) {
    EXPECT_FALSE(ParseBillText(wrong).has_value()) << wrong;
  }
}

// Whatever bytes an app sends: what is read is written again as the same bytes.
TEST(BillTextTest, AnyBytesAreJudgedAlike) {
  SeededRandom random(3);
  int read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = kText;
    for (std::uint64_t changes = random.Below(3); changes > 0; --changes) {
      const std::size_t at = random.Below(text.size());
      text[at] = random.Below(2) == 0 ? static_cast<char>(random.Below(256))
                                      : static_cast<char>('0' + random.Below(10));
    }
    const auto bill = ParseBillText(text);
    if (!bill.has_value()) continue;
    ++read;
    ASSERT_EQ(FormatBillText(*bill), text);
  }
  EXPECT_GT(read, 1'000);
}

}  // namespace
}  // namespace puhui::merchant
