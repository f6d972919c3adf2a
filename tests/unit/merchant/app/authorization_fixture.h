// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_AUTHORIZATION_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_AUTHORIZATION_FIXTURE_H_

#include "merchant/app/authorization_expiry.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// The till, and what it has reserved of the member's points.
class AuthorizationTest : public TillTest {
 protected:
  std::string RequestId(std::uint64_t number) { return testing::RequestOf(number).request_id; }
  std::vector<ledger::Lot> Lots() { return ledger_.views().wallets.Find(kMember)->lots; }
  std::uint32_t Open() { return ledger_.views().wallets.Find(kMember)->open_authorizations; }
  absl::Time Now() { return ledger_.clock().Now(); }
  // What the timer does. Returns how many ended.
  std::size_t Expire(std::vector<Sequence> authorizations) {
    ExpireAuthorizationsCommand command(State(), std::move(authorizations));
    const auto outcome = ledger_.Run(command);
    PUHUI_CHECK_OK(outcome.status());
    return outcome->records().size();
  }
  std::vector<absl::Time> Timers() {
    std::vector<absl::Time> due;
    const auto rows = ledger::List(ledger_.store(), ledger::kTimerTable, {}, 100);
    for (const auto& row : *rows) {
      if (row.key.kind == ledger::kTimerAuthorizations) due.push_back(row.key.due);
    }
    return due;
  }
  std::size_t Expiring() { return ledger::List(ledger_.store(), kExpiringTable, {}, 100)->size(); }
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_AUTHORIZATION_FIXTURE_H_
