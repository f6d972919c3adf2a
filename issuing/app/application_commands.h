// SPDX-License-Identifier: Apache-2.0
// People ask to join, and somebody of the union decides.
#ifndef PUHUI_ISSUING_APP_APPLICATION_COMMANDS_H_
#define PUHUI_ISSUING_APP_APPLICATION_COMMANDS_H_

#include "issuing/app/enrolment.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::issuing {

// Records: ApplicationSubmitted; its sequence names the application. Whether the person is a member
// already is for the decision to see. Refuses: NOT_FOUND (the union), ALREADY_EXISTS at
// "card_number", when the id drawn is taken: ask again; UNAVAILABLE, when the vault's key was
// replaced meanwhile.
class SubmitApplicationCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId union_id{};
    NewMember applicant{};  // As Vault::Seal makes it.
    std::string person{};   // The person behind the identity.
  };
  SubmitApplicationCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Accepts, which enrols the person, or rejects; either way the vault forgets the application.
// Records: ApplicationDecided, then that of the member who joined.
// Refuses: NOT_FOUND; for an acceptance as Enrolment::Judge; APPLICATION_STATE, when it was decided
// before; UNAVAILABLE, when the vault's key was replaced meanwhile.
class DecideApplicationCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionNumber of{};
    Sequence application = 0;
    bool accept = false;
    std::string reason{};                 // Without personal data.
    std::string person{};                 // The person behind the identity.
    absl::optional<NewMember> joining{};  // To accept; absent when it was decided before.
  };
  DecideApplicationCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
      : tables_(*tables), wish_(std::move(wish)), enrolment_(tables, views) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  Tables& tables_;
  const Wish wish_;
  Enrolment enrolment_;
  MemberId applicant_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_APPLICATION_COMMANDS_H_
