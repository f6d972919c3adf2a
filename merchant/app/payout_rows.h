// SPDX-License-Identifier: Apache-2.0
// What merchants are paid, and the tables it stands in.
#ifndef PUHUI_MERCHANT_APP_PAYOUT_ROWS_H_
#define PUHUI_MERCHANT_APP_PAYOUT_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/tables.h"
#include "merchant/app/statement_rows.h"
#include "merchant/core/payout.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Numbers are those of puhui.v1.PayoutRunState. Stored.
enum class PayoutRunState : std::uint8_t {
  kCreated = 1,
  kApproved = 2,
  kExported = 3,
  kFinished = 4,
  kCancelled = 5,
};

// Numbers are those of puhui.v1.PayoutPaymentState. Stored.
enum class PaymentState : std::uint8_t {
  kOpen = 1,
  kPaid = 2,
  kRejected = 3,
  kCancelled = 4,
  kNothingDue = 5,
  kReturned = 6,
};

// What a merchant is paid to, and in which order.
struct PayeeRow {
  std::uint32_t accounts = 0;           // How many were proposed.
  std::uint32_t proposed = 0;           // The one that waits to be confirmed; 0: none.
  std::vector<UsableAccount> usable{};  // Those that were confirmed, as they come into use.
  // Days are put into runs for the first time in their order. Not set: none waits.
  absl::optional<absl::CivilDay> next_day{};
  absl::optional<absl::CivilDay> last_day{};  // The newest that was cut.
  std::vector<OriginSum> carried{};           // What days so far fell short by, below zero.

  std::size_t HeapBytes() const {
    return usable.capacity() * sizeof(UsableAccount) + carried.capacity() * sizeof(OriginSum);
  }
  template <class F>
  void Fields(F& f) {
    f(accounts, proposed, usable, next_day, last_day, carried);
  }
};

// What is paid of a statement, from its cut on.
struct PayoutRow {
  absl::optional<absl::CivilDay> following{};  // The merchant's day that waits behind this one.
  std::uint32_t attempts = 0;                  // How many runs it was in.
  std::vector<OriginSum> sums{};     // What is paid: as the first run had it, the same ever after.
  std::vector<OriginSum> carried{};  // The merchant's, behind it.
  std::uint32_t run = 0;             // The latest run, and its place in it.
  std::uint32_t payment = 0;
  std::uint32_t claims = 0;  // Of its rejected payments, those that wait to be corrected to PAID.

  std::size_t HeapBytes() const {
    return (sums.capacity() + carried.capacity()) * sizeof(OriginSum);
  }
  template <class F>
  void Fields(F& f) {
    f(following, attempts, sums, carried, run, payment, claims);
  }
};

struct PayoutRunRow {
  PayoutRunState state = PayoutRunState::kCreated;
  std::string message_id{};
  std::uint32_t fen_per_point = 0;
  std::uint32_t payments = 0;
  std::uint32_t open = 0;
  std::uint32_t paid = 0;
  std::uint32_t rejected = 0;
  std::uint32_t nothing_due = 0;
  std::uint32_t account_changes = 0;
  std::int64_t points = 0;
  std::string maker{};
  absl::Time create_time{};
  std::string approver{};
  absl::optional<absl::Time> approve_time{};
  absl::optional<absl::Time> export_time{};
  ledger::Hash file_hash{};  // Once it was exported.
  absl::optional<absl::CivilDay> execution_day{};
  absl::optional<absl::Time> finish_time{};
  std::string cancel_reason{};
  std::uint32_t returned = 0;

  template <class F>
  void Fields(F& f) {
    f(state, message_id, fen_per_point, payments, open, paid, rejected, nothing_due,
      account_changes, points, maker, create_time, approver, approve_time, export_time, file_hash,
      execution_day, finish_time, cancel_reason, returned);
  }
};

struct PaymentKey {
  std::uint32_t run = 0;
  std::uint32_t payment = 0;  // From 1.

  template <class F>
  void Fields(F& f) {
    f(run, payment);
  }
  friend bool operator==(const PaymentKey&, const PaymentKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const PaymentKey& key) {
    return H::combine(std::move(hash), key.run, key.payment);
  }
};

// What became of a payment, other than the bank's answer said.
struct PaymentCorrectionRow {
  Sequence proposal = 0;  // Its record.
  PaymentState state{};   // kPaid or kReturned.
  std::string bank_reference{};
  std::string reason{};
  std::string proposer{};
  absl::Time propose_time{};
  std::string decider{};
  absl::optional<absl::Time> decide_time{};
  bool confirmed = false;
  std::string rejection{};  // Why not.

  template <class F>
  void Fields(F& f) {
    f(proposal, state, bank_reference, reason, proposer, propose_time, decider, decide_time,
      confirmed, rejection);
  }
};

// What is paid, by whose money, stands in the statement's row of kPayoutTable.
struct PaymentRow {
  PaymentState state = PaymentState::kOpen;
  StatementKey statement{};
  std::uint32_t account = 0;  // Of the merchant; 0: there is nothing to pay.
  bool account_changed = false;
  std::uint32_t attempt = 0;
  std::int64_t points = 0;
  std::string bank_status{};  // As the bank said last.
  std::string bank_reason{};
  absl::optional<absl::Time> answer_time{};
  absl::optional<PaymentCorrectionRow> correction{};  // The latest.

  // A second person has not decided yet.
  bool CorrectionWaits() const {
    return correction.has_value() && !correction->decide_time.has_value();
  }
  template <class F>
  void Fields(F& f) {
    f(state, statement, account, account_changed, attempt, points, bank_status, bank_reason,
      answer_time, correction);
  }
};

inline constexpr ledger::TypedTable<MerchantNumber, PayeeRow> kPayeeTable{
    ledger::Table::kPayees, ledger::Family::kState, "payees"};
inline constexpr ledger::TypedTable<std::uint32_t, PayoutRunRow> kPayoutRunTable{
    ledger::Table::kPayoutRuns, ledger::Family::kIndex, "payout runs"};
inline constexpr ledger::TypedTable<PaymentKey, PaymentRow> kPaymentTable{
    ledger::Table::kPayments, ledger::Family::kIndex, "payments"};
inline constexpr ledger::TypedTable<StatementKey, PayoutRow> kPayoutTable{
    ledger::Table::kPayouts, ledger::Family::kState, "payouts"};
inline constexpr ledger::TypedTable<StatementKey, bool> kUnsettledDayTable{
    ledger::Table::kUnsettledDays, ledger::Family::kIndex, "unsettled days"};
inline constexpr ledger::TypedTable<std::string, PaymentKey> kBankMovementTable{
    ledger::Table::kBankMovements, ledger::Family::kState, "bank movements"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PAYOUT_ROWS_H_
