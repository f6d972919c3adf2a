// SPDX-License-Identifier: Apache-2.0
// The bytes of offers and notices: once written they are read for ever.
#include "ledger/storage/codec.h"
#include "merchant/app/offer_records.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/golden_bytes.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using testing::KeyHex;
using testing::RecordHex;
using testing::ValueHex;

constexpr MerchantNumber kMerchant{258};

absl::CivilDay Day(int days) { return absl::CivilDay() + days; }

// Every field has a value of its own.
Audience Everything() {
  return {.unions = {UnionNumber{12}},
          .employments = {"f"},
          .departments = {"g"},
          .joined_from = Day(13),
          .joined_to = Day(14),
          .campaigns = {CampaignNumber{15}}};
}
DayWindow Window() {
  return {.first_day = Day(16),
          .last_day = Day(17),
          .time_zone = "h",
          .start = absl::FromUnixMicros(18),
          .end = absl::FromUnixMicros(19)};
}
OfferContent Content() {
  OfferContent content{
      .title = "a",
      .text = "b",
      .kind = OfferKind::kItem,
      .discount = {.off_rate = BasisPoints::FromStored(4), .off_points = 5, .minimum_points = 6},
      .price = 7,
      .components = {{.text = "c", .quantity = 8}},
      .journey = {.day = Day(9), .from = "d", .to = "e"},
      .category = 10,
      .regions = {11},
      .audience = Everything(),
      .window = Window(),
      .per_member_limit = 20,
      .fulfilments = {FulfilmentKind::kPickUp, FulfilmentKind::kDelivery},
      .transferable = true,
      .voucher_days = 21,
      .external_codes = true};
  OfferPicture& picture = content.pictures.emplace_back();
  picture.hash.fill(0xAB);
  picture.media_type = "m";
  return content;
}

TEST(OfferBytesTest, KeysHaveTheirGoldenBytes) {
  EXPECT_EQ(KeyHex(kOfferTable, OfferNumber{1}), "7000000001");
  EXPECT_EQ(KeyHex(kOfferVersionTable, OfferVersionKey{kMerchant, OfferNumber{1}, 2}),
            "71000001020000000100000002");
  EXPECT_EQ(KeyHex(kOfferStockTable, OfferNumber{1}), "7200000001");
  EXPECT_EQ(KeyHex(kOfferUseTable, OfferUseKey{OfferNumber{1}, MemberId(2, 3)}),
            "730000000100000000000000020000000000000003");
  EXPECT_EQ(KeyHex(kNoticeTable, NoticeNumber{1}), "7400000001");
}

TEST(OfferBytesTest, RowsHaveTheirGoldenBytes) {
  EXPECT_EQ(
      ValueHex(OfferRow{.merchant = kMerchant,
                        .state = OfferState::kPublished,
                        .version = 3,
                        .create_time = absl::FromUnixMicros(1),
                        .change_time = absl::FromUnixMicros(2),
                        .content = Content(),
                        .was_published = true}),
      "8202020302040161016203040a0c0e0101630812016401650a010b010c010166010167011a011c010f0120220168"
      "24261401abababababababababababababababababababababababababababababababab016d02010201150101");
  EXPECT_EQ(ValueHex(OfferStockRow{.available = 1, .sold = 2}), "0204");
  EXPECT_EQ(ValueHex(NoticeRow{.union_number = UnionNumber{3},
                               .title = "a",
                               .text = "b",
                               .publish_time = absl::FromUnixMicros(1),
                               .audience = Everything(),
                               .window = Window(),
                               .withdraw_time = absl::FromUnixMicros(20)}),
            "030161016202010c010166010167011a011c010f012022016824260128");
}

// Rows of before offers took anything off a bill.
TEST(OfferBytesTest, APurchaseOfBeforeHasNoOffer) {
  const PurchaseRow row{.merchant = kMerchant, .points = 5};
  std::string bytes = ledger::EncodeValue(row);
  ASSERT_EQ(bytes.substr(bytes.size() - 3), std::string(3, '\0'));
  bytes.resize(bytes.size() - 3);  // With what comes behind.
  PurchaseRow read;
  ASSERT_OK(ledger::DecodeValue(bytes, &read));
  EXPECT_EQ(read.points, 5);
  EXPECT_EQ(read.offer, OfferNumber{});
  EXPECT_EQ(read.offer_discount, 0);
  EXPECT_TRUE(read.fee_adjustments.empty());
}

