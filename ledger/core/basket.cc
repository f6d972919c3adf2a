// SPDX-License-Identifier: Apache-2.0
// Points flow from a source through terms with a cap per day to their lots, from there to the lines
// that each may pay, and from those to a sink. The most that flows is what can be paid; one lot
// after the other then draws to itself what may flow through it without less flowing in all.
#include "ledger/core/basket.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/core/flow.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::size_t kSource = 0;
constexpr std::size_t kSink = 1;

// Lines of the same category and region are the same to all terms.
struct Goods {
  std::uint32_t category = 0;
  std::uint32_t region = 0;
  std::int64_t points = 0;
};

class Basket {
 public:
  Basket(const Wallet& wallet, const Asked& asked, absl::Span<const BasketLine> lines,
         TermsReader& terms)
      : asked_(asked), lines_(lines), terms_(terms), lots_(LotsInSpendingOrder(wallet, terms)) {
    for (const BasketLine& line : lines) AddLine(line);
    // Source, sink, goods, lots, and at most as many terms.
    flow_ = Flow(2 + goods_.size() + 2 * lots_.size());
    for (std::size_t i = 0; i < goods_.size(); ++i) {
      flow_.AddEdge(NodeOfGoods(i), kSink, goods_[i].points);
    }
    for (std::size_t i = 0; i < lots_.size(); ++i) AddLot(i);
  }

  BasketPayment Pay() {
    std::int64_t missing = 0;
    for (const BasketLine& line : lines_) missing += line.points;
    missing = flow_.Push(kSource, kSink, missing);
    BasketPayment payment;
    for (std::size_t i = 0; i < lots_.size() && missing > 0; ++i) {
      const std::int64_t taken = Draw(i);
      if (taken == 0) continue;
      const Lot& lot = *lots_[i];
      payment.slices.push_back(
          {lot.number, lot.campaign, lot.origin, taken, lot.granted, lot.expiry});
      missing -= taken;
      if (payment.slices.size() > kLotsPerPurchaseMax) break;
    }
    payment.parts = SplitOnLines();
    return payment;
  }

 private:
  struct ToGoods {
    std::size_t goods;
    std::size_t edge;
  };

  std::size_t NodeOfGoods(std::size_t goods) const { return 2 + goods; }
  std::size_t NodeOfLot(std::size_t lot) const { return 2 + goods_.size() + lot; }

  void AddLine(const BasketLine& line) {
    PUHUI_CHECK(line.points > 0);
    const auto [at, is_new] =
        goods_by_place_.try_emplace({line.category, line.region}, goods_.size());
    if (is_new) goods_.push_back({line.category, line.region, 0});
    goods_[at->second].points += line.points;
    goods_of_.push_back(at->second);
  }

  void AddLot(std::size_t index) {
    const Lot& lot = *lots_[index];
    const Terms& terms = terms_.TermsOf(lot.campaign);
    const std::size_t from = terms.day_cap.zero() ? kSource : NodeOfCap(lot.campaign, terms);
    from_.push_back(from);
    edges_.push_back(
        flow_.AddEdge(from, NodeOfLot(index), std::max<std::int64_t>(lot.available(), 0)));
    to_goods_.emplace_back();
    Line line = asked_.line;
    line.spent_today = SpentUnder(lot.campaign, asked_.spent);
    for (std::size_t i = 0; i < goods_.size(); ++i) {
      line.category = goods_[i].category;
      line.region = goods_[i].region;
      if (Judge(terms, lot, line).points == 0) continue;
      to_goods_.back().push_back(
          {i, flow_.AddEdge(NodeOfLot(index), NodeOfGoods(i), goods_[i].points)});
    }
  }

  // What is left of the cap flows through a node that the lots of these terms share.
  std::size_t NodeOfCap(CampaignNumber campaign, const Terms& terms) {
    const auto [at, is_new] = caps_.try_emplace(campaign, NodeOfLot(lots_.size()) + caps_.size());
    if (is_new) {
      const std::int64_t left = terms.day_cap.value() - SpentUnder(campaign, asked_.spent);
      flow_.AddEdge(kSource, at->second, std::max<std::int64_t>(left, 0));
    }
    return at->second;
  }

  // Takes from the lot what it can give, those before it as they are; from then on it stays so.
  std::int64_t Draw(std::size_t index) {
    const std::size_t edge = edges_[index];
    const std::int64_t room = flow_.Room(edge);
    std::int64_t taken = flow_.Through(edge);
    flow_.Close(edge);
    // What comes round is less that others give.
    taken += flow_.Push(NodeOfLot(index), from_[index], room);
    return taken;
  }

  std::vector<std::vector<LinePart>> SplitOnLines() {
    std::vector<std::vector<LinePart>> parts(lines_.size());
    std::vector<std::int64_t> missing;
    for (const BasketLine& line : lines_) missing.push_back(line.points);
    for (std::size_t lot = 0; lot < lots_.size(); ++lot) {
      for (const ToGoods& to : to_goods_[lot]) {
        std::int64_t left = flow_.Through(to.edge);
        for (std::size_t i = 0; i < lines_.size() && left > 0; ++i) {
          if (goods_of_[i] != to.goods || missing[i] == 0) continue;
          const std::int64_t points = std::min(left, missing[i]);
          parts[i].push_back({lots_[lot]->number, points});
          missing[i] -= points;
          left -= points;
        }
      }
    }
    return parts;
  }

  const Asked& asked_;
  const absl::Span<const BasketLine> lines_;
  TermsReader& terms_;
  const std::vector<const Lot*> lots_;
  std::vector<Goods> goods_;
  std::vector<std::size_t> goods_of_;  // Of each line.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> goods_by_place_;
  Flow flow_{0};
  std::vector<std::size_t> from_;   // Where the points of each lot come from: source or cap.
  std::vector<std::size_t> edges_;  // From there to the lot.
  std::vector<std::vector<ToGoods>> to_goods_;
  std::map<CampaignNumber, std::size_t> caps_;
};

}  // namespace

BasketPayment PayBasket(const Wallet& wallet, const Asked& asked,
                        absl::Span<const BasketLine> lines, TermsReader& terms) {
  return Basket(wallet, asked, lines, terms).Pay();
}

absl::variant<BasketPayment, Refusal> ChooseForBasket(const Wallet& wallet,
                                                      const BasketSpend& spend,
                                                      TermsReader& terms) {
  BasketPayment payment = PayBasket(wallet, spend.asked, spend.lines, terms);
  std::int64_t wanted = 0;
  for (const BasketLine& line : spend.lines) wanted += line.points;
  std::int64_t available = 0;
  for (const std::vector<LinePart>& parts : payment.parts) {
    for (const LinePart& part : parts) available += part.points;
  }
  if (auto refusal = RefuseAmount(wanted, available, spend.accept_partial)) return *refusal;
  if (payment.slices.size() > kLotsPerPurchaseMax) return TooManyLots();
  return payment;
}

}  // namespace puhui::ledger
