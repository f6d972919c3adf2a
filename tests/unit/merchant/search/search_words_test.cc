// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/search_words.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Key;
using ::testing::Not;

std::vector<std::string> TextsOf(absl::string_view text) {
  std::vector<std::string> texts;
  for (const TextRun& run : RunsOf(text)) texts.push_back(run.text);
  return texts;
}

TEST(SearchWordsTest, CutsBetweenScriptsAndAtEverythingElse) {
  EXPECT_THAT(TextsOf("华为Mate60手机，新品！"), ElementsAre("华为", "mate60", "手机", "新品"));
  EXPECT_THAT(TextsOf("\"月饼\" AND (礼盒) -糖*"), ElementsAre("月饼", "and", "礼盒", "糖"));
}

TEST(SearchWordsTest, WhatIsWrittenDifferentlyIsTheSame) {
  EXPECT_THAT(TextsOf("ＫＦＣ"), ElementsAre("kfc"));
  EXPECT_THAT(TextsOf("Straße"), ElementsAre("strasse"));
}

TEST(SearchWordsTest, EmojiAndBrokenBytesAreNoWords) {
  EXPECT_THAT(TextsOf("🎉🎊❤️"), ElementsAre());
  EXPECT_THAT(TextsOf("茶\xFF\xC0叶"), ElementsAre("茶", "叶"));
  EXPECT_THAT(TextsOf(""), ElementsAre());
}

TEST(SearchWordsTest, ChineseIsFoundByItsPairsAndCharacters) {
  WeighedTerms terms;
  AddTerms("月饼礼盒", 4, Singles::kIndexed, &terms);
  EXPECT_THAT(terms, Contains(Key("P月饼")));
  EXPECT_THAT(terms, Contains(Key("P饼礼")));
  EXPECT_THAT(terms, Contains(Key("S盒")));
  EXPECT_EQ(terms["P礼盒"], 4U);
  WeighedTerms of_text;
  AddTerms("月饼礼盒", 1, Singles::kLeftOut, &of_text);
  EXPECT_THAT(of_text, Not(Contains(Key("S盒"))));
}

TEST(SearchWordsTest, EnglishIsFoundByItsStem) {
  EXPECT_THAT(TermsOfRun({.text = "running"}), TermsOfRun({.text = "runs"}));
}

TEST(SearchWordsTest, ALongWordFitsTheIndex) {
  WeighedTerms terms;
  AddTerms(std::string(10'000, 'x'), 1, Singles::kIndexed, &terms);
  ASSERT_EQ(terms.size(), 1U);
  EXPECT_LT(terms.begin()->first.size(), 80U);
  std::string accents;
  for (int i = 0; i < 500; ++i) accents += "é";
  EXPECT_LT(TermsOfRun({.text = accents}).front().size(), 80U);
}

TEST(SearchWordsTest, InitialsAreThoseOfThePinyin) {
  EXPECT_EQ(PinyinInitials("沃尔玛超市"), "wemcs");
  EXPECT_EQ(PinyinInitials("KFC肯德基（中山路店）"), "kfckdjzsld");
  EXPECT_EQ(PinyinInitials("🎉"), "");
}

TEST(SearchWordsTest, InitialsAreFoundFromEverySyllableOn) {
  WeighedTerms terms;
  AddInitials("wemcs", &terms);
  EXPECT_THAT(terms, Contains(Key("Ywemcs")));
  EXPECT_THAT(terms, Contains(Key("Ymcs")));
  EXPECT_THAT(terms, Not(Contains(Key("Ys"))));  // One letter says nothing.
  EXPECT_EQ(InitialsPrefix({.text = "mc"}), "Ymc");
  EXPECT_EQ(InitialsPrefix({.text = "m"}), "");
  EXPECT_EQ(InitialsPrefix({.text = "é1"}), "");
  EXPECT_EQ(InitialsPrefix({.ideographs = true, .text = "超市"}), "");
}

}  // namespace
}  // namespace puhui::merchant
