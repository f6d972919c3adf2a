// SPDX-License-Identifier: Apache-2.0
// What of the records of all goes into the part of one merchant or union.
#include "services/audit/part_concern.h"

#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services::part_concern_test {
namespace {

namespace jv1 = journal::v1;

// Of records that go on from none.
class NoEvidence final : public audit::JournalEvidence {
 public:
  absl::Status ReadSegments(
      Sequence /*from*/,
      absl::FunctionRef<absl::StatusOr<bool>(absl::string_view segment)> /*visit*/) const override {
    return None();
  }
  absl::StatusOr<std::string> ReadRecord(Sequence /*sequence*/) const override { return None(); }
  absl::StatusOr<ledger::Hash> RootAt(std::uint64_t /*size*/) const override { return None(); }
  absl::StatusOr<std::vector<ledger::Hash>> InclusionPath(const ledger::TreeLeaf& /*leaf*/,
                                                          std::uint64_t /*size*/) const override {
    return None();
  }
  absl::StatusOr<std::vector<ledger::Hash>> ConsistencyPath(
      std::uint64_t /*first*/, std::uint64_t /*second*/) const override {
    return None();
  }

 private:
  static absl::Status None() { return absl::NotFoundError("no evidence"); }
};

audit::PartScope OfMerchant(std::uint64_t number) {
  return {
      .scope = {audit::ScopeKind::kMerchant, number}, .unions = {}, .campaigns = {}, .members = {}};
}
audit::PartScope OfUnion(std::uint32_t number) {
  return {.scope = {audit::ScopeKind::kUnion, number},
          .unions = {number},
          .campaigns = {},
          .members = {}};
}

bool Concerns(const jv1::Record& record, const audit::PartScope& scope) {
  const NoEvidence evidence;
  FactsConcern concern(&evidence);
  concern.Learn(record);
  const auto concerns = concern.Concerns(record, scope);
  EXPECT_OK(concerns);
  return concerns.ok() && *concerns;
}

TEST(PartConcernTest, AMerchantHasItsTills) {
  jv1::Record record;
  record.set_sequence(1);
  record.mutable_terminal_enrolled()->set_number(5);
  record.mutable_terminal_enrolled()->set_merchant(7);
  EXPECT_TRUE(Concerns(record, OfMerchant(7)));
  EXPECT_FALSE(Concerns(record, OfMerchant(8)));
}

TEST(PartConcernTest, ARunOfPayoutsTellsNoMerchantOfTheOthers) {
  jv1::Record record;
  record.set_sequence(1);
  jv1::PayoutRunCreated& run = *record.mutable_payout_run_created();
  run.set_run(1);
  for (const std::uint32_t merchant : {7U, 8U}) {
    jv1::RunPayment& payment = *run.add_payments();
    payment.set_merchant(merchant);
    payment.set_points(100 * merchant);
    payment.add_sums()->set_origin(1);
  }
  EXPECT_FALSE(Concerns(record, OfMerchant(7)));
  EXPECT_FALSE(Concerns(record, OfMerchant(8)));
  EXPECT_FALSE(Concerns(record, OfUnion(1)));
}

TEST(PartConcernTest, ViewsOfOffersAndBatchesAreOfMany) {
  jv1::Record views;
  views.set_sequence(1);
  for (const std::uint32_t merchant : {7U, 8U}) {
    views.mutable_offers_viewed()->add_offers()->set_merchant(merchant);
  }
  EXPECT_FALSE(Concerns(views, OfMerchant(7)));
  jv1::Record batch;
  batch.set_sequence(1);
  batch.mutable_member_batch()->set_union_number(1);
  EXPECT_FALSE(Concerns(batch, OfUnion(1)));
  jv1::Record created;
  created.set_sequence(1);
  created.mutable_union_created()->set_number(1);
  EXPECT_TRUE(Concerns(created, OfUnion(1)));
}

}  // namespace
}  // namespace puhui::services::part_concern_test
