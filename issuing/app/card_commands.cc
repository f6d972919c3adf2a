// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/card_commands.h"

#include "issuing/app/records.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

bool Works(const ledger::Tag& card, ledger::LedgerViews& views) {
  const ledger::CardRow* row = views.cards.Find(card);
  return row != nullptr && row->state == ledger::CardState::kActive;
}

}  // namespace

absl::optional<Refusal> IssueCardCommand::Change(const MemberRow& row,
                                                 const DecideContext& /*context*/,
                                                 Decision& decision) {
  if (views_.cards.Find(wish_.card) != nullptr) {
    return Refuse(Reason::kAlreadyExists, "card_number", "the card drawn is taken: ask again");
  }
  if (row.state == MemberState::kLeft) return RefuseMemberState(row.state, "ACTIVE or SUSPENDED");
  const bool works = Works(row.card_hash, views_);
  if (works && !wish_.replace) {
    return Refuse(Reason::kCardState, "name", "the member has a card that works: replace it");
  }
  if (auto refusal = CheckReplacement(row, wish_.data)) return refusal;
  jv1::CardIssued& issued = *AddChange(row, *wish_.data, decision).mutable_card_issued();
  issued.set_card_hash(std::string(ledger::TagBytes(wish_.card)));
  issued.set_card_last_four(wish_.card_last_four);
  if (works) issued.set_replaces(std::string(ledger::TagBytes(row.card_hash)));
  return absl::nullopt;
}

absl::optional<Refusal> BlockCardCommand::Change(const MemberRow& row,
                                                 const DecideContext& /*context*/,
                                                 Decision& decision) {
  if (!Works(row.card_hash, views_)) {
    return Refuse(Reason::kCardState, "name", "the member has no card that works");
  }
  AddChange(row, decision)
      .mutable_card_blocked()
      ->set_card_hash(std::string(ledger::TagBytes(row.card_hash)));
  return absl::nullopt;
}

}  // namespace puhui::issuing
