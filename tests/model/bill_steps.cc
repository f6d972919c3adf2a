// SPDX-License-Identifier: Apache-2.0
// Bills that tills present, and members who pay them: in time, too late, twice, and by guessing.
#include "ledger/storage/typed_reads.h"
#include "merchant/app/bill_commands.h"
#include "merchant/app/queries.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace puhui::testing {
namespace {

ledger::Tag BillHashOf(std::uint64_t token) { return TagOf(token * 4 + 1); }

merchant::TillOutcome OutcomeOf(const LedgerModel::Bill& bill) {
  if (bill.paid) return merchant::TillOutcome::kPurchase;
  return bill.cancelled ? merchant::TillOutcome::kBillCancelled : merchant::TillOutcome::kBill;
}

}  // namespace

void RandomDriver::CreateBill() {
  const LedgerModel::TillCall draft = AnyCall();
  const merchant::TillCall till = CallOf(draft);
  const absl::Duration lifetime =
      absl::Seconds(30 + static_cast<std::int64_t>(random_.Below(7'000)));
  const LedgerModel::Bill bill{
      .wish = AnyWish(AnyMember(), draft.now), .expiry = draft.now + lifetime, .token = ++drawn_};
  const auto outcome = Run([=, this] {
    merchant::SpendCommand::Wish wish = SpendWishOf(bill.wish);
    return std::make_unique<merchant::CreateBillCommand>(
        Till(), till,
        merchant::CreateBillCommand::Wish{
            .points = wish.points,
            .accept_partial = wish.accept_partial,
            .lines = std::move(wish.lines),
            .lifetime = lifetime,
            .token = {.nonce = std::string(16, 'n'), .hash = BillHashOf(bill.token)}});
  });
  ASSERT_OK(outcome);
  LedgerModel::TillCall call = draft;
  call.sequence = outcome->first().sequence();
  Expect(model_.CreateBill(call, bill), outcome);
}

// Mostly one of the last; now and then a record that is none, or with a token that does not fit.
void RandomDriver::PayBill() {
  const absl::optional<MemberId> member = AnyMember();
  if (!member.has_value()) return;
  Sequence number = 1 + random_.Below(50);
  std::uint64_t token = 0;
  if (!model_.bills.empty() && random_.Below(20) != 0) {
    const auto back = 1 + random_.Below(std::min<std::uint64_t>(model_.bills.size(), 8));
    const auto at = std::prev(model_.bills.end(), static_cast<std::ptrdiff_t>(back));
    number = at->first;
    if (random_.Below(20) != 0) token = at->second.token;
  }
  LedgerModel::TillCall call{.request = requests_ + 1, .now = NextTime()};
  const auto outcome = Run([=, this] {
    return std::make_unique<merchant::PayBillCommand>(
        Till(), merchant::ShownBill{.bill = number, .token = BillHashOf(token)}, *member, "A1B2C3");
  });
  if (outcome.ok()) call.sequence = outcome->first().sequence();
  Expect(model_.PayBill(call, number, token, *member), outcome);
  CompareMember(*member);
}

void RandomDriver::CompareBills() {
  std::size_t kept = 0;
  for (const auto& [number, expected] : model_.bills) {
    const auto row = ledger::Find(ledger_.store(), merchant::kBillTable, number);
    ASSERT_OK(row);
    EXPECT_EQ(row->has_value(), model_.KeepsBill(number));
    if (row->has_value()) ++kept;
    const auto [terminal, batch, trace] = expected.keys;
    const auto call =
        merchant::FindTillCall(ledger_.store(), {TerminalNumber{terminal}, batch, trace});
    ASSERT_OK(call);
    ASSERT_TRUE(call->has_value());
    EXPECT_EQ((*call)->outcome, OutcomeOf(expected));
    EXPECT_EQ((*call)->sequence, number);
  }
  const auto rows = ledger::List(ledger_.store(), merchant::kBillTable, {}, kept + 1);
  ASSERT_OK(rows);
  EXPECT_EQ(rows->size(), kept);
  const auto order = ledger::List(ledger_.store(), merchant::kBillOrderTable, {}, kept + 1);
  ASSERT_OK(order);
  EXPECT_EQ(order->size(), kept);
}

}  // namespace puhui::testing
