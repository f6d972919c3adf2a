// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/bill_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/app/bill_applier.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <cstdlib>

namespace puhui::merchant {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> CreateBillCommand::Carry(const Till& till,
                                                 const ledger::DecideContext& context,
                                                 ledger::Decision& decision) {
  PUHUI_CHECK(wish_.lifetime >= kBillLifetimeMin && wish_.lifetime <= kBillLifetimeMax);
  if (auto refusal = CheckCallIsNew(till)) return refusal;
  if (auto refusal = CheckTerminal(till)) return refusal;
  if (auto refusal = CheckMerchant(till)) return refusal;
  if (auto refusal = CheckBatch(till)) return refusal;
  if (auto refusal = CheckLines(till, wish_.lines, context.now)) return refusal;
  if (auto refusal = CheckRoom(till, context.now)) return refusal;
  jv1::BillCreated& created = *decision.Add().mutable_bill_created();
  *created.mutable_till() = till.record;
  created.set_points(wish_.points.value());
  for (const ledger::BasketLine& line : wish_.lines) {
    jv1::BasketLine& stored = *created.add_lines();
    stored.set_category(line.category);
    stored.set_region(line.region);
    stored.set_points(line.points);
  }
  created.set_accept_partial(wish_.accept_partial);
  created.set_expire_time_micros(absl::ToUnixMicros(context.now + wish_.lifetime));
  created.set_nonce(wish_.token.nonce);
  created.set_token_hash(std::string(ledger::TagBytes(wish_.token.hash)));
  return absl::nullopt;
}

absl::optional<Refusal> CreateBillCommand::CheckRoom(const Till& till, absl::Time now) {
  const TerminalBills* bills = state_.tables->terminal_bills.Find(till.terminal_number);
  if (bills == nullptr || bills->presented - bills->forgotten < kBillsPerTerminalMax) {
    return absl::nullopt;
  }
  if (BillToForget(*state_.tables, till.terminal_number, now).has_value()) return absl::nullopt;
  return Refusal{.reason = Reason::kBillsPerTerminalLimit,
                 .message = absl::StrCat("a terminal has at most ", kBillsPerTerminalMax,
                                         " bills; want less of them, or shorter ones")};
}

void CreateBillCommand::Describe(jv1::Declined& declined) const {
  declined.set_points(wish_.points.value());
}

absl::optional<Refusal> RefuseBill(BillState state) {
  switch (state) {
    case BillState::kOpen:
      return absl::nullopt;
    case BillState::kPaid:
      return Refusal{
          .reason = Reason::kBillPaid, .field = "qr_text", .message = "the bill was paid"};
    case BillState::kExpired:
      return Refusal{
          .reason = Reason::kBillExpired, .field = "qr_text", .message = "the bill expired"};
    case BillState::kCancelled:
      return Refusal{.reason = Reason::kBillCancelled,
                     .field = "qr_text",
                     .message = "the till cancelled the bill"};
  }
  std::abort();
}

absl::variant<TillCommand::Till, Refusal> PayBillCommand::FindTill() {
  const BillRow* bill = state_.tables->bills.Find(shown_.bill);
  if (bill == nullptr || bill->token != shown_.token) {
    return Refusal{.reason = Reason::kNotFound, .message = "no such bill"};
  }
  key_ = bill->key();
  expiry_ = bill->expiry;
  wish_.points = bill->points;
  wish_.accept_partial = bill->accept_partial;
  wish_.lines = bill->lines;
  return TillOf(key_, bill->local_time);
}

absl::optional<Refusal> PayBillCommand::Carry(const Till& till,
                                              const ledger::DecideContext& context,
                                              ledger::Decision& decision) {
  const ledger::Wallet* wallet = nullptr;
  if (auto refusal = CheckParties(till, context.now, &wallet)) return refusal;
  const TillRow* call = state_.tables->till_calls.Find(key_);
  PUHUI_CHECK(call != nullptr);
  if (auto refusal = RefuseBill(BillStateAt(call->outcome, expiry_, context.now))) return refusal;
  if (auto refusal = CheckBatch(till)) return refusal;
  if (auto refusal = Buy(till, *wallet, context.now, decision)) return refusal;
  decision.records().front()->mutable_entry()->mutable_purchase()->set_bill(shown_.bill);
  return absl::nullopt;
}

void PayBillCommand::Describe(jv1::Declined& declined) const {
  SpendCommand::Describe(declined);
  declined.set_bill(shown_.bill);
}

}  // namespace puhui::merchant
