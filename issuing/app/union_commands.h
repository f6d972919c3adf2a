// SPDX-License-Identifier: Apache-2.0
// Unions, and the money they pay in.
#ifndef PUHUI_ISSUING_APP_UNION_COMMANDS_H_
#define PUHUI_ISSUING_APP_UNION_COMMANDS_H_

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

// Records: UnionCreated.
// Refuses: NOT_FOUND (the parent), ALREADY_EXISTS, UNION_DEPTH_LIMIT.
class CreateUnionCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId id{};
    absl::optional<UnionId> parent{};  // Absent: the root of a tree.
    std::uint32_t kind = 0;            // puhui.v1.UnionKind.
    std::string display_name{};
    std::string time_zone{};
  };
  CreateUnionCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Says that money arrived at the bank. Records: FundingProposed; its sequence names the funding.
// Refuses: NOT_FOUND, BANK_REFERENCE_USED.
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
// Refuses: SAME_PERSON, NOT_FOUND, FUNDING_ALREADY_CONFIRMED, AMOUNT_OVERFLOW when the union would
// have paid in more than Points::kMax in all.
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

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_UNION_COMMANDS_H_
