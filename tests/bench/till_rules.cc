// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/till_rules.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/limit_commands.h"
#include "merchant/app/merchant_life_commands.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"

#include <memory>
#include <utility>

namespace puhui::bench {
namespace {

namespace m = puhui::merchant;

constexpr char kRuleMaker[] = "/operator/people/bench";
constexpr std::uint32_t kEarmarkShare = 3'000;
constexpr std::uint32_t kPaymentsMax = 1'000'000'000;
constexpr std::int64_t kPaidPointsMax = 1'000'000'000'000;

}  // namespace

ledger::Terms PlainTerms() { return {.expiry = absl::Now() + absl::Hours(24 * 365)}; }

ledger::Terms RuledTerms(Points points) {
  ledger::Terms terms = PlainTerms();
  terms.categories = {5311, kBenchCategory, 5912};
  terms.day_cap = Points::FromStored(points.value() / 2);
  terms.earmark = {.share = BasisPoints::FromStored(kEarmarkShare), .categories = {kBenchCategory}};
  return terms;
}

absl::Status AgreeOnFee(const MerchantId& merchant, LedgerOnDisk* ledger) {
  return ledger->Run(std::make_unique<m::SetAgreementCommand>(
      &ledger->books().merchant,
      m::SetAgreementCommand::Wish{.merchant = merchant,
                                   .agreement = {.fee = BasisPoints::FromStored(kBenchFee)},
                                   .person = kRuleMaker}));
}

absl::Status SetHighLimits(LedgerOnDisk* ledger) {
  auto& books = ledger->books();
  for (const auto subject :
       {m::LimitSubject::kTerminal, m::LimitSubject::kMerchant, m::LimitSubject::kMember}) {
    m::SetLimitsCommand::Wish wish{.target = {.subject = subject}, .person = kRuleMaker};
    for (const auto window :
         {m::LimitWindow::kMinute, m::LimitWindow::kHour, m::LimitWindow::kDay}) {
      wish.limits.push_back(
          {.window = window, .count_max = kPaymentsMax, .points_max = kPaidPointsMax});
    }
    PUHUI_RETURN_IF_ERROR(ledger->Run(std::make_unique<m::SetLimitsCommand>(
        m::TillState{&books.merchant, &books.views}, std::move(wish))));
  }
  return absl::OkStatus();
}

}  // namespace puhui::bench
