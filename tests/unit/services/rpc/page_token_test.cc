// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/page_token.h"

#include "puhui/v1/audit_service.pb.h"
#include "puhui/v1/wallet_service.pb.h"
#include "services/rpc/call_context.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/escaping.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace puhui::services {
namespace {

using ::testing::Ne;

class PageTokenTest : public ::testing::Test {
 protected:
  const ledger::KeyedHash key_{std::string(32, 'k')};
  const PageTokens tokens_{&key_};
};

TEST_F(PageTokenTest, OpensWhatItSealed) {
  const std::string cursor("\0\x01\xff/after 7", 11);
  ASSERT_OK_AND_ASSIGN(const std::string opened, tokens_.Open("f", tokens_.Seal("f", cursor)));
  EXPECT_EQ(opened, cursor);
}

// It is the place in a list that its reader may be told a part of.
TEST_F(PageTokenTest, DoesNotShowWhatIsSealedInIt) {
  const std::string cursor = "merchants/m-7/statements/2026-11-25:unions/of-others";
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(tokens_.Seal("f", cursor), &bytes));
  ASSERT_EQ(bytes.size(), 16 + cursor.size());
  for (std::size_t at = 0; at + 4 <= cursor.size(); ++at) {
    EXPECT_EQ(bytes.find(cursor.substr(at, 4)), std::string::npos) << at;
  }
  // Not by what it is combined with either: bytes of one kind do not stay so.
  ASSERT_TRUE(absl::WebSafeBase64Unescape(tokens_.Seal("f", std::string(96, 'c')), &bytes));
  EXPECT_NE(bytes.substr(16, 32), bytes.substr(48, 32));
  EXPECT_NE(bytes.substr(48, 32), bytes.substr(80, 32));
}

TEST_F(PageTokenTest, AnEmptyTokenIsTheFirstPage) {
  ASSERT_OK_AND_ASSIGN(const std::string opened, tokens_.Open("f", ""));
  EXPECT_EQ(opened, "");
}

TEST_F(PageTokenTest, RefusesATokenOfAnotherFilter) {
  EXPECT_THAT(tokens_.Open("g", tokens_.Seal("f", "c")),
              HasCode(absl::StatusCode::kInvalidArgument));
  // The same bytes divided otherwise are another filter.
  EXPECT_THAT(tokens_.Open("f", tokens_.Seal("fc", "d")),
              HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(tokens_.Open("fc", tokens_.Seal("f", "cd")),
              HasCode(absl::StatusCode::kInvalidArgument));
}

TEST_F(PageTokenTest, RefusesEveryAlteredCharacter) {
  const std::string token = tokens_.Seal("f", "cursor-12345");
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(tokens_.Open("f", altered), HasCode(absl::StatusCode::kInvalidArgument)) << i;
    EXPECT_THAT(tokens_.Open("f", token.substr(0, i == 0 ? 1 : i)),
                HasCode(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(tokens_.Open("f", token + "A"), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(tokens_.Open("f", "not base64 !"), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(tokens_.Open("f", std::string(5'000, 'A')),
              HasCode(absl::StatusCode::kInvalidArgument));
}

TEST_F(PageTokenTest, IsAsLongAsItsFieldAllowsAndRefusedByItsName) {
  using ledger::Reason;
  const auto sealed = [this](std::size_t bytes) {
    return tokens_.Seal("f", std::string(bytes, 'c'));
  };
  EXPECT_OK(tokens_.Open("f", sealed(752)));
  EXPECT_THAT(tokens_.Open("f", sealed(753)), Refuses(Reason::kInvalidField, "page_token"));
  constexpr TokenField kLong{.name = "resume_token", .cursor_bytes_max = 2'000};
  ASSERT_OK_AND_ASSIGN(const std::string opened, tokens_.Open("f", sealed(2'000), kLong));
  EXPECT_EQ(opened, std::string(2'000, 'c'));
  for (const std::string& bad : {sealed(2'001), tokens_.Seal("g", "c"), std::string("forged")}) {
    EXPECT_THAT(tokens_.Open("f", bad, kLong), Refuses(Reason::kInvalidField, "resume_token"));
  }
}

TEST_F(PageTokenTest, RefusesATokenOfAnotherKey) {
  const ledger::KeyedHash other_key(std::string(32, 'j'));
  EXPECT_THAT(tokens_.Open("f", PageTokens(&other_key).Seal("f", "c")),
              HasCode(absl::StatusCode::kInvalidArgument));
}

TEST(PageCursorTest, IsANumberOrTheFirstPage) {
  ASSERT_OK_AND_ASSIGN(const auto first, NumberIn<std::uint64_t>(""));
  EXPECT_EQ(first, 0U);
  ASSERT_OK_AND_ASSIGN(const auto last, NumberIn<std::uint64_t>("18446744073709551615"));
  EXPECT_EQ(last, 18'446'744'073'709'551'615U);
  ASSERT_OK_AND_ASSIGN(const auto narrow, NumberIn<std::uint32_t>("4294967295"));
  EXPECT_EQ(narrow, 4'294'967'295U);
  for (const char* bad : {"4294967296", "-1", "x", "1 2", "0x1"}) {
    EXPECT_THAT(NumberIn<std::uint32_t>(bad), HasCode(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(PageCursorTest, IsSoManyNumbersAndNoOthers) {
  ASSERT_OK_AND_ASSIGN(const auto place, NumbersIn<3>("1:18446744073709551615:0"));
  EXPECT_THAT(place, ::testing::ElementsAre(1U, 18'446'744'073'709'551'615U, 0U));
  for (const char* bad : {"", "1:2", "1:2:3:4", "1:2:", "1:-2:3", "1:x:3", "1,2,3"}) {
    EXPECT_THAT(NumbersIn<3>(bad), HasCode(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(PageFilterTest, HoldsEveryFieldButTheTwoOfPaging) {
  v1::ListActivityRequest request;
  request.set_parent("members/a");
  const std::string filter = PageFilter(Rpc::kListActivity, request);
  request.set_page_size(7);
  request.set_page_token("t");
  EXPECT_EQ(PageFilter(Rpc::kListActivity, request), filter);
  request.set_parent("members/b");
  EXPECT_THAT(PageFilter(Rpc::kListActivity, request), Ne(filter));
  EXPECT_THAT(PageFilter(Rpc::kListRecords, v1::ListRecordsRequest()),
              Ne(PageFilter(Rpc::kListRows, v1::ListRecordsRequest())));
}

TEST(PageFilterTest, IsBoundToTheCaller) {
  v1::ListRecordsRequest request;
  const auto bound = [&request](const std::string& caller) {
    Principal principal;
    principal.caller = caller;
    return BoundToCaller(MakeCallContext(Rpc::kListRecords, principal), request);
  };
  const std::string first = bound("/auditor");
  EXPECT_THAT(bound("/operator"), Ne(first));
  request.set_page_token("t");
  EXPECT_EQ(bound("/auditor"), first);
  request.set_from_sequence(7);
  EXPECT_THAT(bound("/auditor"), Ne(first));
}

TEST(PageSizeTest, DefaultsAndRefusesBeyondTheBounds) {
  EXPECT_EQ(*PageSize(0), 50U);
  EXPECT_EQ(*PageSize(1), 1U);
  EXPECT_EQ(*PageSize(1'000), 1'000U);
  EXPECT_THAT(PageSize(1'001), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(PageSize(-1), HasCode(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace puhui::services
