// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/merchant_categories.h"

#include "ledger/crypto/durable_file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<MerchantCategories> Read(const std::string& text) {
  const TempDir folder;
  const std::string path = folder.Join("list.yaml");
  EXPECT_OK(ledger::WriteFileDurably(path, text));
  return MerchantCategories::Read(path);
}

constexpr char kOne[] = "categories:\n  - {code: \"5411\", name: Supermarkets, name_zh: 超市}\n";

TEST(MerchantCategoriesTest, WithoutAListAnyIsAllowed) {
  EXPECT_TRUE(MerchantCategories().Allows(1));
}

TEST(MerchantCategoriesTest, AListAllowsWhatItNames) {
  ASSERT_OK_AND_ASSIGN(const MerchantCategories categories, Read(kOne));
  EXPECT_TRUE(categories.Allows(5411));
  EXPECT_FALSE(categories.Allows(5412));
}

TEST(MerchantCategoriesTest, TheShippedListIsSound) {
  ASSERT_OK_AND_ASSIGN(const MerchantCategories categories,
                       MerchantCategories::Read("deploy/merchant_categories.yaml"));
  EXPECT_TRUE(categories.Allows(5411));
  EXPECT_TRUE(categories.Allows(5942));
  EXPECT_FALSE(categories.Allows(6011));  // Points are never paid out as cash.
}

TEST(MerchantCategoriesTest, AFaultyListIsRefusedWholeByLineAndField) {
  struct Row {
    const char* added;
    const char* said;
  };
  const Row rows[] = {
      {"  - {code: \"541\", name: a, name_zh: b}", "line 3: categories[1].code: want four digits"},
      {"  - {code: \"54a1\", name: a, name_zh: b}", "line 3: categories[1].code"},
      {"  - {code: \"5411\", name: a, name_zh: b}",
       "line 3: categories[1].code: want each code once"},
      {"  - {code: \"5412\", name_zh: b}", "line 3: categories[1].name: want a name"},
      {"  - {code: \"5412\", name: a}", "line 3: categories[1].name_zh: want a name"},
      {"  - {code: \"5412\", name: a, name_zh: b, fee: 1}", "line 3"},
  };
  for (const Row& row : rows) {
    const auto read = Read(std::string(kOne) + row.added + "\n");
    EXPECT_THAT(read, HasCode(absl::StatusCode::kInvalidArgument)) << row.added;
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(row.said));
  }
  EXPECT_THAT(Read("categories: []\n"), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MerchantCategories::Read("/nowhere.yaml"), HasCode(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace puhui::services
