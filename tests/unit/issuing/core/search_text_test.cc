// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/search_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace puhui::issuing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SearchTextTest, WhatIsWrittenDifferentlyAndMeantAlikeIsTheSame) {
  EXPECT_EQ(SearchText(" 张　三\t"), "张三");
  EXPECT_EQ(SearchText("ＭÜＬＬＥＲ"), SearchText("mu\xCC\x88ller"));
  EXPECT_EQ(SearchText("Straße"), SearchText("STRASSE"));
  EXPECT_EQ(SearchText("买买提•艾力"), "买买提·艾力");
  EXPECT_EQ(SearchText("买买提・艾力"), "买买提·艾力");
  EXPECT_NE(SearchText("買"), SearchText("买"));
}

TEST(SearchTextTest, TakesAnyBytes) {
  EXPECT_EQ(SearchText(""), "");
  EXPECT_EQ(SearchText("a\xFFz"), "a\xEF\xBF\xBDz");
}

TEST(SearchTextTest, PrefixesAreOfWholeCharacters) {
  EXPECT_THAT(Prefixes("张三丰", 4), ElementsAre("张", "张三", "张三丰"));
  EXPECT_THAT(Prefixes("𠮷a", 1), ElementsAre("𠮷"));
  EXPECT_THAT(Prefixes("abcdef", 4), ElementsAre("a", "ab", "abc", "abcd"));
  EXPECT_THAT(Prefixes("", 4), IsEmpty());
}

}  // namespace
}  // namespace puhui::issuing
