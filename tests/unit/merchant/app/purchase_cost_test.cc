// SPDX-License-Identifier: Apache-2.0
// What a purchase costs the writer does not depend on what its member bought before.
#include "ledger/storage/store.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include "google/protobuf/arena.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

// Counts the keys that are read, and refuses to be walked through: a purchase does not.
class CountedReads final : public ledger::Readable {
 public:
  explicit CountedReads(const ledger::Readable* below) : below_(*below) {}

  absl::StatusOr<absl::optional<std::string>> Get(ledger::Family family,
                                                  absl::string_view key) const override {
    ++keys_;
    return below_.Get(family, key);
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      ledger::Family family, absl::Span<const std::string> keys) const override {
    keys_ += keys.size();
    return below_.MultiGet(family, keys);
  }
  std::unique_ptr<ledger::Cursor> NewCursor(ledger::Family family,
                                            ledger::CursorUse use) const override {
    ADD_FAILURE() << "a purchase walks through a family";
    return below_.NewCursor(family, use);
  }

  std::size_t keys() const { return keys_; }

 private:
  const ledger::Readable& below_;
  mutable std::size_t keys_ = 0;
};

struct Cost {
  std::size_t records = 0;
  std::size_t gets = 0;
  std::size_t puts = 0;
  std::size_t bytes = 0;  // Of what is put.
};

class PurchaseCostTest : public TillTest {
 protected:
  PurchaseCostTest() { AddLot(1'000'000, absl::Hours(1'000)); }

  // Of one more purchase, by a writer that has no row in memory yet. It leaves nothing behind.
  Cost OfOneMore() {
    const CountedReads store(&ledger_.store());
    ledger::TableSet set(&store);
    ledger::LedgerViews views(&set, std::size_t{1} << 20);
    Tables tables(&set);
    MerchantApplier applier(&tables, &views);
    PurchaseCommand command(
        {&tables, &views}, NextCall(),
        {.card = kCard, .points = Points::FromStored(1), .authorization_code = "A1B2C3"});
    command.request = testing::RequestOf(++requests_);
    const ledger::RequestIdentity& asked = *command.request;
    EXPECT_EQ(views.requests.Find(views.RequestKey(asked.caller, asked.request_id)), nullptr);
    google::protobuf::Arena arena;
    ledger::Decision decision(&arena);
    const absl::Time now = ledger_.clock().Now() + absl::Milliseconds(1);  // After all there is.
    EXPECT_FALSE(command.Decide({.now = now}, decision).has_value());
    Cost cost{.records = decision.records().size()};
    Sequence sequence = ledger_.last_sequence();
    for (journal::v1::Record* record : decision.records()) {
      EXPECT_TRUE(record->entry().has_purchase());
      record->set_sequence(++sequence);
      record->set_time_micros(absl::ToUnixMicros(now));
      record->set_period(views.periods.current());
      record->mutable_request()->set_caller(asked.caller);
      record->mutable_request()->set_request_id(asked.request_id);
      record->mutable_request()->set_digest(std::string(ledger::TagBytes(asked.digest)));
      EXPECT_OK(views.Apply(*record));
      EXPECT_OK(applier.Apply(*record));
    }
    EXPECT_OK(views.EndSegment(sequence));
    EXPECT_OK(applier.EndSegment(sequence));
    ledger::WriteBatch rows;
    ledger::WriteBatch vault;
    set.CloseGroup(&rows, &vault);
    cost.gets = store.keys();
    cost.puts = rows.changes().size() + vault.changes().size();
    cost.bytes = rows.bytes() + vault.bytes();
    return cost;
  }
  // The most that one of so many costs, which are bought, a second apart. Now and then one costs
  // more, when it packs what some before it left: that is within 32.
  Cost MostOfTheNext32() {
    Cost most;
    for (int i = 0; i < 32; ++i) {
      const Cost cost = OfOneMore();
      most.records = std::max(most.records, cost.records);
      most.gets = std::max(most.gets, cost.gets);
      most.puts = std::max(most.puts, cost.puts);
      most.bytes = std::max(most.bytes, cost.bytes);
      Buy(1);
      ledger_.clock().Advance(absl::Seconds(1));
    }
    return most;
  }
};

TEST_F(PurchaseCostTest, TheTwoThousandthCostsWhatTheFirstDid) {
  const Cost first = MostOfTheNext32();
  for (int i = 32; i < 2'000; ++i) {
    Buy(1);
    ledger_.clock().Advance(absl::Seconds(1));
  }
  const Cost late = MostOfTheNext32();
  EXPECT_EQ(first.records, 1U);
  EXPECT_EQ(late.records, 1U);
  EXPECT_GT(first.gets, 0U);
  EXPECT_GT(first.puts, 0U);
  EXPECT_LE(late.gets, first.gets);
  EXPECT_LE(late.puts, first.puts);
  // Numbers are longer, and nothing else is.
  EXPECT_LT(late.bytes, first.bytes + 256);
}

}  // namespace
}  // namespace puhui::merchant
