// SPDX-License-Identifier: Apache-2.0
// Faults in the background work of RocksDB, which rests a second after each: hence slow.
#include "tests/contract/rocks_store_fixture.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace puhui::ledger {
namespace {

using RocksStoreFaultTest = RocksStoreTest;

TEST_F(RocksStoreFaultTest, AFailedFlushIsUnavailable) {
  auto store = Open();
  ASSERT_OK(Put(*store, Family::kState, "a", "1"));
  disk_.FailAt(1, Fault::kIoError, /*for_good=*/true);
  EXPECT_THAT(store->FlushViews(/*wait=*/true), HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(RocksStoreFaultTest, NoSingleFaultLosesWhatWasSynced) {
  for (std::uint64_t n = 1; n < 60; n += 2) {
    std::filesystem::remove_all(dir_.Join("db"));
    auto store = Open();
    disk_.FailAt(n, n % 4 == 1 ? Fault::kIoError : Fault::kNoSpace, /*for_good=*/true);
    int synced = 0;
    for (; synced < 10; ++synced) {
      if (!Put(*store, Family::kJournal, absl::StrCat(synced), std::string(3000, 'j')).ok()) break;
      if (!Put(*store, Family::kState, absl::StrCat(synced), "").ok()) break;
      if (synced == 5 && !store->FlushViews(/*wait=*/true).ok()) break;
    }
    disk_.CutPower();
    disk_.Heal();
    store.reset();
    disk_.RestorePower();
    store = Open();
    for (int i = 0; i < synced; ++i) {
      EXPECT_TRUE(Get(*store, Family::kJournal, absl::StrCat(i)).has_value()) << n << " " << i;
    }
  }
}

}  // namespace
}  // namespace puhui::ledger
