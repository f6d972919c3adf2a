// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/offer_commands.h"

#include "ledger/base/limits.h"
#include "merchant/app/notice_commands.h"
#include "merchant/app/offers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/merchant/app/folded_again.h"
#include "tests/unit/merchant/app/offer_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace puhui::merchant::offer_commands_test {
namespace {

using ledger::Reason;

using OfferCommandsTest = OfferTest;

constexpr OfferNumber kFirst{1};

TEST_F(OfferCommandsTest, AnOfferIsADraftWithANumberAndItsMerchantsCategoryAndZone) {
  tables_.merchants.Edit(MerchantNumber{1}).time_zone = "Asia/Shanghai";
  ASSERT_OK(Create(Item(100), 5));
  const OfferRow row = OfferOf(kFirst);
  EXPECT_EQ(row.state, OfferState::kDraft);
  EXPECT_EQ(row.version, 1U);
  EXPECT_EQ(row.content.title, "端午粽子礼盒");
  EXPECT_EQ(row.content.category, kGrocer);
  EXPECT_EQ(row.content.window.time_zone, "Asia/Shanghai");
  EXPECT_EQ(absl::FormatTime(row.content.window.end, absl::UTCTimeZone()).substr(11, 5), "16:00");
  EXPECT_EQ(StockOf(kFirst).available, 5);
  ASSERT_OK_AND_ASSIGN(const auto second, Create(PercentageOff(1'000)));
  EXPECT_EQ(second.first().offer_created().offer(), 2U);
  EXPECT_FALSE(
      (*FindOfferStock(ledger_.store(), OfferNumber{2}, PercentageOff(1'000))).has_value());
}

TEST_F(OfferCommandsTest, EachChangeIsAVersionAndLeavesWhatItDoesNotName) {
  ASSERT_OK(Create(Item(100), 5));
  OfferContent changed = Item(90);
  changed.title = "粽子";
  ASSERT_OK(Update(kFirst, {.title = true}, changed));
  EXPECT_EQ(OfferOf(kFirst).content.title, "粽子");
  EXPECT_EQ(OfferOf(kFirst).content.price, 100);
  ASSERT_OK(Update(kFirst, {.benefit = true}, changed));
  EXPECT_EQ(OfferOf(kFirst).content.price, 90);
  ASSERT_OK(Move(kFirst, OfferState::kPublished));
  ASSERT_OK(Update(kFirst, {.text = true}, {.text = "每盒六只"}));
  const OfferRow row = OfferOf(kFirst);
  EXPECT_EQ(row.state, OfferState::kPublished);  // What is published stays so.
  EXPECT_EQ(row.version, 5U);
  EXPECT_EQ(StockOf(kFirst).available, 5);
  ASSERT_OK_AND_ASSIGN(const auto versions,
                       ListOfferVersions(ledger_.store(), {MerchantNumber{1}, kFirst, 0}, 10));
  ASSERT_EQ(versions.size(), 5U);
  EXPECT_EQ(versions.front().version, 5U);
  EXPECT_EQ(versions.back().version, 1U);
  ASSERT_OK_AND_ASSIGN(const auto older,
                       ListOfferVersions(ledger_.store(), {MerchantNumber{1}, kFirst, 3}, 10));
  EXPECT_EQ(older.size(), 2U);
  ExpectFoldsAlike(ledger_);
}

TEST_F(OfferCommandsTest, DaysAreMomentsOnceUntilTheyChange) {
  ASSERT_OK(Create(Item(100)));
  const DayWindow window = OfferOf(kFirst).content.window;
  tables_.merchants.Edit(MerchantNumber{1}).time_zone = "Asia/Shanghai";
  ASSERT_OK(Update(kFirst, {.title = true}, Item(1)));
  EXPECT_EQ(OfferOf(kFirst).content.window, window);
  ASSERT_OK(Update(kFirst, {.last_day = true}, Item(1)));
  EXPECT_EQ(OfferOf(kFirst).content.window.end, window.end - absl::Hours(8));
}

// One broken rule each, in the order of precedence.
TEST_F(OfferCommandsTest, CreatingRefuses) {
  OfferContent wrong = Item(100);
  wrong.fulfilments.clear();
  EXPECT_THAT(Create(wrong, 0, "m-9"), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Create(Item(100), 0, "m-9"), Refuses(Reason::kNotFound));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kClosed;
  EXPECT_THAT(Create(Item(100)), Refuses(Reason::kMerchantNotActive));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
  EXPECT_OK(Create(Item(100)));
}

TEST_F(OfferCommandsTest, UpdatingRefuses) {
  ASSERT_OK(Create(Item(100)));
  EXPECT_THAT(Update(OfferNumber{9}, {.title = true}, Item(1), "stale"),
              Refuses(Reason::kNotFound));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kClosed;
  EXPECT_THAT(Update(kFirst, {.benefit = true}, PercentageOff(100), "stale"),
              Refuses(Reason::kInvalidField));
  EXPECT_THAT(Update(kFirst, {.fulfilments = true}, {}, "stale"), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Update(kFirst, {.title = true}, Item(1), "stale"),
              Refuses(Reason::kMerchantNotActive));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kActive;
  EXPECT_THAT(Update(kFirst, {.title = true}, Item(1), "stale"), Refuses(Reason::kEtagMismatch));
  const std::string etag = EtagOf(kFirst, 1);
  EXPECT_OK(Update(kFirst, {.title = true}, Item(1), etag));
  EXPECT_THAT(Update(kFirst, {.title = true}, Item(1), etag), Refuses(Reason::kEtagMismatch));
}

TEST_F(OfferCommandsTest, PublishingAndWithdrawingRefuse) {
  ASSERT_OK(Create(Item(100)));
  EXPECT_THAT(Move(OfferNumber{9}, OfferState::kPublished), Refuses(Reason::kNotFound));
  EXPECT_THAT(Move(OfferNumber{9}, OfferState::kWithdrawn), Refuses(Reason::kNotFound));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
  EXPECT_THAT(Move(kFirst, OfferState::kPublished, "stale"), Refuses(Reason::kMerchantNotActive));
  EXPECT_THAT(Move(kFirst, OfferState::kWithdrawn, "stale"), Refuses(Reason::kEtagMismatch));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kActive;
  EXPECT_THAT(Move(kFirst, OfferState::kPublished, "stale"), Refuses(Reason::kEtagMismatch));
  ASSERT_OK(Move(kFirst, OfferState::kPublished));
  EXPECT_THAT(Move(kFirst, OfferState::kPublished), Refuses(Reason::kOfferState));
  ASSERT_OK(Move(kFirst, OfferState::kWithdrawn));
  EXPECT_THAT(Move(kFirst, OfferState::kWithdrawn), Refuses(Reason::kOfferState));
  // It may be published again, until its last day is over.
  ASSERT_OK(Move(kFirst, OfferState::kPublished));
  ASSERT_OK(Move(kFirst, OfferState::kWithdrawn));
  ledger_.clock().Advance(absl::Hours(24 * 11));
  EXPECT_THAT(Move(kFirst, OfferState::kPublished), Refuses(Reason::kOfferNotOpen));
  // Before its first day it waits.
  OfferContent later = Item(100);
  later.window.first_day = Today() + 5;
  ASSERT_OK(Create(later));
  EXPECT_OK(Move(OfferNumber{2}, OfferState::kPublished));
}

TEST_F(OfferCommandsTest, StockGoesUpAndDownAndNeverBelowNone) {
  ASSERT_OK(Create(Item(100), 5));
  ASSERT_OK(Create(PercentageOff(1'000)));
  EXPECT_THAT(Restock(OfferNumber{9}, 1), Refuses(Reason::kNotFound));
  EXPECT_THAT(Restock(OfferNumber{2}, 1), Refuses(Reason::kOfferState));
  EXPECT_THAT(Restock(kFirst, -6), Refuses(Reason::kOfferStockLimit));
  EXPECT_THAT(Restock(kFirst, kOfferStockMax), Refuses(Reason::kOfferStockLimit));
  ASSERT_OK_AND_ASSIGN(const auto less, Restock(kFirst, -5));
  EXPECT_EQ(less.first().offer_restocked().available(), 0);
  ASSERT_OK(Restock(kFirst, kOfferStockMax));
  EXPECT_EQ(StockOf(kFirst).available, kOfferStockMax);
  EXPECT_EQ(OfferOf(kFirst).version, 1U);  // That is no change of the offer.
  ExpectFoldsAlike(ledger_);
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kClosed;
  EXPECT_THAT(Restock(kFirst, -1), Refuses(Reason::kMerchantNotActive));
}

TEST_F(OfferCommandsTest, OffersOfAMerchantAreListedByNumber) {
  for (int i = 0; i < 5; ++i) ASSERT_OK(Create(Item(100), 0, i % 2 == 0 ? "m-1" : "m-2"));
  ASSERT_OK(Move(kFirst, OfferState::kPublished));
  const auto list = [this](std::uint32_t after, std::size_t limit) {
    return *ListOffers(ledger_.store(), MerchantNumber{1}, OfferNumber{after}, limit);
  };
  EXPECT_EQ(list(0, 10),
            (std::vector<OfferNumber>{OfferNumber{1}, OfferNumber{3}, OfferNumber{5}}));
  EXPECT_EQ(list(1, 1), std::vector<OfferNumber>{OfferNumber{3}});
  EXPECT_EQ(list(5, 10), std::vector<OfferNumber>());
}

TEST_F(OfferCommandsTest, ARecordThatNoDeciderWritesIsDamage) {
  ASSERT_OK(Create(Item(100), 5));
  const auto apply = [this](const journal::v1::Record& record) {
    return OfferApplier(&tables_).Apply(record);
  };
  journal::v1::Record gap;
  gap.mutable_offer_created()->set_offer(3);
  EXPECT_THAT(apply(gap), HasCode(absl::StatusCode::kDataLoss));
  journal::v1::Record jump;
  jump.mutable_offer_moved()->set_offer(1);
  jump.mutable_offer_moved()->set_version(3);
  jump.mutable_offer_moved()->set_merchant(1);
  EXPECT_THAT(apply(jump), HasCode(absl::StatusCode::kDataLoss));
  journal::v1::Record stock;
  stock.mutable_offer_restocked()->set_offer(1);
  stock.mutable_offer_restocked()->set_change(-6);
  EXPECT_THAT(apply(stock), HasCode(absl::StatusCode::kDataLoss));
  journal::v1::Record purchase;
  purchase.mutable_entry()->mutable_purchase()->set_offer(1);
  EXPECT_THAT(apply(purchase), HasCode(absl::StatusCode::kDataLoss));
}

class NoticeCommandsTest : public OfferTest {
 protected:
  absl::StatusOr<ledger::Outcome> Publish(absl::optional<absl::CivilDay> first,
                                          absl::CivilDay last) {
    PublishNoticeCommand command(&tables_,
                                 {.union_number = UnionNumber{7},
                                  .title = "平安返厦",
                                  .text = "返岗专列二月十二日发车",
                                  .window = ResolveWindow(first, last, absl::UTCTimeZone()),
                                  .person = "people/li-1"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Withdraw(NoticeNumber notice) {
    WithdrawNoticeCommand command(&tables_, notice, "people/li-1");
    return ledger_.Run(command);
  }
};

TEST_F(NoticeCommandsTest, ANoticeIsPublishedAndWithdrawnOnce) {
  ASSERT_OK(Publish(absl::nullopt, Today()));
  ASSERT_OK_AND_ASSIGN(const auto second, Publish(Today() + 1, Today() + 1));
  EXPECT_EQ(second.first().notice_published().notice(), 2U);
  EXPECT_THAT(Withdraw(NoticeNumber{3}), Refuses(Reason::kNotFound));
  ASSERT_OK(Withdraw(NoticeNumber{1}));
  EXPECT_THAT(Withdraw(NoticeNumber{1}), Refuses(Reason::kNoticeState));
  ASSERT_OK_AND_ASSIGN(const auto notices, ListNotices(ledger_.store(), NoticeNumber{}, 10));
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0].number, NoticeNumber{2});  // The newest first.
  EXPECT_TRUE(notices[1].row.withdraw_time.has_value());
  EXPECT_EQ(notices[1].row.title, "平安返厦");
  ASSERT_OK_AND_ASSIGN(const auto older, ListNotices(ledger_.store(), NoticeNumber{2}, 10));
  ASSERT_EQ(older.size(), 1U);
  EXPECT_EQ(older[0].number, NoticeNumber{1});
  ExpectFoldsAlike(ledger_);
}

TEST_F(NoticeCommandsTest, ANoticeWhoseDaysAreWrongOrOverIsRefused) {
  EXPECT_THAT(Publish(Today() + 2, Today() + 1), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Publish(absl::nullopt, Today() - 1), Refuses(Reason::kInvalidField));
}

}  // namespace
}  // namespace puhui::merchant::offer_commands_test
