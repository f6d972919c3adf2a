// SPDX-License-Identifier: Apache-2.0
// What a plan is refused for: in the words of the commands, and ahead of them.
#ifndef PUHUI_ISSUING_APP_PLAN_CHECK_H_
#define PUHUI_ISSUING_APP_PLAN_CHECK_H_

#include "issuing/app/plan_rows.h"
#include "issuing/app/rows.h"
#include "issuing/app/union_rows.h"
#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "ledger/storage/store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace puhui::issuing {

// CAMPAIGN_STATE when the campaign takes no plan any more, UNION_CLOSED. `of` is its union.
absl::optional<ledger::Refusal> RefuseNewPlan(const CampaignRow& campaign, const UnionRow& of);
ledger::Refusal TooManyPlanRows();
// There is no such member, or it is somebody elsewhere: the two look the same.
ledger::Refusal NobodyOfTheUnion(absl::string_view field);
ledger::Refusal MemberTwiceInPlan(std::uint64_t row);
ledger::Refusal PlanOverflows(std::uint64_t row);
// "rows[N].member", N from 0 in the plan.
std::string PlanMemberField(std::uint64_t row);

// Judges a whole plan before its first record, as the commands will judge its pieces, so that a
// plan that is refused leaves the campaign with the plan and the approvals that it has. It speaks
// of one moment; what changes afterwards, the commands refuse themselves.
// Threads: none. Borrows: the moment.
class PlanCheck {
 public:
  struct Wish {
    UnionNumber of{};        // Whose campaign it is.
    std::uint64_t rows = 0;  // As many will come.
    // Names the field of a row that says who the member is.
    std::function<std::string(std::uint64_t row)> field_of = PlanMemberField;
  };
  PlanCheck(const ledger::Readable* from, Wish wish);

  // Looks at the next rows, some thousands at a time.
  // Refuses: MEMBER_OF_OTHER_UNION, also when there is no such member. Fails: as Readable.
  absl::Status Add(const PlanRowsView& rows);
  // After the last. Refuses: DUPLICATE_MEMBER_IN_PLAN, AMOUNT_OVERFLOW, each with the first row.
  absl::Status Finish() const;

 private:
  absl::StatusOr<bool> IsWithin(UnionNumber number);

  const ledger::Readable& from_;
  const Wish wish_;
  std::uint64_t rows_ = 0;
  std::int64_t points_ = 0;
  absl::flat_hash_set<MemberId> seen_;
  absl::flat_hash_map<UnionNumber, bool> within_;
  absl::optional<std::uint64_t> duplicate_;
  absl::optional<std::uint64_t> overflow_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PLAN_CHECK_H_
