// SPDX-License-Identifier: Apache-2.0
// A thousand single-bit flips and two hundred truncations of the files of a ledger. Each must be
// noticed when the ledger is opened or verified, or must have changed nothing that counts. A
// changed ledger that opens and verifies is a failure, and so is a damaged view that the next
// starts do not mend by themselves.
//
// Each start is a process of its own: damage to a row that the writer needs ends the process, which
// is a way of noticing. So this process never opens a store: it has no threads and can fork.
#include "ledger/engine/rebuild_note.h"
#include "ledger/storage/families.h"
#include "ledger/storage/rocks_store.h"
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/store_files.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace puhui::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kOrigin[] = "puhui.test/ledger";
constexpr Sequence kRecords = 600;  // Enough for a settled tile.
constexpr int kStartsMax = 3;       // One to notice, one to mend; one more for what that one meets.

enum ExitCode { kNoticed = 10, kIdentical = 11, kChanged = 12, kMended = 13 };

ledger::SigningKey Key() { return ledger::SigningKey::FromSeed(std::string(32, 'k')); }

ledger::RocksOptions StoreIn(const fs::path& directory) {
  return {.path = directory / "db", .block_cache_bytes = 1 << 20, .write_buffer_bytes = 1 << 20};
}

// Runs `body` in a child; its exit code, or -1 when a signal ended it.
pid_t Begin(const std::function<int()>& body) {
  const pid_t child = fork();
  PUHUI_CHECK(child >= 0);
  if (child == 0) {
    PUHUI_CHECK(std::freopen("/dev/null", "w", stderr) != nullptr);
    _exit(body());
  }
  return child;
}
int End(pid_t child) {
  int status = 0;
  PUHUI_CHECK(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// A real ledger on the files of a directory.
struct OpenLedger {
  explicit OpenLedger(const fs::path& directory) {
    options.data_directory = directory;
    options.origin = kOrigin;
    options.key_name = "puhui.test";
    options.checkpoint_interval = absl::Milliseconds(1);
  }
  absl::Status Open() {
    PUHUI_ASSIGN_OR_RETURN(store, ledger::RocksStore::Open(StoreIn(options.data_directory)));
    PUHUI_ASSIGN_OR_RETURN(log, ledger::LocalLog::Open(store.get()));
    books = std::make_unique<ToyBooks>(store.get());
    PUHUI_ASSIGN_OR_RETURN(engine, ledger::Engine::Open({.clock = &clock,
                                                         .store = store.get(),
                                                         .log = log.get(),
                                                         .fold = books.get(),
                                                         .views = &books->views,
                                                         .chores = &chores},
                                                        options, Key()));
    return absl::OkStatus();
  }
  // Deposits until the journal has `to` records.
  void Deposit(Sequence to) {
    while (engine->durable().sequence < to) {
      const std::uint64_t next = engine->durable().sequence;
      std::unique_ptr<ledger::Command> command = Always([next](ledger::Decision& decision) {
        AddFunding(1, static_cast<std::int64_t>(next + 1), decision);
      });
      command->request = RequestOf(next);
      PUHUI_CHECK_OK(engine->Run(std::move(command), ledger::Priority::kInteractive).status());
    }
  }

  ledger::Engine::Options options;
  FakeClock clock;
  NoChores chores;
  std::unique_ptr<ledger::RocksStore> store;
  std::unique_ptr<ledger::LocalLog> log;
  std::unique_ptr<ToyBooks> books;
  std::unique_ptr<ledger::Engine> engine;
};

// A ledger with half of its records in settled files and half in the log, as a kill leaves it: it
// is copied while the service runs.
int MakeImage(const fs::path& image, const fs::path& live) {
  fs::create_directories(live);
  for (const Sequence to : {kRecords / 2, kRecords}) {
    OpenLedger ledger(live);
    PUHUI_CHECK_OK(ledger.Open());
    // The last checkpoint stands before the end; the mark alone vouches for the rest.
    ledger.Deposit(to - 20);
    while (ledger.engine->checkpoint().empty()) std::this_thread::yield();
    ledger.Deposit(to);
    if (to == kRecords) fs::copy(live, image, fs::copy_options::recursive);
    PUHUI_CHECK_OK(ledger.engine->Shutdown());
    ledger.engine.reset();
    PUHUI_CHECK_OK(ledger.store->Close());
  }
  return 0;
}

// Writes the names of the files that hold views, one a line.
int ListViewFiles(const fs::path& store, const fs::path& list) {
  std::ofstream names(list);
  for (const ledger::Family family : ledger::kAllFamilies) {
    if (!ledger::IsView(family)) continue;
    for (const fs::path file : FilesOf(family, store)) names << file.filename().string() << "\n";
  }
  return 0;
}

// Starts and verifies; what it came to is the exit code.
int Judge(const fs::path& directory, const ledger::Hash& root) {
  OpenLedger ledger(directory);
  if (!ledger.Open().ok()) return kNoticed;
  ledger::MemoryStore scratch;
  const auto report = ledger::Verify(
      *ledger.store,
      {.make_fold = [](ledger::Store* into) { return std::make_unique<ToyBooks>(into); },
       .scratch = &scratch,
       .promises = {}});
  if (!report.ok() || !report->ok()) {
    // A reader met it; the housekeeper leaves the note.
    const ledger::RebuildNote note(directory);
    while (!ledger.store->ViewDamage().ok() && !note.Read()->has_value()) {
      std::this_thread::yield();
    }
    return kNoticed;
  }
  const ledger::Position& end = ledger.engine->recovered().end;
  const bool same = report->records == kRecords && report->root == root &&
                    end.sequence == kRecords && end.root == root;
  return same ? kIdentical : kChanged;
}

class FlipTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(End(Begin([this] { return MakeImage(Image(), directory_.Join("live")); })), 0);
    const fs::path list = directory_.Join("views");
    ASSERT_EQ(End(Begin([&] { return ListViewFiles(Image() / "db", list); })), 0);
    std::ifstream names(list);
    std::set<std::string> of_views;
    for (std::string name; std::getline(names, name);) of_views.insert(name);
    for (const auto& entry : fs::recursive_directory_iterator(Image())) {
      if (!entry.is_regular_file() || entry.file_size() == 0) continue;
      const std::string name = entry.path().filename();
      if (name.rfind("LOG", 0) == 0 || name == "LOCK") continue;
      const fs::path relative = fs::relative(entry.path(), Image());
      (entry.path().extension() == ".log"   ? logs_
       : of_views.contains(name)            ? views_
       : entry.path().extension() == ".sst" ? settled_
                                            : others_)
          .push_back(relative);
    }
    for (auto* files : {&logs_, &settled_, &views_, &others_}) {
      ASSERT_FALSE(files->empty());
      std::sort(files->begin(), files->end());  // A directory lists them in any order.
    }
    // The root over the same records, made anew.
    root_ = RootOfWhole();
    ASSERT_EQ(End(Begin([this] { return Judge(Copy("whole", {}), root_); })), kIdentical);
  }

  fs::path Image() const { return directory_.Join("image"); }

  // The journal's last mark.
  ledger::Hash RootOfWhole() const {
    const fs::path copy = Copy("root", {});
    const auto mark = ledger::HighWaterFile::Open(copy);
    PUHUI_CHECK(mark.ok() && mark->last()->sequence == kRecords);
    return mark->last()->root;
  }
  // Links what RocksDB never changes in place; copies what is small or to be damaged.
  fs::path Copy(const std::string& name, const fs::path& damaged) const {
    const fs::path to = directory_.Join(name);
    fs::create_directories(to / "db");
    for (const auto& entry : fs::recursive_directory_iterator(Image())) {
      if (!entry.is_regular_file()) continue;
      const fs::path relative = fs::relative(entry.path(), Image());
      if (entry.path().extension() == ".sst" && relative != damaged) {
        fs::create_hard_link(entry.path(), to / relative);
      } else {
        fs::copy_file(entry.path(), to / relative);
      }
    }
    return to;
  }
  // Mostly what bears the journal, and in turn, so that a few trials meet a view as well.
  const fs::path& Pick(int trial, SeededRandom& random) const {
    const int turn = trial % 10;
    const std::vector<fs::path>& among = turn < 4   ? logs_
                                         : turn < 7 ? settled_
                                         : turn < 9 ? views_
                                                    : others_;
    // Larger files more often: by a byte of all.
    std::uint64_t bytes = 0;
    for (const fs::path& file : among) bytes += fs::file_size(Image() / file);
    std::uint64_t at = random.Below(bytes);
    for (const fs::path& file : among) {
      const std::uint64_t size = fs::file_size(Image() / file);
      if (at < size) return file;
      at -= size;
    }
    return among.back();
  }

  // Starts it until it is whole, a few times; what the last start came to.
  int StartAgainAndAgain(const fs::path& directory) const {
    for (int start = 1;; ++start) {
      const int code = End(Begin([&] { return Judge(directory, root_); }));
      if (code == kIdentical && start > 1) return kMended;
      if (code == kIdentical || code == kChanged || start == kStartsMax) return code;
    }
  }

  // Runs `trials` with two at a time; `damage` harms the file and says what it did.
  void RunTrials(int trials, SeededRandom& random,
                 const std::function<std::string(SeededRandom&, const fs::path&)>& damage) {
    struct Trial {
      pid_t child;
      fs::path directory;
      bool of_a_view;
      std::string what;
    };
    std::vector<Trial> running;
    std::map<int, int> verdicts;
    int of_views = 0;
    const auto end_first = [&] {
      const Trial trial = running.front();
      running.erase(running.begin());
      // A signal is an abort of ours: a row could not be read.
      const int code = End(trial.child);
      EXPECT_TRUE(code == kNoticed || code == kIdentical || code == kMended || code == -1)
          << code << ": " << trial.what;
      EXPECT_TRUE(!trial.of_a_view || code == kIdentical || code == kMended)
          << code << ": a view is not mended: " << trial.what;
      ++verdicts[code == -1 ? kNoticed : code];
      if (trial.of_a_view) ++of_views;
      fs::remove_all(trial.directory);
    };
    for (int i = 0; i < trials; ++i) {
      const fs::path& file = Pick(i, random);
      const fs::path copy = Copy(absl::StrCat("trial-", i), file);
      std::string what = absl::StrCat(file.string(), ": ", damage(random, copy / file));
      if (running.size() == 2) end_first();
      running.push_back({Begin([&] { return StartAgainAndAgain(copy); }), copy,
                         std::count(views_.begin(), views_.end(), file) > 0, std::move(what)});
    }
    while (!running.empty()) end_first();
    std::cout << verdicts[kNoticed] << " noticed, " << verdicts[kMended] << " mended, "
              << verdicts[kIdentical] << " changed nothing that counts\n";
    EXPECT_GT(verdicts[kNoticed], trials / 4);
    EXPECT_GT(of_views, trials / 10);
  }

  TempDir directory_;
  std::vector<fs::path> logs_;
  std::vector<fs::path> settled_;  // But for views.
  std::vector<fs::path> views_;
  std::vector<fs::path> others_;
  ledger::Hash root_{};
};

TEST_F(FlipTest, EveryFlippedBitIsNoticedOrChangesNothing) {
  SeededRandom random(11);
  RunTrials(Rounds(1'000), random, [](SeededRandom& dice, const fs::path& file) {
    const std::uint64_t bit = dice.Below(fs::file_size(file) * 8);
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(bit / 8));
    const int byte = bytes.get();
    bytes.seekp(static_cast<std::streamoff>(bit / 8));
    bytes.put(static_cast<char>(byte ^ (1 << (bit % 8))));
    return absl::StrCat("bit ", bit);
  });
}

TEST_F(FlipTest, EveryTruncationIsNoticedOrChangesNothing) {
  SeededRandom random(12);
  RunTrials(Rounds(200), random, [](SeededRandom& dice, const fs::path& file) {
    const std::uint64_t left = dice.Below(fs::file_size(file));
    fs::resize_file(file, left);
    return absl::StrCat("cut to ", left);
  });
}

}  // namespace
}  // namespace puhui::testing
