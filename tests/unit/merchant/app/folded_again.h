// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_FOLDED_AGAIN_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_FOLDED_AGAIN_H_

#include "merchant/app/applier.h"
#include "merchant/app/tables.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

namespace puhui::merchant {

// Folds the journal anew, and compares every row.
inline void ExpectFoldsAlike(testing::LedgerFixture& live) {
  testing::LedgerFixture again;
  Tables tables(&again.set());
  MerchantApplier applier(&tables, &again.views());
  again.Attach(&applier);
  ASSERT_OK(again.RecoverFrom(live));
  for (const ledger::Family family : {ledger::Family::kState, ledger::Family::kIndex}) {
    const auto ours = live.store().NewCursor(family);
    const auto folded = again.store().NewCursor(family);
    ours->Seek("");
    folded->Seek("");
    for (; ours->Valid() && folded->Valid(); ours->Next(), folded->Next()) {
      EXPECT_EQ(ours->key(), folded->key());
      EXPECT_EQ(ours->value(), folded->value());
    }
    EXPECT_EQ(ours->Valid(), folded->Valid());
  }
}

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_FOLDED_AGAIN_H_
