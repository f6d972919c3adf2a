// SPDX-License-Identifier: Apache-2.0
// Rule packs in the model, and what people have received.
#include "tests/model/ledger_model.h"

#include <algorithm>

namespace puhui::testing {

using ledger::Reason;

absl::CivilDay LedgerModel::DayAt(absl::Time time) {
  return absl::ToCivilDay(time, absl::FixedTimeZone(8 * 3'600));  // Shanghai, nowadays.
}

Verdict LedgerModel::LoadPack(const PackName& name, const Pack& pack) {
  auto& versions = packs[name.first];
  const auto at = versions.find(name.second);
  if (at != versions.end()) {
    return at->second == pack ? absl::nullopt : Verdict(Reason::kRulePackExists);
  }
  versions[name.second] = pack;
  return absl::nullopt;
}

Verdict LedgerModel::SetPack(std::uint32_t number, std::uint32_t pack, bool stale) {
  if (!unions.contains(number)) return Reason::kNotFound;
  if (pack != 0 && !packs.contains(pack)) return Reason::kNotFound;
  if (unions[number].closed) return Reason::kUnionClosed;
  if (stale) return Reason::kEtagMismatch;
  unions[number].pack = pack;
  return absl::nullopt;
}

LedgerModel::PackName LedgerModel::PackInForce(std::uint32_t number, absl::CivilDay day) const {
  std::uint32_t pack = 0;
  for (; number != 0 && pack == 0; number = unions.at(number).parent) pack = unions.at(number).pack;
  if (pack == 0) return {0, 0};
  PackName highest{pack, 0};
  PackName in_force{pack, 0};
  for (const auto& [version, rules] : packs.at(pack)) {
    highest.second = version;
    if (day >= rules.from && day <= rules.to) in_force.second = version;
  }
  return in_force.second != 0 ? in_force : highest;
}

std::int64_t LedgerModel::ReceivedFor(MemberId member, std::int64_t year,
                                      const std::string& occasion) const {
  const auto at = received.find({member, year, occasion});
  return at == received.end() ? 0 : at->second;
}

bool LedgerModel::KeepsTheRules(const Campaign& campaign, MemberId member,
                                std::int64_t points) const {
  if (campaign.pack.first == 0) return true;
  const Pack& pack = packs.at(campaign.pack.first).at(campaign.pack.second);
  const absl::CivilDay day = campaign.run_day;
  if (day < pack.from || day > pack.to) return false;
  const std::int64_t before = ReceivedFor(member, day.year(), campaign.occasion);
  if (campaign.occasion == "birthday") return before + points <= pack.birthday;
  std::int64_t all = 0;
  std::int64_t others = 0;
  for (const auto& [key, sum] : received) {
    const auto& [who, year, occasion] = key;
    if (who != member || year != day.year() || occasion == "birthday" || sum == 0) continue;
    all += sum;
    if (occasion != campaign.occasion) ++others;
  }
  return others < pack.holidays && before + points <= pack.holiday && all + points <= pack.year;
}

void LedgerModel::Receive(const Campaign& campaign, MemberId member, std::int64_t points) {
  received[{member, campaign.run_day.year(), campaign.occasion}] += points;
}

}  // namespace puhui::testing
