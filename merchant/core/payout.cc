// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/payout.h"

#include "ledger/base/check.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

#include <algorithm>
#include <cstddef>

namespace puhui::merchant {
namespace {

constexpr std::uint32_t kFenPerYuan = 100;

bool Ascends(absl::Span<const OriginSum> sums) {
  return std::adjacent_find(sums.begin(), sums.end(), [](const OriginSum& a, const OriginSum& b) {
           return a.origin >= b.origin;
         }) == sums.end();
}

void Add(UnionNumber origin, std::int64_t points, DuePayout* due) {
  if (points > 0) due->sums.push_back({origin, points});
  if (points < 0) due->carried.push_back({origin, points});
}

}  // namespace

std::int64_t DuePayout::Points() const {
  std::int64_t points = 0;
  for (const OriginSum& sum : sums) points += sum.points;
  return points;
}

DuePayout DueOf(absl::Span<const OriginSum> day, absl::Span<const OriginSum> carried) {
  PUHUI_CHECK(Ascends(day) && Ascends(carried));
  DuePayout due;
  std::size_t i = 0;
  for (const OriginSum& sum : day) {
    for (; i < carried.size() && carried[i].origin < sum.origin; ++i) {
      Add(carried[i].origin, carried[i].points, &due);
    }
    std::int64_t points = sum.points;
    if (i < carried.size() && carried[i].origin == sum.origin) points += carried[i++].points;
    Add(sum.origin, points, &due);
  }
  for (; i < carried.size(); ++i) Add(carried[i].origin, carried[i].points, &due);
  return due;
}

std::uint32_t AccountAt(absl::Span<const UsableAccount> accounts, absl::Time now) {
  std::uint32_t number = 0;
  for (const UsableAccount& account : accounts) {
    if (account.use_time <= now) number = account.number;
  }
  return number;
}

std::uint32_t FenPerPoint(std::uint32_t points_per_yuan) {
  if (points_per_yuan == 0 || kFenPerYuan % points_per_yuan != 0) return 0;
  return kFenPerYuan / points_per_yuan;
}

std::string MessageId(absl::string_view prefix, std::uint32_t run) {
  return absl::StrCat(prefix, "-", run);
}

absl::optional<std::uint32_t> RunOfMessage(absl::string_view prefix, absl::string_view message_id) {
  absl::string_view number = message_id;
  std::uint32_t run = 0;
  const bool named = absl::ConsumePrefix(&number, prefix) && absl::ConsumePrefix(&number, "-") &&
                     absl::SimpleAtoi(number, &run);
  // Written otherwise, with zeros in front say, it is not a name that was given.
  if (!named || MessageId(prefix, run) != message_id) return absl::nullopt;
  return run;
}

std::string EndToEndId(std::uint32_t run, MerchantNumber merchant, absl::CivilDay day) {
  return absl::StrFormat("R%d-M%d-%04d%02d%02d", run, static_cast<std::uint32_t>(merchant),
                         day.year(), day.month(), day.day());
}

}  // namespace puhui::merchant
