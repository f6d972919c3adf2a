// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/index/money_town.h"

#include "ledger/core/terms.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <iterator>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

void Move(jv1::AccountKind kind, std::uint32_t owner, std::uint32_t origin, std::int64_t points,
          jv1::Entry* entry) {
  jv1::Posting& posting = *entry->add_postings();
  posting.set_kind(kind);
  posting.set_owner(owner);
  posting.set_origin(origin);
  posting.set_points(points);
}

void MoveOf(MemberId member, jv1::AccountKind kind, std::uint32_t origin, std::int64_t points,
            jv1::Entry* entry) {
  Move(kind, 0, origin, points, entry);
  entry->mutable_postings()->rbegin()->set_member(member.ToBytes());
  entry->set_member(member.ToBytes());
}

}  // namespace

Sequence MoneyTown::Write(jv1::Record record) {
  journal_.Append(absl::StrCat("/caller/", Number(4)), {std::move(record)});
  return journal_.records().size();
}

void MoneyTown::WriteLine(std::uint32_t merchant, const jv1::Record& record) {
  OpenDay& day = open_[merchant];
  day.last_line = Write(record);
  if (day.first_line == 0) day.first_line = day.last_line;
  for (const jv1::Posting& posting : record.entry().postings()) {
    if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
    day.payable[posting.origin()] += posting.points();
  }
}

std::vector<MoneyTown::Piece> MoneyTown::Choose() {
  std::vector<Piece> pieces;
  const MemberId member(7, random_.Below(kMembers));
  const std::uint64_t most = random_.Below(2) + 1;
  for (std::size_t i = 0; i < lots_.size() && pieces.size() < most; ++i) {
    const bool passed = lots_[i].member != member || lots_[i].points == 0 || random_.Below(3) == 0;
    if (!passed) pieces.push_back({.lot = i, .points = UpTo(lots_[i].points)});
  }
  return pieces;
}

// Out of the lots, and told in the entry's lots.
MemberId MoneyTown::Spend(const std::vector<Piece>& pieces, jv1::Entry* entry) {
  for (const Piece& piece : pieces) {
    Lot& lot = lots_[piece.lot];
    lot.points -= piece.points;
    jv1::LotChange& change = *entry->add_lots();
    change.set_lot(lot.lot);
    change.set_campaign(lot.campaign);
    change.set_origin(lot.origin);
    change.set_points(-piece.points);
  }
  return lots_[pieces.front().lot].member;
}

