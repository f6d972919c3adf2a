// SPDX-License-Identifier: Apache-2.0
// The money that unions pay in, and hand down and back.
#ifndef PUHUI_ISSUING_APP_BUDGET_COMMANDS_H_
#define PUHUI_ISSUING_APP_BUDGET_COMMANDS_H_

#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::issuing {

// Says that money arrived at the bank. Records: FundingProposed; its sequence names the funding.
// Refuses: NOT_FOUND, BANK_REFERENCE_USED, UNION_CLOSED.
class ProposeFundingCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId union_id{};
    Points points{};
    std::string bank_reference{};
    std::string person{};  // The person behind the identity.
  };
  ProposeFundingCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Creates the points of a proposed funding. Records: an entry, funding → budget.
// Refuses: SAME_PERSON, NOT_FOUND, FUNDING_ALREADY_CONFIRMED, FUNDING_REJECTED, UNION_CLOSED,
// AMOUNT_OVERFLOW when the union would have paid in more than Points::kMax in all.
class ConfirmFundingCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId union_id{};
    Sequence proposal = 0;
    std::string person{};
  };
  ConfirmFundingCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
      : tables_(*tables), views_(*views), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  ledger::LedgerViews& views_;
  const Wish wish_;
};

// Takes a proposed funding back, whoever proposed it: its bank reference may be proposed again.
// Records: FundingRejected. A closed union's may be rejected too: nobody can confirm it any more,
// and the money may have been for another union.
// Refuses: NOT_FOUND, FUNDING_ALREADY_CONFIRMED, FUNDING_REJECTED.
class RejectFundingCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId union_id{};
    Sequence proposal = 0;
    std::string reason{};
    std::string person{};
  };
  RejectFundingCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Which points go from one budget to another.
struct BudgetTransferWish {
  UnionId union_id{};  // Whose budget gives.
  Points points{};
  absl::optional<UnionId>
      origin{};  // Absent: the origin that has been in the budget longest first.
};

// Hands points down to a child. Records: an entry, budget → budget, for each origin.
// Refuses: NOT_FOUND (the union, the child, or an origin that the budget does not have),
// UNION_CLOSED (either), NOT_A_CHILD, ORIGINS_PER_ENTRY_LIMIT, BUDGET_TOO_SMALL.
class AllocateBudgetCommand final : public ledger::Command {
 public:
  AllocateBudgetCommand(Tables* tables, BudgetTransferWish wish, UnionId child)
      : tables_(*tables), wish_(std::move(wish)), child_(std::move(child)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const BudgetTransferWish wish_;
  const UnionId child_;
};

// Hands points back to the union that this one hangs under now. Records: as AllocateBudgetCommand.
// Refuses: NOT_FOUND (the union, or an origin that the budget does not have), UNION_CLOSED,
// NOT_A_CHILD (a root), ORIGINS_PER_ENTRY_LIMIT, BUDGET_TOO_SMALL.
class ReturnBudgetCommand final : public ledger::Command {
 public:
  ReturnBudgetCommand(Tables* tables, BudgetTransferWish wish)
      : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const BudgetTransferWish wish_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_BUDGET_COMMANDS_H_
