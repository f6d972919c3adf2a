// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/offer_index.h"

#include "ledger/engine/account_queries.h"
#include "merchant/app/store_location_commands.h"
#include "merchant/search/index_note.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/merchant/app/offer_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Offers of the grocer "m-1", searched by the member, who is of the unions 7 and 3.
class OfferIndexTest : public OfferTest {
 protected:
  OfferIndexTest() { Begin(); }

  void Begin() {
    index_ = std::make_unique<OfferIndex>(
        &ledger_.store(),
        OfferIndex::Options{.directory = directory_.path(),
                            .synonyms = *Synonyms::Make({{"手机", "移动电话"}}),
                            .say = [this](absl::string_view what) { said_.emplace_back(what); }});
  }
  // As a process that ends and starts again.
  void Restart() {
    index_ = nullptr;
    Begin();
  }
  OfferContent Titled(std::string title) {
    OfferContent content = Item(500);
    content.title = std::move(title);
    return content;
  }
  absl::StatusOr<SearchResults> Search(SearchWish wish) {
    wish.now = ledger_.clock().Now();
    wish.results_max = 100;
    return index_->Search(wish, [this](const Audience& audience) {
      return Admits(audience, profiles_.profiles[kMember]);
    });
  }
  std::vector<OfferNumber> Find(const std::string& text) {
    const auto found = Search({.text = text});
    EXPECT_OK(found);
    std::vector<OfferNumber> offers;
    if (!found.ok()) return offers;
    for (const SearchResult& result : found->results) offers.push_back(result.place.offer);
    std::sort(offers.begin(), offers.end());
    return offers;
  }
  // Of the one that there is.
  std::string IndexPath() {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      paths.push_back(entry.path().string());
    }
    EXPECT_EQ(paths.size(), 1U);
    return paths.empty() ? "" : paths.front();
  }
  bool SaidThatItWasBuilt() {
    return std::any_of(said_.begin(), said_.end(), [](const std::string& what) {
      return what.find("was built") != std::string::npos;
    });
  }

  TempDir directory_;
  std::vector<std::string> said_;
  std::unique_ptr<OfferIndex> index_;
};

TEST_F(OfferIndexTest, SaysThatItIsBuiltBeforeThereIsOne) {
  EXPECT_THAT(Search({.text = "粽子"}), Refuses(ledger::Reason::kSearchRebuilding));
  EXPECT_THAT(Search({}), Refuses(ledger::Reason::kSearchRebuilding));
}

TEST_F(OfferIndexTest, FindsOffersInChineseAndEnglish) {
  const OfferNumber zongzi = Published(Titled("端午粽子礼盒"));
  const OfferNumber phone = Published(Titled("华为Mate60移动电话"));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("粽子"), ElementsAre(zongzi));
  EXPECT_THAT(Find("端午礼盒"), ElementsAre(zongzi));
  EXPECT_THAT(Find("鲜肉粽"), ElementsAre(zongzi, phone));  // What both are made of.
  EXPECT_THAT(Find("MATE60"), ElementsAre(phone));
  EXPECT_THAT(Find("手机"), ElementsAre(phone));             // A synonym.
  EXPECT_THAT(Find("grocers"), ElementsAre(zongzi, phone));  // The merchant, by its stem.
  EXPECT_THAT(Find("汽车"), IsEmpty());
  EXPECT_THAT(Find(""), ElementsAre(zongzi, phone));
}

TEST_F(OfferIndexTest, StrangeTextFindsNothingAndHurtsNobody) {
  Published(Titled("端午粽子礼盒"));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("🎉🎊"), IsEmpty());
  EXPECT_THAT(Find("粽子 AND NOT 礼盒"), IsEmpty());
  EXPECT_THAT(Find("P粽子* OR \"礼盒"), IsEmpty());
  EXPECT_THAT(Find("XA1 XAall W*"), IsEmpty());
  EXPECT_THAT(Find(std::string(100, '(')), IsEmpty());
  EXPECT_THAT(Find(std::string("\0粽\0", 5)), ElementsAre(OfferNumber{1}));
}

