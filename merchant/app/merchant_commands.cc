// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/merchant_commands.h"

#include "ledger/base/check.h"

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ledger::Refusal;

Refusal NotFound(absl::string_view field, absl::string_view what) {
  return {.reason = Reason::kNotFound, .field = std::string(field), .message = std::string(what)};
}

Refusal AlreadyExists(absl::string_view field, absl::string_view what) {
  return {
      .reason = Reason::kAlreadyExists, .field = std::string(field), .message = std::string(what)};
}

}  // namespace

absl::optional<Refusal> RegisterMerchantCommand::Decide(const ledger::DecideContext& /*context*/,
                                                        ledger::Decision& decision) {
  if (tables_.merchant_ids.Find(wish_.id.text()) != nullptr) {
    return AlreadyExists("merchant_id", "a merchant has this id");
  }
  journal::v1::MerchantRegistered& registered = *decision.Add().mutable_merchant_registered();
  registered.set_number(static_cast<std::uint32_t>(tables_.NextMerchant()));
  registered.set_id(wish_.id.text());
  registered.set_display_name(wish_.display_name);
  registered.set_category(wish_.category);
  registered.set_fee_basis_points(wish_.fee_rate.value());
  registered.set_balance_shown(wish_.balance_shown);
  registered.set_goods_named(wish_.goods_named);
  registered.set_time_zone(wish_.time_zone);
  return absl::nullopt;
}

absl::optional<Refusal> CreateStoreCommand::Decide(const ledger::DecideContext& /*context*/,
                                                   ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant.text());
  if (merchant == nullptr) return NotFound("parent", "there is no such merchant");
  if (tables_.stores.Find({*merchant, wish_.id.text()}) != nullptr) {
    return AlreadyExists("store_id", "a store of this merchant has this id");
  }
  const MerchantRow* row = tables_.merchants.Find(*merchant);
  PUHUI_CHECK(row != nullptr);
  if (row->state == MerchantState::kClosed) {
    return Refusal{.reason = Reason::kMerchantNotActive, .message = "the merchant was closed"};
  }
  if (!WasAccepted(row->state)) {
    return Refusal{.reason = Reason::kMerchantNotActive,
                   .message = "the merchant was not accepted"};
  }
  journal::v1::StoreCreated& created = *decision.Add().mutable_store_created();
  created.set_merchant(static_cast<std::uint32_t>(*merchant));
  created.set_id(wish_.id.text());
  created.set_display_name(wish_.display_name);
  created.set_region(wish_.region);
  created.set_time_zone(wish_.time_zone);
  return absl::nullopt;
}

absl::optional<Refusal> EnrollTerminalCommand::Decide(const ledger::DecideContext& /*context*/,
                                                      ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant.text());
  if (merchant == nullptr || tables_.stores.Find({*merchant, wish_.store.text()}) == nullptr) {
    return NotFound("store", "there is no such store");
  }
  if (tables_.terminal_ids.Find({*merchant, wish_.id.text()}) != nullptr) {
    return AlreadyExists("terminal_id", "a terminal of this merchant has this id");
  }
  const MerchantRow* row = tables_.merchants.Find(*merchant);
  PUHUI_CHECK(row != nullptr);
  if (row->state != MerchantState::kActive) {
    return Refusal{.reason = Reason::kMerchantNotActive, .message = "the merchant is not active"};
  }
  AddTerminal(tables_, *merchant, wish_, decision);
  return absl::nullopt;
}

journal::v1::TerminalEnrolled& AddTerminal(Tables& tables, MerchantNumber merchant,
                                           const EnrollTerminalCommand::Wish& wish,
                                           ledger::Decision& decision) {
  journal::v1::TerminalEnrolled& enrolled = *decision.Add().mutable_terminal_enrolled();
  enrolled.set_number(static_cast<std::uint32_t>(tables.NextTerminal()));
  enrolled.set_merchant(static_cast<std::uint32_t>(merchant));
  enrolled.set_store(wish.store.text());
  enrolled.set_id(wish.id.text());
  enrolled.set_certificate_pem(wish.certificate_pem);
  return enrolled;
}

}  // namespace puhui::merchant
