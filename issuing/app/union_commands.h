// SPDX-License-Identifier: Apache-2.0
// The tree of unions and what they decide for themselves.
#ifndef PUHUI_ISSUING_APP_UNION_COMMANDS_H_
#define PUHUI_ISSUING_APP_UNION_COMMANDS_H_

#include "issuing/app/budget_lines.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::issuing {

// What a union is recognised by when somebody changes it who has read it before. `changed`: of its
// row.
std::string UnionEtag(UnionNumber number, Sequence changed);

// Records: UnionCreated.
// Refuses: NOT_FOUND (the parent), ALREADY_EXISTS, UNION_CLOSED (the parent), UNION_DEPTH_LIMIT.
class CreateUnionCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId id{};
    absl::optional<UnionId> parent{};  // Absent: the root of a tree.
    std::uint32_t kind = 0;            // puhui.v1.UnionKind.
    std::string display_name{};
    std::string time_zone{};  // Empty: inherited.
  };
  CreateUnionCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Records: UnionUpdated, also when everything was so before.
// Refuses: NOT_FOUND (the union, or no version of the rule pack is loaded), UNION_CLOSED,
// ETAG_MISMATCH.
class UpdateUnionCommand final : public ledger::Command {
 public:
  // Absent: left as it is. A setting that is there and empty is inherited from now on.
  struct Wish {
    UnionId id{};
    std::string etag{};  // Empty: whatever it is now.
    absl::optional<std::string> display_name{};
    absl::optional<std::uint32_t> kind{};
    absl::optional<std::string> time_zone{};
    absl::optional<std::string> locale{};
    absl::optional<absl::optional<ApprovalPolicy>> approval{};
    absl::optional<absl::optional<LeavePolicy>> leave{};
    absl::optional<std::string> rule_pack{};  // Its id.
    absl::optional<IssuerKind> issuer_kind{};
  };
  UpdateUnionCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Records: UnionMoved, also when it hangs there already.
// Refuses: NOT_FOUND (the union or the parent), UNION_CLOSED (either), UNION_CYCLE, ETAG_MISMATCH,
// UNION_DEPTH_LIMIT, ORIGINS_PER_MOVE_LIMIT, TREES_JOINED_LIMIT, COMBINATIONS_PER_MOVE_LIMIT.
class MoveUnionCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId id{};
    absl::optional<UnionId> parent{};  // Absent: a root is made of it.
    std::string etag{};                // Empty: whatever it is now.
  };
  MoveUnionCommand(Tables* tables, Wish wish)
      : tables_(*tables), lines_(tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  absl::optional<ledger::Refusal> CheckSize(UnionNumber moved, const UnionRow& row,
                                            UnionNumber parent);
  absl::optional<ledger::Refusal> CheckCombinations(UnionNumber moved, UnionNumber parent);
  absl::optional<ledger::Refusal> CheckTrees(UnionNumber moved, UnionNumber parent);

  Tables& tables_;
  BudgetLines lines_;
  const Wish wish_;
};

// Records: UnionClosed.
// Refuses: NOT_FOUND, UNION_CLOSED, UNION_HAS_CHILDREN, UNION_HAS_MEMBERS, UNION_HAS_CAMPAIGNS,
// UNION_HAS_BUDGET, ETAG_MISMATCH.
class CloseUnionCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId id{};
    std::string etag{};  // Empty: whatever it is now.
  };
  CloseUnionCommand(Tables* tables, Wish wish)
      : tables_(*tables), lines_(tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  BudgetLines lines_;
  const Wish wish_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_UNION_COMMANDS_H_
