// SPDX-License-Identifier: Apache-2.0
// The bytes of what malls and figures of offers store: once written they are read for ever.
#include "merchant/app/mall_rows.h"
#include "merchant/app/offer_figure_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/golden_bytes.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::merchant::mall_bytes_test {
namespace {

namespace jv1 = journal::v1;
using testing::KeyHex;
using testing::RecordHex;
using testing::ValueHex;

constexpr char kMemberHex[] = "00000000000000010000000000000002";
const MemberId kSomebody(1, 2);
const MerchantNumber kShop{258};

ledger::Tag SomeTag() { return ledger::TagFromBytes(std::string(16, '\x11')); }
std::string TagHex() { return std::string(32, '1'); }

TEST(MallBytesTest, KeysHaveTheirGoldenBytes) {
  EXPECT_EQ(KeyHex(kMallTable, kShop), "7d00000102");
  EXPECT_EQ(KeyHex(kMallTokenTable, SomeTag()), "7e" + TagHex());
  EXPECT_EQ(KeyHex(kMemberMallTable, kSomebody), absl::StrCat("7f", kMemberHex));
  EXPECT_EQ(KeyHex(kMallOrderTable, MallOrderKey{kShop, MallOrderKind::kRefund, "o"}),
            "8000000102026f");
  EXPECT_EQ(KeyHex(kMallTransactionTable, MallTransactionKey{kShop, absl::CivilDay() + 3, 9}),
            "8100000102800000030000000000000009");
  EXPECT_EQ(KeyHex(kOfferFigureTable, OfferFigureKey{UnionNumber{5}, OfferFigureKind::kOffer, 258}),
            "82000000050100000102");
  EXPECT_EQ(
      KeyHex(kOfferParticipantTable, OfferParticipantKey{OfferFigureKind::kMerchant, 2, kSomebody}),
      absl::StrCat("830200000002", kMemberHex));
}

TEST(MallBytesTest, RowsHaveTheirGoldenBytes) {
  const MallRow mall{.terminal = TerminalNumber{4},
                     .state = MallState::kBlocked,
                     .limits = {.payment_max = 5, .day_max = 6},
                     .calls = 7,
                     .day = absl::CivilDay() + 3,
                     .paid = 8,
                     .links = 9,
                     .enable_time = absl::FromUnixMicros(1)};
  EXPECT_EQ(ValueHex(mall), "04020a0c0706100902");
  EXPECT_EQ(ValueHex(MallLinkRow{kSomebody, MerchantNumber{3}}), absl::StrCat(kMemberHex, "03"));
  const MemberMalls malls{.links = {{MerchantNumber{3}, SomeTag(), absl::FromUnixMicros(1)}}};
  EXPECT_EQ(ValueHex(malls), absl::StrCat("0103", TagHex(), "02"));
  const MallOrderRow order{.sequence = 9, .purchase = 8, .points = 7, .token = SomeTag()};
  EXPECT_EQ(ValueHex(order), absl::StrCat("09080e", TagHex(), "00"));
  const MallOrderRow refund{
      .sequence = 9, .purchase = 8, .points = 7, .lines = {{.line = 3, .points = 7}}};
  EXPECT_EQ(ValueHex(refund), absl::StrCat("09080e", std::string(32, '0'), "01030e"));
  const MallTransactionRow transaction{.kind = MallOrderKind::kRefund,
                                       .number = "r",
                                       .order_number = "o",
                                       .points = 7,
                                       .time = absl::FromUnixMicros(1)};
  EXPECT_EQ(ValueHex(transaction), "020172016f0e02");
  const OfferFigures figures{.views = 1,
                             .orders = 2,
                             .cancelled = 3,
                             .ordered_points = 4,
                             .returned_points = 5,
                             .redemptions = 6,
                             .uses = 7,
                             .used_points = 8,
                             .participants = 9};
  EXPECT_EQ(ValueHex(figures), "020406080a0c0e1012");
}

TEST(MallBytesTest, RecordsOfMallsHaveTheirGoldenBytes) {
  jv1::Record record;
  jv1::MallEnabled& enabled = *record.mutable_mall_enabled();
  enabled.set_merchant(1);
  enabled.set_terminal(2);
  enabled.set_points_per_payment_max(3);
  enabled.set_points_per_day_max(4);
  enabled.set_person("p");
  EXPECT_EQ(RecordHex(record), "ea090b08011002180320042a0170");
  jv1::MallChanged& changed = *record.mutable_mall_changed();
  changed.set_merchant(1);
  changed.set_state(2);
  changed.set_points_per_payment_max(3);
  changed.set_points_per_day_max(4);
  changed.set_reason("r");
  changed.set_person("p");
  EXPECT_EQ(RecordHex(record), "f2090e08011002180320042a0172320170");
  jv1::MallLinked& linked = *record.mutable_mall_linked();
  linked.mutable_till()->set_merchant(1);
  linked.mutable_till()->set_terminal(2);
  linked.mutable_till()->set_trace_number(3);
  linked.set_member("m");
  linked.mutable_code()->set_code_hash("c");
  linked.mutable_code()->set_expire_time_micros(4);
  linked.set_nonce("n");
  linked.set_token_hash("t");
  EXPECT_EQ(RecordHex(record), "fa09180a0608011002200312016d1a050a0163100422016e2a0174");
  record.mutable_mall_unlinked()->set_merchant(1);
  record.mutable_mall_unlinked()->set_member("m");
  EXPECT_EQ(RecordHex(record), "820a05080112016d");
}

TEST(MallBytesTest, EntriesOfMallsHaveTheirGoldenBytes) {
  jv1::Record record;
  record.mutable_entry()->mutable_purchase()->set_points(1);
  record.mutable_entry()->mutable_purchase()->set_mall_order("o");
  EXPECT_EQ(RecordHex(record), "42083a061001ea09016f");
  jv1::Refund& refund = *record.mutable_entry()->mutable_refund();
  refund.set_points(1);
  refund.set_mall_refund("r");
  refund.set_mall_order("o");
  EXPECT_EQ(RecordHex(record), "420c420a1801ea090172f209016f");
}

TEST(MallBytesTest, RecordsOfViewsHaveTheirGoldenBytes) {
  jv1::Record record;
  jv1::OfferViews& line = *record.mutable_offers_viewed()->add_offers();
  line.set_offer(1);
  line.set_merchant(2);
  line.add_unions(3);
  line.add_unions(4);
  line.set_views(5);
  EXPECT_EQ(RecordHex(record), "8a0a0c0a0a080110021a0203042005");
}

}  // namespace
}  // namespace puhui::merchant::mall_bytes_test
