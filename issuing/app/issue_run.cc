// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/issue_run.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include <vector>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;
using ledger::Terms;
using ledger::Wallet;

absl::optional<Reason> RefuseGrant(const Wallet* wallet, const Terms& terms, absl::Time now) {
  if (wallet == nullptr || wallet->state != ledger::WalletState::kActive) {
    return Reason::kMemberNotActive;
  }
  if (terms.expiry <= now) return Reason::kCampaignExpired;
  if (wallet->lots.size() >= kOpenLotsPerWalletMax) return Reason::kOpenLotsLimit;
  return absl::nullopt;
}

absl::optional<Refusal> IssueChunkCommand::Decide(const DecideContext& context,
                                                  Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(piece_.campaign);
  if (!campaign.has_value()) {
    return Refuse(Reason::kNotFound, "campaign", "there is no such campaign");
  }
  const CampaignRow& row = *campaign->row;
  if (row.state != CampaignState::kIssuing || row.plan.version != piece_.version ||
      row.rows_done != piece_.first_row) {
    return RefuseState(row.state, "ISSUING at this row");
  }
  PUHUI_CHECK(rows_.size() >= 1 && rows_.size() <= row.plan.rows - row.rows_done);
  const Tally tally = JudgeRows(row.union_number, context.now, decision);
  if (row.rows_done + rows_.size() == row.plan.rows) Finish(row, tally, decision);
  return absl::nullopt;
}

// A member stands in a plan once, so no row of the piece changes the wallet of another.
IssueChunkCommand::Tally IssueChunkCommand::JudgeRows(UnionNumber origin, absl::Time now,
                                                      Decision& decision) {
  const Terms& terms = views_.TermsOf(piece_.campaign);
  PUHUI_CHECK(terms.origin == origin);
  std::vector<MemberId> members;
  members.reserve(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) members.push_back(rows_[i].member);
  views_.wallets.Prefetch(std::move(members));
  Tally tally;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Wallet* wallet = views_.wallets.Find(rows_[i].member);
    if (const absl::optional<Reason> reason = RefuseGrant(wallet, terms, now)) {
      jv1::RowRefused& refused = *decision.Add().mutable_row_refused();
      refused.set_campaign(NumberOf(piece_.campaign));
      refused.set_row(piece_.first_row + i);
      refused.set_reason(NumberOf(*reason));
      ++tally.refused;
      continue;
    }
    Grant(i, *wallet, terms, decision);
    ++tally.granted;
    tally.points += rows_[i].points;
  }
  return tally;
}

void IssueChunkCommand::Grant(std::size_t i, const Wallet& wallet, const Terms& terms,
                              Decision& decision) const {
  const PlanRow row = rows_[i];
  jv1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(CampaignAccount(piece_.campaign, terms.origin), -row.points, entry);
  AddWalletPosting(row.member, terms.origin, row.points, entry);
  entry.set_member(row.member.ToBytes());
  jv1::Grant& grant = *entry.mutable_grant();
  grant.set_campaign(NumberOf(piece_.campaign));
  grant.set_row(piece_.first_row + i);
  grant.set_lot(wallet.lots_ever + 1);
  grant.set_points(row.points);
  grant.set_expiry_micros(absl::ToUnixMicros(terms.expiry));
}

void IssueChunkCommand::Finish(const CampaignRow& campaign, const Tally& tally,
                               Decision& decision) const {
  const std::int64_t granted = campaign.points_granted + tally.points;
  if (granted < campaign.plan.points) {
    ReturnReservation(piece_.campaign, campaign.union_number, campaign.plan.points - granted,
                      *decision.Add().mutable_entry());
  }
  jv1::IssueFinished& finished = *decision.Add().mutable_issue_finished();
  finished.set_campaign(NumberOf(piece_.campaign));
  finished.set_rows_granted(campaign.rows_granted + tally.granted);
  finished.set_rows_refused(campaign.rows_refused + tally.refused);
  finished.set_points_granted(granted);
}

}  // namespace puhui::issuing
