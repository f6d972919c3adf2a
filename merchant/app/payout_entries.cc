// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payout_entries.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/engine/record_day.h"

#include "absl/types/span.h"

#include <algorithm>
#include <cstddef>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;

// What leaves the one account and comes into the other; the points together.
std::int64_t AddPostings(MerchantNumber merchant, absl::Span<const OriginSum> sums, bool leaves,
                         jv1::Entry& entry) {
  std::int64_t points = 0;
  for (const OriginSum& sum : sums) {
    points += sum.points;
    for (const bool payable : {true, false}) {
      jv1::Posting& posting = *entry.add_postings();
      posting.set_kind(payable ? jv1::ACCOUNT_KIND_PAYABLE : jv1::ACCOUNT_KIND_PAYOUT);
      posting.set_owner(static_cast<std::uint32_t>(merchant));
      posting.set_origin(static_cast<std::uint32_t>(sum.origin));
      posting.set_points(payable == leaves ? -sum.points : sum.points);
    }
  }
  return points;
}

}  // namespace

void AddPayoutEntries(Tables& tables, const PaymentKey& key, PaymentState state,
                      ledger::Decision& decision) {
  const bool leaves = state == PaymentState::kPaid;
  PUHUI_CHECK(leaves || state == PaymentState::kReturned);
  const PaymentRow* payment = tables.payments.Find(key);
  PUHUI_CHECK(payment != nullptr);
  const StatementKey statement = payment->statement;
  const PayoutRow* payout = tables.payouts.Find(statement);
  PUHUI_CHECK(payout != nullptr);
  const absl::Span<const OriginSum> sums = payout->sums;
  for (std::size_t from = 0; from < sums.size(); from += kOriginsPerPayoutEntryMax) {
    jv1::Entry& entry = *decision.Add().mutable_entry();
    const std::int64_t points = AddPostings(
        statement.merchant, sums.subspan(from, kOriginsPerPayoutEntryMax), leaves, entry);
    const auto describe = [&](auto& cause) {
      cause.set_merchant(static_cast<std::uint32_t>(statement.merchant));
      cause.set_day(ledger::DayForRecord(statement.day));
      cause.set_run(key.run);
      cause.set_payment(key.payment);
      cause.set_points(points);
    };
    leaves ? describe(*entry.mutable_payout_paid()) : describe(*entry.mutable_payout_returned());
  }
}

}  // namespace puhui::merchant
