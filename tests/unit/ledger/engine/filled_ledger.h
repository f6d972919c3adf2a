// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_LEDGER_ENGINE_FILLED_LEDGER_H_
#define PUHUI_TESTS_UNIT_LEDGER_ENGINE_FILLED_LEDGER_H_

#include "ledger/storage/families.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <cstdint>
#include <string>

namespace puhui::testing {

// A ledger of 300 deposits that was stopped.
class FilledLedgerTest : public EngineTest {
 protected:
  // 300 records, so that there is a complete tile.
  void Fill() {
    ASSERT_OK(Open());
    for (std::uint64_t i = 0; i < 300; ++i) ASSERT_OK(Run(Deposit(1, RequestOf(i))));
    root_ = engine_->durable().root;
    ASSERT_OK(engine_->Shutdown());
    engine_.reset();
  }
  void ExpectWhole() {
    EXPECT_EQ(engine_->durable().sequence, 300U);
    EXPECT_EQ(engine_->durable().root, root_);
    EXPECT_EQ(StoredBudget(), 300);
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Run(Deposit(1, RequestOf(7))));
    EXPECT_EQ(again.first().sequence(), 8U);
    const ledger::VerifyReport report = Verify();
    EXPECT_TRUE(report.ok()) << report.findings[0];
  }
  void Change(ledger::Family family, const std::string& key, absl::optional<std::string> value) {
    ledger::WriteBatch batch;
    if (value.has_value()) {
      batch.Put(family, key, *value);
    } else {
      batch.Delete(family, key);
    }
    ASSERT_OK(store_->Commit(
        batch, ledger::IsView(family) ? ledger::Durability::kView : ledger::Durability::kSynced));
  }

  ledger::Hash root_{};
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_UNIT_LEDGER_ENGINE_FILLED_LEDGER_H_
