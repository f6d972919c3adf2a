// SPDX-License-Identifier: Apache-2.0
// Whether a web server of somebody else can read what is published, from the first moment on.
#include "ledger/journal/published_tiles.h"
#include "tests/support/status_matchers.h"
#include "tests/support/stored_log.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace puhui::ledger::published_modes_test {
namespace {

SigningKey HeadKey() { return SigningKey::FromSeed(std::string(32, 'l')); }

// With the mask that the service has. Everything of 300 records is one step.
class PublishedModesTest : public ::testing::Test {
 protected:
  PublishedModesTest() : mask_(::umask(0077)) {}
  ~PublishedModesTest() override { ::umask(mask_); }

  void Publish(const std::string& folder) {
    log_.Grow(300);
    TilePublisher publisher({.folder = folder,
                             .entries = true,
                             .keys = KeyChain(HeadKey().verify_key()),
                             .chain_file = "the chain"},
                            &prover_);
    ASSERT_OK_AND_ASSIGN(const bool reached, publisher.Step(log_.store(), log_.Note(HeadKey())));
    ASSERT_TRUE(reached);
  }
  static mode_t ModeAt(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_mode & 0777u;
  }

  const mode_t mask_;
  const TempDir dir_;
  StoredLog log_;
  Prover prover_{[](const absl::Status& damage) { ADD_FAILURE() << damage; }};
};

TEST_F(PublishedModesTest, EverybodyMayReadWhatIsPublishedAndGoThere) {
  ASSERT_NO_FATAL_FAILURE(Publish(dir_.path()));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
    const bool is_file = entry.is_regular_file();
    files += is_file ? 1 : 0;
    EXPECT_EQ(ModeAt(entry.path().string()), is_file ? 0644u : 0755u) << entry.path();
  }
  EXPECT_GT(files, 4U);
}

TEST_F(PublishedModesTest, WhoMayEnterTheFolderIsNotDecidedHere) {
  const std::string folder = dir_.Join("published");
  ASSERT_NO_FATAL_FAILURE(Publish(folder + "/"));
  EXPECT_EQ(ModeAt(folder), 0700u);
  EXPECT_EQ(ModeAt(folder + "/tile"), 0755u);
}

TEST_F(PublishedModesTest, NothingIsOpenedOnlyOnceItIsThere) {
  const int watch = ::inotify_init1(IN_NONBLOCK);
  ASSERT_GE(watch, 0);
  ASSERT_GE(::inotify_add_watch(watch, dir_.path().c_str(), IN_MOVED_TO | IN_ATTRIB), 0);
  ASSERT_NO_FATAL_FAILURE(Publish(dir_.path()));
  std::vector<std::uint32_t> seen;  // What happened to the folder of tiles and the checkpoint.
  std::array<char, 4'096> events{};
  for (ssize_t size = 0; (size = ::read(watch, events.data(), events.size())) > 0;) {
    inotify_event event{};
    for (const char* at = events.data(); at < events.data() + size; at += event.len) {
      std::memcpy(&event, at, sizeof event);
      at += sizeof event;
      const std::string name(event.len > 0 ? at : "");
      if (name == "tile" || name == "checkpoint") seen.push_back(event.mask);
    }
  }
  ::close(watch);
  EXPECT_EQ(seen, (std::vector<std::uint32_t>{IN_MOVED_TO | IN_ISDIR, IN_MOVED_TO}));
}

}  // namespace
}  // namespace puhui::ledger::published_modes_test
