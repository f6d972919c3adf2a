// SPDX-License-Identifier: Apache-2.0
// What is asked of a wallet at a till, and what is seldom done beside it.
#include "tests/model/random_driver.h"

#include <utility>

namespace puhui::testing {

LedgerModel::Wish RandomDriver::AnyWish(absl::optional<MemberId> member, absl::Time now) {
  const std::int64_t available = member.has_value() ? model_.Available(*member, now) : 0;
  LedgerModel::Wish wish{
      .points = static_cast<std::int64_t>(
          1 + random_.Below(static_cast<std::uint64_t>(available / 2 + available / 8 + 2))),
      .partial = random_.Below(4) == 0};
  for (std::int64_t left = random_.Below(3) == 0 ? wish.points : 0; left > 0;) {
    const bool is_last = wish.lines.size() == 4;
    const auto most = static_cast<std::uint64_t>(left);
    const std::int64_t line = is_last ? left : static_cast<std::int64_t>(1 + random_.Below(most));
    wish.lines.push_back(line);
    left -= line;
  }
  return wish;
}

merchant::SpendCommand::Wish RandomDriver::SpendWishOf(const LedgerModel::Wish& wish) {
  merchant::SpendCommand::Wish of{.points = Points::FromStored(wish.points),
                                  .authorization_code = "A1B2C3",
                                  .accept_partial = wish.partial};
  for (const std::int64_t line : wish.lines) of.lines.push_back({.points = line});
  return of;
}

void RandomDriver::StepBesideTheTill() {
  switch (random_.Below(8)) {
    case 0:
    case 1:
      return SetLimits();
    case 2:
    case 3:
      return CloseBatch();
    case 4:
    case 5:
    case 6:
      return ChangeDevice();
    default:
      return RenewTerminal();
  }
}

}  // namespace puhui::testing
