// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_commands.h"

#include "issuing/app/plan_check.h"
#include "issuing/app/plan_hash.h"
#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include <utility>
#include <vector>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

Refusal OutOfOrder(absl::string_view message) {
  return Refuse(Reason::kPlanRowOutOfOrder, "rows", message);
}

}  // namespace

absl::optional<Refusal> StartPlanCommand::Decide(const DecideContext& /*context*/,
                                                 Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("name");
  const CampaignRow& row = *campaign->row;
  if (auto refusal = RefuseNewPlan(row, tables_.UnionOf(row.union_number))) return refusal;
  jv1::PlanStarted& started = *decision.Add().mutable_plan_started();
  started.set_campaign(NumberOf(campaign->number));
  started.set_version(row.plan_versions + 1);
  started.set_person(wish_.person);
  ReturnReserved(*campaign, decision);
  return absl::nullopt;
}

AddPlanRowsCommand::AddPlanRowsCommand(Tables* tables, Wish wish)
    : tables_(*tables), wish_(std::move(wish)), rows_(wish_.rows) {
  PUHUI_CHECK(rows_.size() >= 1 && rows_.size() <= kPlanChunkRows);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const std::int64_t points = rows_[i].points;
    PUHUI_CHECK(points >= 1 && points <= Points::kMax);
  }
  for (std::size_t i = 0; i < wish_.reasons.size(); ++i) {
    const PlanReason& reason = wish_.reasons[i];
    PUHUI_CHECK(!reason.text.empty() && reason.row < rows_.size());
    PUHUI_CHECK(i == 0 || wish_.reasons[i - 1].row < reason.row);
  }
}

absl::optional<Refusal> AddPlanRowsCommand::Decide(const DecideContext& /*context*/,
                                                   Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) return CampaignNotFound("name");
  const CampaignRow& row = *campaign->row;
  if (row.state != CampaignState::kDraft) return RefuseState(row.state, "DRAFT");
  if (!row.upload.has_value() || row.upload->version != wish_.version) {
    return OutOfOrder("another upload of this plan has begun");
  }
  if (row.upload->rows != wish_.first_row || wish_.first_row % kPlanChunkRows != 0) {
    return OutOfOrder(absl::StrCat("row ", row.upload->rows, " comes next"));
  }
  if (!tables_.UnionOf(row.union_number).open()) return UnionClosed("name");
  if (rows_.size() > kPlanRowsMax - row.upload->rows) return TooManyPlanRows();
  tables_.members.Adopt(std::move(wish_.ahead.members));
  tables_.plan_members.Adopt(std::move(wish_.ahead.places));
  if (auto refusal = CheckMembers(row.union_number)) return refusal;
  if (auto refusal = CheckDuplicates()) return refusal;
  std::int64_t points = row.upload->points;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    points += rows_[i].points;
    if (points > Points::kMax) return PlanOverflows(wish_.first_row + i);
  }
  jv1::PlanRows& added = *decision.Add().mutable_plan_rows();
  added.set_campaign(NumberOf(wish_.campaign));
  added.set_version(wish_.version);
  added.set_first_row(wish_.first_row);
  added.set_rows(wish_.rows);
  for (const PlanReason& reason : wish_.reasons) {
    jv1::PlanRowReason& stored = *added.add_reasons();
    stored.set_row(reason.row);
    stored.set_text(reason.text);
  }
  return absl::nullopt;
}

// What was not read ahead, or has been dropped since, is read here; likewise below.
absl::optional<Refusal> AddPlanRowsCommand::CheckMembers(UnionNumber of) const {
  tables_.members.Prefetch(rows_.Members());
  UnionNumber known_within = of;  // Rows of one union usually stand together.
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const MemberRow* member = tables_.members.Find(rows_[i].member);
    if (member != nullptr && member->union_number == known_within) continue;
    if (member == nullptr || !tables_.IsWithin(member->union_number, of)) {
      return NobodyOfTheUnion(PlanMemberField(wish_.first_row + i));
    }
    known_within = member->union_number;
  }
  return absl::nullopt;
}

absl::optional<Refusal> AddPlanRowsCommand::CheckDuplicates() const {
  std::vector<PlanMemberKey> keys;
  keys.reserve(rows_.size());
  absl::flat_hash_set<MemberId> seen;
  seen.reserve(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const MemberId member = rows_[i].member;
    if (seen.insert(member).second) keys.push_back({wish_.campaign, member});
  }
  tables_.plan_members.Prefetch(keys);
  seen.clear();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const MemberId member = rows_[i].member;
    const PlanPlace* place = tables_.plan_members.Find({wish_.campaign, member});
    const bool in_earlier_piece = place != nullptr && place->version == wish_.version;
    if (in_earlier_piece || !seen.insert(member).second) {
      return MemberTwiceInPlan(wish_.first_row + i);
    }
  }
  return absl::nullopt;
}

absl::optional<Refusal> CompletePlanCommand::Decide(const DecideContext& /*context*/,
                                                    Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(campaign_);
  if (!campaign.has_value()) return CampaignNotFound("name");
  const CampaignRow& row = *campaign->row;
  if (row.state != CampaignState::kDraft) return RefuseState(row.state, "DRAFT");
  if (!row.upload.has_value() || row.upload->version != version_) {
    return OutOfOrder("another upload of this plan has begun");
  }
  if (row.upload->rows == 0) return Refuse(Reason::kPlanEmpty, "rows", "the plan has no rows");
  if (!tables_.UnionOf(row.union_number).open()) return UnionClosed("name");
  jv1::PlanCompleted& completed = *decision.Add().mutable_plan_completed();
  completed.set_campaign(NumberOf(campaign_));
  completed.set_version(version_);
  completed.set_rows(row.upload->rows);
  completed.set_points(row.upload->points);
  completed.set_plan_hash(std::string(ledger::AsBytes(PlanHash(*row.upload))));
  return absl::nullopt;
}

}  // namespace puhui::issuing
