// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/mall_commands.h"

#include "ledger/base/check.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/spending.h"

#include <algorithm>
#include <cstdint>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal NoSuch(const char* field, const char* message) {
  return {.reason = Reason::kNotFound, .field = field, .message = message};
}

}  // namespace

absl::optional<Refusal> EnableMallCommand::Decide(const ledger::DecideContext& /*context*/,
                                                  ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant.text());
  if (merchant == nullptr || tables_.stores.Find({*merchant, wish_.store.text()}) == nullptr) {
    return NoSuch("store", "there is no such store");
  }
  if (tables_.malls.Find(*merchant) != nullptr) {
    return Refusal{
        .reason = Reason::kAlreadyExists, .field = "parent", .message = "the merchant has a mall"};
  }
  if (tables_.terminal_ids.Find({*merchant, wish_.terminal.text()}) != nullptr) {
    return Refusal{.reason = Reason::kAlreadyExists,
                   .field = "terminal_id",
                   .message = "a terminal of this merchant has this id"};
  }
  const MerchantRow* row = tables_.merchants.Find(*merchant);
  PUHUI_CHECK(row != nullptr);
  if (auto refusal = RefuseMerchant(row->state)) return refusal;
  const jv1::TerminalEnrolled& terminal = AddTerminal(
      tables_, *merchant, {.merchant = wish_.merchant, .store = wish_.store, .id = wish_.terminal},
      decision);
  jv1::MallEnabled& enabled = *decision.Add().mutable_mall_enabled();
  enabled.set_merchant(terminal.merchant());
  enabled.set_terminal(terminal.number());
  enabled.set_points_per_payment_max(wish_.limits.payment_max);
  enabled.set_points_per_day_max(wish_.limits.day_max);
  enabled.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ChangeMallCommand::Decide(const ledger::DecideContext& /*context*/,
                                                  ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(wish_.merchant.text());
  const MallRow* mall = merchant == nullptr ? nullptr : tables_.malls.Find(*merchant);
  if (mall == nullptr) return NoSuch("name", "there is no such mall");
  const MallLimits limits = wish_.limits.value_or(mall->limits);
  jv1::MallChanged& changed = *decision.Add().mutable_mall_changed();
  changed.set_merchant(static_cast<std::uint32_t>(*merchant));
  changed.set_state(static_cast<std::uint32_t>(wish_.state.value_or(mall->state)));
  changed.set_points_per_payment_max(limits.payment_max);
  changed.set_points_per_day_max(limits.day_max);
  changed.set_reason(wish_.reason);
  changed.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> UnlinkMallCommand::Decide(const ledger::DecideContext& /*context*/,
                                                  ledger::Decision& decision) {
  const MerchantNumber* merchant = tables_.merchant_ids.Find(merchant_.text());
  const MemberMalls* own = tables_.member_malls.Find(member_);
  const bool linked =
      merchant != nullptr && own != nullptr &&
      std::any_of(own->links.begin(), own->links.end(),
                  [merchant](const MallLink& link) { return link.merchant == *merchant; });
  if (!linked) return NoSuch("name", "the member has linked no such mall");
  jv1::MallUnlinked& unlinked = *decision.Add().mutable_mall_unlinked();
  unlinked.set_merchant(static_cast<std::uint32_t>(*merchant));
  unlinked.set_member(member_.ToBytes());
  return absl::nullopt;
}

}  // namespace puhui::merchant
