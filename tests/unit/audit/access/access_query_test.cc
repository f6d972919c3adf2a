// SPDX-License-Identifier: Apache-2.0
#include "audit/access/access_query.h"

#include "ledger/base/limits.h"
#include "tests/unit/audit/access/access_fixture.h"

#include <gmock/gmock.h>

namespace puhui::audit {
namespace {

using ::testing::ElementsAre;

class AccessQueryTest : public AccessFixture {
 protected:
  // Ten accesses, a second apart, of two people in turn.
  void SetUp() override {
    ASSERT_OK(Open());
    for (int i = 0; i < 10; ++i) {
      ASSERT_OK(Append(ReadBy(i % 2 == 0 ? "people/a-1" : "people/a-2")));
      clock_.Advance(absl::Seconds(1));
    }
  }
  static bool Any(const journal::v1::Access&) { return true; }

  static std::vector<Sequence> Found(const AccessPage& page) {
    std::vector<Sequence> sequences;
    for (const journal::v1::Access& access : page.accesses) sequences.push_back(access.sequence());
    return sequences;
  }

  const absl::Time begin_ = clock_.Now();
};

TEST_F(AccessQueryTest, PagesFollowEachOther) {
  ASSERT_OK_AND_ASSIGN(const AccessPage page,
                       FindAccesses(*journal_->Read(), {.count_max = 4, .wanted = Any}));
  EXPECT_THAT(Found(page), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(page.next, 5U);
  ASSERT_OK_AND_ASSIGN(const AccessPage last,
                       FindAccesses(*journal_->Read(), {.from = 9, .count_max = 4, .wanted = Any}));
  EXPECT_THAT(Found(last), ElementsAre(9, 10));
  EXPECT_EQ(last.next, 0U);
}

TEST_F(AccessQueryTest, TimesAreHalfOpen) {
  ASSERT_OK_AND_ASSIGN(const AccessPage page,
                       FindAccesses(*journal_->Read(), {.from_time = begin_ + absl::Seconds(2),
                                                        .until_time = begin_ + absl::Seconds(5),
                                                        .count_max = 10,
                                                        .wanted = Any}));
  EXPECT_THAT(Found(page), ElementsAre(3, 4, 5));
  EXPECT_EQ(page.next, 0U);
  ASSERT_OK_AND_ASSIGN(
      const AccessPage none,
      FindAccesses(*journal_->Read(),
                   {.from_time = begin_ + absl::Hours(1), .count_max = 10, .wanted = Any}));
  EXPECT_TRUE(none.accesses.empty());
}

TEST_F(AccessQueryTest, WhatIsNotWantedIsPassedOver) {
  const auto second = [](const journal::v1::Access& access) {
    return access.person() == "people/a-2";
  };
  ASSERT_OK_AND_ASSIGN(const AccessPage page,
                       FindAccesses(*journal_->Read(), {.count_max = 2, .wanted = second}));
  EXPECT_THAT(Found(page), ElementsAre(2, 4));
  EXPECT_EQ(page.next, 5U);
}

TEST_F(AccessQueryTest, AnEmptyJournalHasAnEmptyPage) {
  const ledger::MemoryStore empty;
  ASSERT_OK_AND_ASSIGN(const AccessPage page, FindAccesses(empty, {.count_max = 2, .wanted = Any}));
  EXPECT_TRUE(page.accesses.empty());
  EXPECT_EQ(page.next, 0U);
}

}  // namespace
}  // namespace puhui::audit
