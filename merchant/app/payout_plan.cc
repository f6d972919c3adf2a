// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payout_plan.h"

#include "ledger/base/check.h"
#include "ledger/engine/record_day.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

void StoreSums(const std::vector<OriginSum>& sums,
               google::protobuf::RepeatedPtrField<jv1::PayoutSum>* stored) {
  for (const OriginSum& sum : sums) {
    jv1::PayoutSum& line = *stored->Add();
    line.set_origin(static_cast<std::uint32_t>(sum.origin));
    line.set_points(sum.points);
  }
}

Refusal NotDue(const std::string& field, absl::string_view message) {
  return {.reason = Reason::kStatementNotDue, .field = field, .message = std::string(message)};
}

Refusal ComesFirst(const std::string& field, const absl::optional<absl::CivilDay>& first) {
  if (!first.has_value()) return NotDue(field, "every day of the merchant is in a run already");
  const std::string day = absl::FormatCivilTime(*first);
  Refusal refusal =
      NotDue(field, absl::StrCat("days are paid in their order: ", day, " comes first"));
  refusal.metadata = {{"first_day", day}};
  return refusal;
}

std::int64_t SumOf(const std::vector<OriginSum>& sums) {
  std::int64_t points = 0;
  for (const OriginSum& sum : sums) points += sum.points;
  return points;
}

}  // namespace

PayoutPlan::Progress& PayoutPlan::ProgressOf(MerchantNumber merchant) {
  const auto [entry, is_new] = progress_.try_emplace(merchant);
  const PayeeRow* payee = is_new ? tables_.payees.Find(merchant) : nullptr;
  if (payee != nullptr) entry->second = {payee->next_day, payee->carried};
  return entry->second;
}

absl::optional<Refusal> PayoutPlan::Take(const CreatePayoutRunCommand::Statement& statement,
                                         const std::string& field, jv1::PayoutRunCreated& run) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(statement.merchant.text());
  const StatementKey key{merchant == nullptr ? MerchantNumber{} : *merchant, statement.day};
  const StatementRow* row = merchant == nullptr ? nullptr : tables_.statements.Find(key);
  if (row == nullptr) {
    return Refusal{
        .reason = Reason::kNotFound, .field = field, .message = "there is no such statement"};
  }
  if (row->state == StatementState::kPaid) return NotDue(field, "the statement is paid");
  if (row->state != StatementState::kAgreed) return NotDue(field, "the statement is not agreed");
  const PayoutRow* payout = tables_.payouts.Find(key);
  PUHUI_CHECK(payout != nullptr);  // Since it was cut.
  jv1::RunPayment& payment = *run.add_payments();
  payment.set_merchant(static_cast<std::uint32_t>(key.merchant));
  payment.set_day(ledger::DayForRecord(key.day));
  payment.set_attempt(payout->attempts + 1);
  if (payout->attempts == 0) {
    if (auto refusal = TakeNew(statement, key, field, payment)) return refusal;
  } else {
    const PaymentRow* last = tables_.payments.Find({payout->run, payout->payment});
    PUHUI_CHECK(last != nullptr);
    if (last->state == PaymentState::kOpen) {
      return NotDue(field, absl::StrCat("the statement is in run ", payout->run));
    }
    // The bank would be asked once more for what it may have paid.
    if (payout->claims > 0) {
      return NotDue(field, "somebody says that it was paid after all: decide on that first");
    }
    StoreSums(payout->sums, payment.mutable_sums());
    payment.set_points(SumOf(payout->sums));
  }
  points_ += payment.points();
  origins_ += static_cast<std::size_t>(payment.sums_size() + payment.carried_size());
  if (payment.points() == 0) return absl::nullopt;
  return ChooseAccount(statement, key, field, payment);
}

absl::optional<Refusal> PayoutPlan::TakeNew(const CreatePayoutRunCommand::Statement& statement,
                                            const StatementKey& key, const std::string& field,
                                            jv1::RunPayment& payment) {
  Progress& progress = ProgressOf(key.merchant);
  if (progress.next_day != key.day) return ComesFirst(field, progress.next_day);
  const DayFigures& figures = tables_.statements.Find(key)->lines.figures;
  if (!statement.came_to.has_value() ||
      SumOf(*statement.came_to) != figures.Payable() + figures.paid) {
    return NotDue(field, "the statement was not cut when this was asked");
  }
  const DuePayout due = DueOf(*statement.came_to, progress.carried);
  StoreSums(due.sums, payment.mutable_sums());
  StoreSums(due.carried, payment.mutable_carried());
  payment.set_points(due.Points());
  progress.carried = due.carried;
  progress.next_day = tables_.payouts.Find(key)->following;
  return absl::nullopt;
}

absl::optional<Refusal> PayoutPlan::ChooseAccount(
    const CreatePayoutRunCommand::Statement& statement, const StatementKey& key,
    const std::string& field, jv1::RunPayment& payment) {
  const PayeeRow* payee = tables_.payees.Find(key.merchant);
  PUHUI_CHECK(payee != nullptr);
  const std::uint32_t account = AccountAt(payee->usable, now_);
  if (account == 0) {
    return Refusal{.reason = Reason::kBankAccountMissing,
                   .field = field,
                   .message = "the merchant has no account that may be paid to yet"};
  }
  const StatementRow* row = tables_.statements.Find(key);
  const std::uint32_t agreed =
      AccountAt(payee->usable, row->agree_time.value_or(absl::InfinitePast()));
  // An account that came where none had been redirects nothing.
  const bool changed = agreed != 0 && agreed != account;
  if (changed && !statement.account_change_accepted) {
    return Refusal{.reason = Reason::kBankAccountChanged,
                   .field = field,
                   .message = absl::StrCat("the merchant agreed while account ", agreed,
                                           " was in use, now it is account ", account),
                   .metadata = {{"agreed", absl::StrCat(agreed)}, {"now", absl::StrCat(account)}}};
  }
  payment.set_account(account);
  payment.set_account_changed(changed);
  return absl::nullopt;
}

}  // namespace puhui::merchant
