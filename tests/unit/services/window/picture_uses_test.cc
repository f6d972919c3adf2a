// SPDX-License-Identifier: Apache-2.0
#include "services/window/picture_uses.h"

#include "tests/unit/merchant/app/offer_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace puhui::services {
namespace {

using merchant::OfferContent;
using merchant::OfferTest;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

ledger::Hash PictureHash(absl::string_view bytes) { return ledger::Sha256().Digest(bytes); }

TEST_F(OfferTest, APictureIsUsedByEveryVersionThatNamedIt) {
  OfferContent content = Item(500);
  content.pictures = {{.hash = PictureHash("first"), .media_type = "image/png"}};
  const merchant::OfferNumber offer = Published(content, 5);
  content.pictures = {{.hash = PictureHash("second"), .media_type = "image/png"}};
  ASSERT_OK(Update(offer, {.pictures = true}, content));
  ASSERT_OK(Move(offer, merchant::OfferState::kWithdrawn));
  ASSERT_OK(Create(Item(500), 5, "m-2"));
  ASSERT_OK_AND_ASSIGN(const PictureHashes used,
                       PicturesOfOffers(ledger_.store(), MerchantNumber{1}));
  EXPECT_THAT(used, UnorderedElementsAre(PictureHash("first"), PictureHash("second")));
  ASSERT_OK_AND_ASSIGN(const PictureHashes none,
                       PicturesOfOffers(ledger_.store(), MerchantNumber{2}));
  EXPECT_THAT(none, IsEmpty());
}

}  // namespace
}  // namespace puhui::services
