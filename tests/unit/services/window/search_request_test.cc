// SPDX-License-Identifier: Apache-2.0
#include "services/window/search_request.h"

#include "ledger/storage/memory_store.h"
#include "tests/support/refusal_matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

class SearchRequestTest : public ::testing::Test {
 protected:
  absl::StatusOr<merchant::SearchWish> Read() const { return ReadSearch(request_, store_); }

  ledger::MemoryStore store_;
  v1::SearchOffersRequest request_;
};

TEST_F(SearchRequestTest, NothingIsAskedOfEverything) {
  ASSERT_OK_AND_ASSIGN(const merchant::SearchWish wish, Read());
  EXPECT_TRUE(wish.unions.empty());
  EXPECT_FALSE(wish.merchant.has_value());
  EXPECT_FALSE(wish.near.has_value());
}

TEST_F(SearchRequestTest, ATextHasSoManyCharactersWhateverTheirBytes) {
  std::string text;
  for (int i = 0; i < 128; ++i) text += "粽";
  request_.set_text(text);
  EXPECT_OK(Read());
  request_.set_text(text + "子");
  EXPECT_THAT(Read(), Refuses(Reason::kInvalidField, "text"));
  request_.set_text(std::string(10'000, 'x'));
  EXPECT_THAT(Read(), Refuses(Reason::kInvalidField, "text"));
}

TEST_F(SearchRequestTest, WhatThereIsNotHasNoOffers) {
  request_.set_union_("unions/none");
  request_.set_merchant("merchants/none");
  ASSERT_OK_AND_ASSIGN(const merchant::SearchWish wish, Read());
  EXPECT_THAT(wish.unions, ElementsAre(UnionNumber{}));
  EXPECT_EQ(wish.merchant, MerchantNumber{});
}

TEST_F(SearchRequestTest, NamesTheFieldThatIsWrong) {
  request_.set_union_("fh-1");
  EXPECT_THAT(Read(), Refuses(Reason::kInvalidField, "union"));
  request_.set_union_("");
  request_.set_merchant("m-7");
  EXPECT_THAT(Read(), Refuses(Reason::kInvalidField, "merchant"));
  request_.set_merchant("");
  request_.set_price_points_min(-1);
  EXPECT_THAT(Read(), Refuses(Reason::kInvalidField, "price_points_min"));
  request_.set_price_points_min(0);
  request_.set_order(static_cast<v1::SearchOrder>(77));
  EXPECT_THAT(Read(), Refuses(Reason::kInvalidField, "order"));
  request_.set_order(v1::SEARCH_ORDER_UNSPECIFIED);
  for (int i = 0; i < 65; ++i) request_.add_categories("5411");
  EXPECT_THAT(Read(), Refuses(Reason::kInvalidField, "categories"));
}

TEST(SearchPageTest, APlaceIsReadAsItWasWritten) {
  const SearchPage page{
      .now = absl::FromUnixMicros(1'798'761'600'000'001),
      .shown = 50,
      .after = merchant::ResultPlace{.score = -773'123.456789, .offer = merchant::OfferNumber{9}}};
  ASSERT_OK_AND_ASSIGN(const SearchPage read, ReadSearchPage(WriteSearchPage(page)));
  EXPECT_EQ(read.now, page.now);
  EXPECT_EQ(read.shown, page.shown);
  EXPECT_EQ(read.after, page.after);
  EXPECT_THAT(ReadSearchPage("1/2/3"), Refuses(Reason::kInvalidField, "page_token"));
}

}  // namespace
}  // namespace puhui::services
