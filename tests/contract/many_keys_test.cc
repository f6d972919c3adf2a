// SPDX-License-Identifier: Apache-2.0
// What every Store promises of many keys at once, however they stand.
#include "ledger/storage/store.h"
#include "tests/contract/store_factories.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace puhui::ledger {
namespace {

using Value = absl::optional<std::string>;
using Rows = std::map<std::string, std::string>;

constexpr int kRows = 3'000;

std::string KeyOf(int i) { return absl::StrCat("k", absl::Dec(i, absl::kZeroPad6)); }

// 400 keys `apart` from each other, and behind each second one a key that is not there.
std::vector<std::string> KeysFrom(int first, int apart) {
  std::vector<std::string> keys;
  for (int i = 0; i < 400; ++i) {
    keys.push_back(KeyOf(first + i * apart));
    if (i % 2 == 1) keys.push_back(absl::StrCat(keys.back(), "x"));
  }
  return keys;
}

template <class Factory>
class ManyKeysTest : public ::testing::Test {
 protected:
  ManyKeysTest() : store_(factory_.Open()) {}

  void Put(int i, const std::string& value) {
    WriteBatch batch;
    batch.Put(Family::kState, KeyOf(i), value);
    ASSERT_OK(store_->Commit(batch, Durability::kView));
    rows_[KeyOf(i)] = value;
  }
  void Delete(int from, int to) {
    WriteBatch batch;
    for (int i = from; i < to; ++i) {
      batch.Delete(Family::kState, KeyOf(i));
      rows_.erase(KeyOf(i));
    }
    ASSERT_OK(store_->Commit(batch, Durability::kView));
  }

  // That `from` has `rows`, and no others, at keys close together, far apart, and at the end.
  static void ExpectRows(const Rows& rows, const Readable& from) {
    for (const int apart : {1, 2, 13, 14, 40, 300}) {
      for (const int first : {0, 700, 990, kRows - 40, kRows}) {
        SCOPED_TRACE(absl::StrCat("from ", first, ", each ", apart));
        const std::vector<std::string> keys = KeysFrom(first, apart);
        std::vector<Value> expected;
        for (const std::string& key : keys) {
          const auto at = rows.find(key);
          expected.push_back(at == rows.end() ? Value() : Value(at->second));
        }
        const auto values = from.MultiGet(Family::kState, keys);
        ASSERT_OK(values);
        EXPECT_EQ(*values, expected);
      }
    }
  }

  Factory factory_;
  std::unique_ptr<Store> store_;
  Rows rows_;
};
TYPED_TEST_SUITE_P(ManyKeysTest);

TYPED_TEST_P(ManyKeysTest, AreFoundWhetherTheyStandTogetherOrApart) {
  for (int i = 0; i < kRows; ++i) this->Put(i, "old");
  ASSERT_OK(this->store_->FlushViews(/*wait=*/true));
  for (int i = 0; i < kRows; i += 7) this->Put(i, "new");
  this->Delete(1'000, 1'900);  // More than a reader should step over.
  this->ExpectRows(this->rows_, *this->store_);
}

TYPED_TEST_P(ManyKeysTest, OfAnEarlierMomentStandStill) {
  for (int i = 0; i < kRows; ++i) this->Put(i, "old");
  const std::unique_ptr<Readable> moment = this->store_->TakeSnapshot();
  const Rows then = this->rows_;
  for (int i = 0; i < kRows + 100; i += 3) this->Put(i, "new");
  this->Delete(1, kRows / 2);
  this->ExpectRows(then, *moment);
  this->ExpectRows(this->rows_, *this->store_);
}

REGISTER_TYPED_TEST_SUITE_P(ManyKeysTest, AreFoundWhetherTheyStandTogetherOrApart,
                            OfAnEarlierMomentStandStill);

using Factories = ::testing::Types<MemoryFactory, RocksFactory, ArchivedFactory, WaitingFactory,
                                   WrittenBackFactory>;
INSTANTIATE_TYPED_TEST_SUITE_P(Each, ManyKeysTest, Factories);

}  // namespace
}  // namespace puhui::ledger
