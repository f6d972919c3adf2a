// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/merchant_convert.h"

#include "services/ledger/names.h"
#include "services/rpc/text_field.h"

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
  }
  return v1::MERCHANT_STATE_UNSPECIFIED;
}

}  // namespace

v1::Merchant MerchantOf(const journal::v1::Record& registered) {
  const journal::v1::MerchantRegistered& stored = registered.merchant_registered();
  return MerchantOf(
      merchant::MerchantRow{.id = stored.id(),
                            .display_name = stored.display_name(),
                            .category = stored.category(),
                            .fee_rate = BasisPoints::FromStored(stored.fee_basis_points()),
                            .create_time = absl::FromUnixMicros(registered.time_micros())});
}

v1::Merchant MerchantOf(const merchant::MerchantRow& row) {
  v1::Merchant message;
  message.set_name(absl::StrCat("merchants/", row.id));
  message.set_display_name(row.display_name);
  message.set_category(FormatCategory(row.category));
  message.set_fee_basis_points(static_cast<std::int32_t>(row.fee_rate.value()));
  message.set_state(ToProto(row.state));
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  return message;
}

v1::Store StoreOf(absl::string_view merchant_name, absl::string_view id,
                  const merchant::StoreRow& row) {
  v1::Store store;
  store.set_name(absl::StrCat(merchant_name, "/stores/", id));
  store.set_display_name(row.display_name);
  if (row.region != 0) store.set_region(FormatRegion(row.region));
  return store;
}

v1::Terminal TerminalOf(absl::string_view merchant_name, const merchant::TerminalRow& row) {
  v1::Terminal terminal;
  terminal.set_name(absl::StrCat(merchant_name, "/terminals/", row.id));
  terminal.set_store(absl::StrCat(merchant_name, "/stores/", row.store));
  terminal.set_state(row.state == merchant::TerminalState::kActive ? v1::TERMINAL_STATE_ACTIVE
                                                                   : v1::TERMINAL_STATE_BLOCKED);
  return terminal;
}

}  // namespace puhui::services
