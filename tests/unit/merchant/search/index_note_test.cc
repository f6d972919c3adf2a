// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/index_note.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace puhui::merchant {
namespace {

class IndexNoteTest : public ::testing::Test {
 protected:
  void Write(absl::string_view note) {
    std::ofstream(directory_.Join(kIndexNoteName)) << std::string(note);
  }

  TempDir directory_;
};

TEST_F(IndexNoteTest, WhatIsWrittenIsWholeAsLongAsTheMachineRuns) {
  ASSERT_OK(NoteWriting(directory_.path()));
  EXPECT_TRUE(IsWhole(directory_.path()));
  Write("8f2b1c1e-0000-4000-8000-000000000000\n");  // Of another start.
  EXPECT_FALSE(IsWhole(directory_.path()));
}

TEST_F(IndexNoteTest, WhatWasSyncedIsWhole) {
  ASSERT_OK(NoteWriting(directory_.path()));
  ASSERT_OK(NoteSynced(directory_.path()));
  EXPECT_TRUE(IsWhole(directory_.path()));
}

TEST_F(IndexNoteTest, WhatWasLostIsNotWhole) {
  ASSERT_OK(NoteWriting(directory_.path()));
  ASSERT_OK(NoteLost(directory_.path()));
  EXPECT_FALSE(IsWhole(directory_.path()));
}

TEST_F(IndexNoteTest, WhatCannotBeToldIsNotWhole) {
  EXPECT_FALSE(IsWhole(directory_.path()));
  EXPECT_FALSE(IsWhole(directory_.Join("none")));
  Write("");
  EXPECT_FALSE(IsWhole(directory_.path()));
  Write("synced");  // Cut off.
  EXPECT_FALSE(IsWhole(directory_.path()));
  Write(std::string(10'000, 'x'));
  EXPECT_FALSE(IsWhole(directory_.path()));
}

TEST_F(IndexNoteTest, ADirectoryThatIsGoneCannotBeSynced) {
  EXPECT_THAT(NoteSynced(directory_.Join("none")), HasCode(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace puhui::merchant
