// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/spending_order.h"

#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <tuple>

namespace puhui::ledger {
namespace {

// A list that is empty asks nothing. 16 bits: limits.h has no longer ones.
template <class T>
std::uint64_t OpennessOf(const std::vector<T>& list) {
  constexpr std::size_t kMost = 0xFFFF;
  return list.empty() ? kMost : std::min(list.size(), kMost - 1);
}

// How little terms restrict a lot: the less, the later it is spent. One number, because most of the
// time of a purchase from many lots goes into comparing it.
std::uint64_t OpennessOf(const Terms& terms, const Lot& lot) {
  std::uint64_t categories = OpennessOf(terms.categories);
  std::uint64_t regions = OpennessOf(terms.regions);
  if (IsEarmarked(lot.number)) {
    categories = std::min(categories, OpennessOf(terms.earmark.categories));
    regions = std::min(regions, OpennessOf(terms.earmark.regions));
  }
  std::uint64_t open = OpennessOf(terms.allowed_merchants) << 16 | categories;
  open = open << 16 | regions;
  open = open << 8 | static_cast<std::uint64_t>(std::popcount(terms.weekdays));
  open = open << 1 | (terms.holiday_rule == HolidayRule::kEveryDay ? 1U : 0U);
  return open << 1 | (terms.day_cap.zero() ? 1U : 0U);
}

struct Candidate {
  JudgedLot judged;
  std::uint64_t openness = 0;
  bool capped = false;
};

bool SpentBefore(const Candidate& a, const Candidate& b) {
  const Lot& x = *a.judged.lot;
  const Lot& y = *b.judged.lot;
  if (x.expiry != y.expiry) return x.expiry < y.expiry;
  if (a.openness != b.openness) return a.openness < b.openness;
  return std::tuple(GrantOf(x.number), x.number) < std::tuple(GrantOf(y.number), y.number);
}

// Each was judged as if it were alone; of a cap that several share, the later get what the earlier
// leave.
void ShareCaps(std::vector<Candidate>& payers, const Asked& asked, TermsReader& terms) {
  std::vector<SpentToday> spent;
  for (Candidate& payer : payers) {
    if (!payer.capped) continue;
    const Lot& lot = *payer.judged.lot;
    auto under = std::find_if(spent.begin(), spent.end(),
                              [&lot](const SpentToday& s) { return s.campaign == lot.campaign; });
    if (under == spent.end()) {
      under = spent.insert(under, {lot.campaign, SpentUnder(lot.campaign, asked.spent)});
    }
    Line line = asked.line;
    line.spent_today = under->points;
    payer.judged.verdict = Judge(terms.TermsOf(lot.campaign), lot, line);
    under->points += payer.judged.verdict.points;
  }
}

}  // namespace

std::int64_t SpentUnder(CampaignNumber campaign, absl::Span<const SpentToday> spent) {
  for (const SpentToday& under : spent) {
    if (under.campaign == campaign) return under.points;
  }
  return 0;
}

absl::optional<Refusal> RefuseAmount(std::int64_t wanted, std::int64_t available,
                                     bool accept_partial) {
  if (available >= wanted || (accept_partial && available > 0)) return absl::nullopt;
  return Refusal{.reason = Reason::kInsufficientPoints,
                 .field = "points",
                 .message = absl::StrCat("want ", wanted, " points, ", available,
                                         " are available for this merchant"),
                 .metadata = {{"available", absl::StrCat(available)}}};
}

Refusal TooManyLots() {
  return {.reason = Reason::kLotsPerPurchaseLimit,
          .message = absl::StrCat("more than ", kLotsPerPurchaseMax, " lots are needed")};
}

std::vector<const Lot*> LotsInSpendingOrder(const Wallet& wallet, TermsReader& terms) {
  std::vector<Candidate> candidates;
  candidates.reserve(wallet.lots.size());
  for (const Lot& lot : wallet.lots) {
    candidates.push_back(
        {.judged = {.lot = &lot}, .openness = OpennessOf(terms.TermsOf(lot.campaign), lot)});
  }
  std::sort(candidates.begin(), candidates.end(), SpentBefore);
  std::vector<const Lot*> lots;
  lots.reserve(candidates.size());
  for (const Candidate& candidate : candidates) lots.push_back(candidate.judged.lot);
  return lots;
}

std::vector<SpentToday> SpentOn(const Wallet& wallet, absl::CivilDay day) {
  std::vector<SpentToday> spent;
  for (const DaySpending& known : wallet.day_spending) {
    if (known.day == day) spent.push_back({known.campaign, known.points});
  }
  return spent;
}

std::vector<JudgedLot> JudgeLots(const Wallet& wallet, const Asked& asked, TermsReader& terms) {
  std::vector<Candidate> payers;
  std::vector<JudgedLot> others;
  payers.reserve(wallet.lots.size());
  bool any_capped = false;
  for (const Lot& lot : wallet.lots) {
    const Terms& of = terms.TermsOf(lot.campaign);
    const bool capped = !of.day_cap.zero();
    Line line = asked.line;
    line.spent_today = capped ? SpentUnder(lot.campaign, asked.spent) : 0;
    const JudgedLot judged{&lot, Judge(of, lot, line)};
    if (judged.verdict.points == 0) {
      others.push_back(judged);
      continue;
    }
    payers.push_back({judged, OpennessOf(of, lot), capped});
    any_capped = any_capped || capped;
  }
  std::sort(payers.begin(), payers.end(), SpentBefore);
  if (any_capped) ShareCaps(payers, asked, terms);
  std::vector<JudgedLot> lots;
  lots.reserve(wallet.lots.size());
  for (const Candidate& payer : payers) {
    (payer.judged.verdict.points > 0 ? lots : others).push_back(payer.judged);
  }
  if (any_capped) {
    std::sort(others.begin(), others.end(),
              [](const JudgedLot& a, const JudgedLot& b) { return a.lot->number < b.lot->number; });
  }
  lots.insert(lots.end(), others.begin(), others.end());
  return lots;
}

absl::variant<std::vector<LotSlice>, Refusal> ChooseLots(const Wallet& wallet, const Spend& spend,
                                                         TermsReader& terms) {
  const std::vector<JudgedLot> lots = JudgeLots(wallet, spend.asked, terms);
  std::int64_t available = 0;
  for (const JudgedLot& judged : lots) available += judged.verdict.points;
  if (auto refusal = RefuseAmount(spend.amount.value(), available, spend.accept_partial)) {
    return *refusal;
  }
  std::vector<LotSlice> slices;
  std::int64_t missing = std::min(spend.amount.value(), available);
  for (const JudgedLot& judged : lots) {
    if (missing == 0) break;
    const std::int64_t taken = std::min(missing, judged.verdict.points);
    if (taken == 0) continue;
    if (slices.size() == kLotsPerPurchaseMax) return TooManyLots();
    const Lot& lot = *judged.lot;
    slices.push_back({lot.number, lot.campaign, lot.origin, taken, lot.granted, lot.expiry});
    missing -= taken;
  }
  return slices;
}

}  // namespace puhui::ledger
