// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/checkpoint_file.h"

#include "ledger/journal/checkpoint.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <fstream>

namespace puhui::ledger {
namespace {

TEST(CheckpointFileTest, IsAbsentUntilPublished) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const absl::optional<std::string> none, ReadPublishedCheckpoint(dir.path()));
  EXPECT_FALSE(none.has_value());
}

TEST(CheckpointFileTest, HoldsTheLastOnePublished) {
  const TempDir dir;
  ASSERT_OK(PublishCheckpoint(dir.path(), "a longer first text\n"));
  ASSERT_OK(PublishCheckpoint(dir.path(), "second\n"));
  ASSERT_OK_AND_ASSIGN(const absl::optional<std::string> read, ReadPublishedCheckpoint(dir.path()));
  EXPECT_EQ(read, "second\n");
}

TEST(CheckpointFileTest, IgnoresAHalfWrittenSuccessor) {
  const TempDir dir;
  ASSERT_OK(PublishCheckpoint(dir.path(), "first\n"));
  std::ofstream(dir.Join("checkpoint.tmp")) << "sec";
  ASSERT_OK_AND_ASSIGN(const absl::optional<std::string> read, ReadPublishedCheckpoint(dir.path()));
  EXPECT_EQ(read, "first\n");
  EXPECT_OK(PublishCheckpoint(dir.path(), "second\n"));
}

TEST(CheckpointFileTest, RefusesAFileThatIsTooLarge) {
  const TempDir dir;
  std::ofstream(dir.Join("checkpoint")) << std::string(kCheckpointBytesMax + 1, 'x');
  EXPECT_THAT(ReadPublishedCheckpoint(dir.path()), HasCode(absl::StatusCode::kDataLoss));
}

TEST(CheckpointFileTest, FailsWithoutItsDirectory) {
  const TempDir dir;
  EXPECT_THAT(PublishCheckpoint(dir.Join("no"), "x"), HasCode(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace puhui::ledger
