// SPDX-License-Identifier: Apache-2.0
// Velocity limits at the till: who has which, and what they have paid.
#ifndef PUHUI_MERCHANT_APP_LIMITS_H_
#define PUHUI_MERCHANT_APP_LIMITS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/refusal.h"
#include "ledger/engine/fold.h"
#include "ledger/storage/store.h"
#include "merchant/app/limit_rows.h"
#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::merchant {

// All that a payment counts for.
struct PaidBy {
  absl::optional<TerminalNumber> terminal{};  // Unless it is not known yet, or it is an order.
  MerchantNumber merchant{};
  MemberId member{};
  absl::optional<ledger::Tag> card{};  // Unless it was paid without one.
};

struct LimitFound {
  LimitSubject subject{};
  LimitBroken broken{};
};
// The first limit that one more payment would go beyond: of the terminal, the merchant, the member,
// the card, in this order. While nobody has set any limit it costs one look into memory.
absl::optional<LimitFound> FindLimit(Tables& tables, const PaidBy& by, Points points,
                                     absl::Time now);

// The same for whoever says beforehand what a till would do: limits that bind one payment, and what
// was paid under them so far.
struct LimitsMet {
  LimitSubject subject{};
  std::vector<Limit> limits{};
  Velocity paid{};
};
// Of all that it counts for, in the order in which they are asked. Fails: as Readable.
absl::StatusOr<std::vector<LimitsMet>> ReadLimitsOn(const PaidBy& by,
                                                    const ledger::Readable& store);
absl::optional<LimitFound> FindLimit(const std::vector<LimitsMet>& met, Points points,
                                     absl::Time now);
// Of what could be paid otherwise, the most that goes beyond none of them.
std::int64_t MostPayable(const std::vector<LimitsMet>& met, std::int64_t available, absl::Time now);

// The refusal of that reason, naming window and measure. What is allowed is not said: that is
// between the operator and whom it is for.
ledger::Refusal RefuseLimit(LimitSubject subject, LimitWindow window, bool of_points);
// TERMINAL_LIMIT, MERCHANT_LIMIT, MEMBER_LIMIT or CARD_LIMIT.
ledger::Reason ReasonOf(LimitSubject subject);
// The subject of such a reason.
absl::optional<LimitSubject> SubjectOf(ledger::Reason reason);

// Whether payments have to say by which card they are.
bool CardsAreLimited(Tables& tables);

// Folds changes of limits, and what is paid under them. Threads: the writer's alone. Borrows: the
// tables.
class LimitApplier final : public ledger::Applier {
 public:
  explicit LimitApplier(Tables* tables) : tables_(*tables) {}
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status Change(const journal::v1::Record& record);
  // Of a Purchase or an Authorization. What comes back later is not taken off again: it was paid.
  template <class Spent>
  absl::Status Count(const journal::v1::Record& record, const Spent& spent);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_LIMITS_H_
