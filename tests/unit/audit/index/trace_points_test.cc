// SPDX-License-Identifier: Apache-2.0
// The way of points through a journal that has one of everything.
#include "audit/index/trace_points.h"

#include "audit/index/audit_index.h"
#include "ledger/storage/memory_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/index/test_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint32_t kShop = 9;
constexpr std::int32_t kShopDay = 20'000;
const MemberId kBuyer(7, 1);
const MemberId kSaver(7, 2);

// From which record to which, and how many points.
using Hop = std::tuple<Sequence, Sequence, std::int64_t>;

std::vector<Hop> HopsOf(const PointTrace& trace) {
  std::vector<Hop> hops;
  for (const TraceStep& step : trace.steps) {
    hops.emplace_back(step.of, step.link.sequence, step.link.points);
  }
  return hops;
}

// An entry, line by line.
class EntryOf {
 public:
  EntryOf() { record_.mutable_entry(); }
  EntryOf& Line(jv1::AccountKind kind, std::uint32_t owner, std::int64_t points,
                std::uint32_t origin = 1) {
    jv1::Posting& posting = *entry().add_postings();
    posting.set_kind(kind);
    posting.set_owner(owner);
    posting.set_origin(origin);
    posting.set_points(points);
    return *this;
  }
  EntryOf& Of(jv1::AccountKind kind, MemberId member, std::int64_t points,
              std::uint32_t origin = 1) {
    Line(kind, 0, points, origin);
    entry().mutable_postings()->rbegin()->set_member(member.ToBytes());
    entry().set_member(member.ToBytes());
    return *this;
  }
  EntryOf& Lot(std::int64_t points, std::int64_t held = 0) {
    jv1::LotChange& change = *entry().add_lots();
    change.set_lot(1);
    change.set_campaign(5);
    change.set_origin(1);
    change.set_points(points);
    change.set_held(held);
    return *this;
  }
  jv1::Entry& entry() { return *record_.mutable_entry(); }
  jv1::Record record() const { return record_; }

 private:
  jv1::Record record_;
};

EntryOf GrantTo(MemberId member, std::int64_t points) {
  EntryOf grant;
  grant.Line(jv1::ACCOUNT_KIND_CAMPAIGN, 5, -points).Of(jv1::ACCOUNT_KIND_WALLET, member, points);
  grant.entry().mutable_grant()->set_campaign(5);
  grant.entry().mutable_grant()->set_lot(1);
  grant.entry().mutable_grant()->set_points(points);
  return grant;
}

EntryOf Bought(std::int64_t points, std::int64_t fee) {
  EntryOf bought;
  bought.Of(jv1::ACCOUNT_KIND_WALLET, kBuyer, -points)
      .Line(jv1::ACCOUNT_KIND_PAYABLE, kShop, points - fee)
      .Lot(-points);
  if (fee != 0) bought.Line(jv1::ACCOUNT_KIND_FEE, kShop, fee);
  bought.entry().mutable_purchase()->mutable_till()->set_merchant(kShop);
  return bought;
}

EntryOf BroughtBack(Sequence purchase, std::int64_t points) {
  EntryOf back;
  back.Line(jv1::ACCOUNT_KIND_PAYABLE, kShop, -points)
      .Of(jv1::ACCOUNT_KIND_WALLET, kBuyer, points)
      .Lot(points);
  back.entry().mutable_refund()->set_purchase(purchase);
  back.entry().mutable_refund()->mutable_till()->set_merchant(kShop);
  return back;
}

template <class Payment>
jv1::Record Payout(std::int64_t points, Payment* (jv1::Entry::*payment)()) {
  EntryOf payout;
  payout.Line(jv1::ACCOUNT_KIND_PAYABLE, kShop, -points)
      .Line(jv1::ACCOUNT_KIND_PAYOUT, kShop, points);
  Payment& said = *(payout.entry().*payment)();
  said.set_merchant(kShop);
  said.set_day(kShopDay);
  return payout.record();
}

class PointTraceTest : public ::testing::Test {
 protected:
  PointTraceTest() {
    Tell();
    index_ = std::make_unique<AuditIndex>(
        &journal_.store(), AuditIndex::Options{.directory = directory_.path(),
                                               .open =
                                                   [](const std::string& /*path*/) {
                                                     return std::make_unique<ledger::MemoryStore>();
                                                   },
                                               .step_records_max = 5});
    EXPECT_OK(index_->Follow());
  }

  absl::StatusOr<PointTrace> TryToTrace(const TraceWish& wish) {
    const absl::StatusOr<IndexMoment> moment = index_->Read(absl::ZeroDuration());
    EXPECT_OK(moment);
    return TracePoints(*moment, wish);
  }
  PointTrace Trace(const TraceWish& wish) {
    auto trace = TryToTrace(wish);
    EXPECT_OK(trace);
    return *std::move(trace);
  }

