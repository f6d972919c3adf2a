// SPDX-License-Identifier: Apache-2.0
// What comes back of a sale goes to the lots it was taken of, and takes the fee on it along; what
// was adjusted does not come back twice: both verifiers name the first record that does otherwise.
#include "audit/bundle/bundle_returns.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/adjusted_town.h"
#include "tests/unit/audit/bundle/both_verifiers.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/part_town.h"
#include "tests/unit/audit/bundle/record_writer.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit::returns_verdicts_test {
namespace {

namespace jv1 = journal::v1;

struct ReturnLie {
  Sequence record;
  std::function<void(jv1::Record&)> tell;
};

using MakeBundle = std::function<std::string(const std::vector<jv1::Record>&)>;

std::string WholeOf(const std::vector<jv1::Record>& records) {
  return BundleOf(records, 1, records.size());
}

class ReturnsVerdictsTest : public BothVerifiersTest {
 protected:
  void ExpectBothName(const std::vector<jv1::Record>& town, const std::vector<ReturnLie>& lies,
                      const MakeBundle& make = WholeOf) {
    for (const ReturnLie& lie : lies) {
      std::vector<jv1::Record> records = town;
      lie.tell(records[lie.record - 1]);
      Put(make(records), absl::StrCat("record ", lie.record));
    }
  }
};

// Points move from the fee to what is payable, where both say so.
template <class Cause>
void MoveFee(std::int64_t points, jv1::Entry& entry, Cause& cause) {
  for (jv1::Posting& posting : *entry.mutable_postings()) {
    if (posting.kind() == jv1::ACCOUNT_KIND_FEE) posting.set_points(posting.points() - points);
    if (posting.kind() == jv1::ACCOUNT_KIND_PAYABLE) posting.set_points(posting.points() + points);
  }
  cause.set_fee(cause.fee() + points);
}

jv1::Refund& RefundOf(jv1::Record& record) { return *record.mutable_entry()->mutable_refund(); }

TEST_F(ReturnsVerdictsTest, BothNameTheRefundThatTakesAnotherFeeAlong) {
  const Sequence refund = TownRecord("refund");
  ExpectBothName(TownRecords(),
                 {{refund, [](auto& r) { MoveFee(1, *r.mutable_entry(), RefundOf(r)); }},
                  {refund, [](auto& r) { MoveFee(-1, *r.mutable_entry(), RefundOf(r)); }},
                  {refund, [](auto& r) { RefundOf(r).set_fee_basis_points(200); }},
                  {refund, [](auto& r) { RefundOf(r).set_discount_basis_points(0); }},
                  {refund,
                   [](auto& r) {
                     RefundOf(r).clear_fee_basis_points();
                     RefundOf(r).clear_discount_basis_points();
                   }},
                  {refund,
                   [](auto& r) {
                     jv1::FeeAdjustment& left = *RefundOf(r).add_fee_adjustments();
                     left.set_origin(1);
                     left.set_points(1);
                   }},
                  // To a lot that nothing was taken of; the wallet gets as much.
                  {refund, [](auto& r) { r.mutable_entry()->mutable_lots(0)->set_lot(2); }},
                  {refund, [](auto& r) {
                     for (jv1::Posting& posting : *r.mutable_entry()->mutable_postings()) {
                       if (posting.kind() != jv1::ACCOUNT_KIND_WALLET) posting.set_owner(4);
                     }
                   }}});
}

// All that a capture takes is taken of what was held, and a void gives the merchant nothing.
TEST_F(ReturnsVerdictsTest, BothNameTheSaleThatChargesWhoItIsNotOf) {
  const Sequence capture = TownRecord("capture");
  const auto as_void = [](jv1::Record& record) {
    jv1::Entry& entry = *record.mutable_entry();
    const jv1::Purchase captured = entry.capture();
    entry.mutable_voided()->set_authorization(captured.authorization());
    entry.mutable_voided()->set_points(300);
    entry.clear_opened_day();
  };
  ExpectBothName(TownRecords(), {{capture, as_void},
                                 {capture, [](auto& r) {
                                    for (auto& posting : *r.mutable_entry()->mutable_postings()) {
                                      if (posting.kind() == jv1::ACCOUNT_KIND_FEE) {
                                        posting.set_owner(4);
                                      }
                                    }
                                  }}});
}

TEST_F(ReturnsVerdictsTest, BothNameTheAdjustmentThatMovesMoreThanThereIs) {
  const std::vector<jv1::Record> town = AdjustedTown();
  const Sequence first = TownRecords().size() + 1;
  const auto adjust = [](std::int64_t points) {
    return [points](jv1::Record& record) {
      jv1::Entry& entry = *record.mutable_entry();
      entry.mutable_postings(0)->set_points(-points);
      entry.mutable_postings(1)->set_points(points);
      entry.mutable_adjustment()->set_points(points);
    };
  };
  const auto of = [](Sequence purchase) {
    return [purchase](jv1::Record& record) {
      record.mutable_entry()->mutable_adjustment()->set_purchase(purchase);
    };
  };
  // Of the purchase 200 points are kept, with a fee of 5.
  ExpectBothName(
      town,
      {{first, adjust(6)},
       {first, adjust(-196)},
       {first, of(TownRecord("grant"))},
       {first, [](auto& r) { r.mutable_entry()->mutable_adjustment()->set_merchant(4); }},
       {first, [](auto& r) { r.mutable_entry()->mutable_adjustment()->set_points(1); }},
       // The fee as if nothing had been adjusted, and the adjustment as if something were kept.
       {first + 1, [](auto& r) { MoveFee(2, *r.mutable_entry(), RefundOf(r)); }},
       {first + 1,
        [](auto& r) {
          jv1::FeeAdjustment& left = *RefundOf(r).add_fee_adjustments();
          left.set_origin(1);
          left.set_points(2);
        }},
       {first + 3,
        [](auto& r) { MoveFee(1, *r.mutable_entry(), *r.mutable_entry()->mutable_reversal()); }}});
}

// All that a merchant sold and gave back is in its part, and the terms of campaigns with what they
// granted in that of their union.
TEST_F(ReturnsVerdictsTest, BothFindItInAPartToo) {
  const auto part_of = [](const BundleScope& scope) {
    return [scope](const std::vector<jv1::Record>& records) {
      return PartOf(records, scope, 1, records.size());
    };
  };
  const auto sound = VerifyBytes(part_of(kMerchantThree)(AdjustedTown()));
  ASSERT_OK(sound);
  EXPECT_EQ(sound->fees.checked, 2U);
  EXPECT_EQ(sound->returns.followed, 5U);
  EXPECT_EQ(sound->returns.unfollowed, 0U);
  const Sequence refund = TownRecord("refund");
  ExpectBothName(TownRecords(),
                 {{refund, [](auto& r) { MoveFee(1, *r.mutable_entry(), RefundOf(r)); }},
                  {refund, [](auto& r) { RefundOf(r).set_fee(6); }}},
                 part_of(kMerchantThree));
  ASSERT_OK(VerifyBytes(part_of(kUnionOne)(TownRecords())));
  ExpectBothName(TownRecords(),
                 {{TownRecord("grant"),
                   [](auto& r) {
                     jv1::Grant& grant = *r.mutable_entry()->mutable_grant();
                     grant.set_expiry_micros(grant.expiry_micros() + 1);
                   }}},
                 part_of(kUnionOne));
}

// The union whose money a campaign of another issues is told that it was created, and not how its
// terms were changed.
TEST_F(ReturnsVerdictsTest, APartHoldsNoGrantAgainstTermsWhoseChangesItDoesNotHave) {
  std::vector<jv1::Record> town = PeopledTown();
  const Sequence campaign = TownRecord("campaign");
  jv1::CampaignCreated& created = *town[campaign - 1].mutable_campaign_created();
  jv1::Record changed = town[campaign];
  changed.set_time_micros(town[campaign - 1].time_micros() + 1);
  changed.mutable_campaign_updated()->set_campaign(1);
  *changed.mutable_campaign_updated()->mutable_after()->mutable_terms() = created.terms();
  created.set_origin(2);
  created.mutable_terms()->set_expiry_micros(created.terms().expiry_micros() - 1);
  town.insert(town.begin() + static_cast<std::ptrdiff_t>(campaign), changed);
  for (std::size_t i = campaign; i < town.size(); ++i) town[i].set_sequence(i + 1);
  for (const BundleScope& scope : {kUnionOne, BundleScope{ScopeKind::kUnion, 2}}) {
    Put(PartOf(town, scope, 1, town.size()), "fits");
  }
}

// A sale that begins before the part cannot be held against what comes back of it.
TEST_F(ReturnsVerdictsTest, APartCountsWhatIsOfSalesOfBefore) {
  const std::vector<jv1::Record> town = AdjustedTown();
  const auto report = VerifyBytes(PartOf(town, kMerchantThree, TownRecord("refund"), town.size()));
  ASSERT_OK(report);
  EXPECT_EQ(report->returns.followed, 2U);
  EXPECT_EQ(report->returns.unfollowed, 3U);
}

// A sale of two lots of different unions' money, what comes back of it, and how its fee is split.
class TwoLots : public RecordWriter {
 public:
  TwoLots() : RecordWriter(std::int64_t{1'764'547'200'000'000}) {
    Sell();
    GiveBack("first back", 40, {{2, 40}}, {{2, {-39, -1}}});
  }

 private:
  struct Back {
    std::uint32_t lot;
    std::int64_t points;
  };
  struct Moved {
    std::uint32_t origin;
    std::pair<std::int64_t, std::int64_t> payable_and_fee;
  };
  void PostShare(jv1::Entry& entry, const Moved& moved) {
    const auto [payable, fee] = moved.payable_and_fee;
    const auto post = [&](jv1::AccountKind kind, std::int64_t points) {
      if (points == 0) return;
      Post(entry, kind, kind == jv1::ACCOUNT_KIND_WALLET ? 1 : 3, points);
      entry.mutable_postings(entry.postings_size() - 1)->set_origin(moved.origin);
    };
    post(jv1::ACCOUNT_KIND_WALLET, -payable - fee);
    post(jv1::ACCOUNT_KIND_PAYABLE, payable);
    post(jv1::ACCOUNT_KIND_FEE, fee);
  }
  static void Move(jv1::Entry& entry, std::uint32_t lot, std::int64_t points) {
    jv1::LotChange& change = *entry.add_lots();
    change.set_lot(lot);
    change.set_origin(lot);
    change.set_points(points);
  }
  // 2.5 % of 59 are 1.475, of all 100 2.5: one point of the fee is of each union's money.
  void Sell() {
    jv1::Entry& entry = *Add("sale").mutable_entry();
    PostShare(entry, {1, {58, 1}});
    PostShare(entry, {2, {40, 1}});
    Move(entry, 1, -59);
    Move(entry, 2, -41);
    jv1::Purchase& sale = *entry.mutable_purchase();
    sale.mutable_till()->set_merchant(3);
    sale.set_points(100);
    sale.set_fee(2);
    sale.set_fee_basis_points(250);
  }
  // 1.5 points are the fee on the 60 that are left, so that one comes back.
  void GiveBack(absl::string_view name, std::int64_t points, const std::vector<Back>& lots,
                const std::vector<Moved>& shares) {
    jv1::Entry& entry = *Add(name).mutable_entry();
    for (const Moved& moved : shares) PostShare(entry, moved);
    for (const Back& back : lots) Move(entry, back.lot, back.points);
    jv1::Refund& refund = *entry.mutable_refund();
    refund.set_purchase(named["sale"]);
    refund.set_points(points);
    refund.set_refunded(points);
    refund.set_fee(1);
  }
};

TEST(BundleReturnsTest, TheFeeIsSplitAmongUnionsInTheOrderOfLots) {
  const TwoLots town;
  BundleReturns returns(/*whole=*/true);
  for (const jv1::Record& record : town.records) EXPECT_OK(returns.Check(record));
  EXPECT_EQ(returns.figures().followed, 1U);
  // The other union's money pays the fee.
  jv1::Record sale = town.records[0];
  for (const int at : {1, 2, 4, 5}) {
    jv1::Posting& posting = *sale.mutable_entry()->mutable_postings(at);
    const bool fee = posting.kind() == jv1::ACCOUNT_KIND_FEE;
    posting.set_points(posting.points() + ((posting.origin() == 1) == fee ? 1 : -1));
  }
  BundleReturns others(/*whole=*/true);
  EXPECT_THAT(others.Check(sale), HasCode(absl::StatusCode::kDataLoss));
}

TEST(BundleReturnsTest, TheLastLotThatWasTakenComesBackFirst) {
  const TwoLots town;
  // All of it to the first lot, with the fee that is right for that.
  jv1::Record back = town.records[1];
  back.mutable_entry()->mutable_lots(0)->set_lot(1);
  back.mutable_entry()->mutable_lots(0)->set_origin(1);
  for (jv1::Posting& posting : *back.mutable_entry()->mutable_postings()) posting.set_origin(1);
  const auto check = [&back](const jv1::Record& sale) {
    BundleReturns returns(/*whole=*/true);
    EXPECT_OK(returns.Check(sale));
    return returns.Check(back);
  };
  EXPECT_THAT(check(town.records[0]), HasCode(absl::StatusCode::kDataLoss));
  // Of a basket its lines say so.
  jv1::Record basket = town.records[0];
  basket.mutable_entry()->mutable_purchase()->add_lines()->set_points(100);
  EXPECT_OK(check(basket));
}

TEST(BundleReturnsTest, CountsWhatIsOfSalesOfBefore) {
  const TwoLots town;
  BundleReturns later(/*whole=*/false);
  EXPECT_OK(later.Check(town.records[1]));
  EXPECT_EQ(later.figures().followed, 0U);
  EXPECT_EQ(later.figures().unfollowed, 1U);
  BundleReturns whole(/*whole=*/true);
  EXPECT_THAT(whole.Check(town.records[1]), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::audit::returns_verdicts_test
