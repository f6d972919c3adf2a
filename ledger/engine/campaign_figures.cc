// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/campaign_figures.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/terms.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstddef>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

constexpr std::size_t kFigureCacheBytes = std::size_t{4} << 20;

// True when it is the first time that points of the lot's grant are spent. A lot that is gone
// cannot be spent from; the change is then refused by the wallet.
bool MarkSpent(LotNumber number, Wallet* wallet) {
  const Lot* const lot = wallet->FindLot(number);
  if (lot == nullptr || lot->spent) return false;
  for (Lot& other : wallet->lots) {
    if (GrantOf(other.number) == GrantOf(number)) other.spent = true;
  }
  return true;
}

template <class Integer>
void AddWrapping(Integer& sum, Integer change, int sign) {
  const auto magnitude = static_cast<std::uint64_t>(change);
  const auto before = static_cast<std::uint64_t>(sum);
  sum = static_cast<Integer>(sign > 0 ? before + magnitude : before - magnitude);
}

}  // namespace

void CampaignFigures::Add(const CampaignFigures& change, int sign) {
  AddWrapping(granted, change.granted, sign);
  AddWrapping(available, change.available, sign);
  AddWrapping(held, change.held, sign);
  AddWrapping(spent, change.spent, sign);
  AddWrapping(refunded, change.refunded, sign);
  AddWrapping(expired, change.expired, sign);
  AddWrapping(clawed_back, change.clawed_back, sign);
  AddWrapping(returned, change.returned, sign);
  AddWrapping(donated, change.donated, sign);
  AddWrapping(grants, change.grants, sign);
  AddWrapping(grants_spent, change.grants_spent, sign);
}

bool CampaignFigures::Balance() const {
  CampaignFigures sum;  // Of it, only `granted` is used: the adding wraps, as in Add.
  for (const std::int64_t part :
       {available, held, spent, expired, clawed_back, returned, donated}) {
    AddWrapping(sum.granted, part, 1);
  }
  AddWrapping(sum.granted, refunded, -1);
  return sum.granted == granted && available >= 0 && held >= 0 && refunded <= spent &&
         grants_spent <= grants;
}

absl::StatusOr<CampaignFigures> FiguresOf(const Readable& from, CampaignNumber campaign) {
  PUHUI_ASSIGN_OR_RETURN(const auto row, Find(from, kCampaignFigureTable, campaign));
  return row.value_or(CampaignFigures());
}

CampaignFigureKeeper::CampaignFigureKeeper(TableSet* set)
    : rows_(set, kCampaignFigureTable, kFigureCacheBytes) {}

// Few campaigns are touched by an entry, or by a segment of them, and mostly the last one again.
CampaignFigures& CampaignFigureKeeper::In(std::vector<Change>& changes, CampaignNumber campaign) {
  const auto at = std::find_if(changes.rbegin(), changes.rend(), [campaign](const Change& change) {
    return change.campaign == campaign;
  });
  if (at != changes.rend()) return at->figures;
  return changes.emplace_back(Change{.campaign = campaign}).figures;
}

void CampaignFigureKeeper::NoteGrant(const jv1::Grant& grant) {
  CampaignFigures& figures = OfEntry(grant.campaign());
  AddWrapping(figures.granted, grant.points(), 1);
  AddWrapping(figures.available, grant.points(), 1);
  ++figures.grants;
}

void CampaignFigureKeeper::NoteChange(const jv1::Entry& entry, const jv1::LotChange& change,
                                      Wallet* wallet) {
  CampaignFigures& figures = OfEntry(change.campaign());
  AddWrapping(figures.available, change.points(), 1);
  AddWrapping(figures.available, change.held(), -1);
  AddWrapping(figures.held, change.held(), 1);
  if (entry.has_purchase() || entry.has_capture()) {
    AddWrapping(figures.spent, change.points(), -1);
    if (change.points() < 0 && MarkSpent(LotNumber{change.lot()}, wallet)) ++figures.grants_spent;
  } else if (entry.has_refund() || entry.has_reversal()) {
    AddWrapping(figures.refunded, change.points(), 1);
  }
}

// What an entry says that it is about has to be what it does to the lots.
absl::Status CampaignFigureKeeper::EndEntry(const jv1::Entry& entry) {
  if (entry.has_expiry()) {
    AddWrapping(OfEntry(entry.expiry().campaign()).expired, entry.expiry().points(), 1);
  } else if (entry.has_lot_returned()) {
    AddWrapping(OfEntry(entry.lot_returned().campaign()).returned, entry.lot_returned().points(),
                1);
  } else if (entry.has_clawed_back()) {
    AddWrapping(OfEntry(entry.clawed_back().campaign()).clawed_back, entry.clawed_back().points(),
                1);
  }
  first_spent_.clear();
  for (const Change& change : entry_) {
    if (change.figures.grants_spent != 0) first_spent_.push_back(change.campaign);
    CampaignFigures& row = rows_.Edit(change.campaign);
    row.Add(change.figures);
    In(changes_, change.campaign).Add(change.figures);
    if (row.Balance()) continue;
    return absl::DataLossError(absl::StrCat(
        "campaign ", static_cast<std::uint32_t>(change.campaign), ": granted ", row.granted,
        ", but ", row.available, " available, ", row.held, " held, ", row.spent, " spent, ",
        row.refunded, " refunded, ", row.expired, " expired, ", row.clawed_back, " clawed back, ",
        row.returned, " returned; ", row.grants_spent, " of ", row.grants, " grants spent from"));
  }
  entry_.clear();
  return absl::OkStatus();
}

}  // namespace puhui::ledger