TEST(OfferBytesTest, RecordsHaveTheirGoldenBytes) {
  jv1::Record created;
  created.mutable_offer_created()->set_offer(1);
  created.mutable_offer_created()->set_merchant(258);
  *created.mutable_offer_created()->mutable_content() = RecordOf(Content());
  created.mutable_offer_created()->set_stock(5);
  created.mutable_offer_created()->set_person("p");
  EXPECT_EQ(RecordHex(created),
            "e208880108011082021a7c0a01611201621803200428053006380742050a0163100848125201645a016560"
            "0a6a010b72100a010c1201661a0167201a281c32010f7a0b082010221a0168201228138001148a01250a20"
            "abababababababababababababababababababababababababababababababab12016d9201020102980101"
            "a00115a8010120052a0170");
  jv1::Record restocked;
  restocked.mutable_offer_restocked()->set_offer(1);
  restocked.mutable_offer_restocked()->set_change(-2);
  restocked.mutable_offer_restocked()->set_available(3);
  restocked.mutable_offer_restocked()->set_sold(4);
  restocked.mutable_offer_restocked()->set_person("p");
  EXPECT_EQ(RecordHex(restocked), "fa080b08011003180320042a0170");
  jv1::Record withdrawn;
  withdrawn.mutable_notice_withdrawn()->set_notice(1);
  withdrawn.mutable_notice_withdrawn()->set_person("p");
  EXPECT_EQ(RecordHex(withdrawn), "8a09050801120170");
}

TEST(OfferBytesTest, ChangesHaveTheirGoldenBytes) {
  jv1::OfferContent content;
  content.set_title("a");
  content.set_kind(1);
  content.mutable_audience();
  content.mutable_window();
  jv1::Record changed;
  changed.mutable_offer_changed()->set_offer(1);
  changed.mutable_offer_changed()->set_version(2);
  *changed.mutable_offer_changed()->mutable_content() = content;
  changed.mutable_offer_changed()->set_state(2);
  changed.mutable_offer_changed()->set_person("p");
  changed.mutable_offer_changed()->set_merchant(258);
  changed.mutable_offer_changed()->set_create_time_micros(3);
  EXPECT_EQ(RecordHex(changed), "ea0819080110021a090a0161180172007a0020022a01703082023803");
  jv1::Record moved;
  moved.mutable_offer_moved()->set_offer(1);
  moved.mutable_offer_moved()->set_version(2);
  moved.mutable_offer_moved()->set_state(3);
  *moved.mutable_offer_moved()->mutable_content() = content;
  moved.mutable_offer_moved()->set_reason("r");
  moved.mutable_offer_moved()->set_person("p");
  moved.mutable_offer_moved()->set_merchant(258);
  moved.mutable_offer_moved()->set_create_time_micros(3);
  EXPECT_EQ(RecordHex(moved), "f2081c08011002180322090a0161180172007a002a01723201703882024003");
  jv1::Record published;
  published.mutable_notice_published()->set_notice(1);
  published.mutable_notice_published()->set_union_number(2);
  published.mutable_notice_published()->set_title("a");
  published.mutable_notice_published()->set_text("b");
  published.mutable_notice_published()->mutable_audience()->add_unions(12);
  published.mutable_notice_published()->mutable_window()->set_last_day(17);
  published.mutable_notice_published()->set_person("p");
  EXPECT_EQ(RecordHex(published), "820916080110021a01612201622a030a010c320210223a0170");
}

TEST(OfferBytesTest, WhatAPurchaseAndARefusalSayOfAnOffer) {
  jv1::Record purchase;
  purchase.mutable_entry()->mutable_purchase()->set_points(9);
  purchase.mutable_entry()->mutable_purchase()->set_offer(1);
  purchase.mutable_entry()->mutable_purchase()->set_offer_version(2);
  purchase.mutable_entry()->mutable_purchase()->set_offer_discount_points(3);
  EXPECT_EQ(RecordHex(purchase), "420d3a0b1009e00301e80302f00303");
  jv1::Record declined;
  declined.mutable_declined()->set_reason(620);
  declined.mutable_declined()->set_offer(1);
  EXPECT_EQ(RecordHex(declined), "ca010610ec04e00301");
}

TEST(OfferBytesTest, WhatIsRecordedIsReadBack) {
  ASSERT_OK_AND_ASSIGN(const OfferContent read, ContentOf(RecordOf(Content())));
  EXPECT_EQ(read, Content());
  OfferContent least{.kind = OfferKind::kPercentageOff, .window = {.last_day = Day(1)}};
  least.window.start = absl::UnixEpoch();
  least.window.end = absl::UnixEpoch();
  ASSERT_OK_AND_ASSIGN(const OfferContent back, ContentOf(RecordOf(least)));
  EXPECT_EQ(back, least);
  jv1::OfferContent wrong = RecordOf(Content());
  wrong.set_kind(5);
  EXPECT_THAT(ContentOf(wrong), HasCode(absl::StatusCode::kDataLoss));
  wrong = RecordOf(Content());
  wrong.mutable_pictures(0)->set_hash("short");
  EXPECT_THAT(ContentOf(wrong), HasCode(absl::StatusCode::kDataLoss));
  wrong = RecordOf(Content());
  wrong.add_fulfilments(9);
  EXPECT_THAT(ContentOf(wrong), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::merchant
