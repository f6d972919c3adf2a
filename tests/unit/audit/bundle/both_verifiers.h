// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_BOTH_VERIFIERS_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_BOTH_VERIFIERS_H_

#include "ledger/base/id.h"
#include "ledger/journal/checkpoint.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace puhui::audit {

// Bundles whose verdict is known: the first verifier is asked at once, the second one at the end
// of the test for all of them, because most of its time is Python's.
class BothVerifiersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(HasSecondVerifier())
        << "no python3-cryptography: deploy/install_packages.sh --test";
  }
  void TearDown() override {
    if (paths_.empty()) return;
    const std::string key = ledger::VerifierKeyText("puhui.example", TownKey().verify_key());
    EXPECT_EQ(SecondVerdicts(absl::StrCat("--key ", key, " ", absl::StrJoin(paths_, " "))),
              wanted_);
  }

  // `verdict`: "fits", or the first place that does not.
  void Put(const std::string& bundle, const std::string& verdict) {
    const auto report = VerifyBytes(bundle);
    EXPECT_EQ(report.ok() ? "fits" : PlaceIn(report.status().message()), verdict)
        << "bundle " << paths_.size() << ": " << report.status();
    paths_.push_back(directory_.Join(absl::StrCat(paths_.size(), ".phb")));
    std::ofstream(paths_.back(), std::ios::binary) << bundle;
    wanted_.push_back(verdict);
  }
  void Put(const std::vector<journal::v1::Record>& records, Sequence first,
           const std::string& verdict) {
    Put(BundleOf(records, first, records.size()), verdict);
  }

 private:
  const TempDir directory_;
  std::vector<std::string> paths_;
  std::vector<std::string> wanted_;
};

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_BOTH_VERIFIERS_H_
