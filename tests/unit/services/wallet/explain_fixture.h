// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_WALLET_EXPLAIN_FIXTURE_H_
#define PUHUI_TESTS_UNIT_SERVICES_WALLET_EXPLAIN_FIXTURE_H_

#include "issuing/app/tables.h"
#include "merchant/app/limit_commands.h"
#include "services/wallet/explain_spend.h"
#include "tests/unit/merchant/app/terms_fixture.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

// Whom the lots are of has a name here.
class ExplainSpendTest : public merchant::TermsTest {
 protected:
  ExplainSpendTest() : names_(&ledger_.set()) {
    // Half a minute off, so that no moment of terms, in whole minutes, is that of a call.
    ledger_.clock().Advance(absl::Seconds(30));
    names_.members.Put(merchant::kMember, {.card_hash = merchant::kCard});
  }
  void Grant(std::int64_t points, ledger::Terms terms) {
    const std::uint32_t number = lots_ + 1;
    names_.campaigns.Put(CampaignNumber{number}, {.id = absl::StrCat("c-", number)});
    names_.unions.Put(UnionNumber{number}, {.id = absl::StrCat("u-", number)});
    AddGrant(points, std::move(terms));
  }
  v1::ExplainSpendRequest Wish(std::int64_t points, const std::string& store = "") const {
    v1::ExplainSpendRequest request;
    request.set_name(absl::StrCat("members/", merchant::kMember.ToString(), "/wallet"));
    request.set_merchant("merchants/m-1");
    request.set_store(store);
    request.set_points(points);
    return request;
  }
  absl::StatusOr<v1::ExplainSpendResponse> Explain(const v1::ExplainSpendRequest& request) {
    PUHUI_ASSIGN_OR_RETURN(const SpendQuestion question, ReadExplainSpend(request));
    return ExplainSpend(question, ledger_.store(), ledger_.clock().Now());
  }
  void SetLimits(merchant::LimitTarget target, std::vector<merchant::Limit> limits) {
    merchant::SetLimitsCommand command(State(),
                                       {.target = std::move(target), .limits = std::move(limits)});
    ASSERT_OK(ledger_.Run(command));
  }

  issuing::Tables names_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_WALLET_EXPLAIN_FIXTURE_H_
