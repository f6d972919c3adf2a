// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/limit_commands.h"

#include <string>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

void AddLimits(const std::vector<Limit>& limits,
               google::protobuf::RepeatedPtrField<jv1::Limit>* stored) {
  for (const Limit& limit : limits) {
    jv1::Limit& line = *stored->Add();
    line.set_window(static_cast<std::uint32_t>(limit.window));
    if (limit.count_max.has_value()) line.set_count_max(*limit.count_max);
    if (limit.points_max.has_value()) line.set_points_max(*limit.points_max);
  }
}

}  // namespace

absl::optional<LimitKey> SetLimitsCommand::FindTarget() {
  const LimitTarget& target = wish_.target;
  LimitKey key{.subject = target.subject};
  if (target.member.has_value()) {
    if (state_.views->wallets.Find(*target.member) == nullptr) return absl::nullopt;
    key.who = ledger::TagFromBytes(target.member->ToBytes());
  }
  if (!target.merchant.has_value()) return key;
  const MerchantNumber* merchant = state_.tables->merchant_ids.Find(target.merchant->text());
  if (merchant == nullptr) return absl::nullopt;
  key.number = static_cast<std::uint32_t>(*merchant);
  if (!target.terminal.has_value()) return key;
  const TerminalNumber* terminal =
      state_.tables->terminal_ids.Find({*merchant, target.terminal->text()});
  if (terminal == nullptr) return absl::nullopt;
  key.number = static_cast<std::uint32_t>(*terminal);
  return key;
}

absl::optional<Refusal> SetLimitsCommand::Decide(const ledger::DecideContext& /*context*/,
                                                 ledger::Decision& decision) {
  const absl::optional<LimitKey> key = FindTarget();
  if (!key.has_value()) {
    return Refusal{.reason = Reason::kNotFound,
                   .field = "limits.name",
                   .message = "there is nobody of that name"};
  }
  jv1::LimitsChanged& changed = *decision.Add().mutable_limits_changed();
  changed.set_subject(static_cast<std::uint32_t>(key->subject));
  changed.set_number(key->number);
  if (wish_.target.member.has_value()) changed.set_member(wish_.target.member->ToBytes());
  const LimitsRow* before = state_.tables->limits.Find(*key);
  if (before != nullptr) AddLimits(before->limits, changed.mutable_before());
  AddLimits(wish_.limits, changed.mutable_after());
  changed.set_person(wish_.person);
  return absl::nullopt;
}

}  // namespace puhui::merchant
