// SPDX-License-Identifier: Apache-2.0
#include "tests/model/funding_model.h"

#include "issuing/app/union_queries.h"
#include "tests/model/model_names.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace puhui::testing {

using ledger::Reason;

Verdict ProposeFunding(const LedgerModel& model, std::uint32_t of, const std::string& reference) {
  if (!model.unions.contains(of)) return Reason::kNotFound;
  for (const auto& [proposal, funding] : model.fundings) {
    if (funding.reference == reference && !funding.rejected) return Reason::kBankReferenceUsed;
  }
  return model.Propose(of);
}

Verdict RejectFunding(LedgerModel* model, std::uint32_t of, Sequence proposal) {
  const auto at = model->fundings.find(proposal);
  if (at == model->fundings.end() || at->second.of != of) return Reason::kNotFound;
  if (at->second.confirmed) return Reason::kFundingAlreadyConfirmed;
  if (at->second.rejected) return Reason::kFundingRejected;
  at->second.rejected = true;
  return absl::nullopt;
}

void CompareFundings(const ledger::Readable& store, const LedgerModel& model) {
  using issuing::FundingState;
  std::map<std::uint32_t, std::vector<Sequence>> by_union;
  for (const auto& [proposal, expected] : model.fundings) {
    by_union[expected.of].push_back(proposal);
    const auto found = issuing::FindFunding(store, proposal);
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->state(), expected.confirmed  ? FundingState::kConfirmed
                                 : expected.rejected ? FundingState::kRejected
                                                     : FundingState::kProposed);
    EXPECT_EQ((*found)->bank_reference, expected.reference);
  }
  for (const auto& [of, expected] : model.unions) {
    const auto found = issuing::FindUnion(store, UnionIdOf(of).text());
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    const auto listed =
        issuing::ListFundings(store, (*found)->number, 0, model.fundings.size() + 1);
    ASSERT_OK(listed);
    EXPECT_EQ(*listed, by_union[of]);
  }
}

}  // namespace puhui::testing