TEST_F(OfferIndexTest, MerchantsAreFoundByTheirInitials) {
  RegisterMerchantCommand registered(
      &tables_,
      {.id = *MerchantId::Parse("m-3", "id"), .display_name = "沃尔玛超市", .category = kGrocer});
  ASSERT_OK(ledger_.Run(registered));
  const auto created = Create(Titled("购物卡"), 5, "m-3");
  ASSERT_OK(created);
  const OfferNumber offer{created->first().offer_created().offer()};
  ASSERT_OK(Move(offer, OfferState::kPublished));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("wem"), ElementsAre(offer));
  EXPECT_THAT(Find("mcs"), ElementsAre(offer));
  EXPECT_THAT(Find("沃尔玛"), ElementsAre(offer));
  EXPECT_THAT(Find("xyz"), IsEmpty());
}

TEST_F(OfferIndexTest, FollowsWhatBecomesOfOffers) {
  ASSERT_OK(index_->Follow());
  const OfferNumber offer = Published(Titled("端午粽子礼盒"));
  EXPECT_THAT(Find("粽子"), IsEmpty());
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("粽子"), ElementsAre(offer));
  ASSERT_OK(Update(offer, {.title = true}, Titled("中秋月饼礼盒")));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("粽子"), IsEmpty());
  EXPECT_THAT(Find("月饼"), ElementsAre(offer));
  ASSERT_OK(Move(offer, OfferState::kWithdrawn));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("月饼"), IsEmpty());
  EXPECT_THAT(Find(""), IsEmpty());
  ASSERT_OK(Move(offer, OfferState::kPublished));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("月饼"), ElementsAre(offer));
}

TEST_F(OfferIndexTest, KnowsNothingThatIsNotDurable) {
  ASSERT_OK(index_->Follow());
  ledger_.Hold();
  const auto created = Create(Titled("端午粽子礼盒"), 5);
  ASSERT_OK(created);
  const OfferNumber offer{created->first().offer_created().offer()};
  ASSERT_OK(Move(offer, OfferState::kPublished));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find(""), IsEmpty());
  ledger_.Release();
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("粽子"), ElementsAre(offer));
}

TEST_F(OfferIndexTest, AMerchantThatMayNotSellIsNotShown) {
  const OfferNumber offer = Published(Titled("端午粽子礼盒"));
  ASSERT_OK(index_->Follow());
  ChangeMerchantStateCommand suspend(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                                .state = MerchantState::kSuspended,
                                                .reason = "查账"});
  ASSERT_OK(ledger_.Run(suspend));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("粽子"), IsEmpty());
  ChangeMerchantStateCommand resume(
      &tables_, {.merchant = *MerchantId::Parse("m-1", "id"), .state = MerchantState::kActive});
  ASSERT_OK(ledger_.Run(resume));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("粽子"), ElementsAre(offer));
}

TEST_F(OfferIndexTest, KnowsWhereStoresAre) {
  Published(Titled("端午粽子礼盒"));
  ASSERT_OK(index_->Follow());
  const GeoPoint here{.latitude = 24'479'834, .longitude = 118'089'425};
  ASSERT_OK_AND_ASSIGN(SearchResults found, Search({.near = here}));
  EXPECT_FALSE(found.results.front().distance_meters.has_value());
  LocateStoreCommand located(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                        .store = *StoreId::Parse("s-1", "id"),
                                        .location = here});
  ASSERT_OK(ledger_.Run(located));
  ASSERT_OK(index_->Follow());
  ASSERT_OK_AND_ASSIGN(found, Search({.near = here}));
  EXPECT_NEAR(found.results.front().distance_meters.value_or(-1), 0, 1);
}

TEST_F(OfferIndexTest, ARestartGoesOnWhereItStopped) {
  const OfferNumber first = Published(Titled("端午粽子礼盒"));
  EXPECT_FALSE(index_->progress().searchable);
  ASSERT_OK(index_->Follow());
  EXPECT_TRUE(SaidThatItWasBuilt());
  EXPECT_EQ(index_->progress().builds, 1U);
  said_.clear();
  index_ = nullptr;
  const OfferNumber second = Published(Titled("中秋月饼礼盒"));
  ASSERT_OK(Move(first, OfferState::kWithdrawn));
  Begin();
  ASSERT_OK(index_->Follow());
  EXPECT_FALSE(SaidThatItWasBuilt());
  EXPECT_EQ(index_->progress().builds, 0U);
  EXPECT_TRUE(index_->progress().searchable);
  EXPECT_EQ(index_->progress().sequence, *ledger::AppliedSequence(ledger_.store()));
  EXPECT_THAT(Find("礼盒"), ElementsAre(second));
}

