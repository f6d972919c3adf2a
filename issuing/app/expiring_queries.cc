// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/expiring_queries.h"

#include "issuing/app/plan_queries.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/records.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"

#include <algorithm>
#include <string>

namespace puhui::issuing {

namespace {

// What of a wallet is about to be gone; points 0: nothing.
ExpiringRow ExpiringOf(const ledger::Wallet& wallet, CampaignNumber campaign,
                       const ExpiringWish& wish) {
  ExpiringRow row{.expiry = absl::InfiniteFuture()};
  for (const ledger::Lot& lot : wallet.lots) {
    const bool counts = lot.campaign == campaign && lot.available() > 0 && lot.expiry > wish.now &&
                        lot.expiry <= wish.until;
    if (!counts) continue;
    row.points += lot.available();
    row.expiry = std::min(row.expiry, lot.expiry);
  }
  return row;
}

// One piece of the plan. Returns how many of its rows were looked at.
absl::StatusOr<std::size_t> AddPiece(const ledger::Readable& from, const FoundCampaign& campaign,
                                     const ExpiringWish& wish, std::uint64_t first_row,
                                     const PlanRowsView& piece, ExpiringPage& page) {
  std::vector<MemberId> members;
  members.reserve(piece.size());
  for (std::size_t i = 0; i < piece.size(); ++i) members.push_back(piece[i].member);
  std::sort(members.begin(), members.end());
  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<absl::optional<ledger::Wallet>> wallets,
      ledger::FindAll(from, ledger::kWalletTable, absl::Span<const MemberId>(members)));
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (page.rows.size() == wish.limit) return i;
    const MemberId member = piece[i].member;
    const auto at = std::lower_bound(members.begin(), members.end(), member);
    const auto& wallet = wallets[static_cast<std::size_t>(at - members.begin())];
    if (!wallet.has_value()) continue;
    ExpiringRow row = ExpiringOf(*wallet, campaign.number, wish);
    if (row.points == 0) continue;
    row.row = first_row + i;
    row.member = member;
    page.rows.push_back(row);
  }
  return piece.size();
}

}  // namespace

absl::StatusOr<ExpiringPage> ListExpiring(const ledger::Readable& from,
                                          const FoundCampaign& campaign, const ExpiringWish& wish) {
  ExpiringPage page;
  if (campaign.terms.start > wish.now) return page;  // Nothing can be spent yet.
  std::uint64_t next = wish.first_row;
  const std::uint64_t end = std::min(next + kRowsPerPageMax, campaign.row.plan.rows);
  while (next < end && page.rows.size() < wish.limit) {
    PUHUI_ASSIGN_OR_RETURN(const std::string rows,
                           ReadPlanPiece(from, campaign.number, campaign.row.plan, next,
                                         static_cast<std::size_t>(std::min<std::uint64_t>(
                                             end - next, kIssueChunkRows))));
    PUHUI_ASSIGN_OR_RETURN(const std::size_t looked_at,
                           AddPiece(from, campaign, wish, next, PlanRowsView(rows), page));
    next += looked_at;
  }
  if (next < campaign.row.plan.rows) page.next_row = next;
  return page;
}

}  // namespace puhui::issuing
