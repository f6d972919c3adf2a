// SPDX-License-Identifier: Apache-2.0
// Which of the model's lots pay.
#include "tests/model/ledger_model.h"
#include "tests/model/model_names.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

namespace puhui::testing {
namespace {

std::size_t OpennessOf(const std::set<std::uint32_t>& list) {
  return list.empty() ? std::numeric_limits<std::size_t>::max() : list.size();
}

// By the first digits: two of a province, four of a city.
bool LiesIn(const std::set<std::uint32_t>& regions, std::uint32_t region, std::uint32_t digits) {
  for (const std::uint32_t wide : regions) {
    if (region / digits == wide / digits) return true;
  }
  return false;
}
constexpr std::uint32_t kCity = 100;

}  // namespace

std::int64_t LedgerModel::DayOf(absl::Time now) {
  return absl::ToInt64Hours(now + absl::Hours(8) - absl::UnixEpoch()) / 24;
}

std::int64_t LedgerModel::SpentOn(MemberId member, std::uint32_t campaign, std::int64_t day) const {
  std::int64_t spent = 0;
  for (const Sequence number : members.at(member).holds) {
    const Hold& hold = holds.at(number);
    for (const Taken& taken : hold.taken) {
      if (hold.day == day && taken.from.campaign == campaign) spent += taken.points;
    }
  }
  // Numbers and days grow together, but for bills, which are paid within hours: those of days
  // before the last need no look.
  for (auto at = purchases.rbegin(); at != purchases.rend() && at->second.day + 1 >= day; ++at) {
    const Purchase& purchase = at->second;
    if (purchase.member != member || purchase.day != day) continue;
    for (const Taken& taken : purchase.taken) {
      if (taken.from.campaign == campaign) spent += taken.points - taken.back;
    }
  }
  return spent;
}

std::int64_t LedgerModel::Available(MemberId member, absl::Time now) const {
  std::int64_t available = 0;
  for (const auto& [number, lot] : members.at(member).lots) {
    if (lot.expiry <= now || campaigns.at(lot.campaign).start > now) continue;
    available += lot.remaining - Held(member, number);
  }
  return available;
}

bool LedgerModel::Allows(const TillCall& call, std::uint32_t number, const Lot& lot) const {
  const Campaign& terms = campaigns.at(lot.campaign);
  const Terminal& terminal = terminals.at(std::get<0>(call.keys));
  const std::uint32_t category = merchants.at(terminal.merchant).category;
  if (lot.expiry <= call.now || terms.start > call.now) return false;
  if (!terms.categories.empty() && !terms.categories.contains(category)) return false;
  if (!terms.regions.empty() && !LiesIn(terms.regions, terminal.region, kProvince)) return false;
  if ((number & kBound) == 0) return true;
  if (!terms.earmark_categories.empty() && !terms.earmark_categories.contains(category)) {
    return false;
  }
  return terms.earmark_regions.empty() || LiesIn(terms.earmark_regions, terminal.region, kCity);
}

std::vector<LedgerModel::Taken> LedgerModel::LotsFor(const TillCall& call, MemberId member,
                                                     std::int64_t points) const {
  // Soonest expiry, tightest terms, oldest grant, and of one grant the free part first where the
  // two are as tight.
  using Order =
      std::tuple<absl::Time, std::size_t, std::size_t, bool, std::uint32_t, std::uint32_t>;
  std::map<Order, std::uint32_t> lots;
  for (const auto& [number, lot] : members.at(member).lots) {
    if (!Allows(call, number, lot)) continue;
    const Campaign& terms = campaigns.at(lot.campaign);
    std::size_t categories = OpennessOf(terms.categories);
    std::size_t regions = OpennessOf(terms.regions);
    if ((number & kBound) != 0) {
      categories = std::min(categories, OpennessOf(terms.earmark_categories));
      regions = std::min(regions, OpennessOf(terms.earmark_regions));
    }
    lots[{lot.expiry, categories, regions, terms.day_cap == 0, number & ~kBound, number}] = number;
  }
  std::vector<Taken> taken;
  std::map<std::uint32_t, std::int64_t> spent;  // Of this call, by campaign.
  for (const auto& [order, number] : lots) {
    if (points == 0) break;
    const Lot& lot = members.at(member).lots.at(number);
    std::int64_t gives = std::min(points, lot.remaining - Held(member, number));
    if (const std::int64_t cap = campaigns.at(lot.campaign).day_cap; cap != 0) {
      gives = std::min(gives,
                       cap - spent[lot.campaign] - SpentOn(member, lot.campaign, DayOf(call.now)));
    }
    if (gives <= 0) continue;
    taken.push_back({number, lot, gives});
    spent[lot.campaign] += gives;
    points -= gives;
  }
  return taken;
}

}  // namespace puhui::testing
