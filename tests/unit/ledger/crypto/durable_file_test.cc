// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/durable_file.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

namespace puhui::ledger {
namespace {

int syncs = 0;
int syncs_to_go = -1;          // Then one fails; below zero: none does.
mode_t first_synced_mode = 0;  // Of the file that was synced first since this was 0.

}  // namespace
}  // namespace puhui::ledger

// In the place of the C library's, for this program.
extern "C" int fsync(int fd) {
  ++puhui::ledger::syncs;
  struct stat info {};
  if (puhui::ledger::first_synced_mode == 0 && ::fstat(fd, &info) == 0) {
    puhui::ledger::first_synced_mode = info.st_mode & 0777u;
  }
  if (puhui::ledger::syncs_to_go >= 0 && puhui::ledger::syncs_to_go-- == 0) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fsync, fd));
}

namespace puhui::ledger {
namespace {

mode_t ModeOf(const std::string& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 0777u;
}

TEST(DurableFileTest, ReadsWhatItWroteAndReplacesIt) {
  const TempDir dir;
  const std::string path = dir.Join("file");
  for (const std::string contents : {"first", "the second, longer", ""}) {
    ASSERT_OK(WriteFileDurably(path, contents));
    ASSERT_OK_AND_ASSIGN(const absl::optional<std::string> read, ReadWholeFile(path, 100));
    EXPECT_EQ(read, contents);
  }
  EXPECT_EQ(ModeOf(path), 0600u);
}

TEST(DurableFileTest, LeavesNothingBesideIt) {
  const TempDir dir;
  ASSERT_OK(WriteFileDurably(dir.Join("file"), "x"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

TEST(DurableFileTest, OverwritesAndProtectsTheRemainsOfACrash) {
  const TempDir dir;
  const std::string path = dir.Join("file");
  std::ofstream(path + ".tmp") << "a long half-written file that nobody finished";
  ASSERT_EQ(::chmod((path + ".tmp").c_str(), 0666), 0);
  ASSERT_OK(WriteFileDurably(path, "whole"));
  ASSERT_OK_AND_ASSIGN(const absl::optional<std::string> read, ReadWholeFile(path, 100));
  EXPECT_EQ(read, "whole");
  EXPECT_EQ(ModeOf(path), 0600u);
}

TEST(DurableFileTest, IsThereWithTheModeThatItStaysWith) {
  const TempDir dir;
  const std::string path = dir.Join("file");
  const mode_t mask = ::umask(0077);
  for (const auto& [readers, mode] :
       {std::pair(FileReaders::kEverybody, 0644u), std::pair(FileReaders::kOwner, 0600u)}) {
    first_synced_mode = 0;
    ASSERT_OK(WriteFileDurably(path, "x", readers));
    EXPECT_EQ(first_synced_mode, mode) << "before it had its name";
    EXPECT_EQ(ModeOf(path), mode);
  }
  ::umask(mask);
}

TEST(DurableFileTest, AbsentIsNotAnError) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const absl::optional<std::string> read, ReadWholeFile(dir.Join("no"), 100));
  EXPECT_FALSE(read.has_value());
}

TEST(DurableFileTest, RemovesWhatIsThereAndMindsNotWhatIsNot) {
  const TempDir dir;
  ASSERT_OK(WriteFileDurably(dir.Join("f"), "x"));
  EXPECT_OK(RemoveFileDurably(dir.Join("f")));
  EXPECT_FALSE(std::filesystem::exists(dir.Join("f")));
  EXPECT_OK(RemoveFileDurably(dir.Join("f")));
  EXPECT_THAT(RemoveFileDurably(dir.Join("missing/f")), HasCode(absl::StatusCode::kUnavailable));
}

TEST(DurableFileTest, SyncsEveryFileThatLiesInADirectory) {
  TempDir directory;
  std::ofstream(directory.Join("a")) << "1";
  std::ofstream(directory.Join("b")) << "2";
  std::filesystem::create_directory(directory.Join("c"));  // Not what lies below.
  std::ofstream(directory.Join("c") + "/d") << "3";
  syncs = 0;
  ASSERT_OK(SyncFilesOf(directory.path()));
  EXPECT_EQ(syncs, 3);  // The directory's is one.
  syncs_to_go = 1;
  EXPECT_THAT(SyncFilesOf(directory.path()), HasCode(absl::StatusCode::kUnavailable));
  syncs_to_go = 2;
  EXPECT_THAT(SyncFilesOf(directory.path()), HasCode(absl::StatusCode::kUnavailable));
  syncs_to_go = -1;
  EXPECT_THAT(SyncFilesOf(directory.Join("none")), HasCode(absl::StatusCode::kUnavailable));
}

TEST(DurableFileTest, RefusesAFileLargerThanExpected) {
  const TempDir dir;
  ASSERT_OK(WriteFileDurably(dir.Join("file"), "12345"));
  EXPECT_OK(ReadWholeFile(dir.Join("file"), 5));
  EXPECT_THAT(ReadWholeFile(dir.Join("file"), 4), HasCode(absl::StatusCode::kDataLoss));
}

TEST(DurableFileTest, NamesTheMissingDirectory) {
  const TempDir dir;
  const absl::Status status = WriteFileDurably(dir.Join("no/file"), "x");
  EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_NE(status.message().find(dir.Join("no/file")), absl::string_view::npos);
}

TEST(DurableFileTest, SecretIsClosedToTheWorldAndToTheGroupsWrites) {
  const TempDir dir;
  const std::string path = dir.Join("file");
  EXPECT_THAT(CheckSecretFileMode(path), HasCode(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK(WriteFileDurably(path, "x"));
  for (const mode_t good : {0600u, 0400u, 0440u, 0640u}) {
    ASSERT_EQ(::chmod(path.c_str(), good), 0);
    EXPECT_OK(CheckSecretFileMode(path)) << good;
  }
  for (const mode_t bad : {0604u, 0602u, 0620u, 0666u}) {
    ASSERT_EQ(::chmod(path.c_str(), bad), 0);
    EXPECT_THAT(CheckSecretFileMode(path), HasCode(absl::StatusCode::kFailedPrecondition)) << bad;
  }
}

}  // namespace
}  // namespace puhui::ledger
