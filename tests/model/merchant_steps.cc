// SPDX-License-Identifier: Apache-2.0
// What becomes of merchants and terminals.
#include "merchant/app/merchant_life_commands.h"
#include "merchant/app/queries.h"
#include "merchant/app/terminal_life_commands.h"
#include "tests/model/model_names.h"
#include "tests/model/random_driver.h"
#include "tests/support/refusal_matchers.h"

#include <gtest/gtest.h>

#include <utility>

namespace puhui::testing {
void RandomDriver::ChangeMerchant() {
  using MerchantStanding = LedgerModel::MerchantStanding;
  const auto merchant = static_cast<std::uint32_t>(1 + random_.Below(kMerchants));
  if (random_.Below(4) == 0) return LocateStore();
  if (random_.Below(3) == 0) return Agree(merchant);
  // Mostly let go on; and seldom the end, from which there is no way back.
  MerchantStanding standing =
      random_.Below(4) == 0 ? MerchantStanding::kSuspended : MerchantStanding::kActive;
  if (merchant == kMerchants && random_.Below(30) == 0) standing = MerchantStanding::kClosed;
  const Verdict expected = model_.PutMerchant(merchant, standing, NextTime());
  Expect(expected, Run([=, this] {
           return std::make_unique<merchant::ChangeMerchantStateCommand>(
               &ledger_.merchant(), merchant::ChangeMerchantStateCommand::Wish{
                                        .merchant = MerchantIdOf(merchant),
                                        .state = static_cast<merchant::MerchantState>(standing),
                                        .reason = "audit"});
         }));
  const auto found = merchant::FindMerchant(ledger_.store(), MerchantIdOf(merchant).text());
  ASSERT_OK(found);
  EXPECT_EQ(static_cast<int>((*found)->row.state),
            static_cast<int>(model_.merchants[merchant].standing));
}

// Over hours, so that many come to be in force; some begin too early or run into another.
void RandomDriver::Agree(std::uint32_t merchant) {
  const absl::Time now = NextTime();
  absl::optional<absl::Time> start;
  if (random_.Below(4) != 0) {
    start = now + absl::Minutes(static_cast<std::int64_t>(random_.Below(2'000)) - 60);
  }
  absl::optional<absl::Time> end;
  if (random_.Below(2) == 0) {
    end = start.value_or(now) + absl::Minutes(1 + static_cast<std::int64_t>(random_.Below(2'000)));
  }
  const auto fee = static_cast<std::uint32_t>(random_.Below(1'500));
  const auto discount = static_cast<std::uint32_t>(random_.Below(500));
  const Verdict expected = model_.Agree(merchant, start, end, fee + discount, now);
  Expect(expected, Run([=, this] {
           return std::make_unique<merchant::SetAgreementCommand>(
               &ledger_.merchant(),
               merchant::SetAgreementCommand::Wish{
                   .merchant = MerchantIdOf(merchant),
                   .start = start,
                   .agreement = {.end = end,
                                 .fee = BasisPoints::FromStored(fee),
                                 .discount = BasisPoints::FromStored(discount)}});
         }));
}

void RandomDriver::RenewTerminal() {
  const auto terminal = static_cast<std::uint32_t>(1 + random_.Below(kTerminals));
  Expect(model_.RenewTerminal(terminal), Run([=, this] {
           return std::make_unique<merchant::RenewTerminalCommand>(
               &ledger_.merchant(),
               merchant::RenewTerminalCommand::Wish{
                   .merchant = MerchantIdOf((terminal + 1) / 2),
                   .id = *TerminalId::Parse(absl::StrCat("t-", terminal), "id"),
                   .certificate_pem = "PEM"});
         }));
}

// The last terminal of the last merchant: blocked, unblocked, and seldom retired.
void RandomDriver::ChangeTerminal() {
  using enum merchant::TerminalState;
  LedgerModel::Terminal& terminal = model_.terminals[kTerminals];
  const std::uint64_t dice = random_.Below(20);
  const merchant::TerminalState state = dice == 0 ? kRetired : dice < 6 ? kBlocked : kActive;
  Verdict expected;
  if (terminal.retired && state != kRetired) expected = ledger::Reason::kTerminalState;
  if (!expected.has_value()) {
    terminal.blocked = state == kBlocked;
    terminal.retired = state == kRetired;
  }
  Expect(expected, Run([=, this] {
           return std::make_unique<merchant::ChangeTerminalStateCommand>(
               &ledger_.merchant(), MerchantIdOf(kMerchants),
               *TerminalId::Parse(absl::StrCat("t-", kTerminals), "id"), state);
         }));
}

}  // namespace puhui::testing
