// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/statement_line.h"

#include "merchant/app/entries.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstdlib>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;

// What a purchase was charged, as its entry and those that give it back say it.
struct Rates {
  std::uint32_t all = 0;       // Basis points, discount included.
  std::uint32_t discount = 0;  // Of those.
};

template <class Cause>
Rates RatesOf(const Cause& cause) {
  return {cause.fee_basis_points(), cause.discount_basis_points()};
}

Rates RatesOf(const jv1::Entry& entry) {
  if (entry.has_purchase()) return RatesOf(entry.purchase());
  if (entry.has_capture()) return RatesOf(entry.capture());
  if (entry.has_refund()) return RatesOf(entry.refund());
  return RatesOf(entry.reversal());
}

// The discount in what went to a fee account, or came back from it: rounded towards zero, so that
// what is given back whole takes back what was counted, unless its fee was adjusted meanwhile.
std::int64_t DiscountIn(std::int64_t fee, const Rates& rates) {
  if (rates.all == 0) return 0;
  // In two parts, because the product of fee and rate may be too large.
  return fee / rates.all * rates.discount + fee % rates.all * rates.discount / rates.all;
}

StatementLineKind KindOf(const jv1::Entry& entry) {
  if (entry.has_adjustment()) return StatementLineKind::kAdjustment;
  if (entry.has_reversal()) return StatementLineKind::kReversal;
  if (!entry.has_refund()) return StatementLineKind::kPurchase;
  return entry.refund().of_earlier_day() ? StatementLineKind::kEarlierRefund
                                         : StatementLineKind::kRefund;
}

// The figure that `points` out of a wallet count in, and with which sign.
void CountSpent(StatementLineKind kind, std::int64_t points, DayFigures& figures) {
  switch (kind) {
    case StatementLineKind::kPurchase:
      figures.purchases += points;
      return;
    case StatementLineKind::kRefund:
      figures.refunds -= points;
      return;
    case StatementLineKind::kEarlierRefund:
      figures.earlier_refunds -= points;
      return;
    case StatementLineKind::kReversal:
      figures.reversals -= points;
      return;
    case StatementLineKind::kAdjustment:
      return;
  }
  std::abort();
}

DayFigures& ShareOf(std::vector<LineShare>& shares, UnionNumber origin,
                    absl::optional<CampaignNumber> campaign) {
  const auto found = std::find_if(shares.begin(), shares.end(), [&](const LineShare& share) {
    return share.origin == origin && (!campaign.has_value() || share.campaign == *campaign);
  });
  if (found != shares.end()) return found->figures;
  shares.push_back({.origin = origin, .campaign = campaign.value_or(CampaignNumber{})});
  return shares.back().figures;
}

std::vector<LineShare> SharesOf(const jv1::Entry& entry, StatementLineKind kind) {
  std::vector<LineShare> shares;
  for (const jv1::LotChange& lot : entry.lots()) {
    if (lot.points() == 0) continue;  // Was only held.
    CountSpent(kind, -lot.points(),
               ShareOf(shares, UnionNumber{lot.origin()}, CampaignNumber{lot.campaign()}));
  }
  for (const jv1::Posting& posting : entry.postings()) {
    const UnionNumber origin{posting.origin()};
    if (kind == StatementLineKind::kAdjustment) {
      if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
      ShareOf(shares, origin, CampaignNumber{}).adjustments += posting.points();
    } else if (posting.kind() == jv1::ACCOUNT_KIND_FEE) {
      const std::int64_t discount = DiscountIn(posting.points(), RatesOf(entry));
      DayFigures& figures = ShareOf(shares, origin, absl::nullopt);
      figures.fees += posting.points() - discount;
      figures.discounts += discount;
    }
  }
  return shares;
}

template <class Cause>
void TakeTill(const Cause& cause, StatementLine& line) {
  line.merchant = MerchantNumber{cause.till().merchant()};
  line.terminal = TerminalNumber{cause.till().terminal()};
  line.batch_number = cause.till().batch_number();
  line.trace_number = cause.till().trace_number();
}

void DescribeCause(const jv1::Entry& entry, StatementLine& line) {
  if (entry.has_purchase()) {
    TakeTill(entry.purchase(), line);
    line.original = entry.purchase().bill();
  } else if (entry.has_capture()) {
    TakeTill(entry.capture(), line);
    line.original = entry.capture().authorization();
  } else if (entry.has_refund()) {
    TakeTill(entry.refund(), line);
    line.original = line.purchase = entry.refund().purchase();
  } else if (entry.has_reversal()) {
    TakeTill(entry.reversal(), line);
    line.original = line.purchase = entry.reversal().purchase();
  } else {
    line.merchant = MerchantNumber{entry.adjustment().merchant()};
    line.original = entry.adjustment().line();
    line.purchase = entry.adjustment().purchase();
  }
}

}  // namespace

DayFigures StatementLine::Figures() const {
  DayFigures sum;
  for (const LineShare& share : shares) sum += share.figures;
  return sum;
}

DayFigures StatementLine::FiguresOf(UnionNumber origin) const {
  DayFigures sum;
  for (const LineShare& share : shares) {
    if (share.origin == origin) sum += share.figures;
  }
  return sum;
}

bool IsLine(const jv1::Entry& entry) {
  if (entry.has_reversal()) {
    return std::any_of(entry.postings().begin(), entry.postings().end(),
                       [](const jv1::Posting& posting) {
                         return posting.kind() == jv1::ACCOUNT_KIND_PAYABLE ||
                                posting.kind() == jv1::ACCOUNT_KIND_FEE;
                       });
  }
  return entry.has_purchase() || entry.has_capture() || entry.has_refund() ||
         entry.has_adjustment();
}

absl::optional<StatementLine> LineOf(const jv1::Record& record) {
  if (!record.has_entry() || !IsLine(record.entry())) return absl::nullopt;
  StatementLine line{.sequence = record.sequence(),
                     .kind = KindOf(record.entry()),
                     .time = absl::FromUnixMicros(record.time_micros())};
  if (line.kind == StatementLineKind::kPurchase) line.purchase = PurchaseKeyOf(record);
  DescribeCause(record.entry(), line);
  line.shares = SharesOf(record.entry(), line.kind);
  return line;
}

std::string CanonicalText(const StatementLine& line, absl::string_view terminal_id) {
  const DayFigures figures = line.Figures();
  return absl::StrCat(line.sequence, ",", static_cast<int>(line.kind), ",",
                      absl::ToUnixMicros(line.time), ",", terminal_id, ",", line.batch_number, ",",
                      line.trace_number, ",", line.original, ",", figures.Points(), ",",
                      figures.fees, ",", figures.discounts, "\n");
}

}  // namespace puhui::merchant
