// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/claw_back_commands.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <limits>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Lot;
using ledger::Reason;
using ledger::Refusal;

namespace {

Refusal OtherRuns(absl::string_view field) {
  return Refuse(Reason::kClawBackState, field, "a claw-back of the campaign is running");
}

absl::string_view StateName(ClawBackState state) {
  switch (state) {
    case ClawBackState::kProposed:
      return "PROPOSED";
    case ClawBackState::kRunning:
      return "RUNNING";
    case ClawBackState::kDone:
      return "DONE";
    case ClawBackState::kRejected:
      return "REJECTED";
  }
  return "unknown";
}

Refusal RefuseClawBack(ClawBackState state, absl::string_view wanted) {
  return {.reason = Reason::kClawBackState,
          .field = "name",
          .message = absl::StrCat("the claw-back is ", StateName(state), ", not ", wanted),
          .metadata = {{"state", std::string(StateName(state))}}};
}

// Takes `points` of the lot in the entry.
void TakeOf(MemberId member, const Lot& lot, std::int64_t points, jv1::Entry& entry) {
  AddWalletPosting(member, lot.origin, -points, entry);
  jv1::LotChange& change = *entry.add_lots();
  change.set_lot(NumberOf(lot.number));
  change.set_points(-points);
  change.set_campaign(NumberOf(lot.campaign));
  change.set_origin(NumberOf(lot.origin));
}

}  // namespace

absl::optional<Refusal> CheckClawBack(const CampaignRow& campaign) {
  if (!HasEndedWithGrants(campaign)) {
    return RefuseState(campaign.state, "ISSUED, or CANCELLED amid its run", "campaign");
  }
  if (campaign.claw_back_running != 0) return OtherRuns("campaign");
  return absl::nullopt;
}

std::int64_t ClawBackBound(const ClawBackWish& wish, const CampaignRow& campaign,
                           const ledger::CampaignFigures& figures) {
  const std::int64_t most = wish.points_per_row_max == 0 ? std::numeric_limits<std::int64_t>::max()
                                                         : wish.points_per_row_max;
  // Sums of rows are sums of a plan, so they do not overflow.
  std::int64_t bound =
      figures.granted - figures.expired - figures.clawed_back - figures.returned - figures.donated;
  if (!wish.rows.empty()) {
    std::int64_t named = 0;
    for (const ClawBackWish::Row& row : wish.rows) named += std::min(row.points, most);
    return std::min(bound, named);
  }
  const auto rows = static_cast<std::int64_t>(campaign.plan.rows);
  return bound / std::max<std::int64_t>(rows, 1) >= most ? rows * most : bound;
}

bool NeedsConfirmation(const UnionSettings& settings, const ledger::CampaignFigures& figures,
                       std::int64_t points_max) {
  const ApprovalPolicy& policy = *settings.approval;
  if (policy.approvers >= 2) return true;
  // What was taken before counts, or one person could take everything in small pieces.
  return policy.two_above_points != 0 && figures.clawed_back + points_max > policy.two_above_points;
}

absl::optional<Refusal> ProposeClawBackCommand::Decide(const DecideContext& /*context*/,
                                                       Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  if (!campaign.has_value()) {
    return Refuse(Reason::kNotFound, "campaign", "there is no such campaign");
  }
  const CampaignRow& row = *campaign->row;
  if (auto refusal = CheckClawBack(row)) return refusal;
  if (!wish_.rows_known) {
    return RefuseState(row.state, "at the end of its run when this was asked", "campaign");
  }
  PUHUI_CHECK(wish_.rows.empty() || wish_.rows.back().row < row.plan.rows);
  const ledger::CampaignFigures figures = views_.campaign_figures.Of(campaign->number);
  const std::int64_t bound = ClawBackBound(wish_, row, figures);
  jv1::ClawBackProposed& proposed = *decision.Add().mutable_claw_back_proposed();
  proposed.set_campaign(NumberOf(campaign->number));
  for (const ClawBackWish::Row& named : wish_.rows) proposed.add_rows(named.row);
  proposed.set_points_per_row_max(wish_.points_per_row_max);
  proposed.set_reason(wish_.reason);
  proposed.set_person(wish_.person);
  proposed.set_points_max(bound);
  proposed.set_needs_confirmation(
      NeedsConfirmation(tables_.SettingsOf(row.union_number), figures, bound));
  return absl::nullopt;
}

