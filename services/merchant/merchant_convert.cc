// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/merchant_convert.h"

#include "services/rpc/text_field.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

v1::MerchantState ToProto(merchant::MerchantState state) {
  switch (state) {
    case merchant::MerchantState::kActive:
      return v1::MERCHANT_STATE_ACTIVE;
    case merchant::MerchantState::kSuspended:
      return v1::MERCHANT_STATE_SUSPENDED;
    case merchant::MerchantState::kClosed:
      return v1::MERCHANT_STATE_CLOSED;
    case merchant::MerchantState::kApplied:
      return v1::MERCHANT_STATE_APPLIED;
    case merchant::MerchantState::kRejected:
      return v1::MERCHANT_STATE_REJECTED;
  }
  return v1::MERCHANT_STATE_UNSPECIFIED;
}

v1::TerminalState ToProto(merchant::TerminalState state) {
  switch (state) {
    case merchant::TerminalState::kActive:
      return v1::TERMINAL_STATE_ACTIVE;
    case merchant::TerminalState::kBlocked:
      return v1::TERMINAL_STATE_BLOCKED;
    case merchant::TerminalState::kRetired:
      return v1::TERMINAL_STATE_RETIRED;
  }
  return v1::TERMINAL_STATE_UNSPECIFIED;
}

v1::EnrolmentCodeState StateAt(const merchant::EnrolmentCodeRow& code, absl::Time now) {
  switch (code.state) {
    case merchant::EnrolmentCodeState::kOpen:
      return code.GoodAt(now) ? v1::ENROLMENT_CODE_STATE_OPEN : v1::ENROLMENT_CODE_STATE_EXPIRED;
    case merchant::EnrolmentCodeState::kUsed:
      return v1::ENROLMENT_CODE_STATE_USED;
    case merchant::EnrolmentCodeState::kVoid:
      return v1::ENROLMENT_CODE_STATE_VOID;
  }
  return v1::ENROLMENT_CODE_STATE_UNSPECIFIED;
}

}  // namespace

v1::Merchant MerchantOf(const journal::v1::Record& record) {
  const bool applied = record.has_merchant_applied();
  const journal::v1::MerchantRegistered& stored =
      applied ? record.merchant_applied().wish() : record.merchant_registered();
  return MerchantOf(merchant::MerchantRow{
      .id = stored.id(),
      .display_name = stored.display_name(),
      .category = stored.category(),
      .fee_rate = BasisPoints::FromStored(stored.fee_basis_points()),
      .state = applied ? merchant::MerchantState::kApplied : merchant::MerchantState::kActive,
      .create_time = absl::FromUnixMicros(record.time_micros()),
      .balance_shown = stored.balance_shown(),
      .time_zone = stored.time_zone(),
      .goods_named = stored.goods_named()});
}

v1::Merchant MerchantOf(const merchant::MerchantRow& row) {
  v1::Merchant message;
  message.set_name(absl::StrCat("merchants/", row.id));
  message.set_display_name(row.display_name);
  message.set_category(FormatCategory(row.category));
  message.set_fee_basis_points(static_cast<std::int32_t>(row.fee_rate.value()));
  message.set_state(ToProto(row.state));
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  message.set_time_zone(row.time_zone);
  if (row.close_time.has_value()) *message.mutable_close_time() = ToTimestamp(*row.close_time);
  if (row.decide_time.has_value()) *message.mutable_decide_time() = ToTimestamp(*row.decide_time);
  message.set_decide_reason(row.decide_reason);
  message.set_goods_named(row.goods_named);
  for (const merchant::Agreement& agreement : row.agreements) {
    *message.add_agreements() = AgreementOf(agreement);
  }
  return message;
}

v1::Agreement AgreementOf(const journal::v1::AgreementMade& made) {
  merchant::Agreement agreement{.number = made.number(),
                                .start = absl::FromUnixMicros(made.start_micros()),
                                .fee = BasisPoints::FromStored(made.fee_basis_points()),
                                .discount = BasisPoints::FromStored(made.discount_basis_points()),
                                .settlement_days = made.settlement_days(),
                                .goods_named = made.goods_named()};
  if (made.end_micros() != 0) agreement.end = absl::FromUnixMicros(made.end_micros());
  return AgreementOf(agreement);
}

v1::Agreement AgreementOf(const merchant::Agreement& agreement) {
  v1::Agreement message;
  message.set_number(agreement.number);
  *message.mutable_start_time() = ToTimestamp(agreement.start);
  if (agreement.end.has_value()) *message.mutable_end_time() = ToTimestamp(*agreement.end);
  message.set_fee_basis_points(static_cast<std::int32_t>(agreement.fee.value()));
  message.set_discount_basis_points(static_cast<std::int32_t>(agreement.discount.value()));
  message.set_settlement_days(agreement.settlement_days);
  message.set_goods_named(agreement.goods_named);
  return message;
}

v1::Store StoreOf(absl::string_view merchant_name, absl::string_view id,
                  const merchant::StoreRow& row) {
  v1::Store store;
  store.set_name(absl::StrCat(merchant_name, "/stores/", id));
  store.set_display_name(row.display_name);
  if (row.region != 0) store.set_region(FormatRegion(row.region));
  store.set_time_zone(row.time_zone.empty() ? "Asia/Shanghai" : row.time_zone);
  return store;
}

v1::Terminal TerminalOf(absl::string_view merchant_name, const merchant::TerminalRow& row) {
  v1::Terminal terminal;
  terminal.set_name(absl::StrCat(merchant_name, "/terminals/", row.id));
  terminal.set_store(absl::StrCat(merchant_name, "/stores/", row.store));
  terminal.set_state(ToProto(row.state));
  return terminal;
}

v1::Terminal TerminalOf(absl::string_view merchant_name, const merchant::FoundTerminal& found,
                        absl::Time now) {
  v1::Terminal terminal;
  if (found.row.has_value()) {
    terminal = TerminalOf(merchant_name, *found.row);
  } else {
    terminal.set_name(absl::StrCat(merchant_name, "/terminals/", found.id));
    terminal.set_store(absl::StrCat(merchant_name, "/stores/", found.code->store));
    terminal.set_state(v1::TERMINAL_STATE_AWAITED);
  }
  if (!found.code.has_value()) return terminal;
  v1::EnrolmentCode& code = *terminal.mutable_enrolment_code();
  code.set_store(absl::StrCat(merchant_name, "/stores/", found.code->store));
  code.set_state(StateAt(*found.code, now));
  *code.mutable_create_time() = ToTimestamp(found.code->create_time);
  *code.mutable_expire_time() = ToTimestamp(found.code->expiry);
  code.set_wrong_codes(found.code->wrong);
  return terminal;
}

}  // namespace puhui::services
