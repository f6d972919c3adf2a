// SPDX-License-Identifier: Apache-2.0
#include "services/bank/bank_party.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

TEST(BankPartyTest, NamesAreThoseOfPeopleAndFirms) {
  for (const char* name :
       {"湖北普惠超市有限公司", "阿依古丽·买买提", "H&M (Wuhan) Co., Ltd.", "武汉市总工会（本级）",
        "𠮷野家", "㛃女士", "二〇一八年店", "O'Neill", "Ａ１店", "x"}) {
    EXPECT_TRUE(IsHolderName(name)) << name;
  }
  std::string longest;
  for (int i = 0; i < 140; ++i) absl::StrAppend(&longest, "汉");
  EXPECT_TRUE(IsHolderName(longest));
  EXPECT_FALSE(IsHolderName(longest + "汉"));
}

TEST(BankPartyTest, WhatABankTurnsAwayOrNobodySeesIsNoName) {
  for (const char* name :
       {"",           " ",          " 张三",          "张三 ",  "张\n三",   "张\t三",
        "<张三>",     "张三;李四",  "=张三",          "@张三",
        "张\u200B三",                              // Of no width.
        "张\u202E三",                              // From right to left.
        "张\uFEFF三", "张\uFFFE三", "张\uFFFF三",  // XML has none of the last two.
        "张\u0085三", "张\uE000三", "张三\U0001F600", "Müller", "\xD5\xC5", "张\xE4"}) {
    EXPECT_FALSE(IsHolderName(name)) << name;
  }
  EXPECT_FALSE(IsHolderName(std::string("a\0b", 3)));
}

TEST(BankPartyTest, NumbersAreDigits) {
  EXPECT_TRUE(IsAccountNumber("622202"));
  EXPECT_TRUE(IsAccountNumber(std::string(34, '6')));
  for (const std::string& number :
       {std::string(), std::string("62220"), std::string(35, '6'), std::string("6222 02"),
        std::string("6222-02"), std::string("６２２２０２")}) {
    EXPECT_FALSE(IsAccountNumber(number)) << number;
  }
  EXPECT_TRUE(IsBankCode("102521000009"));
  for (const char* code : {"", "10252100000", "1025210000090", "ICBKCNBJHUB0"}) {
    EXPECT_FALSE(IsBankCode(code)) << code;
  }
}

}  // namespace
}  // namespace puhui::services
