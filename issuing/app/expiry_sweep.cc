// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/expiry_sweep.h"

#include "issuing/app/expired_points.h"
#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/core/account.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Lot;
using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> ExpireChunkCommand::Decide(const DecideContext& context,
                                                   Decision& decision) {
  const absl::optional<CampaignRef> campaign = tables_.FindCampaign(piece_.campaign);
  if (!campaign.has_value()) {
    return Refuse(Reason::kNotFound, "campaign", "there is no such campaign");
  }
  const CampaignRow& row = *campaign->row;
  if (!row.sweep_due.has_value() || *row.sweep_due > context.now ||
      row.plan.version != piece_.version || row.sweep_next_row != piece_.first_row) {
    return RefuseState(row.state, "due for a sweep at this row");
  }
  PUHUI_CHECK(rows_.size() >= 1 && rows_.size() <= row.plan.rows - row.sweep_next_row);
  std::vector<MemberId> members;
  members.reserve(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) members.push_back(rows_[i].member);
  views_.wallets.Adopt(std::move(piece_.ahead.wallets));
  views_.wallets.Prefetch(members);
  const std::uint64_t rows = row.plan.rows;  // The row is good until the table is asked again.
  CampaignExpiredPoints where(&tables_, &views_);
  absl::optional<ledger::AccountKey> to;  // Where the lot before went.
  for (const MemberId member : members) {
    const ledger::Wallet* wallet = views_.wallets.Find(member);
    if (wallet == nullptr) continue;
    for (const Lot& lot : wallet->lots) {
      if (lot.campaign != piece_.campaign || lot.expiry > context.now) continue;
      if (lot.available() == 0) continue;
      if (!to.has_value() || to->origin != lot.origin) {
        to = where.AccountOf(lot.campaign, lot.origin);
      }
      AddExpiry(member, lot, *to, decision);
    }
  }
  const std::uint64_t next_row = piece_.first_row + rows_.size();
  jv1::ExpiryAdvanced& advanced = *decision.Add().mutable_expiry_advanced();
  advanced.set_campaign(NumberOf(piece_.campaign));
  advanced.set_next_row(next_row);
  advanced.set_finished(next_row == rows);
  return absl::nullopt;
}

}  // namespace puhui::issuing
