// SPDX-License-Identifier: Apache-2.0
#include "services/admin/kept_findings.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace puhui::services::kept_findings_test {
namespace {

using ::testing::SizeIs;

TEST(KeptFindingsTest, AreReadAsTheyWereWritten) {
  const TempDir directory;
  const std::string path = directory.Join("findings");
  EXPECT_EQ(ReadKeptFindings(path), KeptFindings());
  KeptFindings kept;
  ASSERT_OK(WriteKeptFindings(path, kept));
  EXPECT_EQ(ReadKeptFindings(path), kept);
  kept.verified = absl::FromUnixSeconds(1'800'000'000);
  kept.passed_over = true;
  kept.verify.Add("row 08 of index: is not what it was");
  kept.last_pass.Add("one line\nand another");
  kept.this_pass.Add("");
  ASSERT_OK(WriteKeptFindings(path, kept));
  EXPECT_EQ(ReadKeptFindings(path), kept);
}

TEST(KeptFindingsTest, AreCountedAllAndToldInPart) {
  const TempDir directory;
  const std::string path = directory.Join("findings");
  KeptFindings kept;
  for (KeptFindings::Found* found : {&kept.verify, &kept.last_pass, &kept.this_pass}) {
    for (int finding = 0; finding < 1'000; ++finding) {
      found->Add(std::string(10'000, static_cast<char>('a' + finding % 26)));
    }
    EXPECT_EQ(found->count, 1'000U);
    EXPECT_THAT(found->texts, SizeIs(KeptFindings::kTextsMax));
  }
  ASSERT_OK(WriteKeptFindings(path, kept));
  EXPECT_EQ(ReadKeptFindings(path), kept) << "it is never too large to be read";
}

TEST(KeptFindingsTest, WhatMakesNoSenseIsLeftOut) {
  const TempDir directory;
  const std::string path = directory.Join("findings");
  std::ofstream(path) << "verify many\nlast_pass 3\n\nnobody: was here\nlast_pass: first\nverify";
  const KeptFindings kept = ReadKeptFindings(path);
  EXPECT_EQ(kept.verify, KeptFindings::Found());
  EXPECT_EQ(kept.last_pass.count, 3U);
  EXPECT_THAT(kept.last_pass.texts, ::testing::ElementsAre("first"));
  std::ofstream(path) << "verify: " << std::string(5'000, 'a');
  EXPECT_THAT(ReadKeptFindings(path).verify.texts,
              ::testing::ElementsAre(std::string(KeptFindings::kTextBytesMax, 'a')))
      << "else what is written with more beside it is too large to be read";
  std::ofstream(path) << std::string(1 << 20, '1');
  EXPECT_EQ(ReadKeptFindings(path), KeptFindings());
}

TEST(KeptFindingsTest, APassTakesAwayWhatTheOneBeforeFoundIfItLeftNothingOut) {
  KeptFindings kept;
  kept.this_pass.Add("a");
  kept.this_pass.Add("b");
  EXPECT_EQ(kept.scrub().count, 2U) << "before the pass is at its end";
  kept.EndPass();
  EXPECT_EQ(kept.scrub().count, 2U);
  kept.this_pass.Add("a");
  EXPECT_EQ(kept.scrub().count, 2U) << "it has not come to the other yet";
  kept.passed_over = true;
  kept.EndPass();
  EXPECT_EQ(kept.scrub().count, 2U) << "nor ever did";
  kept.this_pass.Add("a");
  kept.EndPass();
  EXPECT_EQ(kept.scrub().count, 1U);
  kept.EndPass();
  EXPECT_EQ(kept.scrub().count, 0U);
}

}  // namespace
}  // namespace puhui::services::kept_findings_test