TEST_F(OfferIndexTest, ADeletedDirectoryIsBuiltAnewWhileOldAnswersGoOn) {
  const OfferNumber first = Published(Titled("端午粽子礼盒"));
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("礼盒"), ElementsAre(first));
  std::filesystem::remove_all(directory_.path());
  EXPECT_THAT(Find("礼盒"), ElementsAre(first));  // From what is still open.
  said_.clear();
  const OfferNumber second = Published(Titled("中秋月饼礼盒"));
  ASSERT_OK(index_->Follow());
  EXPECT_TRUE(SaidThatItWasBuilt());
  EXPECT_THAT(Find("礼盒"), ElementsAre(first, second));
  Restart();
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("礼盒"), ElementsAre(first, second));
}

TEST_F(OfferIndexTest, ADamagedIndexIsBuiltAnew) {
  const OfferNumber offer = Published(Titled("端午粽子礼盒"));
  ASSERT_OK(index_->Follow());
  std::filesystem::resize_file(IndexPath() + "/postlist.glass", 0);
  EXPECT_THAT(Search({.text = "粽子"}), Refuses(ledger::Reason::kSearchRebuilding));
  EXPECT_THAT(Find(""), ElementsAre(offer));  // What needs no words goes on.
  ASSERT_OK(index_->Follow());
  EXPECT_THAT(Find("粽子"), ElementsAre(offer));
}

TEST_F(OfferIndexTest, AnIndexThatTheMachineMayHaveLostIsBuiltAnew) {
  const OfferNumber offer = Published(Titled("端午粽子礼盒"));
  ASSERT_OK(index_->Follow());
  index_ = nullptr;
  std::ofstream(absl::StrCat(IndexPath(), "/", kIndexNoteName)) << "another start\n";
  Begin();
  ASSERT_OK(index_->Follow());
  EXPECT_EQ(index_->progress().builds, 1U);
  EXPECT_THAT(Find("粽子"), ElementsAre(offer));
}

TEST_F(OfferIndexTest, TheIndexOfAnotherLedgerIsBuiltAnew) {
  const OfferNumber offer = Published(Titled("端午粽子礼盒"));
  ASSERT_OK(index_->Follow());
  index_ = nullptr;
  // As far along, but another record is its last.
  {
    ASSERT_OK_AND_ASSIGN(const auto text, TextIndex::Open(IndexPath()));
    ASSERT_OK(text->Remove(offer));
    ASSERT_OK(text->Commit({.sequence = ledger_.last_sequence()}));
  }
  said_.clear();
  Begin();
  ASSERT_OK(index_->Follow());
  EXPECT_TRUE(SaidThatItWasBuilt());
  EXPECT_THAT(Find("粽子"), ElementsAre(offer));
  index_ = nullptr;
  // One that is ahead, as after a backup was restored.
  {
    ASSERT_OK_AND_ASSIGN(const auto text, TextIndex::Open(IndexPath()));
    ASSERT_OK(text->Commit({.sequence = ledger_.last_sequence() + 100}));
  }
  said_.clear();
  Begin();
  ASSERT_OK(index_->Follow());
  EXPECT_TRUE(SaidThatItWasBuilt());
  EXPECT_THAT(Find("粽子"), ElementsAre(offer));
}

TEST_F(OfferIndexTest, FollowsByItselfAndEnds) {
  const OfferNumber offer = Published(Titled("端午粽子礼盒"));
  index_->Start();
  index_->Stop();  // Not before it has followed once.
  EXPECT_THAT(Find("粽子"), ElementsAre(offer));
  index_->Stop();
}

TEST_F(OfferIndexTest, ManyOffersAreFoldedInBatches) {
  ASSERT_OK(index_->Follow());
  for (int i = 0; i < 30; ++i) Published(Titled(absl::StrCat("礼盒", i, "号")));
  ASSERT_OK_AND_ASSIGN(const ChangedOffers some,
                       ReadChangedOffers(ledger_.store(), 1, ledger_.last_sequence(), 7));
  EXPECT_EQ(some.offers.size(), 7U);
  EXPECT_LT(some.last, ledger_.last_sequence());
  ASSERT_OK_AND_ASSIGN(const ChangedOffers none, ReadChangedOffers(ledger_.store(), 5, 4, 7));
  EXPECT_EQ(none.last, 4U);
  ASSERT_OK(index_->Follow());
  EXPECT_EQ(Find("礼盒").size(), 30U);
}

}  // namespace
}  // namespace puhui::merchant
