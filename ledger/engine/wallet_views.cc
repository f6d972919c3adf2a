// SPDX-License-Identifier: Apache-2.0
// What an entry does to a wallet: its lots, what they hold, what was spent on a day, its activity.
#include "ledger/base/status_macros.h"
#include "ledger/core/account.h"
#include "ledger/core/terms.h"
#include "ledger/engine/activity.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/engine/record_day.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

// Where the lot with that number stands in the wallet, or would.
std::vector<Lot>::iterator PlaceOf(LotNumber number, Wallet* wallet) {
  return std::lower_bound(wallet->lots.begin(), wallet->lots.end(), number,
                          [](const Lot& lot, LotNumber wanted) { return lot.number < wanted; });
}

// One lot, or two: what the earmark binds, and the rest.
absl::Status OpenLots(const jv1::Grant& grant, UnionNumber origin, Wallet* wallet) {
  if (grant.lot() != wallet->lots_ever + 1 || IsEarmarked(LotNumber{grant.lot()})) {
    return absl::DataLossError("a grant that does not open the wallet's next lot");
  }
  if (grant.earmarked_points() < 0 || grant.earmarked_points() > grant.points()) {
    return absl::DataLossError(absl::StrCat("a grant of ", grant.points(), " points, ",
                                            grant.earmarked_points(), " of them earmarked"));
  }
  wallet->lots_ever = grant.lot();
  const auto open = [&](LotNumber number, std::int64_t points) {
    if (points == 0) return;
    wallet->lots.insert(PlaceOf(number, wallet),
                        Lot{.number = number,
                            .campaign = CampaignNumber{grant.campaign()},
                            .origin = origin,
                            .granted = points,
                            .remaining = points,
                            .held = 0,
                            .expiry = absl::FromUnixMicros(grant.expiry_micros())});
  };
  open(LotNumber{grant.lot()}, grant.points() - grant.earmarked_points());
  open(Earmarked(LotNumber{grant.lot()}), grant.earmarked_points());
  return absl::OkStatus();
}

// Adds `change` to its lot, opening it again when it is gone. Invariant 3.
absl::Status ChangeLot(const jv1::LotChange& change, Wallet* wallet) {
  const LotNumber number{change.lot()};
  auto at = PlaceOf(number, wallet);
  if (at == wallet->lots.end() || at->number != number) {
    if (change.points() <= 0) {
      return absl::DataLossError(absl::StrCat("takes from lot ", change.lot(), ", which is gone"));
    }
    at = wallet->lots.insert(at, Lot{.number = number,
                                     .campaign = CampaignNumber{change.campaign()},
                                     .origin = UnionNumber{change.origin()},
                                     .granted = change.granted(),
                                     .spent = true});
  }
  at->remaining += change.points();
  at->held += change.held();
  if (change.expiry_micros() != 0) at->expiry = absl::FromUnixMicros(change.expiry_micros());
  if (at->held < 0 || at->held > at->remaining || at->remaining > at->granted) {
    return absl::DataLossError(absl::StrCat("leaves ", at->remaining, " of ", at->granted,
                                            " points in lot ", change.lot(), ", ", at->held,
                                            " of them held"));
  }
  if (at->remaining == 0) wallet->lots.erase(at);
  return absl::OkStatus();
}

// Under terms with a cap per day: what the change takes or holds more was spent on its day.
absl::Status CountDay(const jv1::LotChange& change, Wallet* wallet) {
  if (!change.has_day() || wallet->CountSpending({.campaign = CampaignNumber{change.campaign()},
                                                  .day = DayFromRecord(change.day()),
                                                  .points = change.held() - change.points()})) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat("lot ", change.lot(), " cannot change what was spent on day ", change.day()));
}

// An entry holds points for one authorisation, or lets go of all that one held.
absl::Status CountAuthorization(std::int64_t held, Wallet* wallet) {
  if (held < 0 && wallet->open_authorizations == 0) {
    return absl::DataLossError("ends an authorisation of a wallet that has none");
  }
  if (held > 0) {
    ++wallet->open_authorizations;
  } else {
    --wallet->open_authorizations;
  }
  const std::int64_t left = wallet->HeldPoints();
  if ((left == 0) == (wallet->open_authorizations == 0)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("leaves ", left, " points held by ",
                                          wallet->open_authorizations, " authorisations"));
}

