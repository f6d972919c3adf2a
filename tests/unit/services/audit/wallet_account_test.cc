// SPDX-License-Identifier: Apache-2.0
// What auditors are told that a wallet holds now.
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "tests/unit/services/merchant/pos_fixture.h"

namespace puhui::services {
namespace {

class WalletAccountTest : public PosTest {
 protected:
  void Buy(std::int64_t points) {
    auto request = Call<v1::PurchaseRequest>(kTill);
    request.set_card_number(card_);
    request.set_points(points);
    ASSERT_OK(Ask(*pos_, &Pos::Purchase, kTill, request));
  }
  // What happened to wallets, but for the last of it, which stands in their own rows.
  void ForgetActivity() {
    ASSERT_OK_AND_ASSIGN(const auto rows,
                         ledger::List(ledger_.store, ledger::kActivityTable, {}, 1'000));
    ASSERT_FALSE(rows.empty());
    ledger::WriteBatch batch;
    for (const auto& row : rows) ledger::DeleteRow(batch, ledger::kActivityTable, row.key);
    ASSERT_OK(ledger_.store.Commit(batch, ledger::Durability::kView));
  }
};

TEST_F(WalletAccountTest, IsReadFromItsRowHoweverOftenItMoved) {
  constexpr int kPurchases = 20;
  for (int i = 0; i < kPurchases; ++i) ASSERT_NO_FATAL_FAILURE(Buy(5));
  Hold(AuthorizeWish(50));
  ASSERT_NO_FATAL_FAILURE(ForgetActivity());
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_WALLET, member_), kGranted - 5 * kPurchases - 50);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_HELD, member_), 50);
  // As the index of auditors has it, which adds up what was posted.
  for (const auto kind : {v1::ACCOUNT_KIND_WALLET, v1::ACCOUNT_KIND_HELD}) {
    EXPECT_EQ(Account(kind, member_), Account(kind, member_, LastRecord()));
  }
}

}  // namespace
}  // namespace puhui::services
