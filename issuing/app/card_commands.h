// SPDX-License-Identifier: Apache-2.0
// Member cards. A member has one card that works at most; the wallet stays whatever becomes of it.
#ifndef PUHUI_ISSUING_APP_CARD_COMMANDS_H_
#define PUHUI_ISSUING_APP_CARD_COMMANDS_H_

#include "issuing/app/member_changes.h"

#include <string>
#include <utility>

namespace puhui::issuing {

// Gives the member a new card. With `replace`, one that works is blocked by the same stroke.
// Refuses: ALREADY_EXISTS at "card_number", when the card drawn is taken: the next try draws
// another; MEMBER_STATE for somebody who left; CARD_STATE, when the member has a card that works
// and it is not to be replaced; as CheckReplacement.
class IssueCardCommand final : public MemberCommand {
 public:
  struct Wish {
    bool replace = false;
    ledger::Tag card{};
    std::string card_last_four{};
    absl::optional<Replacement> data{};  // Holds the number of the card.
  };
  IssueCardCommand(Tables* tables, ledger::LedgerViews* views, const MemberRef& of, Wish wish)
      : MemberCommand(tables, of), views_(*views), wish_(std::move(wish)) {}

 private:
  absl::optional<ledger::Refusal> Change(const MemberRow& row, const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

  ledger::LedgerViews& views_;
  const Wish wish_;
};

// Refuses: CARD_STATE, when the member has no card that works.
class BlockCardCommand final : public MemberCommand {
 public:
  BlockCardCommand(Tables* tables, ledger::LedgerViews* views, const MemberRef& of)
      : MemberCommand(tables, of), views_(*views) {}

 private:
  absl::optional<ledger::Refusal> Change(const MemberRow& row, const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

  ledger::LedgerViews& views_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_CARD_COMMANDS_H_
