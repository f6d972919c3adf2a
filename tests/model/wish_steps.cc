// SPDX-License-Identifier: Apache-2.0
// What is asked of a wallet at a till, and what is seldom done beside it.
#include "merchant/app/inquire_card_command.h"
#include "tests/model/random_driver.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <memory>
#include <tuple>
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
  of.offer = merchant::OfferNumber{wish.offer};
  return of;
}

// One after the other at a till, mostly numbers that nobody has; now and then too many of them.
void RandomDriver::InquireCards() {
  const LedgerModel::TillCall till = AnyCall();
  const TerminalNumber terminal{std::get<0>(till.keys)};
  for (std::uint64_t left = 1 + random_.Below(12); left > 0; --left) {
    LedgerModel::TillCall call = till;
    call.now = NextTime();
    const std::uint64_t card = random_.Below(4) == 0 ? AnyCard(AnyMember()) : drawn_ + 1;
    const auto outcome = ledger_.Run(std::make_unique<merchant::InquireCardCommand>(
        Till(), terminal, merchant::ShownCard{.hash = TagOf(card * 4 + 2)}));
    if (outcome.ok() && !outcome->empty()) {
      last_time_ = absl::FromUnixMicros(outcome->first().time_micros());
    }
    Expect(model_.FindCard(call, card), outcome);
  }
}

void RandomDriver::StepBesideTheTill() {
  switch (random_.Below(10)) {
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
    case 7:
    case 8:
      return InquireCards();
    default:
      return RenewTerminal();
  }
}

}  // namespace puhui::testing
