// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/text_index.h"

#include "merchant/search/index_note.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

namespace puhui::merchant {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TextIndexTest : public ::testing::Test {
 protected:
  static WeighedTerms Terms(absl::string_view text) {
    WeighedTerms terms;
    AddTerms(text, 1, Singles::kIndexed, &terms);
    return terms;
  }
  static absl::StatusOr<std::vector<TextHit>> Hits(const TextIndex& index, absl::string_view text) {
    std::vector<TextHit> hits;
    const absl::Status found = index.Find(ReadQuery(text, Synonyms()),
                                          [&hits](const TextHit& hit) { hits.push_back(hit); });
    if (!found.ok()) return found;
    return hits;
  }
  static std::vector<std::uint32_t> Find(const TextIndex& index, absl::string_view text) {
    const auto hits = Hits(index, text);
    EXPECT_OK(hits);
    std::vector<std::uint32_t> offers;
    if (!hits.ok()) return offers;
    for (const TextHit& hit : *hits) offers.push_back(static_cast<std::uint32_t>(hit.offer));
    std::sort(offers.begin(), offers.end());
    return offers;
  }
  static ledger::JournalMark MarkAt(Sequence sequence) {
    return {.sequence = sequence, .record = ledger::Sha256().Digest(absl::StrCat(sequence))};
  }

