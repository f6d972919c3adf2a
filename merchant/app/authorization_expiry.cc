// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/authorization_expiry.h"

#include "ledger/base/check.h"
#include "merchant/app/entries.h"
#include "merchant/app/order_vault.h"

#include <set>

namespace puhui::merchant {

namespace jv1 = journal::v1;

absl::optional<ledger::Refusal> ExpireAuthorizationsCommand::Decide(
    const ledger::DecideContext& context, ledger::Decision& decision) {
  Tables& tables = *state_.tables;
  tables.authorizations.Prefetch(authorizations_);
  std::vector<Sequence> over;
  std::set<MemberId> members;
  for (const Sequence sequence : authorizations_) {
    const AuthorizationRow* row = tables.authorizations.Find(sequence);
    if (row == nullptr || row->state != AuthorizationState::kHeld || row->expiry > context.now) {
      continue;
    }
    over.push_back(sequence);
    members.insert(row->member);
  }
  state_.views->wallets.Prefetch({members.begin(), members.end()});
  std::vector<const jv1::Entry*> ended;
  for (const Sequence sequence : over) {
    const AuthorizationRow& row = *tables.authorizations.Find(sequence);
    jv1::Entry& entry = *decision.Add().mutable_entry();
    AddRelease(row, *state_.views, context.now, entry);
    jv1::AuthorizationExpiry& expiry = *entry.mutable_authorization_expiry();
    expiry.set_authorization(sequence);
    expiry.set_points(row.points);
    expiry.set_merchant(static_cast<std::uint32_t>(row.merchant));
    ended.push_back(&entry);
    NoteAddress(sequence, row);
  }
  ExpireRests(ended, *state_.views, context.now, decision);
  return absl::nullopt;
}

void ExpireAuthorizationsCommand::NoteAddress(Sequence sequence, const AuthorizationRow& row) {
  if (row.terminal != TerminalNumber{}) return;  // No order.
  const OrderRow* order = state_.tables->orders.Find(sequence);
  PUHUI_CHECK(order != nullptr);
  if (order->address.has_value()) addresses_.emplace_back(order->member, *order->address);
}

void ExpireAuthorizationsCommand::StorePersonalData() {
  for (const auto& [member, address] : addresses_) ForgetAddress(member, address, *state_.tables);
}

}  // namespace puhui::merchant
