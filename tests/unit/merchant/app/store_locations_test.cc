// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/codec.h"
#include "merchant/app/store_location_commands.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr GeoPoint kXiamen{.latitude = 24'479'834, .longitude = 118'089'425};
constexpr GeoPoint kWuhan{.latitude = 30'592'849, .longitude = 114'305'539};

class StoreLocationsTest : public TillTest {
 protected:
  absl::StatusOr<ledger::Outcome> Locate(const std::string& store,
                                         absl::optional<GeoPoint> location,
                                         const char* merchant = "m-1") {
    LocateStoreCommand command(&tables_, {.merchant = *MerchantId::Parse(merchant, "id"),
                                          .store = *StoreId::Parse(store, "id"),
                                          .location = location});
    return ledger_.Run(command);
  }
  void AddStore(const std::string& id) {
    CreateStoreCommand store(
        &tables_, {.merchant = *MerchantId::Parse("m-1", "id"), .id = *StoreId::Parse(id, "id")});
    ASSERT_OK(ledger_.Run(store));
  }
  std::vector<StoreLocation> Located() {
    const auto row = ledger::Find(ledger_.store(), kStoreLocationTable, MerchantNumber{1});
    PUHUI_CHECK_OK(row.status());
    return row->has_value() ? (*row)->stores : std::vector<StoreLocation>();
  }
};

TEST_F(StoreLocationsTest, AStoreIsSomewhereUntilSomebodySaysOtherwise) {
  EXPECT_THAT(Located(), IsEmpty());
  ASSERT_OK(Locate("s-1", absl::nullopt));  // It had none.
  EXPECT_THAT(Located(), IsEmpty());
  AddStore("a-2");
  ASSERT_OK(Locate("s-1", kXiamen));
  ASSERT_OK(Locate("a-2", kWuhan));
  EXPECT_THAT(Located(), ElementsAre(StoreLocation{"a-2", kWuhan}, StoreLocation{"s-1", kXiamen}));
  ASSERT_OK(Locate("s-1", kWuhan));
  EXPECT_THAT(Located(), ElementsAre(StoreLocation{"a-2", kWuhan}, StoreLocation{"s-1", kWuhan}));
  ASSERT_OK(Locate("a-2", absl::nullopt));
  ASSERT_OK(Locate("s-1", absl::nullopt));
  EXPECT_THAT(Located(), IsEmpty());
}

TEST_F(StoreLocationsTest, RefusesInOrder) {
  EXPECT_THAT(Locate("s-9", GeoPoint{.latitude = 90'000'001}, "m-9"),
              Refuses(Reason::kInvalidField, "location"));
  EXPECT_THAT(Locate("s-9", GeoPoint{.longitude = -180'000'001}),
              Refuses(Reason::kInvalidField, "location"));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kClosed;
  EXPECT_THAT(Locate("s-1", kXiamen, "m-9"), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Locate("s-9", kXiamen), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Locate("s-1", kXiamen), Refuses(Reason::kMerchantNotActive));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kApplied;
  EXPECT_THAT(Locate("s-1", kXiamen), Refuses(Reason::kMerchantNotActive));
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
  EXPECT_OK(Locate("s-1", kXiamen));
}

TEST_F(StoreLocationsTest, NoMoreHaveALocationThanMay) {
  StoreLocationsRow row;
  for (std::size_t i = 0; i < kStoreLocationsMax; ++i) {
    row.stores.push_back({.store = absl::StrCat("t", 10'000 + i), .point = kWuhan});
  }
  tables_.store_locations.Put(MerchantNumber{1}, row);
  EXPECT_THAT(Locate("s-1", kXiamen), Refuses(Reason::kStoreLocationsLimit));
  row.stores.front().store = "s-1";
  tables_.store_locations.Put(MerchantNumber{1}, row);
  EXPECT_OK(Locate("s-1", kXiamen));  // It moves.
  EXPECT_OK(Locate("s-1", absl::nullopt));
  EXPECT_EQ(Located().size(), kStoreLocationsMax - 1);
}

TEST_F(StoreLocationsTest, APlaceThatIsNotOnEarthWasAltered) {
  journal::v1::StoreLocated located;
  located.set_merchant(1);
  located.set_store("s-1");
  located.set_latitude_micros(90'000'001);
  located.set_longitude_micros(0);
  EXPECT_THAT(ApplyStoreLocated(tables_, located), HasCode(absl::StatusCode::kDataLoss));
}

TEST(StoreLocationBytesTest, WhatIsStoredHasItsGoldenBytes) {
  const StoreLocationsRow row{
      .stores = {{.store = "s-1", .point = {.latitude = 1, .longitude = -1}}}};
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeValue(row)),
            "01"
            "03732d31"
            "02"
            "01");
  EXPECT_EQ(absl::BytesToHexString(ledger::EncodeKey(kStoreLocationTable.id, MerchantNumber{258})),
            "8700000102");
  journal::v1::Record record;
  journal::v1::StoreLocated& located = *record.mutable_store_located();
  located.set_merchant(1);
  located.set_store("s");
  located.set_latitude_micros(1);
  located.set_longitude_micros(-1);
  EXPECT_EQ(absl::BytesToHexString(record.SerializeAsString()),
            "aa0a09"
            "0801"
            "120173"
            "1802"
            "2001");
}

}  // namespace
}  // namespace puhui::merchant