  TempDir directory_;
  const std::string path_ = directory_.Join("index");
};

TEST_F(TextIndexTest, FindsWhatHasAllWordsAfterTheCommit) {
  ASSERT_OK_AND_ASSIGN(const auto index, TextIndex::Create(path_));
  ASSERT_OK(index->Put(OfferNumber{7}, Terms("端午粽子礼盒")));
  ASSERT_OK(index->Put(OfferNumber{9}, Terms("中秋月饼礼盒")));
  EXPECT_THAT(Find(*index, "礼盒"), IsEmpty());
  ASSERT_OK(index->Commit(MarkAt(3)));
  EXPECT_THAT(Find(*index, "礼盒"), ElementsAre(7, 9));
  EXPECT_THAT(Find(*index, "礼盒 粽子"), ElementsAre(7));
  EXPECT_THAT(Find(*index, "汽车"), IsEmpty());
  ASSERT_OK(index->Remove(OfferNumber{7}));
  ASSERT_OK(index->Remove(OfferNumber{8}));  // That was never there.
  ASSERT_OK(index->Put(OfferNumber{9}, Terms("中秋月饼散装")));
  ASSERT_OK(index->Commit(MarkAt(4)));
  EXPECT_THAT(Find(*index, "礼盒"), IsEmpty());
  EXPECT_THAT(Find(*index, "散装"), ElementsAre(9));
}

TEST_F(TextIndexTest, ARareWordWeighsMore) {
  ASSERT_OK_AND_ASSIGN(const auto index, TextIndex::Create(path_));
  for (std::uint32_t i = 1; i <= 100; ++i) {
    ASSERT_OK(index->Put(OfferNumber{i}, Terms(i == 50 ? "tea coffee" : "tea")));
  }
  ASSERT_OK(index->Commit(MarkAt(1)));
  ASSERT_OK_AND_ASSIGN(const auto common, Hits(*index, "tea"));
  ASSERT_OK_AND_ASSIGN(const auto rare, Hits(*index, "coffee"));
  EXPECT_GT(rare.front().weight, common.front().weight);
}

TEST_F(TextIndexTest, KnowsAfterAReopeningHowFarItCame) {
  {
    ASSERT_OK_AND_ASSIGN(const auto index, TextIndex::Create(path_));
    EXPECT_EQ(index->mark(), ledger::JournalMark{});
    ASSERT_OK(index->Put(OfferNumber{7}, Terms("tea")));
    ASSERT_OK(index->Commit(MarkAt(12)));
    ASSERT_OK(index->Put(OfferNumber{8}, Terms("tea")));  // Its record is not said to be known.
  }
  ASSERT_OK_AND_ASSIGN(const auto index, TextIndex::Open(path_));
  EXPECT_EQ(index->mark(), MarkAt(12));
  EXPECT_THAT(Find(*index, "tea"), Contains(7));  // The other is put again, whether it is there.
}

TEST_F(TextIndexTest, OpensNothingThatIsNoIndex) {
  EXPECT_THAT(TextIndex::Open(path_), HasCode(absl::StatusCode::kNotFound));
  std::filesystem::create_directories(path_);
  std::ofstream(path_ + "/iamglass") << "not one";
  ASSERT_OK(NoteSynced(path_));
  EXPECT_THAT(TextIndex::Open(path_), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_OK(TextIndex::Create(path_));
}

// What a process that is killed leaves; and, once the machine has been started anew, may have lost.
TEST_F(TextIndexTest, OfAKilledProcessItIsWholeOfAStoppedMachinePerhapsNot) {
  ASSERT_OK_AND_ASSIGN(const auto index, TextIndex::Create(path_));
  ASSERT_OK(index->Put(OfferNumber{7}, Terms("tea")));
  ASSERT_OK(index->Commit(MarkAt(1)));
  const std::string left = directory_.Join("left");
  std::filesystem::copy(path_, left);
  {
    ASSERT_OK_AND_ASSIGN(const auto next, TextIndex::Open(left));
    EXPECT_THAT(Find(*next, "tea"), ElementsAre(7));
  }
  const std::string lost = directory_.Join("lost");
  std::filesystem::copy(path_, lost);
  std::ofstream(absl::StrCat(lost, "/", kIndexNoteName)) << "another start\n";
  EXPECT_THAT(TextIndex::Open(lost), HasCode(absl::StatusCode::kNotFound));
}

TEST_F(TextIndexTest, WhatWasClosedIsWholeWhateverTheMachineDoes) {
  ASSERT_OK(TextIndex::Create(path_));
  const std::string note = absl::StrCat(path_, "/", kIndexNoteName);
  std::stringstream said;
  said << std::ifstream(note).rdbuf();
  EXPECT_EQ(said.str(), "synced\n");
  ASSERT_OK_AND_ASSIGN(const auto index, TextIndex::Open(path_));
  std::stringstream writing;  // Not after the next has begun to write.
  writing << std::ifstream(note).rdbuf();
  EXPECT_NE(writing.str(), "synced\n");
}

TEST_F(TextIndexTest, KnowsThatItsDirectoryIsGone) {
  ASSERT_OK_AND_ASSIGN(const auto index, TextIndex::Create(path_));
  ASSERT_OK(index->Put(OfferNumber{7}, Terms("tea")));
  ASSERT_OK(index->Commit(MarkAt(1)));
  EXPECT_THAT(Find(*index, "tea"), ElementsAre(7));
  EXPECT_TRUE(index->InPlace());
  std::filesystem::remove_all(path_);
  EXPECT_FALSE(index->InPlace());
  EXPECT_THAT(Find(*index, "tea"), ElementsAre(7));  // As long as it has it open.
  ASSERT_OK_AND_ASSIGN(const auto another, TextIndex::Create(path_));
  EXPECT_FALSE(index->InPlace());
  EXPECT_TRUE(another->InPlace());
}

TEST_F(TextIndexTest, ADamagedIndexIsKnownByWhoAsks) {
  ASSERT_OK_AND_ASSIGN(const auto index, TextIndex::Create(path_));
  ASSERT_OK(index->Put(OfferNumber{7}, Terms("tea")));
  ASSERT_OK(index->Commit(MarkAt(1)));
  std::filesystem::resize_file(path_ + "/postlist.glass", 0);
  EXPECT_THAT(Hits(*index, "tea"), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(index->damaged());
}

TEST_F(TextIndexTest, ManyAskWhileItIsWritten) {
  ASSERT_OK_AND_ASSIGN(const auto index, TextIndex::Create(path_));
  ASSERT_OK(index->Put(OfferNumber{1}, Terms("tea")));
  ASSERT_OK(index->Commit(MarkAt(1)));
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i) {
    askers.emplace_back([&] {
      for (int asked = 0; asked < 400; ++asked) {
        const auto hits = Hits(*index, "tea");
        EXPECT_OK(hits);
        if (hits.ok()) {
          EXPECT_GE(hits->size(), 1U);
        }
      }
    });
  }
  for (std::uint32_t i = 2; i < 150; ++i) {
    ASSERT_OK(index->Put(OfferNumber{i}, Terms("tea")));
    ASSERT_OK(index->Commit(MarkAt(i)));
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_FALSE(index->damaged());
}

}  // namespace
}  // namespace puhui::merchant
