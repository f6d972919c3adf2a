// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/directory_applier.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/entries.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::merchant {

namespace jv1 = journal::v1;

absl::Status DirectoryApplier::Apply(const jv1::Record& record) {
  if (record.has_merchant_registered()) return Register(record);
  if (record.has_merchant_applied()) return NoteApplication(record);
  if (record.has_merchant_decided()) return DecideApplication(record);
  if (record.has_agreement_made()) return MakeAgreement(record.agreement_made());
  if (record.has_merchant_state_changed()) return ChangeMerchant(record);
  if (record.has_terminal_state_changed()) return ChangeTerminal(record.terminal_state_changed());
  if (record.has_store_created()) CreateStore(record.store_created());
  if (record.has_terminal_enrolled()) Enrol(record.terminal_enrolled());
  if (record.has_terminal_blocked()) {
    tables_.terminals.Edit(TerminalNumber{record.terminal_blocked().terminal()}).state =
        TerminalState::kBlocked;
  }
  return absl::OkStatus();
}

absl::Status DirectoryApplier::Register(const jv1::Record& record) {
  return Take(
      record.merchant_registered(),
      {.state = MerchantState::kActive, .create_time = absl::FromUnixMicros(record.time_micros())});
}

absl::Status DirectoryApplier::NoteApplication(const jv1::Record& record) {
  const jv1::MerchantApplied& applied = record.merchant_applied();
  if (applied.person().empty()) return absl::DataLossError("an application of nobody");
  return Take(applied.wish(), {.state = MerchantState::kApplied,
                               .create_time = absl::FromUnixMicros(record.time_micros()),
                               .applicant = applied.person()});
}

// A number and an id for good.
absl::Status DirectoryApplier::Take(const jv1::MerchantRegistered& registered, MerchantRow row) {
  PUHUI_RETURN_IF_ERROR(CheckRate(registered.fee_basis_points()));
  const MerchantNumber number{registered.number()};
  row.id = registered.id();
  row.display_name = registered.display_name();
  row.category = registered.category();
  row.fee_rate = BasisPoints::FromStored(registered.fee_basis_points());
  row.balance_shown = registered.balance_shown();
  row.goods_named = registered.goods_named();
  row.time_zone = registered.time_zone();
  tables_.merchants.Put(number, std::move(row));
  tables_.merchant_ids.Put(registered.id(), number);
  tables_.counts.Put(kMerchantCount, registered.number());
  return absl::OkStatus();
}

absl::Status DirectoryApplier::DecideApplication(const jv1::Record& record) {
  const jv1::MerchantDecided& decided = record.merchant_decided();
  PUHUI_RETURN_IF_ERROR(CheckRate(decided.fee_basis_points()));
  MerchantRow& row = tables_.merchants.Edit(MerchantNumber{decided.merchant()});
  if (row.state != MerchantState::kApplied) {
    return absl::DataLossError(
        absl::StrCat("merchant ", decided.merchant(), " is decided on and does not wait for it"));
  }
  row.state = decided.accepted() ? MerchantState::kActive : MerchantState::kRejected;
  row.fee_rate = BasisPoints::FromStored(decided.fee_basis_points());
  row.balance_shown = decided.balance_shown();
  row.goods_named = decided.goods_named();
  row.decide_time = absl::FromUnixMicros(record.time_micros());
  row.decide_reason = decided.reason();
  return absl::OkStatus();
}

// Sorted by start, so that the one in force is found by going along.
absl::Status DirectoryApplier::MakeAgreement(const jv1::AgreementMade& made) {
  PUHUI_RETURN_IF_ERROR(CheckRate(made.fee_basis_points()));
  PUHUI_RETURN_IF_ERROR(CheckRate(made.discount_basis_points()));
  PUHUI_RETURN_IF_ERROR(CheckRate(made.fee_basis_points() + made.discount_basis_points()));
  Agreement agreement{.number = made.number(),
                      .start = absl::FromUnixMicros(made.start_micros()),
                      .fee = BasisPoints::FromStored(made.fee_basis_points()),
                      .discount = BasisPoints::FromStored(made.discount_basis_points()),
                      .settlement_days = made.settlement_days(),
                      .goods_named = made.goods_named()};
  if (made.end_micros() != 0) agreement.end = absl::FromUnixMicros(made.end_micros());
  std::vector<Agreement>& agreements =
      tables_.merchants.Edit(MerchantNumber{made.merchant()}).agreements;
  if (OverlappedBy(agreement, agreements) != nullptr) {
    return absl::DataLossError(
        absl::StrCat("agreement ", made.number(), " of merchant ", made.merchant(), " overlaps"));
  }
  const auto later =
      std::find_if(agreements.begin(), agreements.end(),
                   [&](const Agreement& other) { return other.start > agreement.start; });
  agreements.insert(later, agreement);
  return absl::OkStatus();
}

absl::Status DirectoryApplier::ChangeMerchant(const jv1::Record& record) {
  const jv1::MerchantStateChanged& changed = record.merchant_state_changed();
  const auto state = static_cast<MerchantState>(changed.state());
  if (state < MerchantState::kActive || state > MerchantState::kClosed) {
    return absl::DataLossError(absl::StrCat("a merchant in state ", changed.state()));
  }
  MerchantRow& row = tables_.merchants.Edit(MerchantNumber{changed.merchant()});
  if (!WasAccepted(row.state)) {
    return absl::DataLossError(absl::StrCat("merchant ", changed.merchant(), " was not accepted"));
  }
  row.state = state;
  if (state == MerchantState::kClosed) row.close_time = absl::FromUnixMicros(record.time_micros());
  return absl::OkStatus();
}

absl::Status DirectoryApplier::ChangeTerminal(const jv1::TerminalStateChanged& changed) {
  const auto state = static_cast<TerminalState>(changed.state());
  TerminalRow& row = tables_.terminals.Edit(TerminalNumber{changed.terminal()});
  const bool known = state >= TerminalState::kActive && state <= TerminalState::kRetired;
  if (!known || (row.state == TerminalState::kRetired && state != TerminalState::kRetired)) {
    return absl::DataLossError(
        absl::StrCat("terminal ", changed.terminal(), " cannot get to state ", changed.state()));
  }
  row.state = state;
  return absl::OkStatus();
}

void DirectoryApplier::CreateStore(const jv1::StoreCreated& created) {
  tables_.stores.Put({MerchantNumber{created.merchant()}, created.id()},
                     StoreRow{.display_name = created.display_name(),
                              .region = created.region(),
                              .time_zone = created.time_zone()});
}

void DirectoryApplier::Enrol(const jv1::TerminalEnrolled& enrolled) {
  const TerminalNumber number{enrolled.number()};
  const MerchantNumber merchant{enrolled.merchant()};
  tables_.terminals.Put(
      number, TerminalRow{.merchant = merchant, .store = enrolled.store(), .id = enrolled.id()});
  tables_.terminal_ids.Put({merchant, enrolled.id()}, number);
  tables_.counts.Put(kTerminalCount, enrolled.number());
}

}  // namespace puhui::merchant
