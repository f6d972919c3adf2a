// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_check.h"

#include "issuing/app/records.h"
#include "issuing/app/tables.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace puhui::issuing {

using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> RefuseNewPlan(const CampaignRow& campaign, const UnionRow& of) {
  if (!IsOpenToChange(campaign.state)) return RefuseState(campaign.state, "to be changed any more");
  if (!of.open()) return UnionClosed("name");
  return absl::nullopt;
}

Refusal TooManyPlanRows() {
  return Refuse(Reason::kPlanRowsLimit, "rows",
                absl::StrCat("a plan has at most ", kPlanRowsMax, " rows"));
}

Refusal NobodyOfTheUnion(absl::string_view field) {
  return Refuse(Reason::kMemberOfOtherUnion, field,
                "nobody of the campaign's union or those below it");
}

Refusal MemberTwiceInPlan(std::uint64_t row) {
  return Refuse(Reason::kDuplicateMemberInPlan, PlanMemberField(row),
                "an earlier row has this member");
}

Refusal PlanOverflows(std::uint64_t row) {
  return Refuse(Reason::kAmountOverflow, absl::StrCat("rows[", row, "].points"),
                absl::StrCat("the plan comes to more than ", Points::kMax, " points"));
}

std::string PlanMemberField(std::uint64_t row) { return absl::StrCat("rows[", row, "].member"); }

PlanCheck::PlanCheck(const ledger::Readable* from, Wish wish)
    : from_(*from), wish_(std::move(wish)) {
  seen_.reserve(static_cast<std::size_t>(wish_.rows));
}

absl::Status PlanCheck::Add(const PlanRowsView& rows) {
  const std::vector<MemberId> members = rows.Members();
  PUHUI_ASSIGN_OR_RETURN(const auto found,
                         ledger::FindAll(from_, kMemberTable, absl::Span<const MemberId>(members)));
  for (std::size_t i = 0; i < rows.size(); ++i, ++rows_) {
    const PlanRow row = rows[i];
    const auto at = std::lower_bound(members.begin(), members.end(), row.member);
    const auto& member = found[static_cast<std::size_t>(at - members.begin())];
    bool within = false;
    if (member.has_value()) {
      PUHUI_ASSIGN_OR_RETURN(within, IsWithin(member->union_number));
    }
    if (!within) return ToStatus(NobodyOfTheUnion(wish_.field_of(rows_)));
    if (!seen_.insert(row.member).second && !duplicate_.has_value()) duplicate_ = rows_;
    if (overflow_.has_value()) continue;
    points_ += row.points;
    if (points_ > Points::kMax) overflow_ = rows_;
  }
  return absl::OkStatus();
}

absl::Status PlanCheck::Finish() const {
  if (duplicate_.has_value()) return ToStatus(MemberTwiceInPlan(*duplicate_));
  if (overflow_.has_value()) return ToStatus(PlanOverflows(*overflow_));
  return absl::OkStatus();
}

absl::StatusOr<bool> PlanCheck::IsWithin(UnionNumber number) {
  const auto known = within_.find(number);
  if (known != within_.end()) return known->second;
  UnionNumber at = number;
  while (at != wish_.of && at != UnionNumber{}) {
    PUHUI_ASSIGN_OR_RETURN(const UnionRow row, UnionByNumber(from_, at));
    at = row.parent;
  }
  return within_[number] = at == wish_.of;
}

}  // namespace puhui::issuing
