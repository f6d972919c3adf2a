// SPDX-License-Identifier: Apache-2.0
// The steps that change velocity limits.
#include "ledger/storage/typed_reads.h"
#include "merchant/app/limit_commands.h"
#include "tests/model/model_names.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <utility>

namespace puhui::testing {
namespace {

merchant::LimitTarget TargetOf(const LimitedWhom& whom) {
  const auto& [of, number, member, card] = whom;
  merchant::LimitTarget target{.subject = static_cast<merchant::LimitSubject>(of)};
  if (member != MemberId()) target.member = member;
  if (number == 0) return target;
  const bool is_terminal = of == Limited::kTerminal;
  const std::uint32_t merchant = is_terminal ? (number + 1) / 2 : number;
  target.merchant = *MerchantId::Parse(absl::StrCat("m-", merchant), "id");
  if (is_terminal) target.terminal = *TerminalId::Parse(absl::StrCat("t-", number), "id");
  return target;
}

std::vector<merchant::Limit> LimitsFor(const std::vector<ModelLimit>& limits) {
  std::vector<merchant::Limit> all;
  for (const ModelLimit& limit : limits) {
    merchant::Limit& added = all.emplace_back();
    added.window = static_cast<merchant::LimitWindow>(limit.within);
    if (limit.count.has_value()) added.count_max = static_cast<std::uint32_t>(*limit.count);
    added.points_max = limit.points;
  }
  return all;
}

merchant::LimitKey KeyOf(const LimitedWhom& whom) {
  const auto& [of, number, member, card] = whom;
  merchant::LimitKey key{.subject = static_cast<merchant::LimitSubject>(of), .number = number};
  if (member != MemberId()) key.who = ledger::TagFromBytes(member.ToBytes());
  if (card != 0) key.who = TagOf(card * 4 + 2);
  return key;
}

}  // namespace

// Of somebody, or of everyone of a kind; now and then of nobody whom there is.
LimitedWhom RandomDriver::AnyWhom() {
  const auto of = static_cast<Limited>(1 + random_.Below(4));
  LimitedWhom everyone{of, 0, MemberId(), 0};
  if (of == Limited::kCard || random_.Below(3) == 0) return everyone;
  if (of == Limited::kMember) {
    if (random_.Below(10) == 0) return {of, 0, MemberId(9, 9), 0};
    return {of, 0, AnyMember().value_or(MemberId()), 0};
  }
  const std::uint32_t count = of == Limited::kTerminal ? kTerminals : kTerminals / 2;
  return {of, static_cast<std::uint32_t>(1 + random_.Below(count)), MemberId(), 0};
}

// Wide enough that most is paid, and none at all half of the time.
void RandomDriver::SetLimits() {
  const LimitedWhom whom = AnyWhom();
  std::vector<ModelLimit> limits;
  for (std::int64_t window = 1; window <= 3 && random_.Below(2) == 0; ++window) {
    ModelLimit& limit = limits.emplace_back(ModelLimit{.within = static_cast<Within>(window)});
    const std::uint64_t dice = random_.Below(3);
    if (dice != 0) limit.count = static_cast<std::int64_t>(random_.Below(30));
    if (dice != 1) limit.points = static_cast<std::int64_t>(random_.Below(3'000));
  }
  Expect(model_.SetLimits(whom, limits), Run([=, this] {
           return std::make_unique<merchant::SetLimitsCommand>(
               Till(), merchant::SetLimitsCommand::Wish{.target = TargetOf(whom),
                                                        .limits = LimitsFor(limits)});
         }));
}

void RandomDriver::CompareLimits() {
  const auto rows = ledger::List(ledger_.store(), merchant::kLimitTable, {}, 1'000);
  ASSERT_OK(rows);
  EXPECT_EQ(rows->size(), model_.limits.size());
  for (const auto& [whom, limits] : model_.limits) {
    const auto row = ledger::Find(ledger_.store(), merchant::kLimitTable, KeyOf(whom));
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->limits, LimitsFor(limits));
  }
  // Of the day on which something was last paid: how often, and how much.
  for (const auto& [whom, payments] : model_.paid) {
    if (payments.empty()) continue;
    const auto row = ledger::Find(ledger_.store(), merchant::kVelocityTable, KeyOf(whom));
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    std::uint32_t count = 0;
    std::int64_t points = 0;
    for (const ModelPayment& payment : payments) {
      if (!LedgerModel::IsSameWindow(Within::kDay, payment.time, payments.back().time)) continue;
      ++count;
      points += payment.points;
    }
    EXPECT_EQ((*row)->day.number, LedgerModel::DayOf(payments.back().time));
    EXPECT_EQ((*row)->day.count, count);
    EXPECT_EQ((*row)->day.points, points);
  }
}

}  // namespace puhui::testing
