// SPDX-License-Identifier: Apache-2.0
#include "services/server/config.h"

#include "services/server/shop_window.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

// The fields of a message, and of those that it has.
void AddKeys(const google::protobuf::Descriptor& message, std::set<std::string>* keys) {
  for (int i = 0; i < message.field_count(); ++i) {
    keys->insert(message.field(i)->name());
    const google::protobuf::Descriptor* const part = message.field(i)->message_type();
    if (part != nullptr) AddKeys(*part, keys);
  }
}

// Tests run in the root of the tree.
TEST(ConfigExampleTest, HasEveryKeyAndNoOther) {
  EXPECT_OK(ReadConfig("deploy/config.example.yaml"));
  std::set<std::string> keys;
  AddKeys(*config::v1::ServerConfig::descriptor(), &keys);
  std::set<std::string> named;  // Also those that are a comment, because the default holds.
  std::ifstream file("deploy/config.example.yaml");
  const std::regex key("(?:# )? *([a-z_]+):.*");
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_match(line, match, key)) named.insert(match[1].str());
  }
  EXPECT_EQ(named, keys);
}

class ConfigTest : public ::testing::Test {
 protected:
  absl::StatusOr<config::v1::ServerConfig> Read(const std::string& more) {
    const std::string path = directory_.Join("puhuid.yaml");
    std::ofstream(path) << "data_dir: data\nkeys_dir: keys\ntrust_domain: welfare.example\n"
                           "tls: {cert: c, key: k, client_ca: a}\nca: {cert: c, key: k}\n"
                        << more;
    return ReadConfig(path);
  }

  const TempDir directory_;
};

TEST_F(ConfigTest, PaymentCodesHaveAPrefix) {
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig usual, Read(""));
  EXPECT_EQ(usual.payment_code_prefix(), "77");
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig own, Read("payment_code_prefix: \"09\"\n"));
  EXPECT_EQ(own.payment_code_prefix(), "09");
}

TEST_F(ConfigTest, APrefixOfAnotherSchemeStopsTheStartAndIsNamed) {
  for (const char* prefix : {"10", "15", "25", "30", "62", "7", "777", "x7"}) {
    const auto read = Read(absl::StrCat("payment_code_prefix: \"", prefix, "\"\n"));
    EXPECT_FALSE(read.ok()) << prefix;
    EXPECT_TRUE(absl::StrContains(read.status().message(), "payment_code_prefix")) << prefix;
  }
}

TEST_F(ConfigTest, EnrolmentCodesAreGoodForADayUnlessItSaysOtherwise) {
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig usual, Read(""));
  EXPECT_EQ(usual.enrolment_code_hours(), 24U);
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig longest, Read("enrolment_code_hours: 168\n"));
  EXPECT_EQ(longest.enrolment_code_hours(), 168U);
  const auto longer = Read("enrolment_code_hours: 169\n");
  EXPECT_FALSE(longer.ok());
  EXPECT_TRUE(absl::StrContains(longer.status().message(), "enrolment_code_hours"));
}

TEST_F(ConfigTest, ArchivesHaveTheirPlaceInTheDataDirectory) {
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig usual, Read(""));
  EXPECT_EQ(usual.archive_dir(), usual.data_dir() + "/archive");
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig own, Read("archive_dir: cold\n"));
  EXPECT_EQ(own.archive_dir(), directory_.Join("cold"));
}

TEST_F(ConfigTest, TheShopWindowHasItsPlaceInTheDataDirectory) {
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig usual, Read(""));
  EXPECT_EQ(usual.search_dir(), usual.data_dir() + "/search");
  EXPECT_EQ(usual.pictures_dir(), usual.data_dir() + "/pictures");
  EXPECT_EQ(usual.pictures_per_merchant(), 2'000U);
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig own,
                       Read("search_dir: s\npictures_dir: /p\nsearch_synonyms: y\n"));
  EXPECT_EQ(own.search_dir(), directory_.Join("s"));
  EXPECT_EQ(own.pictures_dir(), "/p");
  EXPECT_EQ(own.search_synonyms(), directory_.Join("y"));
  const auto more = Read("pictures_per_merchant: 100001\n");
  EXPECT_FALSE(more.ok());
  EXPECT_TRUE(absl::StrContains(more.status().message(), "pictures_per_merchant"));
}