// What the activity says of the cause; false for entries that are not about a wallet.
bool DescribeCause(const jv1::Entry& entry, Activity* row) {
  switch (entry.cause_case()) {
    case jv1::Entry::kGrant:
      row->kind = ActivityKind::kGrant;
      row->counterparty = entry.grant().campaign();
      return true;
    case jv1::Entry::kPurchase:
      row->kind = ActivityKind::kPurchase;
      row->counterparty = entry.purchase().till().merchant();
      return true;
    case jv1::Entry::kRefund:
      row->kind = ActivityKind::kRefund;
      row->counterparty = entry.refund().till().merchant();
      return true;
    case jv1::Entry::kReversal:
      row->kind = ActivityKind::kReversal;
      row->counterparty = entry.reversal().till().merchant();
      return true;
    case jv1::Entry::kExpiry:
      row->kind = ActivityKind::kExpiry;
      row->counterparty = entry.expiry().campaign();
      return true;
    case jv1::Entry::kAuthorization:
      row->kind = ActivityKind::kAuthorization;
      row->counterparty = entry.authorization().till().merchant();
      return true;
    case jv1::Entry::kCapture:
      row->kind = ActivityKind::kCapture;
      row->counterparty = entry.capture().till().merchant();
      return true;
    case jv1::Entry::kVoided:
      row->kind = ActivityKind::kVoid;
      row->counterparty = entry.voided().till().merchant();
      return true;
    case jv1::Entry::kAuthorizationExpiry:
      row->kind = ActivityKind::kAuthorizationExpiry;
      row->counterparty = entry.authorization_expiry().merchant();
      return true;
    case jv1::Entry::kLotReturned:
      row->kind = ActivityKind::kReturn;
      row->counterparty = entry.lot_returned().campaign();
      return true;
    case jv1::Entry::kClawedBack:
      row->kind = ActivityKind::kClawBack;
      row->counterparty = entry.clawed_back().campaign();
      return true;
    case jv1::Entry::kFunding:
    case jv1::Entry::kApproval:
    case jv1::Entry::kReturned:
    case jv1::Entry::kAdjustment:
    case jv1::Entry::kPayoutPaid:
    case jv1::Entry::kPayoutReturned:
    case jv1::Entry::CAUSE_NOT_SET:
      return false;
  }
  return false;
}

}  // namespace

absl::Status LedgerViews::ApplyToWallet(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  if (entry.member().size() != MemberId::kBytes) {
    return absl::DataLossError("an entry of a wallet without its member");
  }
  const MemberId member = MemberId::FromBytes(entry.member());
  Wallet& wallet = wallets.Edit(member);
  std::int64_t posted = 0;
  std::int64_t held = 0;
  for (const Posting& posting : postings_) {
    if (IsMemberAccount(posting.kind)) posted += posting.points;
    if (posting.kind == AccountKind::kHeld) held += posting.points;
  }
  const std::int64_t before = wallet.TotalPoints();
  if (entry.has_grant()) {
    const auto wallet_posting =
        std::find_if(postings_.begin(), postings_.end(),
                     [](const Posting& p) { return p.kind == AccountKind::kWallet; });
    if (wallet_posting == postings_.end()) {
      return absl::DataLossError("a grant that puts nothing into a wallet");
    }
    PUHUI_RETURN_IF_ERROR(OpenLots(entry.grant(), wallet_posting->origin, &wallet));
    campaign_figures.NoteGrant(entry.grant());
  }
  PUHUI_ASSIGN_OR_RETURN(const std::int64_t held_in_lots, ChangeLots(entry, &wallet));
  const std::int64_t after = wallet.TotalPoints();
  if (after - before != posted) {
    return absl::DataLossError(
        absl::StrCat("the lots change by ", after - before, " points, the postings by ", posted));
  }
  if (held_in_lots != held) {
    return absl::DataLossError(
        absl::StrCat("the lots hold ", held_in_lots, " points more, the postings ", held));
  }
  if (held != 0) PUHUI_RETURN_IF_ERROR(CountAuthorization(held, &wallet));
  PUHUI_RETURN_IF_ERROR(campaign_figures.EndEntry(entry));
  Activity activity{.sequence = record.sequence(),
                    .time = absl::FromUnixMicros(record.time_micros()),
                    .points = posted,
                    .points_after = after,
                    .held = held};
  if (!DescribeCause(entry, &activity)) return absl::OkStatus();
  return NoteActivity(member, activity, &wallet);
}

absl::StatusOr<std::int64_t> LedgerViews::ChangeLots(const jv1::Entry& entry, Wallet* wallet) {
  std::int64_t held = 0;
  for (const jv1::LotChange& change : entry.lots()) {
    campaign_figures.NoteChange(entry, change, wallet);
    PUHUI_RETURN_IF_ERROR(ChangeLot(change, wallet));
    PUHUI_RETURN_IF_ERROR(CountDay(change, wallet));
    held += change.held();
  }
  return held;
}

absl::Status LedgerViews::NoteActivity(MemberId member, const Activity& activity, Wallet* wallet) {
  std::string& recent = wallet->recent_activity;
  if (CountActivity(recent) == kActivityPerRow) {
    PUHUI_ASSIGN_OR_RETURN(const std::vector<Activity> events, UnpackActivity(recent));
    activity_.Put({member, events.back().sequence}, recent);
    recent.clear();
  }
  PackActivity(activity, &recent);
  return absl::OkStatus();
}

}  // namespace puhui::ledger
