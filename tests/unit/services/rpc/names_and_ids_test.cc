// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/refusal.h"
#include "puhui/v1/pos_service.pb.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

constexpr char kMember[] = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

template <class T>
std::string FieldOf(const absl::StatusOr<T>& result) {
  const auto refusal = ledger::RefusalOf(result.status());
  return refusal.has_value() ? refusal->field : "(no refusal)";
}

TEST(ResourceNameTest, RoundTripsEveryKind) {
  EXPECT_EQ(FormatUnionName(*ParseUnionName("unions/fh-1", "f")), "unions/fh-1");
  EXPECT_EQ(FormatFundingName(*ParseFundingName("unions/fh-1/fundings/12", "f")),
            "unions/fh-1/fundings/12");
  EXPECT_EQ(FormatCampaignName(*ParseCampaignName("campaigns/c-1", "f")), "campaigns/c-1");
  EXPECT_EQ(FormatMerchantName(*ParseMerchantName("merchants/m-7", "f")), "merchants/m-7");
  EXPECT_EQ(FormatStoreName(*ParseStoreName("merchants/m-7/stores/s-1", "f")),
            "merchants/m-7/stores/s-1");
  EXPECT_EQ(FormatTerminalName(*ParseTerminalName("merchants/m-7/terminals/t-2", "f")),
            "merchants/m-7/terminals/t-2");
  const std::string member = std::string("members/") + kMember;
  EXPECT_EQ(FormatMemberName(*ParseMemberName(member, "f")), member);
  EXPECT_EQ(FormatWalletName(*ParseWalletName(member + "/wallet", "f")), member + "/wallet");
}

TEST(ResourceNameTest, RefusesEverythingElseAndNamesTheField) {
  for (const char* name :
       {"", "unions", "unions/", "unions//", "/unions/a", "union/a", "unions/a/", "unions/A",
        "unions/a/fundings/1", "Unions/a", "unions/a b", "campaigns/a", "unions/-a", "unionsa"}) {
    EXPECT_THAT(ParseUnionName(name, "union"), HasCode(absl::StatusCode::kInvalidArgument)) << name;
    EXPECT_EQ(FieldOf(ParseUnionName(name, "union")), "union") << name;
  }
  for (const char* name : {"merchants/m-7", "merchants/m-7/terminals", "merchants/m-7/terminals/",
                           "merchants//terminals/t", "merchants/m-7/stores/t-2",
                           "merchants/m-7/terminals/t-2/x", "merchants/M/terminals/t"}) {
    EXPECT_EQ(FieldOf(ParseTerminalName(name, "till.terminal")), "till.terminal") << name;
  }
  for (const char* name :
       {"unions/fh-1/fundings/x", "unions/fh-1/fundings/0", "unions/fh-1",
        "unions/fh-1/fundings/012", "unions/fh-1/fundings/99999999999999999999"}) {
    EXPECT_EQ(FieldOf(ParseFundingName(name, "name")), "name") << name;
  }
  for (const char* name : {"members/me", "members/01arz3ndektsv4rrffq69g5fav", "members/"}) {
    EXPECT_EQ(FieldOf(ParseMemberName(name, "member")), "member") << name;
  }
  EXPECT_EQ(FieldOf(ParseWalletName(std::string("members/") + kMember, "name")), "name");
  EXPECT_EQ(FieldOf(ParseWalletName("/wallet", "name")), "name");
}

TEST(RequestIdTest, ReadsBothCasesOfAnyVersion) {
  constexpr char kLower[] = "0190b0f2-7c1e-7abc-8def-0123456789ab";
  ASSERT_OK_AND_ASSIGN(const RequestId lower, ParseRequestId(kLower));
  ASSERT_OK_AND_ASSIGN(const RequestId upper,
                       ParseRequestId("0190B0F2-7C1E-7ABC-8DEF-0123456789AB"));
  EXPECT_EQ(lower, upper);
  EXPECT_EQ(lower[0], 0x01);
  EXPECT_EQ(lower[15], 0xab);
  EXPECT_EQ(FormatRequestId(lower), kLower);
}

TEST(RequestIdTest, RefusesWhatIsNoUuid) {
  for (const char* text :
       {"", "0190b0f2", "0190b0f27c1e7abc8def0123456789ab",
        "{0190b0f2-7c1e-7abc-8def-0123456789ab}", "0190b0f2-7c1e-7abc-8def-0123456789a",
        "0190b0f2-7c1e-7abc-8def-0123456789abc", "0190b0f2-7c1e-7abc-8def-0123456789ag",
        "0190b0f2_7c1e-7abc-8def-0123456789ab", "0190b0f-27c1e-7abc-8def-0123456789ab",
        " 190b0f2-7c1e-7abc-8def-0123456789ab", "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_THAT(ParseRequestId(text), HasCode(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_EQ(FieldOf(ParseRequestId(text)), "request_id");
    EXPECT_EQ(FieldOf(ParseRequestId(text, "original_request_id")), "original_request_id");
  }
}

TEST(RequestIdTest, BodyDigestTellsBodiesAndMethodsApart) {
  const ledger::KeyedHash key(std::string(32, 'k'));
  v1::PurchaseRequest request;
  request.set_points(5);
  request.mutable_till()->set_trace_number(1);
  const v1::PurchaseRequest same = request;
  v1::PurchaseRequest other = request;
  other.set_points(6);
  EXPECT_EQ(BodyDigest(key, Rpc::kPurchase, request), BodyDigest(key, Rpc::kPurchase, same));
  EXPECT_NE(BodyDigest(key, Rpc::kPurchase, request), BodyDigest(key, Rpc::kPurchase, other));
  EXPECT_NE(BodyDigest(key, Rpc::kPurchase, request), BodyDigest(key, Rpc::kRefund, request));
  const ledger::KeyedHash other_key(std::string(32, 'j'));
  EXPECT_NE(BodyDigest(key, Rpc::kPurchase, request),
            BodyDigest(other_key, Rpc::kPurchase, request));
}

TEST(RequestIdTest, RoundTripsRandomIds) {
  SeededRandom random(20'250'101);
  for (int i = 0; i < 1'000; ++i) {
    RequestId id{};
    random.Fill(absl::MakeSpan(id));
    ASSERT_OK_AND_ASSIGN(const RequestId back, ParseRequestId(FormatRequestId(id)));
    ASSERT_EQ(back, id);
  }
}

}  // namespace
}  // namespace puhui::services
