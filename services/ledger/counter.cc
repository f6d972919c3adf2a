// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/counter.h"

#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/core/spending_order.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/limits.h"
#include "merchant/app/queries.h"
#include "merchant/app/spending.h"
#include "services/ledger/wallet_terms.h"

#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;

std::int64_t ByLots(const Counter& counter, const ledger::Wallet& wallet,
                    ledger::TermsReader& terms, absl::Time now) {
  const ledger::Line line = merchant::LineAt({.merchant = counter.terminal.merchant,
                                              .category = counter.merchant.category,
                                              .region = counter.place.region,
                                              .time_zone = counter.place.time_zone},
                                             wallet, now);
  const std::vector<ledger::SpentToday> spent = ledger::SpentOn(wallet, line.day);
  std::int64_t available = 0;
  for (const ledger::JudgedLot& lot :
       ledger::JudgeLots(wallet, {.line = line, .spent = spent}, terms)) {
    available += lot.verdict.points;
  }
  return available;
}

}  // namespace

absl::StatusOr<Counter> CounterOf(const ledger::Readable& store, TerminalNumber number) {
  Counter counter{.number = number};
  PUHUI_ASSIGN_OR_RETURN(counter.terminal, merchant::TerminalByNumber(store, number));
  PUHUI_ASSIGN_OR_RETURN(counter.merchant,
                         merchant::MerchantByNumber(store, counter.terminal.merchant));
  if (counter.terminal.state != merchant::TerminalState::kActive) {
    return ledger::ToStatus(
        {.reason = Reason::kTerminalNotActive, .message = "the terminal is blocked"});
  }
  if (const auto refusal = merchant::RefuseMerchant(counter.merchant.state)) {
    return ledger::ToStatus(*refusal);
  }
  if (!counter.merchant.balance_shown) {
    return ledger::ToStatus({.reason = Reason::kBalanceNotShown,
                             .message = "this merchant may not know what a member has"});
  }
  PUHUI_ASSIGN_OR_RETURN(
      const auto place,
      ledger::Find(store, merchant::kStoreTable,
                   merchant::PlaceKey{counter.terminal.merchant, counter.terminal.store}));
  if (!place.has_value()) return absl::DataLossError("the store of a terminal is missing");
  counter.place = *place;
  return counter;
}

absl::StatusOr<std::int64_t> AvailableAt(const ledger::Readable& store, const Counter& counter,
                                         MemberId member, const absl::optional<ledger::Tag>& card,
                                         absl::Time now) {
  PUHUI_ASSIGN_OR_RETURN(const auto wallet, ledger::Find(store, ledger::kWalletTable, member));
  if (!wallet.has_value()) return absl::DataLossError("a member's wallet is missing");
  if (const auto refusal = merchant::RefuseSpender(wallet->state, ledger::CardState::kActive)) {
    return ledger::ToStatus(*refusal);
  }
  PUHUI_ASSIGN_OR_RETURN(WalletTerms terms, WalletTerms::Of(*wallet, store));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<merchant::LimitsMet> limits,
                         merchant::ReadLimitsOn({.terminal = counter.number,
                                                 .merchant = counter.terminal.merchant,
                                                 .member = member,
                                                 .card = card},
                                                store));
  return merchant::MostPayable(limits, ByLots(counter, *wallet, terms, now), now);
}

}  // namespace puhui::services