absl::optional<Refusal> DecideClawBackCommand::Decide(const DecideContext& /*context*/,
                                                      Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(wish_.campaign);
  const ClawBackRow* row = tables_.claw_backs.Find(wish_.claw_back);
  const bool found = campaign.has_value() && row != nullptr && row->campaign == campaign->number;
  if (found && row->proposer == wish_.person) {
    return Refuse(Reason::kSamePerson, "name", "a second person has to decide");
  }
  if (!found) return Refuse(Reason::kNotFound, "name", "there is no such claw-back");
  if (wish_.confirm && !HasEndedWithGrants(*campaign->row)) {
    return RefuseState(campaign->row->state, "ISSUED, or CANCELLED amid its run");
  }
  if (row->state != ClawBackState::kProposed) return RefuseClawBack(row->state, "PROPOSED");
  if (wish_.confirm && campaign->row->claw_back_running != 0) return OtherRuns("name");
  jv1::ClawBackDecided& decided = *decision.Add().mutable_claw_back_decided();
  decided.set_claw_back(wish_.claw_back);
  decided.set_confirmed(wish_.confirm);
  decided.set_reason(wish_.reason);
  decided.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> ClawBackChunkCommand::Decide(const DecideContext& context,
                                                     Decision& decision) {
  const ClawBackRow* row = tables_.claw_backs.Find(piece_.claw_back);
  if (row == nullptr) return Refuse(Reason::kNotFound, "", "there is no such claw-back");
  if (row->state != ClawBackState::kRunning || row->next_row != piece_.first) {
    return RefuseClawBack(row->state, "RUNNING at this row");
  }
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(row->campaign);
  PUHUI_CHECK(campaign.has_value() && !piece_.rows.empty());
  const Limits limits{.campaign = row->campaign,
                      .of = campaign->row->union_number,
                      .points = row->points_per_row_max == 0
                                    ? std::numeric_limits<std::int64_t>::max()
                                    : row->points_per_row_max};
  const std::uint64_t end = row->RowsIn(campaign->row->plan.rows);
  std::vector<MemberId> members;
  members.reserve(piece_.rows.size());
  for (const ClawBackPiece::Row& wanted : piece_.rows) members.push_back(wanted.member);
  views_.wallets.Prefetch(std::move(members));
  std::string verdicts;
  verdicts.reserve(piece_.rows.size());
  for (const ClawBackPiece::Row& wanted : piece_.rows) {
    verdicts.push_back(static_cast<char>(Take(wanted, limits, context.now, decision)));
  }
  const std::uint64_t next = piece_.first + piece_.rows.size();
  jv1::ClawBackAdvanced& advanced = *decision.Add().mutable_claw_back_advanced();
  advanced.set_claw_back(piece_.claw_back);
  advanced.set_next_row(next);
  advanced.set_finished(next == end);
  advanced.set_verdicts(std::move(verdicts));
  return absl::nullopt;
}

// Lots stand by number, and the earmarked one of a grant has the higher.
ClawBackOutcome ClawBackChunkCommand::Take(const ClawBackPiece::Row& row, const Limits& limits,
                                           absl::Time now, Decision& decision) {
  if (!row.granted) return ClawBackOutcome::kNotGranted;
  const ledger::Wallet* wallet = views_.wallets.Find(row.member);
  if (wallet == nullptr) return ClawBackOutcome::kNothingLeft;
  jv1::Entry* entry = nullptr;
  std::int64_t taken = 0;
  ClawBackOutcome otherwise = ClawBackOutcome::kNothingLeft;
  for (const Lot& lot : wallet->lots) {
    if (lot.campaign != limits.campaign) continue;
    if (lot.held > 0) otherwise = ClawBackOutcome::kHeld;
    if (lot.expiry <= now) {
      if (lot.held == 0) otherwise = ClawBackOutcome::kExpired;
      continue;
    }
    const std::int64_t points = std::min(lot.available(), limits.points - taken);
    if (points == 0) continue;
    if (entry == nullptr) entry = decision.Add().mutable_entry();
    TakeOf(row.member, lot, points, *entry);
    AddPosting(tables_.HomeAccount(limits.of, lot.origin), points, *entry);
    taken += points;
  }
  if (entry == nullptr) return otherwise;
  entry->set_member(row.member.ToBytes());
  jv1::ClawedBack& clawed = *entry->mutable_clawed_back();
  clawed.set_campaign(NumberOf(limits.campaign));
  clawed.set_row(row.row);
  clawed.set_points(taken);
  clawed.set_claw_back(piece_.claw_back);
  return ClawBackOutcome::kTaken;
}

}  // namespace puhui::issuing