TEST_F(ConfigTest, SynonymsAreReadAndWhatIsWrongIsNamed) {
  EXPECT_OK(ReadSynonyms("deploy/search_synonyms.yaml"));
  const std::string path = directory_.Join("synonyms.yaml");
  std::ofstream(path) << "groups:\n  - words: [手机, 电话]\n";
  ASSERT_OK_AND_ASSIGN(const merchant::Synonyms synonyms, ReadSynonyms(path));
  ASSERT_NE(synonyms.Find("手机"), nullptr);
  EXPECT_EQ(synonyms.Find("手机")->size(), 2U);
  std::ofstream(path) << "groups:\n  - words: [手机]\n";
  const auto lonely = ReadSynonyms(path);
  EXPECT_FALSE(lonely.ok());
  EXPECT_TRUE(absl::StrContains(lonely.status().message(), "groups[0]"));
}

constexpr char kPayer[] =
    "payouts:\n  payer_name: 武汉市总工会\n  payer_account: \"42001865508059000001\"\n"
    "  payer_bank_code: \"105521000011\"\n";

TEST_F(ConfigTest, WhoPaysIsNamedAndTheRestOfPayoutsHasDefaults) {
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig none, Read(""));
  EXPECT_FALSE(none.has_payouts());
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig usual, Read(kPayer));
  EXPECT_EQ(usual.payouts().points_per_yuan(), 100U);
  EXPECT_EQ(usual.payouts().bank_account_cooling_hours(), 72U);
}

TEST_F(ConfigTest, BadPayoutsStopTheStartAndAreNamed) {
  const std::string long_name(141, 'x');
  const std::pair<std::string, std::string> bad[] = {
      {"payer_union", absl::StrCat(kPayer, "  payer_union: \"Not An Id\"\n")},
      {"payer_name", "payouts: {payer_account: \"420018\", payer_bank_code: \"105521000011\"}\n"},
      {"payer_name", absl::StrCat("payouts: {payer_name: ", long_name,
                                  ", payer_account: \"420018\", payer_bank_code: "
                                  "\"105521000011\"}\n")},
      {"payer_account",
       "payouts: {payer_name: x, payer_account: \"42-01\", payer_bank_code: "
       "\"105521000011\"}\n"},
      {"payer_bank_code",
       "payouts: {payer_name: x, payer_account: \"420018\", payer_bank_code: "
       "\"1055\"}\n"},
      {"points_per_yuan", absl::StrCat(kPayer, "  points_per_yuan: 1000\n")},
      {"points_per_yuan", absl::StrCat(kPayer, "  points_per_yuan: 3\n")},
      {"bank_account_cooling_hours", absl::StrCat(kPayer, "  bank_account_cooling_hours: 23\n")},
      {"bank_account_cooling_hours", absl::StrCat(kPayer, "  bank_account_cooling_hours: 721\n")}};
  for (const auto& [key, text] : bad) {
    const auto read = Read(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_TRUE(absl::StrContains(read.status().message(), absl::StrCat("payouts.", key))) << text;
  }
}

TEST_F(ConfigTest, ARemarkForInvoicesIsOneLineOfAtMost200Characters) {
  std::string characters;
  for (int i = 0; i < 200; ++i) characters += "票";
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig own,
                       Read(absl::StrCat("invoice_remark: ", characters, "\n")));
  EXPECT_EQ(own.invoice_remark(), characters);
  for (const std::string& remark : {characters + "x", std::string("\"two\\nlines\"")}) {
    const auto read = Read(absl::StrCat("invoice_remark: ", remark, "\n"));
    EXPECT_FALSE(read.ok()) << remark;
    EXPECT_TRUE(absl::StrContains(read.status().message(), "invoice_remark")) << remark;
  }
}

TEST_F(ConfigTest, WitnessesAreKeysOfTheirKindEachOnce) {
  const std::string one = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig own,
                       Read(absl::StrCat("witnesses: [\"", one, "\"]\n")));
  EXPECT_EQ(own.witness_quorum(), 1U);
  ASSERT_OK_AND_ASSIGN(const config::v1::ServerConfig none, Read(""));
  EXPECT_EQ(none.witness_quorum(), 0U);
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"witnesses", absl::StrCat("witnesses: [\"", one, "\", \"", one, "\"]\n")},
      {"witnesses",
       "witnesses: [\"TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6\"]\n"},
      {"witnesses", "witnesses: [x]\n"},
      {"witness_quorum", absl::StrCat("witnesses: [\"", one, "\"]\nwitness_quorum: 2\n")},
      {"witness_quorum", "witness_quorum: 1\n"}};
  for (const auto& [key, text] : bad) {
    const auto read = Read(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_TRUE(absl::StrContains(read.status().message(), key)) << text;
  }
}

}  // namespace
}  // namespace puhui::services
