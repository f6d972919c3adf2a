// SPDX-License-Identifier: Apache-2.0
// The model's bills.
#include "tests/model/ledger_model.h"

#include <algorithm>

namespace puhui::testing {

using ledger::Reason;

bool LedgerModel::KeepsBill(Sequence number) const {
  const auto bill = bills.find(number);
  if (bill == bills.end()) return false;
  const std::vector<Sequence>& kept = kept_bills.at(std::get<0>(bill->second.keys));
  return std::count(kept.begin(), kept.end(), number) > 0;
}

// With each that comes two go that were over long ago.
Verdict LedgerModel::CreateBill(const TillCall& call, const Bill& bill) {
  Verdict verdict = CheckCall(call);
  if (!verdict.has_value()) verdict = CheckMerchant(call);
  if (!verdict.has_value()) verdict = CheckBatch(call);
  if (!verdict.has_value()) {
    bills[call.sequence] = bill;
    bills[call.sequence].keys = call.keys;
    std::vector<Sequence>& kept = kept_bills[std::get<0>(call.keys)];
    kept.push_back(call.sequence);
    for (int i = 0; i < 2; ++i) {
      if (bills.at(kept.front()).expiry + absl::Minutes(10) > call.now) break;
      kept.erase(kept.begin());
    }
  }
  return Judge(call, Call::kBill, verdict);
}

Verdict LedgerModel::PayBill(const TillCall& call, Sequence number, std::uint64_t token,
                             MemberId member) {
  if (!KeepsBill(number) || bills[number].token != token) return Reason::kNotFound;
  Bill& bill = bills[number];
  // No till finds anything to reverse under the member's request.
  requests.emplace(call.request, std::pair(Call::kDeclined, call.sequence));
  const TillCall till{.keys = bill.keys, .sequence = number, .now = call.now};
  const Terminal& terminal = terminals.at(std::get<0>(bill.keys));
  if (terminal.blocked || terminal.retired) return Reason::kTerminalNotActive;
  if (const Verdict refused = CheckMerchant(till)) return refused;
  if (members.at(member).standing != Standing::kActive) return Reason::kMemberNotActive;
  if (bill.paid) return Reason::kBillPaid;
  if (bill.cancelled) return Reason::kBillCancelled;
  if (bill.expiry <= call.now) return Reason::kBillExpired;
  if (const Verdict refused = CheckBatch(till)) return refused;
  calls.erase(bill.keys);  // Paid, it is the first under its keys.
  const Verdict verdict = Take(till, {.member = member}, bill.wish);
  bill.paid = !verdict.has_value();
  calls.emplace(bill.keys, std::pair(bill.paid ? Call::kPurchase : Call::kBill, number));
  return verdict;
}

}  // namespace puhui::testing
