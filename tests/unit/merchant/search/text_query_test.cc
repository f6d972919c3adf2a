// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/text_query.h"

#include "ledger/base/limits.h"
#include "tests/support/status_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Spellings = std::vector<std::vector<std::string>>;

Synonyms Known() {
  return *Synonyms::Make({{"手机", "移动电话"}, {"超市", "商超", "supermarket"}});
}

std::vector<Spellings> WordsOf(absl::string_view text) {
  std::vector<Spellings> words;
  for (const WantedWord& word : ReadQuery(text, Known()).words) words.push_back(word.spellings);
  return words;
}

TEST(TextQueryTest, ADictionaryCutsChinese) {
  EXPECT_THAT(WordsOf("购物月饼"), ElementsAre(Spellings{{"P购物"}}, Spellings{{"P月饼"}}));
}

TEST(TextQueryTest, WhatNoDictionaryKnowsStaysInOnePiece) {
  EXPECT_THAT(WordsOf("沃尔玛"), ElementsAre(Spellings{{"P沃尔", "P尔玛"}}));
}

TEST(TextQueryTest, SynonymsAreAlternatives) {
  EXPECT_THAT(WordsOf("手机"), ElementsAre(Spellings{{"P手机"}, {"P移动", "P动电", "P电话"}}));
  EXPECT_THAT(WordsOf("Supermarket"),
              ElementsAre(Spellings{{"P超市"}, {"P商超"}, {"Wsupermarket"}}));
}

TEST(TextQueryTest, ASingleCharacterCountsOnlyAlone) {
  EXPECT_THAT(WordsOf("茶"), ElementsAre(Spellings{{"S茶"}}));
  EXPECT_THAT(WordsOf("手机 茶"), ElementsAre(Spellings{{"P手机"}, {"P移动", "P动电", "P电话"}}));
}

TEST(TextQueryTest, OperatorsAreWords) {
  EXPECT_THAT(WordsOf("tea AND NOT XA1* title:(red)"),
              ElementsAre(Spellings{{"Wtea"}}, Spellings{{"Wand"}}, Spellings{{"Wnot"}},
                          Spellings{{"Wxa1"}}, Spellings{{"Wtitl"}}, Spellings{{"Wred"}}));
}

TEST(TextQueryTest, EmojiAskForNothing) { EXPECT_THAT(WordsOf("🎉 ❤️ !!"), IsEmpty()); }

TEST(TextQueryTest, LettersMayBeInitials) {
  EXPECT_EQ(ReadQuery("wem", Known()).words.front().initials, "Ywem");
  EXPECT_EQ(ReadQuery("超市", Known()).words.front().initials, "");
}

TEST(TextQueryTest, OfTooManyWordsTheFirstCount) {
  std::string text;
  for (int i = 0; i < 500; ++i) absl::StrAppend(&text, "w", i, " ");
  const TextQuery query = ReadQuery(text, Known());
  EXPECT_EQ(query.words.size(), kSearchTermsMax);
  EXPECT_EQ(query.words.front().spellings.front().front(), "Ww0");
  std::string unknown;
  for (int i = 0; i < 2'000; ++i) unknown += "鑫";
  std::size_t terms = 0;
  for (const auto& word : WordsOf(unknown)) terms += word.front().size();
  EXPECT_LE(terms, kSearchTermsMax);
  EXPECT_GE(terms, 1U);
}

TEST(SynonymsTest, RefusesWhatNobodyCouldFollow) {
  EXPECT_OK(Synonyms::Make({}));
  EXPECT_THAT(Synonyms::Make({{"手机"}}), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Synonyms::Make({{"手机", "电话"}, {"电话", "座机"}}),
              HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Synonyms::Make({{"ＷｉＦｉ", "wifi"}}), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Synonyms::Make({{"mobile phone", "手机"}}),
              HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Synonyms::Make({{"", "手机"}}), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Synonyms::Make({{std::string(100, 'a'), "手机"}}),
              HasCode(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace puhui::merchant
