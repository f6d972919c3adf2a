// SPDX-License-Identifier: Apache-2.0
// What a WriteBackStore promises beyond what every Store does.
#include "ledger/storage/write_back_store.h"

#include "ledger/storage/store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/watched_store.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WriteBackStoreTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kWaitingBytesMax = 8'192;

  absl::Status Put(Family family, std::string key, std::string value) {
    WriteBatch batch;
    batch.Put(family, std::move(key), std::move(value));
    return store_.Commit(batch, Durability::kView);
  }
  absl::Status Delete(std::string key) {
    WriteBatch batch;
    batch.Delete(Family::kState, std::move(key));
    return store_.Commit(batch, Durability::kView);
  }

  WatchedStore below_;
  WriteBackStore store_{&below_, kWaitingBytesMax};
};

TEST_F(WriteBackStoreTest, ChangesOfStateWaitAndOthersDoNot) {
  ASSERT_OK(Put(Family::kState, "state", "1"));
  ASSERT_OK(Put(Family::kIndex, "index", "2"));
  EXPECT_THAT(below_.written, ElementsAre("index"));
}

TEST_F(WriteBackStoreTest, WhatWaitedGoesBelowOnceAndInOrder) {
  for (int round = 0; round < 20; ++round) {
    for (const char* key : {"c", "a", "b"})
      ASSERT_OK(Put(Family::kState, key, absl::StrCat(round)));
  }
  ASSERT_OK(Delete("b"));
  EXPECT_THAT(below_.written, IsEmpty());
  const auto cursor = store_.NewCursor(Family::kState);
  EXPECT_THAT(below_.written, ElementsAre("a", "b", "c"));
  cursor->Seek("");
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->value(), "19");
  cursor->Next();
  EXPECT_EQ(cursor->key(), "c");
}

TEST_F(WriteBackStoreTest, NeverWaitsWithMoreThanItMayHold) {
  std::size_t waiting_most = 0;
  for (int i = 0; i < 200; ++i) {
    ASSERT_OK(Put(Family::kState, absl::StrCat("key ", i), std::string(100, 'v')));
    waiting_most = std::max(waiting_most, static_cast<std::size_t>(i) + 1 - below_.written.size());
  }
  EXPECT_LT(waiting_most * 100, kWaitingBytesMax);
  EXPECT_GT(waiting_most, 10u);
  for (int i = 0; i < 200; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto row, store_.Get(Family::kState, absl::StrCat("key ", i)));
    EXPECT_EQ(row, std::string(100, 'v'));
  }
}

TEST_F(WriteBackStoreTest, ARowThatShrinksOrGoesMakesRoom) {
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_OK(Put(Family::kState, "key", std::string(3'000, 'v')));
    ASSERT_OK(Put(Family::kState, "key", "v"));
    ASSERT_OK(Delete("key"));
  }
  EXPECT_THAT(below_.written, IsEmpty());
}

TEST_F(WriteBackStoreTest, ADeletedRowHidesTheOneBelow) {
  ASSERT_OK(Put(Family::kState, "key", "below"));
  ASSERT_OK(store_.FlushViews(true));
  ASSERT_OK(Delete("key"));
  ASSERT_OK_AND_ASSIGN(const auto row, store_.Get(Family::kState, "key"));
  EXPECT_EQ(row, absl::nullopt);
  const std::vector<std::string> keys = {"key"};
  ASSERT_OK_AND_ASSIGN(const auto rows, store_.MultiGet(Family::kState, keys));
  EXPECT_THAT(rows, Each(absl::nullopt));
}

TEST_F(WriteBackStoreTest, WhatCannotBeWrittenIsSaidToWhoeverWalks) {
  ASSERT_OK(Put(Family::kState, "key", "value"));
  below_.fault = absl::ResourceExhaustedError("full");
  const auto cursor = store_.NewCursor(Family::kState);
  cursor->Seek("");
  EXPECT_FALSE(cursor->Valid());
  EXPECT_THAT(cursor->status(), HasCode(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(store_.TakeSnapshot()->Get(Family::kState, "key"),
              HasCode(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(store_.Close(), HasCode(absl::StatusCode::kResourceExhausted));

  // It waits on, and is there when there is room again.
  below_.fault = absl::OkStatus();
  const auto again = store_.NewCursor(Family::kState);
  again->Seek("");
  ASSERT_TRUE(again->Valid());
  EXPECT_EQ(again->value(), "value");
}

}  // namespace
}  // namespace puhui::ledger
