// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/payout_run_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/engine/record_day.h"
#include "merchant/app/payout_plan.h"

#include "absl/strings/str_cat.h"

#include <cstdlib>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

absl::string_view NameOf(PayoutRunState state) {
  switch (state) {
    case PayoutRunState::kCreated:
      return "CREATED";
    case PayoutRunState::kApproved:
      return "APPROVED";
    case PayoutRunState::kExported:
      return "EXPORTED";
    case PayoutRunState::kFinished:
      return "FINISHED";
    case PayoutRunState::kCancelled:
      return "CANCELLED";
  }
  std::abort();
}

Refusal TooManyOrigins() {
  return {.reason = Reason::kPayoutOriginsLimit,
          .field = "statements",
          .message = absl::StrCat("the statements are of more than ", kOriginsPerRunMax,
                                  " origins together: take fewer"),
          .metadata = {{"origins_max", absl::StrCat(kOriginsPerRunMax)}}};
}

}  // namespace

Refusal RefuseRun(PayoutRunState state, absl::string_view wanted) {
  return {.reason = Reason::kPayoutRunState,
          .field = "name",
          .message = absl::StrCat("the run is ", NameOf(state), ", not ", wanted),
          .metadata = {{"state", std::string(NameOf(state))}}};
}

Refusal NoSuchRun(absl::string_view field) {
  return {.reason = Reason::kNotFound,
          .field = std::string(field),
          .message = "there is no such payout run"};
}

absl::optional<Refusal> CreatePayoutRunCommand::Decide(const ledger::DecideContext& context,
                                                       ledger::Decision& decision) {
  PUHUI_CHECK(!wish_.statements.empty() && wish_.statements.size() <= kPaymentsPerRunMax);
  const std::uint32_t* runs = tables_.counts.Find(kPayoutRunCount);
  const std::uint32_t run = (runs == nullptr ? 0 : *runs) + 1;
  jv1::PayoutRunCreated& created = *decision.Add().mutable_payout_run_created();
  created.set_run(run);
  created.set_message_id(MessageId(wish_.message_prefix, run));
  created.set_fen_per_point(wish_.fen_per_point);
  created.set_person(wish_.person);
  PayoutPlan plan(&tables_, context.now);
  absl::optional<Refusal> first;
  for (std::size_t i = 0; i < wish_.statements.size(); ++i) {
    auto refusal =
        plan.Take(wish_.statements[i], absl::StrCat("statements[", i, "].statement"), created);
    // The earliest rule of all statements, whichever is broken first.
    if (refusal.has_value() && (!first.has_value() || refusal->reason < first->reason)) {
      first = std::move(refusal);
    }
  }
  if (wish_.fen_per_point == 0 && (!first.has_value() || first->reason > Reason::kNotFound)) {
    return Refusal{.reason = Reason::kPayerNotConfigured,
                   .message = "the configuration does not say who pays (payouts)"};
  }
  if (first.has_value()) return first;
  // One statement cannot be made smaller, and refused for it would never be paid.
  if (wish_.statements.size() > 1 && plan.origins() > kOriginsPerRunMax) return TooManyOrigins();
  if (plan.points() > Points::kMax) {
    return Refusal{.reason = Reason::kAmountOverflow,
                   .field = "statements",
                   .message = absl::StrCat("a run pays at most ", Points::kMax, " points")};
  }
  return absl::nullopt;
}

absl::optional<Refusal> ApprovePayoutRunCommand::Decide(const ledger::DecideContext& context,
                                                        ledger::Decision& decision) {
  const PayoutRunRow* run = tables_.payout_runs.Find(wish_.run);
  if (run == nullptr) return NoSuchRun("name");
  if (run->maker == wish_.person) {
    return Refusal{.reason = Reason::kSamePerson,
                   .field = "name",
                   .message = "who made the run may not approve it"};
  }
  if (run->state != PayoutRunState::kCreated) return RefuseRun(run->state, "CREATED");
  if (auto refusal = FindMoved(*run, context.now)) return refusal;
  if (run->account_changes > 0 && !wish_.account_changes_accepted) {
    return Refusal{.reason = Reason::kBankAccountChanged,
                   .field = "account_changes_accepted",
                   .message = absl::StrCat(run->account_changes,
                                           " payments go to accounts that merchants changed since "
                                           "they agreed"),
                   .metadata = {{"account_changes", absl::StrCat(run->account_changes)}}};
  }
  jv1::PayoutRunApproved& approved = *decision.Add().mutable_payout_run_approved();
  approved.set_run(wish_.run);
  approved.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ApprovePayoutRunCommand::FindMoved(const PayoutRunRow& run,
                                                           absl::Time now) {
  const std::uint32_t payments = run.payments;
  for (std::uint32_t number = 1; number <= payments; ++number) {
    const PaymentRow* payment = tables_.payments.Find({wish_.run, number});
    PUHUI_CHECK(payment != nullptr);
    if (payment->state != PaymentState::kOpen) continue;
    const PayeeRow* payee = tables_.payees.Find(payment->statement.merchant);
    PUHUI_CHECK(payee != nullptr);
    if (AccountAt(payee->usable, now) == payment->account) continue;
    return Refusal{.reason = Reason::kBankAccountChanged,
                   .field = "name",
                   .message = absl::StrCat("the merchant of payment ", number,
                                           " has another account by now: cancel the run"),
                   .metadata = {{"payment", absl::StrCat(number)}}};
  }
  return absl::nullopt;
}

absl::optional<Refusal> CancelPayoutRunCommand::Decide(const ledger::DecideContext& /*context*/,
                                                       ledger::Decision& decision) {
  const PayoutRunRow* run = tables_.payout_runs.Find(wish_.run);
  if (run == nullptr) return NoSuchRun("name");
  if (run->state != PayoutRunState::kCreated && run->state != PayoutRunState::kApproved) {
    return RefuseRun(run->state, "CREATED or APPROVED");
  }
  jv1::PayoutRunCancelled& cancelled = *decision.Add().mutable_payout_run_cancelled();
  cancelled.set_run(wish_.run);
  cancelled.set_reason(wish_.reason);
  cancelled.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ExportPayoutRunCommand::Decide(const ledger::DecideContext& /*context*/,
                                                       ledger::Decision& decision) {
  const PayoutRunRow* run = tables_.payout_runs.Find(wish_.run);
  if (run == nullptr) return NoSuchRun("name");
  const bool again = run->state == PayoutRunState::kExported;
  if (!again && run->state != PayoutRunState::kApproved) {
    return RefuseRun(run->state, "APPROVED or EXPORTED");
  }
  if (!wish_.file_hash.has_value()) {
    // Approved since. What would be recorded without its file could never be handed out.
    return Refusal{
        .reason = Reason::kPayoutRunState,
        .field = "name",
        .message = "the run was not approved yet when its file was to be written: ask again",
        .metadata = {{"state", std::string(NameOf(run->state))}}};
  }
  if (again && *wish_.file_hash != run->file_hash) {
    return Refusal{.reason = Reason::kPayoutFileChanged,
                   .field = "name",
                   .message =
                       "the bank may have the file that was exported before, and this would "
                       "be another of the same name"};
  }
  jv1::PayoutRunExported& exported = *decision.Add().mutable_payout_run_exported();
  exported.set_run(wish_.run);
  exported.set_file_hash(std::string(ledger::AsBytes(*wish_.file_hash)));
  exported.set_execution_day(ledger::DayForRecord(wish_.execution_day));
  exported.set_person(wish_.person);
  return absl::nullopt;
}

}  // namespace puhui::merchant
