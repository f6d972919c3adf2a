// SPDX-License-Identifier: Apache-2.0
// Disputed lines of statements. Whether a line is one of the statement is not asked here: a
// statement is frozen, so whoever makes a command can have looked before.
#ifndef PUHUI_MERCHANT_APP_DISPUTE_COMMANDS_H_
#define PUHUI_MERCHANT_APP_DISPUTE_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/statement_rows.h"
#include "merchant/app/till_call.h"
#include "merchant/core/day_figures.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Disputes lines, all of them or none.
// Refuses: NOT_FOUND, STATEMENT_STATE (not cut yet, or agreed), DISPUTE_STATE (a line was disputed
// before), DISPUTES_LIMIT.
class DisputeLinesCommand final : public ledger::Command {
 public:
  struct Line {
    Sequence sequence = 0;
    std::string reason{};
  };
  // Requires: no line is named twice.
  struct Wish {
    StatementKey statement{};
    std::vector<Line> lines{};
    std::string person{};
  };
  DisputeLinesCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Says what is to become of a disputed line. What of the line is a fee may become payable, and what
// is payable a fee: never more, so of what was given back nothing, and an adjustment is at most
// taken back, however often the line that it is gets disputed in its turn. Nor more than the
// merchant still has of the purchase that the line is of: what refunds gave back of the fee is not
// given back once more.
// Refuses: NOT_FOUND, DISPUTE_STATE (resolved), ADJUSTMENT_ABOVE_LINE.
class ProposeResolutionCommand final : public ledger::Command {
 public:
  struct Wish {
    DisputeKey dispute{};
    std::int64_t points = 0;  // 0: the line stands as it is.
    UnionNumber origin{};     // With points.
    DayFigures line{};        // What the line came to, of that union's money,
    Sequence purchase = 0;    // and which purchase it is of; 0: it does not say.
    std::string reason{};
    std::string person{};
  };
  ProposeResolutionCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Confirms exactly that. An adjustment, between the merchant's fee and what is payable to it,
// belongs to the business day that is running now.
// Refuses: SAME_PERSON, NOT_FOUND, DISPUTE_STATE (nothing was proposed, or something else, or it is
// resolved), ADJUSTMENT_ABOVE_LINE (so much was given back since).
class ConfirmResolutionCommand final : public ledger::Command {
 public:
  struct Wish {
    DisputeKey dispute{};
    std::int64_t points = 0;
    UnionNumber origin{};   // With points,
    Sequence purchase = 0;  // and which purchase the line is of: proposals did not always say.
    std::string person{};
  };
  ConfirmResolutionCommand(TillState state, Wish wish) : state_(state), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  void Adjust(const DisputeRow& dispute, Sequence purchase, absl::Time now,
              journal::v1::Entry& entry);

  const TillState state_;
  const Wish wish_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_DISPUTE_COMMANDS_H_