void MoneyTown::Fund() {
  const std::uint32_t to = Number(kUnions);
  const std::int64_t points = UpTo(2'000);
  jv1::Record record;
  Move(jv1::ACCOUNT_KIND_FUNDING, to, to, -points, record.mutable_entry());
  Move(jv1::ACCOUNT_KIND_BUDGET, to, to, points, record.mutable_entry());
  record.mutable_entry()->mutable_funding()->set_union_number(to);
  Write(record);
  budgets_[{to, to}] += points;
}

// Of every origin that there is, or of the first.
void MoneyTown::Allocate() {
  const std::uint32_t from = Number(kUnions);
  const std::uint32_t to = from % kUnions + 1;
  jv1::Record record;
  const bool every = random_.Below(2) == 0;
  for (std::uint32_t origin = 1; origin <= kUnions; ++origin) {
    std::int64_t& held = budgets_[{from, origin}];
    if (held == 0 || (!every && record.entry().postings_size() > 0)) continue;
    const std::int64_t points = UpTo(held);
    held -= points;
    budgets_[{to, origin}] += points;
    Move(jv1::ACCOUNT_KIND_BUDGET, from, origin, -points, record.mutable_entry());
    Move(jv1::ACCOUNT_KIND_BUDGET, to, origin, points, record.mutable_entry());
  }
  if (!record.has_entry()) return;
  record.mutable_entry()->mutable_allocation()->set_from_union(from);
  record.mutable_entry()->mutable_allocation()->set_to_union(to);
  Write(record);
}

void MoneyTown::Approve() {
  const Budget from(Number(kUnions), Number(kUnions));
  std::int64_t& held = budgets_[from];
  if (held == 0) return;
  Campaign campaign{.number = static_cast<std::uint32_t>(campaigns_.size() + 1),
                    .home = from.first,
                    .origin = from.second,
                    .left = UpTo(held)};
  held -= campaign.left;
  jv1::Record created;
  created.mutable_campaign_created()->set_number(campaign.number);
  created.mutable_campaign_created()->set_union_number(campaign.home);
  Write(created);
  jv1::Record record;
  jv1::Entry* const entry = record.mutable_entry();
  Move(jv1::ACCOUNT_KIND_BUDGET, from.first, from.second, -campaign.left, entry);
  Move(jv1::ACCOUNT_KIND_CAMPAIGN, campaign.number, from.second, campaign.left, entry);
  entry->mutable_approval()->set_campaign(campaign.number);
  Write(record);
  campaigns_.push_back(campaign);
}

// Some of it earmarked, at times: that is a lot beside the other.
void MoneyTown::Grant() {
  if (campaigns_.empty()) return;
  Campaign& campaign = campaigns_[random_.Below(campaigns_.size())];
  if (campaign.left == 0) return;
  const std::int64_t points = UpTo(campaign.left);
  const std::int64_t earmarked =
      random_.Below(3) == 0
          ? static_cast<std::int64_t>(random_.Below(static_cast<std::uint64_t>(points) + 1))
          : 0;
  Lot lot{.member = MemberId(7, random_.Below(kMembers)),
          .lot = static_cast<std::uint32_t>(lots_.size() + 1),
          .campaign = campaign.number,
          .origin = campaign.origin,
          .home = campaign.home,
          .points = points - earmarked};
  campaign.left -= points;
  jv1::Record record;
  jv1::Entry* const entry = record.mutable_entry();
  Move(jv1::ACCOUNT_KIND_CAMPAIGN, campaign.number, campaign.origin, -points, entry);
  MoveOf(lot.member, jv1::ACCOUNT_KIND_WALLET, campaign.origin, points, entry);
  entry->mutable_grant()->set_campaign(campaign.number);
  entry->mutable_grant()->set_lot(lot.lot);
  entry->mutable_grant()->set_points(points);
  entry->mutable_grant()->set_earmarked_points(earmarked);
  Write(record);
  lots_.push_back(lot);
  lot.lot |= ledger::kEarmarkedBit;
  lot.points = earmarked;
  lots_.push_back(lot);
}

void MoneyTown::Purchase() {
  Sale sale{.merchant = Number(kMerchants), .pieces = Choose()};
  if (sale.pieces.empty()) return;
  jv1::Record record;
  jv1::Entry* const entry = record.mutable_entry();
  const MemberId member = Spend(sale.pieces, entry);
  for (const Piece& piece : sale.pieces) {
    const std::uint32_t origin = lots_[piece.lot].origin;
    const std::int64_t fee = piece.points / 10;
    MoveOf(member, jv1::ACCOUNT_KIND_WALLET, origin, -piece.points, entry);
    Move(jv1::ACCOUNT_KIND_PAYABLE, sale.merchant, origin, piece.points - fee, entry);
    if (fee != 0) Move(jv1::ACCOUNT_KIND_FEE, sale.merchant, origin, fee, entry);
  }
  entry->mutable_purchase()->mutable_till()->set_merchant(sale.merchant);
  WriteLine(sale.merchant, record);
  sale.number = sale.taking = journal_.records().size();
  sales_.push_back(sale);
}

// Held points stay in their lots.
void MoneyTown::Hold() {
  Sale hold{.merchant = Number(kMerchants), .pieces = Choose()};
  if (hold.pieces.empty()) return;
  jv1::Record record;
  jv1::Entry* const entry = record.mutable_entry();
  const MemberId member = Spend(hold.pieces, entry);
  for (jv1::LotChange& change : *entry->mutable_lots()) {
    change.set_held(-change.points());
    change.set_points(0);
    MoveOf(member, jv1::ACCOUNT_KIND_WALLET, change.origin(), -change.held(), entry);
    MoveOf(member, jv1::ACCOUNT_KIND_HELD, change.origin(), change.held(), entry);
  }
  entry->mutable_authorization()->mutable_till()->set_merchant(hold.merchant);
  hold.number = Write(record);
  holds_.push_back(hold);
}

// Of each piece some, or nothing at all when it is voided.
void MoneyTown::Capture() {
  if (holds_.empty()) return;
  Sale sale = std::move(holds_.back());
  holds_.pop_back();
  const bool voided = random_.Below(4) == 0;
  jv1::Record record;
  jv1::Entry* const entry = record.mutable_entry();
  for (Piece& piece : sale.pieces) {
    Lot& lot = lots_[piece.lot];
    const std::int64_t held = piece.points;
    piece.points = voided ? 0 : UpTo(held);
    lot.points += held - piece.points;
    jv1::LotChange& change = *entry->add_lots();
    change.set_lot(lot.lot);
    change.set_campaign(lot.campaign);
    change.set_origin(lot.origin);
    change.set_points(-piece.points);
    change.set_held(-held);
    MoveOf(lot.member, jv1::ACCOUNT_KIND_HELD, lot.origin, -held, entry);
    if (held != piece.points) {
      MoveOf(lot.member, jv1::ACCOUNT_KIND_WALLET, lot.origin, held - piece.points, entry);
    }
    if (piece.points == 0) continue;
    Move(jv1::ACCOUNT_KIND_PAYABLE, sale.merchant, lot.origin, piece.points, entry);
  }
  if (voided) {
    entry->mutable_voided()->set_authorization(sale.number);
    Write(record);
    return;
  }
  entry->mutable_capture()->mutable_till()->set_merchant(sale.merchant);
  entry->mutable_capture()->set_authorization(sale.number);
  WriteLine(sale.merchant, record);
  sale.taking = journal_.records().size();
  sales_.push_back(sale);
}

// Some of a piece, or all that is left of it.
void MoneyTown::GiveBack() {
  if (sales_.empty()) return;
  Sale& sale = sales_[random_.Below(sales_.size())];
  Piece& piece = sale.pieces[random_.Below(sale.pieces.size())];
  if (piece.points == 0) return;
  Lot& lot = lots_[piece.lot];
  const bool all = random_.Below(3) == 0;
  const std::int64_t points = all ? piece.points : UpTo(piece.points);
  piece.points -= points;
  lot.points += points;
  jv1::Record record;
  jv1::Entry* const entry = record.mutable_entry();
  Move(jv1::ACCOUNT_KIND_PAYABLE, sale.merchant, lot.origin, -points, entry);
  MoveOf(lot.member, jv1::ACCOUNT_KIND_WALLET, lot.origin, points, entry);
  jv1::LotChange& change = *entry->add_lots();
  change.set_lot(lot.lot);
  change.set_campaign(lot.campaign);
  change.set_origin(lot.origin);
  change.set_points(points);
  if (all) {
    entry->mutable_reversal()->set_purchase(sale.number);
    entry->mutable_reversal()->mutable_till()->set_merchant(sale.merchant);
  } else {
    entry->mutable_refund()->set_purchase(sale.number);
    entry->mutable_refund()->mutable_till()->set_merchant(sale.merchant);
  }
  WriteLine(sale.merchant, record);
}

void MoneyTown::Expire() {
  if (lots_.empty()) return;
  const std::size_t at = random_.Below(lots_.size());
  const Lot lot = lots_[at];
  if (lot.points == 0) return;
  jv1::Record record;
  jv1::Entry* const entry = record.mutable_entry();
  Spend({{.lot = at, .points = lot.points}}, entry);
  MoveOf(lot.member, jv1::ACCOUNT_KIND_WALLET, lot.origin, -lot.points, entry);
  Move(jv1::ACCOUNT_KIND_BUDGET, lot.home, lot.origin, lot.points, entry);
  entry->mutable_expiry()->set_campaign(lot.campaign);
  entry->mutable_expiry()->set_lot(lot.lot);
  Write(record);
  budgets_[{lot.home, lot.origin}] += lot.points;
}

// What a sale's line says too much or too little.
void MoneyTown::SetRight() {
  if (sales_.empty()) return;
  const Sale& sale = sales_[random_.Below(sales_.size())];
  const std::uint32_t origin = lots_[sale.pieces.front().lot].origin;
  const std::int64_t points = random_.Below(2) == 0 ? UpTo(9) : -UpTo(9);
  jv1::Record record;
  jv1::Entry* const entry = record.mutable_entry();
  Move(jv1::ACCOUNT_KIND_PAYABLE, sale.merchant, origin, points, entry);
  Move(jv1::ACCOUNT_KIND_FEE, sale.merchant, origin, -points, entry);
  entry->mutable_adjustment()->set_merchant(sale.merchant);
  entry->mutable_adjustment()->set_line(sale.taking);
  WriteLine(sale.merchant, record);
}

void MoneyTown::Cut() {
  const std::uint32_t merchant = Number(kMerchants);
  OpenDay& open = open_[merchant];
  if (open.first_line == 0) return;
  jv1::Record record;
  jv1::DayCut& cut = *record.mutable_day_cut();
  cut.set_merchant(merchant);
  cut.mutable_day()->set_merchant(merchant);
  cut.mutable_day()->set_day(open.day);
  cut.set_first_line(open.first_line);
  cut.set_last_line(open.last_line);
  Write(record);
  for (const auto& [origin, points] : open.payable) {
    if (points <= 0) continue;
    days_.push_back({.merchant = merchant, .day = open.day, .origin = origin, .points = points});
  }
  open = {.day = open.day + 1};
}

// Paid, come back, and paid again.
void MoneyTown::Pay() {
  if (days_.empty()) return;
  Day& day = days_[random_.Below(days_.size())];
  const std::int64_t points = day.paid ? -day.points : day.points;
  jv1::Record record;
  jv1::Entry* const entry = record.mutable_entry();
  Move(jv1::ACCOUNT_KIND_PAYABLE, day.merchant, day.origin, -points, entry);
  Move(jv1::ACCOUNT_KIND_PAYOUT, day.merchant, day.origin, points, entry);
  if (day.paid) {
    entry->mutable_payout_returned()->set_merchant(day.merchant);
    entry->mutable_payout_returned()->set_day(day.day);
  } else {
    entry->mutable_payout_paid()->set_merchant(day.merchant);
    entry->mutable_payout_paid()->set_day(day.day);
  }
  Write(record);
  day.paid = !day.paid;
}

void MoneyTown::Live(int turns) {
  using Turn = void (MoneyTown::*)();
  static constexpr Turn kTurns[] = {
      &MoneyTown::Fund,     &MoneyTown::Allocate, &MoneyTown::Approve,  &MoneyTown::Approve,
      &MoneyTown::Grant,    &MoneyTown::Grant,    &MoneyTown::Grant,    &MoneyTown::Purchase,
      &MoneyTown::Purchase, &MoneyTown::Purchase, &MoneyTown::Purchase, &MoneyTown::Hold,
      &MoneyTown::Hold,     &MoneyTown::Capture,  &MoneyTown::Capture,  &MoneyTown::GiveBack,
      &MoneyTown::GiveBack, &MoneyTown::Expire,   &MoneyTown::SetRight, &MoneyTown::Cut,
      &MoneyTown::Pay,      &MoneyTown::Pay};
  if (journal_.records().empty()) {
    for (int i = 0; i < 6; ++i) Fund();
  }
  for (; turns != 0; --turns) (this->*kTurns[random_.Below(std::size(kTurns))])();
}

}  // namespace puhui::audit
