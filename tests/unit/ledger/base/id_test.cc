// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/id.h"

#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace puhui {
namespace {

const absl::Time kNow = absl::FromUnixMillis(1'735'689'600'123);

TEST(TextIdTest, TakesLowerCaseDigitsAndInnerHyphens) {
  const std::string longest(40, 'a');
  for (const std::string& good :
       {std::string("a"), std::string("0"), std::string("fh-1"), std::string("a--b"), longest}) {
    EXPECT_OK(UnionId::Parse(good, "union_id")) << good;
  }
}

TEST(TextIdTest, RefusesEverythingElseNamingTheField) {
  const std::string nul("a\0b", 3);
  for (const std::string& bad :
       {std::string(), std::string("-"), std::string("-a"), std::string("a-"), std::string("A"),
        std::string("a b"), std::string("a/b"), std::string("a.b"), std::string("工会"), nul,
        std::string("a\n"), std::string(41, 'a')}) {
    const auto id = UnionId::Parse(bad, "parent.union");
    EXPECT_THAT(id, HasCode(absl::StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(std::string(id.status().message()), ::testing::HasSubstr("parent.union"));
  }
}

TEST(MemberIdTest, TextAndBytesGiveBackTheSameId) {
  SeededRandom random(2);
  std::vector<MemberId> ids = {MemberId(), MemberId(0, 1), MemberId(1, 0), MemberId(~0ULL, ~0ULL)};
  for (int i = 0; i < 10'000; ++i) {
    ids.push_back(MemberId::Make(kNow + absl::Milliseconds(i), random));
  }
  for (const MemberId id : ids) {
    const std::string text = id.ToString();
    ASSERT_EQ(text.size(), 26U);
    ASSERT_OK_AND_ASSIGN(const MemberId parsed, MemberId::Parse(text, "member"));
    ASSERT_EQ(parsed, id);
    ASSERT_EQ(MemberId::FromBytes(id.ToBytes()), id);
  }
}

TEST(MemberIdTest, HoldsItsMillisecondInTheFirst48Bits) {
  SeededRandom random(3);
  const MemberId id = MemberId::Make(kNow, random);
  EXPECT_EQ(id.high() >> 16, 1'735'689'600'123U);
  EXPECT_EQ(id.ToString().substr(0, 10), MemberId(id.high(), 0).ToString().substr(0, 10));
}

TEST(MemberIdTest, GoldenTextOfTheSpecification) {
  ASSERT_OK_AND_ASSIGN(const MemberId id, MemberId::Parse("01ARZ3NDEKTSV4RRFFQ69G5FAV", "member"));
  EXPECT_EQ(id.high() >> 16, 1'469'922'850'259U);
  EXPECT_EQ(id.ToString(), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
}

TEST(MemberIdTest, TextBytesAndValuesSortAlike) {
  SeededRandom random(4);
  std::vector<MemberId> ids;
  for (int i = 0; i < 1'000; ++i) {
    ids.push_back(MemberId::Make(kNow + absl::Milliseconds(random.Below(50)), random));
  }
  std::sort(ids.begin(), ids.end());
  for (std::size_t i = 1; i < ids.size(); ++i) {
    ASSERT_LT(ids[i - 1].ToString(), ids[i].ToString());
    ASSERT_LT(ids[i - 1].ToBytes(), ids[i].ToBytes());
  }
}

TEST(MemberIdTest, RefusesWhatIsNotAnIdNamingTheField) {
  for (const char* bad : {"", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAVX",
                          "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAU",
                          "01arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FA "}) {
    const auto id = MemberId::Parse(bad, "member");
    EXPECT_THAT(id, HasCode(absl::StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(std::string(id.status().message()), ::testing::HasSubstr("member"));
  }
}

}  // namespace
}  // namespace puhui