  static constexpr Sequence kAmongOthers = 17;  // After all that Tell tells.
  // Purchases at the shop, and in between the days of another end; that of the shop does not.
  void TellOfAnothersDays(int days) {
    jv1::Record cut;
    cut.mutable_day_cut()->set_merchant(kShop + 1);
    cut.mutable_day_cut()->mutable_day()->set_merchant(kShop + 1);
    for (int day = 0; day < days; ++day) {
      Add(Bought(1, 0));
      Add(cut);
    }
    EXPECT_OK(index_->Follow());
  }

 private:
  void Add(const jv1::Record& record) { journal_.Append("/somebody", {record}); }
  void Add(const EntryOf& entry) { Add(entry.record()); }

  // The records by number: 1 is paid in, 2 goes to a union below, 3 is reserved, 4 and 5 are
  // granted, 6 is bought, 7 is held and 8 taken of it, 9 and 10 come back, 11 is bought of what is
  // there then, 12 ends the day, 13 to 15 are paid, come back and are paid, and 16 expires.
  void Tell() {
    EntryOf funding;
    funding.Line(jv1::ACCOUNT_KIND_FUNDING, 1, -1'000).Line(jv1::ACCOUNT_KIND_BUDGET, 1, 1'000);
    funding.entry().mutable_funding()->set_union_number(1);
    funding.Line(jv1::ACCOUNT_KIND_FUNDING, 3, -70, 3).Line(jv1::ACCOUNT_KIND_BUDGET, 1, 70, 3);
    Add(funding);
    EntryOf allocation;
    allocation.Line(jv1::ACCOUNT_KIND_BUDGET, 1, -600).Line(jv1::ACCOUNT_KIND_BUDGET, 2, 600);
    allocation.Line(jv1::ACCOUNT_KIND_BUDGET, 1, -70, 3).Line(jv1::ACCOUNT_KIND_BUDGET, 2, 70, 3);
    allocation.entry().mutable_allocation()->set_from_union(1);
    Add(allocation);
    EntryOf approval;
    approval.Line(jv1::ACCOUNT_KIND_BUDGET, 2, -500).Line(jv1::ACCOUNT_KIND_CAMPAIGN, 5, 500);
    approval.entry().mutable_approval()->set_campaign(5);
    Add(approval);
    Add(GrantTo(kBuyer, 300));
    Add(GrantTo(kSaver, 200));
    Add(Bought(100, 2));
    TellOfCapture();
    Add(BroughtBack(6, 30));
    Add(BroughtBack(7, 5));
    Add(Bought(170, 0));
    TellOfPayouts();
    EntryOf expiry;
    expiry.Of(jv1::ACCOUNT_KIND_WALLET, kSaver, -200).Line(jv1::ACCOUNT_KIND_BUDGET, 2, 200);
    expiry.Lot(-200).entry().mutable_expiry()->set_lot(1);
    Add(expiry);
  }
  void TellOfCapture() {
    EntryOf held;
    held.Of(jv1::ACCOUNT_KIND_WALLET, kBuyer, -50).Of(jv1::ACCOUNT_KIND_HELD, kBuyer, 50);
    held.Lot(0, 50).entry().mutable_authorization()->mutable_till()->set_merchant(kShop);
    Add(held);
    EntryOf capture;
    capture.Of(jv1::ACCOUNT_KIND_HELD, kBuyer, -50).Of(jv1::ACCOUNT_KIND_WALLET, kBuyer, 10);
    capture.Line(jv1::ACCOUNT_KIND_PAYABLE, kShop, 40).Lot(-40, -50);
    capture.entry().mutable_capture()->set_authorization(7);
    capture.entry().mutable_capture()->mutable_till()->set_merchant(kShop);
    Add(capture);
  }
  void TellOfPayouts() {
    jv1::Record cut;
    cut.mutable_day_cut()->set_merchant(kShop);
    cut.mutable_day_cut()->mutable_day()->set_merchant(kShop);
    cut.mutable_day_cut()->mutable_day()->set_day(kShopDay);
    cut.mutable_day_cut()->set_first_line(6);
    cut.mutable_day_cut()->set_last_line(11);
    Add(cut);
    Add(Payout(273, &jv1::Entry::mutable_payout_paid));
    Add(Payout(-273, &jv1::Entry::mutable_payout_returned));
    Add(Payout(273, &jv1::Entry::mutable_payout_paid));
  }

  TempDir directory_;
  TestJournal journal_;
  std::unique_ptr<AuditIndex> index_;
};

TEST_F(PointTraceTest, APurchaseLeadsBackToTheFunding) {
  const PointTrace trace = Trace({.start = 11});
  EXPECT_TRUE(trace.complete);
  // Of the lot 195 are there: 160 of the grant, then 30 and 5 that had come back.
  EXPECT_THAT(HopsOf(trace),
              ElementsAre(Hop{11, 9, 10}, Hop{11, 4, 160}, Hop{9, 6, 30}, Hop{4, 3, 300},
                          Hop{6, 4, 100}, Hop{3, 2, 500}, Hop{2, 1, 600}));
  const TraceStep& lot = trace.steps[1];
  EXPECT_EQ(lot.link.through,
            (AccountName{.kind = ledger::AccountKind::kWallet, .member = kBuyer}));
  EXPECT_EQ(lot.link.lot, 1U);
  EXPECT_EQ(lot.distance, 1U);
  EXPECT_EQ(trace.steps.back().distance, 4U) << "by the shortest way";
}

