// SPDX-License-Identifier: Apache-2.0
#include "services/server/config.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace puhui::services {
namespace {

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

}  // namespace
}  // namespace puhui::services
