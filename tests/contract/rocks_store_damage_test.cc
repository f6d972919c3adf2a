// SPDX-License-Identifier: Apache-2.0
// What the store on disk does about damaged files: a view can be dropped, nothing else.
#include "ledger/storage/families.h"
#include "ledger/storage/rocks_store.h"
#include "tests/contract/rocks_store_fixture.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

// A store with 200 rows of `family` in one file, and one row of the journal that is in the log
// alone.
class DamagedStoreTest : public RocksStoreTest {
 protected:
  std::string Fill(Family family) {
    auto store = Open();
    for (int i = 0; i < 200; ++i) {
      PUHUI_CHECK_OK(Put(*store, family, absl::StrCat(1000 + i), std::string(1000, 's')));
    }
    PUHUI_CHECK_OK(store->Close());
    const std::vector<std::string> tables = Files(".sst");
    PUHUI_CHECK(tables.size() == 1);
    PUHUI_CHECK_OK(Put(*Open(), Family::kJournal, "k", "v"));
    return tables[0];
  }
  // Puts rows 10 to 29 into the journal, and so into the log that it returns.
  std::string LogTwenty() {
    auto store = Open();
    for (int i = 0; i < 20; ++i) {
      PUHUI_CHECK_OK(Put(*store, Family::kJournal, absl::StrCat(10 + i), "v"));
    }
    store.reset();
    const std::vector<std::string> logs = Files(".log");
    return *std::max_element(logs.begin(), logs.end());
  }
  // A store anew, of rows 1000, 1001… in many files one after another. Returns how many rows.
  int FillInManyFiles(Family family) {
    constexpr int kRows = 200;
    std::filesystem::remove_all(dir_.Join("db"));
    for (int i = 0; i < kRows;) {
      const auto store = Open();
      for (const int end = i + 8; i < end; ++i) {
        PUHUI_CHECK_OK(Put(*store, family, absl::StrCat(1'000 + i), absl::StrCat(i * 7'919)));
      }
      PUHUI_CHECK_OK(store->Close());  // A file of its own.
    }
    return kRows;
  }
  // Of such rows, one of which cannot be read. Files of the journal that no compaction has come to
  // yet may stand behind those that are passed over: then there is a hole, which who reads segments
  // notices, and no end.
  static void ExpectNoEnd(Family family, int rows, const std::vector<std::string>& seen,
                          const absl::Status& status) {
    EXPECT_LT(seen.size(), static_cast<std::size_t>(rows));
    if (family == Family::kJournal && status.ok()) {
      ASSERT_FALSE(seen.empty());
      EXPECT_EQ(seen.front(), "1000");
      EXPECT_EQ(seen.back(), absl::StrCat(1'000 + rows - 1));
      return;
    }
    EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
  }
  // Each makes a file one that RocksDB does not open.
  static constexpr int kWaysToSpoil = 3;
  static void Spoil(const std::string& file, int way) {
    const std::uintmax_t size = std::filesystem::file_size(file);
    switch (way) {
      case 0:
        return Flip(file, size - 4);  // The magic number.
      case 1:
        return std::filesystem::resize_file(file, size / 2);
      default:
        std::filesystem::remove(file);
    }
  }
};

TEST_F(DamagedStoreTest, AReadOfDamageIsDataLossAndTheFirstIsRemembered) {
  Flip(Fill(Family::kState), 10);
  const auto store = Open();
  EXPECT_OK(store->views_dropped());
  EXPECT_OK(store->ViewDamage());
  const std::unique_ptr<Cursor> cursor = store->NewCursor(Family::kState);
  cursor->Seek("");
  EXPECT_FALSE(cursor->Valid());
  EXPECT_THAT(cursor->status(), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_EQ(store->ViewDamage(), cursor->status());
  EXPECT_THAT(store->Get(Family::kState, "1000"), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->MultiGet(Family::kState, {"1000"}), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_EQ(store->ViewDamage(), cursor->status());
}

// Rows that stand together are read by walking over those between them.
TEST_F(DamagedStoreTest, DamageIsTheTroubleOfThoseAloneWhoAskForIt) {
  for (const Family family : {Family::kState, Family::kVault, Family::kJournal}) {
    SCOPED_TRACE(kFamilyNames[IndexOf(family)]);
    const int rows = FillInManyFiles(family);
    const std::vector<std::string> files = Files(".sst");
    Flip(files[files.size() / 2], 10);
    const auto store = Open();
    std::vector<std::string> whole;
    std::vector<std::string> all;
    for (int i = 0; i < rows; ++i) {
      all.push_back(absl::StrCat(1'000 + i));
      if (store->Get(family, all.back()).ok()) whole.push_back(all.back());
    }
    ASSERT_LT(whole.size(), all.size());
    ASSERT_GE(whole.size(), 100u);
    EXPECT_THAT(store->MultiGet(family, all), HasCode(absl::StatusCode::kDataLoss));
    const auto values = store->MultiGet(family, whole);
    ASSERT_OK(values);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ((*values)[i], Get(*store, family, whole[i]));
    }
  }
}

// RocksDB 7.8 takes damage that stands first in a file for the end when it comes there from the
// file before.
TEST_F(DamagedStoreTest, NoScanTakesDamageForTheEnd) {
  for (const Family family : {Family::kState, Family::kVault, Family::kJournal}) {
    const int rows = FillInManyFiles(family);
    const std::vector<std::string> files = Files(".sst");
    ASSERT_GE(files.size(), 8u);
    for (std::size_t file = 0; file < files.size(); file += 3) {
      SCOPED_TRACE(absl::StrCat(kFamilyNames[IndexOf(family)], ", file ", file));
      Flip(files[file], 10);
      const auto store = Open();
      for (const CursorUse use : {CursorUse::kLookUp, CursorUse::kScan, CursorUse::kScattered}) {
        const std::unique_ptr<Cursor> cursor = store->NewCursor(family, use);
        std::vector<std::string> seen;
        for (cursor->Seek(""); cursor->Valid(); cursor->Next()) seen.emplace_back(cursor->key());
        ExpectNoEnd(family, rows, seen, cursor->status());
        seen.clear();
        for (cursor->SeekToLast(); cursor->Valid(); cursor->Prev()) {
          seen.emplace_back(cursor->key());
        }
        std::reverse(seen.begin(), seen.end());
        ExpectNoEnd(family, rows, seen, cursor->status());
      }
      Flip(files[file], 10);  // Whole again.
    }
    const auto store = Open();
    const std::unique_ptr<Cursor> cursor = store->NewCursor(family);
    int seen = 0;
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) ++seen;
    EXPECT_OK(cursor->status());
    EXPECT_EQ(seen, rows);
    seen = 0;
    for (cursor->SeekToLast(); cursor->Valid(); cursor->Prev()) ++seen;
    EXPECT_OK(cursor->status());
    EXPECT_EQ(seen, rows);
  }
}

TEST_F(DamagedStoreTest, DamageOfWhatIsNoViewIsNotTakenForOne) {
  Flip(Fill(Family::kVault), 10);
  const auto store = Open();
  EXPECT_THAT(store->Get(Family::kVault, "1000"), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_OK(store->ViewDamage());
}

TEST_F(DamagedStoreTest, ACompactionThatMeetsDamageStopsWritesWithDataLoss) {
  Flip(Fill(Family::kState), 10);
  const auto store = Open();
  absl::Status status;
  for (int file = 0; status.ok() && file < 1'000; ++file) {
    status = Put(*store, Family::kState, "1000", absl::StrCat(file));
    status.Update(store->FlushViews(/*wait=*/true));
  }
  EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Put(*store, Family::kJournal, "l", "v"), HasCode(absl::StatusCode::kDataLoss));
}

// Were it taken for the end, the files behind it would be gone with the compaction.
TEST_F(DamagedStoreTest, ACompactionDoesNotTakeDamageForTheEnd) {
  const int rows = FillInManyFiles(Family::kState);
  const std::vector<std::string> files = Files(".sst");
  Flip(files[files.size() / 2], 10);
  const auto store = Open();
  absl::Status status;
  for (int file = 0; status.ok() && file < 1'000; ++file) {
    for (const int at : {0, rows - 1}) {
      status.Update(Put(*store, Family::kState, absl::StrCat(1'000 + at), absl::StrCat(file)));
    }
    status.Update(store->FlushViews(/*wait=*/true));
  }
  EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
  int read = 0;
  for (int i = 0; i < rows; ++i) {
    const auto row = store->Get(Family::kState, absl::StrCat(1'000 + i));
    if (!row.ok()) continue;
    ++read;
    EXPECT_TRUE(row->has_value()) << i;
  }
  EXPECT_EQ(read, rows - 8);
}

TEST_F(DamagedStoreTest, AClearedViewIsReadAndCompactedAgain) {
  Flip(Fill(Family::kState), 10);
  auto store = Open();
  ASSERT_OK(store->ClearFamily(Family::kState));
  EXPECT_EQ(Get(*store, Family::kState, "1000"), Value());
  // Enough files that they are compacted, with the damaged one if it were still there.
  for (int file = 0; file < 8; ++file) {
    ASSERT_OK(Put(*store, Family::kState, "1000", absl::StrCat(file)));
    ASSERT_OK(store->FlushViews(/*wait=*/true));
  }
  ASSERT_OK(store->Close());
  store = Open();
  EXPECT_EQ(Get(*store, Family::kState, "1000"), Value("7"));
  EXPECT_OK(Put(*store, Family::kJournal, "l", "v"));
}

// Else the next start would fold everything anew once more.
TEST_F(DamagedStoreTest, DamageThatAClearTookAwayIsNotToldOf) {
  auto store = Open();
  ASSERT_OK(Put(*store, Family::kState, "k", std::string(1000, 's')));
  ASSERT_OK(store->Close());
  ASSERT_EQ(Files(".sst").size(), 1u);
  Flip(Files(".sst")[0], 10);
  store = Open();
  ASSERT_OK(store->ClearFamily(Family::kState));
  EXPECT_EQ(Get(*store, Family::kState, "k"), Value());
  EXPECT_OK(store->ViewDamage());
}

TEST_F(DamagedStoreTest, AViewThatDoesNotOpenIsDroppedAndTheRestIsKept) {
  for (const Family family : {Family::kState, Family::kIndex, Family::kTiles, Family::kMeta}) {
    for (int way = 0; way < kWaysToSpoil; ++way) {
      SCOPED_TRACE(absl::StrCat(kFamilyNames[IndexOf(family)], ", way ", way));
      Spoil(Fill(family), way);
      auto store = Open();
      EXPECT_THAT(store->views_dropped(), HasCode(absl::StatusCode::kDataLoss));
      EXPECT_EQ(Get(*store, family, "1000"), Value());
      EXPECT_EQ(Get(*store, Family::kJournal, "k"), Value("v"));
      ASSERT_OK(Put(*store, family, "1000", "again"));
      ASSERT_OK(store->Close());
      store = Open();
      EXPECT_OK(store->views_dropped());
      EXPECT_EQ(Get(*store, family, "1000"), Value("again"));
      store.reset();
      std::filesystem::remove_all(dir_.Join("db"));
    }
  }
}

TEST_F(DamagedStoreTest, AReadOnlyOpenDropsNothing) {
  Spoil(Fill(Family::kState), 0);
  const std::vector<std::string> before = Files("");
  RocksOptions options = Options();
  options.read_only = true;
  EXPECT_THAT(RocksStore::Open(options), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_EQ(Files(""), before);
}

TEST_F(DamagedStoreTest, NothingIsDroppedWhenJournalVaultOrLogAreDamagedToo) {
  for (const Family family : {Family::kJournal, Family::kVault}) {
    for (int way = 0; way < kWaysToSpoil; ++way) {
      SCOPED_TRACE(absl::StrCat(kFamilyNames[IndexOf(family)], ", way ", way));
      Spoil(Fill(family), way);
      const std::vector<std::string> before = Files(".sst");
      EXPECT_THAT(RocksStore::Open(Options()), HasCode(absl::StatusCode::kDataLoss));
      EXPECT_EQ(Files(".sst"), before);
      std::filesystem::remove_all(dir_.Join("db"));
    }
  }
  const std::string view = Fill(Family::kState);
  const std::string log = LogTwenty();
  const std::uintmax_t middle = std::filesystem::file_size(log) / 2;
  Spoil(view, 0);
  Flip(log, middle);
  EXPECT_THAT(RocksStore::Open(Options()), HasCode(absl::StatusCode::kDataLoss));
  Flip(log, middle);
  EXPECT_EQ(Get(*Open(), Family::kJournal, "29"), Value("v"));
}

TEST_F(DamagedStoreTest, TheDurablePartAloneOpensWhateverTheViewsAreLike) {
  Spoil(Fill(Family::kState), 0);
  RocksOptions options = Options();
  options.read_only = true;
  options.durable_only = true;
  ASSERT_OK_AND_ASSIGN(const auto store, RocksStore::Open(options));
  EXPECT_EQ(Get(*store, Family::kJournal, "k"), Value("v"));
  EXPECT_EQ(Get(*store, Family::kState, "1000"), Value());
}

TEST_F(DamagedStoreTest, TheDurablePartAloneOpensUpToTheDamageInTheLog) {
  const std::string view = Fill(Family::kState);
  const std::string log = LogTwenty();
  Spoil(view, 0);
  Flip(log, std::filesystem::file_size(log) / 2);
  RocksOptions options = Options();
  options.read_only = true;
  EXPECT_THAT(RocksStore::Open(options), HasCode(absl::StatusCode::kDataLoss));
  options.up_to_damage = true;
  EXPECT_THAT(RocksStore::Open(options), HasCode(absl::StatusCode::kDataLoss));
  options.durable_only = true;
  const std::vector<std::string> before = Files("");
  ASSERT_OK_AND_ASSIGN(const auto store, RocksStore::Open(options));
  EXPECT_EQ(Files(""), before);
  EXPECT_EQ(Get(*store, Family::kState, "1000"), Value());
  const std::unique_ptr<Cursor> cursor = store->NewCursor(Family::kJournal);
  cursor->SeekBackward("29");
  ASSERT_TRUE(cursor->Valid());
  EXPECT_GE(cursor->key(), "15");
  EXPECT_LT(cursor->key(), "25");
}

}  // namespace
}  // namespace puhui::ledger