TEST_F(PointTraceTest, AFundingLeadsToWhateverBecameOfIt) {
  const PointTrace trace =
      Trace({.start = 1, .direction = Direction::kForward, .origin = UnionNumber{1}});
  EXPECT_TRUE(trace.complete);
  EXPECT_THAT(HopsOf(trace),
              ElementsAre(Hop{1, 2, 600}, Hop{2, 3, 500}, Hop{3, 4, 300}, Hop{3, 5, 200},
                          Hop{4, 6, 100}, Hop{4, 8, 40}, Hop{4, 11, 160}, Hop{5, 16, 200},
                          Hop{6, 9, 30}, Hop{6, 13, 98}, Hop{8, 10, 5}, Hop{8, 13, 40},
                          Hop{11, 13, 170}, Hop{9, 11, 10}, Hop{13, 14, 273}, Hop{14, 15, 273}));
}

TEST_F(PointTraceTest, APayoutLeadsBackToTheLinesOfItsStatement) {
  const PointTrace trace = Trace({.start = 15});
  EXPECT_TRUE(trace.complete);
  std::vector<Hop> hops = HopsOf(trace);
  ASSERT_GT(hops.size(), 7U);
  EXPECT_EQ(std::get<1>(hops.back()), 1U) << "the funding";
  hops.resize(7);
  EXPECT_THAT(hops, ElementsAre(Hop{15, 14, 273}, Hop{14, 13, 273}, Hop{13, 6, 98}, Hop{13, 8, 40},
                                Hop{13, 9, -30}, Hop{13, 10, -5}, Hop{13, 11, 170}));
}

TEST_F(PointTraceTest, EachUnionsMoneyGoesItsOwnWay) {
  EXPECT_THAT(HopsOf(Trace({.start = 2, .origin = UnionNumber{3}})), ElementsAre(Hop{2, 1, 70}));
  EXPECT_THAT(HopsOf(Trace({.start = 2})), ElementsAre(Hop{2, 1, 600}, Hop{2, 1, 70}));
  EXPECT_THAT(HopsOf(Trace({.start = 11, .origin = UnionNumber{3}})), IsEmpty());
}

TEST_F(PointTraceTest, WhatIsOfOtherUnionsIsNotThere) {
  // The grants name the union whose money they are, and that is another.
  const std::vector<UnionNumber> second{UnionNumber{2}};
  EXPECT_THAT(HopsOf(Trace({.start = 2, .direction = Direction::kForward, .scope = second})),
              ElementsAre(Hop{2, 3, 500}));
}

TEST_F(PointTraceTest, ATraceThatIsTooLongSaysSo) {
  const std::vector<Hop> all = HopsOf(Trace({.start = 15}));
  const PointTrace few = Trace({.start = 15, .steps_max = 4});
  EXPECT_FALSE(few.complete);
  EXPECT_EQ(HopsOf(few), std::vector<Hop>(all.begin(), all.begin() + 4));
  EXPECT_TRUE(Trace({.start = 15, .steps_max = all.size()}).complete);
  const PointTrace narrow = Trace({.start = 15, .records_max = 4});
  EXPECT_FALSE(narrow.complete);
  EXPECT_LT(narrow.steps.size(), all.size());
}

TEST_F(PointTraceTest, ATraceThatWouldTakeTooManySeeksSaysSo) {
  TellOfAnothersDays(200);
  TraceWish wish{.start = kAmongOthers, .direction = Direction::kForward};
  EXPECT_TRUE(Trace(wish).complete);
  wish.records_max = 200 / kSeeksPerRecord;
  const PointTrace cut = Trace(wish);
  EXPECT_FALSE(cut.complete) << "the end of its day is sought record by record";
  EXPECT_THAT(HopsOf(cut), IsEmpty());
}

TEST_F(PointTraceTest, ATraceEndsWhenNobodyWaitsAnyMore) {
  TellOfAnothersDays(200);
  TraceWish wish{.start = kAmongOthers, .direction = Direction::kForward};
  wish.cancelled = [] { return true; };
  EXPECT_THAT(TryToTrace(wish), HasCode(absl::StatusCode::kCancelled));
  int looks = 0;
  wish.cancelled = [&looks] { return ++looks > 1; };
  EXPECT_THAT(TryToTrace(wish), HasCode(absl::StatusCode::kCancelled));
  wish.cancelled = [] { return false; };
  EXPECT_OK(TryToTrace(wish));
}

TEST_F(PointTraceTest, WhatIsHeldOrPaidInCameFromNowhere) {
  EXPECT_THAT(HopsOf(Trace({.start = 7, .direction = Direction::kForward})), IsEmpty())
      << "held points stay in their lot";
  EXPECT_THAT(HopsOf(Trace({.start = 1})), IsEmpty()) << "paid in from outside";
}

}  // namespace
}  // namespace puhui::audit
