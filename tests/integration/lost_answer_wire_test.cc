// SPDX-License-Identifier: Apache-2.0
// What a till does at the end of its day when a line loses what it was told. Its sales over such
// lines are the cases of pos-check.
#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/forwarder.h"
#include "tests/support/wire/scene.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <utility>

namespace puhui {
namespace {

using ledger::Reason;
using PosStub = v1::PosService::Stub;

class LostAnswerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    scene_ = *std::move(scene);
    till_ = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  }

  Deployment deployment_;
  SeededRandom random_{20'251'126};
  Scene scene_;
  std::unique_ptr<PosStub> till_;
};

TEST_F(LostAnswerTest, ABatchIsClosedOnceAndSaysSoAgain) {
  const v1::PurchaseRequest bought = scene_.Purchase(1, 30, random_);
  ASSERT_OK(Ask(*till_, &PosStub::Purchase, bought));
  v1::CloseBatchRequest close;
  close.set_request_id(NewRequestId(random_));
  close.set_terminal(scene_.terminal);
  close.set_batch_number(bought.till().batch_number());
  v1::KindTotal& total = *close.add_totals();
  total.set_kind(v1::BATCH_KIND_PURCHASE);
  total.set_count(1);
  total.set_points(30);
  v1::GetTotalsRequest totals;
  totals.set_terminal(scene_.terminal);
  totals.set_batch_number(close.batch_number());
  Forwarder line(deployment_.port(), [&](std::uint64_t) {
    const auto answer = Ask(*till_, &PosStub::GetTotals, totals);
    return answer.ok() && answer->closed();
  });
  const auto far_till =
      v1::PosService::NewStub(deployment_.ConnectTo(line.port(), scene_.terminal_identity));
  EXPECT_THAT(Ask(*far_till, &PosStub::CloseBatch, close).status(),
              HasCode(absl::StatusCode::kUnavailable));
  ASSERT_TRUE(line.lost()) << "the answer was not lost";
  // By a question, and by the same again, over this line or another.
  ASSERT_OK_AND_ASSIGN(const auto asked, Ask(*far_till, &PosStub::GetTotals, totals));
  EXPECT_TRUE(asked.closed());
  ASSERT_OK_AND_ASSIGN(const auto first, Ask(*far_till, &PosStub::CloseBatch, close));
  EXPECT_TRUE(first.closed());
  EXPECT_TRUE(first.agreed());
  EXPECT_EQ(first.next_batch_number(), close.batch_number() + 1);
  ASSERT_OK_AND_ASSIGN(const auto again, Ask(*till_, &PosStub::CloseBatch, close));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_THAT(Ask(*till_, &PosStub::Purchase, scene_.Purchase(2, 1, random_)),
              Refuses(Reason::kBatchClosed, "till.batch_number"));
}

}  // namespace
}  // namespace puhui
