// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/busy_day.h"

#include "ledger/base/check.h"
#include "merchant/app/till_commands.h"
#include "tests/bench/command_crowd.h"
#include "tests/bench/connections.h"
#include "tests/bench/purchase_calls.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include <memory>
#include <utility>
#include <vector>

namespace puhui::bench {
namespace {

namespace m = puhui::merchant;

constexpr std::int64_t kDaySeconds = 24 * 60 * 60;

absl::TimeZone ZoneWithMidnightAt(absl::Time end) {
  PUHUI_CHECK(absl::FromUnixSeconds(absl::ToUnixSeconds(end)) == end);
  const std::int64_t east = kDaySeconds - absl::ToUnixSeconds(end) % kDaySeconds;
  // No further than half a day either way.
  return absl::FixedTimeZone(static_cast<int>(east > kDaySeconds / 2 ? east - kDaySeconds : east));
}

}  // namespace

std::string ZoneOfBusyDay(absl::Time end) { return ZoneWithMidnightAt(end).name(); }

std::string StatementOfBusyDay(absl::Time end) {
  const absl::CivilDay day = absl::ToCivilDay(end, ZoneWithMidnightAt(end)) - 1;
  return absl::StrCat("merchants/", MerchantOf(0), "/statements/", absl::FormatCivilTime(day));
}

absl::Status SellAtFirstMerchant(std::size_t purchases, const Accounts& accounts,
                                 LedgerOnDisk* ledger) {
  const std::vector<std::string> terminals = accounts.TerminalsOf(MerchantOf(0));
  PUHUI_CHECK(!terminals.empty() && !accounts.cards.empty());
  std::vector<ledger::Tag> cards;
  cards.reserve(accounts.cards.size());
  for (const std::string& card : accounts.cards) cards.push_back(ledger->vault().CardTag(card));
  const m::TillState state{&ledger->books().merchant, &ledger->books().views};
  CommandCrowd crowd(&ledger->engine());
  for (std::size_t i = 0; i < purchases; ++i) {
    const std::string& terminal = terminals[i % terminals.size()];
    auto command = std::make_unique<m::PurchaseCommand>(
        state,
        m::TillCall{.merchant_id = MerchantOf(0),
                    .terminal_id = terminal.substr(terminal.rfind('/') + 1),
                    .batch_number = 1,
                    .trace_number = static_cast<std::uint32_t>(i / terminals.size() + 1),
                    .local_time = absl::Now()},
        m::PurchaseCommand::Wish{.card = cards[i % cards.size()],
                                 .points = Points::FromStored(kPurchasePoints),
                                 .authorization_code = "BENCH1"});
    command->request =
        ledger::RequestIdentity{.caller = absl::StrCat("/merchant/merchants/", MerchantOf(0)),
                                .request_id = absl::StrFormat("%016d", i)};
    if (!crowd.Start(std::move(command)).ok()) break;
  }
  return crowd.Finish();
}

}  // namespace puhui::bench
