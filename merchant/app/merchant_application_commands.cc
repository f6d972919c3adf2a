// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/merchant_application_commands.h"

#include "ledger/base/check.h"

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal Refuse(Reason reason, absl::string_view field, absl::string_view message) {
  return {.reason = reason, .field = std::string(field), .message = std::string(message)};
}

}  // namespace

absl::optional<Refusal> ApplyMerchantCommand::Decide(const ledger::DecideContext& /*context*/,
                                                     ledger::Decision& decision) {
  if (tables_.merchant_ids.Find(wish_.id.text()) != nullptr) {
    return Refuse(Reason::kAlreadyExists, "merchant_id", "a merchant has this id");
  }
  jv1::MerchantApplied& applied = *decision.Add().mutable_merchant_applied();
  jv1::MerchantRegistered& wish = *applied.mutable_wish();
  wish.set_number(static_cast<std::uint32_t>(tables_.NextMerchant()));
  wish.set_id(wish_.id.text());
  wish.set_display_name(wish_.display_name);
  wish.set_category(wish_.category);
  applied.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> DecideMerchantCommand::Decide(const ledger::DecideContext& /*context*/,
                                                      ledger::Decision& decision) {
  const MerchantNumber* number = tables_.merchant_ids.Find(wish_.merchant.text());
  if (number == nullptr) return Refuse(Reason::kNotFound, "name", "there is no such merchant");
  const MerchantRow* row = tables_.merchants.Find(*number);
  PUHUI_CHECK(row != nullptr);
  if (row->applicant == wish_.person) {
    return Refuse(Reason::kSamePerson, "name", "a second person has to decide");
  }
  if (row->state != MerchantState::kApplied) {
    return Refuse(Reason::kMerchantState, "name",
                  row->applicant.empty() ? "the merchant was not applied for"
                                         : "the merchant was decided on already");
  }
  jv1::MerchantDecided& decided = *decision.Add().mutable_merchant_decided();
  decided.set_merchant(static_cast<std::uint32_t>(*number));
  decided.set_accepted(wish_.accept);
  decided.set_reason(wish_.reason);
  decided.set_person(wish_.person);
  if (wish_.accept) {
    decided.set_fee_basis_points(wish_.fee_rate.value());
    decided.set_balance_shown(wish_.balance_shown);
    decided.set_goods_named(wish_.goods_named);
  }
  return absl::nullopt;
}

}  // namespace puhui::merchant
