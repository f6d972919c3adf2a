// SPDX-License-Identifier: Apache-2.0
#include "services/window/picture_shelf.h"

#include "ledger/base/limits.h"
#include "services/window/picture_name.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <string>

namespace puhui::services {
namespace {

using ledger::Reason;

const MerchantId kShop = *MerchantId::Parse("m-7", "id");
const MerchantId kOther = *MerchantId::Parse("m-8", "id");

ledger::Hash HashOf(absl::string_view bytes) { return ledger::Sha256().Digest(bytes); }

class PictureShelfTest : public ::testing::Test {
 protected:
  PictureShelfTest() { Open(); }
  void Open() {
    auto opened = PictureShelf::Open({.directory = directory_.path(), .per_merchant_max = 2});
    ASSERT_OK(opened);
    shelf_ = *std::move(opened);
  }
  absl::Status Keep(const MerchantId& merchant, absl::string_view bytes) {
    return shelf_->Keep(merchant, HashOf(bytes), bytes, now_, [this] {
      ++asked_;
      return absl::StatusOr<PictureHashes>(in_use_);
    });
  }
  std::string PathOf(absl::string_view bytes) const {
    return directory_.Join(absl::StrCat("m-7.", ledger::ToHex(HashOf(bytes))));
  }
  // As if it had been written so long ago.
  void Age(absl::string_view bytes, absl::Duration by) {
    const timespec then = absl::ToTimespec(now_ - by);
    const timespec times[2] = {then, then};
    ASSERT_EQ(::utimensat(AT_FDCWD, PathOf(bytes).c_str(), times, 0), 0);
  }

  TempDir directory_;
  const absl::Time now_ = absl::FromUnixSeconds(1'798'761'600);
  PictureHashes in_use_;
  int asked_ = 0;
  std::unique_ptr<PictureShelf> shelf_;
};

TEST_F(PictureShelfTest, GivesBackWhatItWasGiven) {
  ASSERT_OK(Keep(kShop, "one"));
  ASSERT_OK_AND_ASSIGN(const std::string bytes, shelf_->Read(kShop, HashOf("one")));
  EXPECT_EQ(bytes, "one");
  EXPECT_THAT(shelf_->Read(kShop, HashOf("two")), Refuses(Reason::kNotFound));
  EXPECT_THAT(shelf_->Read(kOther, HashOf("one")), Refuses(Reason::kNotFound));
}

TEST_F(PictureShelfTest, AMerchantHasSoManyAndTheSameOnceOnly) {
  ASSERT_OK(Keep(kShop, "one"));
  ASSERT_OK(Keep(kShop, "one"));
  ASSERT_OK(Keep(kShop, "two"));
  Age("one", absl::ZeroDuration());
  Age("two", absl::ZeroDuration());
  EXPECT_THAT(Keep(kShop, "three"), Refuses(Reason::kPicturesLimit));
  EXPECT_OK(Keep(kShop, "one"));
  EXPECT_OK(Keep(kOther, "three"));
  Open();  // It counts anew.
  EXPECT_THAT(Keep(kShop, "three"), Refuses(Reason::kPicturesLimit));
}

TEST_F(PictureShelfTest, WhatIsOldAndUnusedMakesRoom) {
  ASSERT_OK(Keep(kShop, "used"));
  ASSERT_OK(Keep(kShop, "unused"));
  in_use_.insert(HashOf("used"));
  Age("used", kUnusedPicturesKept + absl::Hours(1));
  Age("unused", kUnusedPicturesKept + absl::Hours(1));
  EXPECT_OK(Keep(kShop, "new"));
  EXPECT_OK(shelf_->Read(kShop, HashOf("used")));
  EXPECT_THAT(shelf_->Read(kShop, HashOf("unused")), Refuses(Reason::kNotFound));
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(Keep(kShop, "newer"), Refuses(Reason::kPicturesLimit));
  EXPECT_EQ(asked_, 1);  // Not within an hour.
}

TEST_F(PictureShelfTest, WhatIsNewIsKeptThoughUnused) {
  ASSERT_OK(Keep(kShop, "one"));
  ASSERT_OK(Keep(kShop, "two"));
  Age("one", kUnusedPicturesKept - absl::Hours(1));
  Age("two", kUnusedPicturesKept - absl::Hours(1));
  EXPECT_THAT(Keep(kShop, "three"), Refuses(Reason::kPicturesLimit));
  EXPECT_OK(shelf_->Read(kShop, HashOf("one")));
}

TEST_F(PictureShelfTest, DamageIsKnownAndMendedByTheSameBytes) {
  ASSERT_OK(Keep(kShop, "one"));
  std::ofstream(PathOf("one"), std::ios::trunc) << "onE";
  EXPECT_THAT(shelf_->Read(kShop, HashOf("one")), HasCode(absl::StatusCode::kDataLoss));
  ASSERT_OK(Keep(kShop, "one"));
  EXPECT_OK(shelf_->Read(kShop, HashOf("one")));
}

TEST_F(PictureShelfTest, WhatACrashLeftHalfWrittenGoes) {
  std::ofstream(PathOf("half") + ".tmp") << "ha";
  std::ofstream(directory_.Join("readme.md")) << "not ours";
  Open();
  EXPECT_FALSE(std::ifstream(PathOf("half") + ".tmp").good());
  EXPECT_TRUE(std::ifstream(directory_.Join("readme.md")).good());
  EXPECT_OK(Keep(kShop, "one"));
}

TEST(PictureNameTest, HasOneForm) {
  const std::string name = absl::StrCat("merchants/m-7/pictures/", ledger::ToHex(HashOf("one")));
  ASSERT_OK_AND_ASSIGN(const PictureName parsed, ParsePictureName(name, "name"));
  EXPECT_EQ(parsed.merchant, kShop);
  EXPECT_EQ(FormatPictureName(parsed), name);
  for (const std::string& bad :
       {std::string("merchants/m-7/pictures/"), std::string("merchants/m-7"), name + "0",
        absl::StrCat("merchants/m-7/pictures/", std::string(64, 'A')),
        absl::StrCat("merchants/../pictures/", std::string(64, 'a')),
        std::string("merchants/m-7/pictures/../../../etc/passwd")}) {
    EXPECT_THAT(ParsePictureName(bad, "name"), Refuses(Reason::kInvalidField, "name")) << bad;
  }
}

}  // namespace
}  // namespace puhui::services
