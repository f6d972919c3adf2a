// SPDX-License-Identifier: Apache-2.0
// The fee of a sale is what its merchant's agreement in force says: both verifiers find the first
// that is not, where nothing else of it is wrong.
#include "audit/bundle/bundle_fees.h"
#include "ledger/journal/checkpoint.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/granted_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace puhui::audit::fees_verdicts_test {
namespace {

namespace jv1 = journal::v1;

struct FeeLie {
  const char* record;
  std::function<void(jv1::Record&)> tell;
  const char* shows_at;
};

jv1::Purchase& SaleOf(jv1::Record& record) { return *record.mutable_entry()->mutable_purchase(); }

std::vector<FeeLie> FeeLies() {
  static constexpr char kFirst[] = "sale under the first";
  static constexpr char kLast[] = "last sale under the first";
  static constexpr char kSecond[] = "sale under the second";
  static constexpr char kCapture[] = "capture under the second";
  static constexpr char kAfter[] = "sale after the second";
  static constexpr char kMade[] = "second agreement";
  return {
      {kFirst, RoundTheFeeUp, kFirst},
      {kFirst, [](jv1::Record& r) { SaleOf(r).set_fee_basis_points(251); }, kFirst},
      // All of its discount is said to be the fee.
      {kFirst, [](jv1::Record& r) { SaleOf(r).set_discount_basis_points(0); }, kFirst},
      {kFirst, [](jv1::Record& r) { SaleOf(r).set_agreement(0); }, kFirst},
      {kLast, [](jv1::Record& r) { SaleOf(r).set_agreement(2); }, kLast},
      {kSecond,
       [](jv1::Record& r) {
         RoundTheFeeUp(r);
         SaleOf(r).set_fee_basis_points(400);
       },
       kSecond},
      // Charged by the agreement that it was held under, which comes to the same fee.
      {kCapture,
       [](jv1::Record& r) {
         jv1::Purchase& capture = *r.mutable_entry()->mutable_capture();
         capture.set_agreement(1);
         capture.set_fee_basis_points(250);
         capture.set_discount_basis_points(100);
       },
       kCapture},
      {kFirst, [](jv1::Record& r) { r.mutable_entry()->mutable_postings(2)->set_owner(4); },
       kFirst},
      // A day on, as if the agreement had not ended.
      {kAfter, [](jv1::Record& r) { SaleOf(r).set_agreement(1); }, kAfter},
      {kMade,
       [](jv1::Record& r) {
         r.mutable_agreement_made()->set_start_micros(r.agreement_made().start_micros() - 1);
       },
       kLast},
      {kMade,
       [](jv1::Record& r) {
         r.mutable_agreement_made()->set_end_micros(r.agreement_made().end_micros() + 1);
       },
       kAfter},
      {kMade, [](jv1::Record& r) { r.mutable_agreement_made()->set_number(3); }, kFirst},
      {kMade, [](jv1::Record& r) { r.mutable_agreement_made()->set_merchant(4); }, kSecond},
  };
}

TEST(FeesVerdictsTest, BothNameTheFirstSaleThatIsChargedOtherwise) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  std::vector<std::string> paths;
  std::vector<std::string> wanted;
  for (const FeeLie& lie : FeeLies()) {
    const std::vector<jv1::Record> records = GrantedLie(lie.record, lie.tell);
    const std::string bytes = BundleOf(records, 1, records.size());
    const auto report = VerifyBytes(bytes);
    wanted.push_back(absl::StrCat("record ", GrantedRecord(lie.shows_at)));
    EXPECT_EQ(report.ok() ? "fits" : PlaceIn(report.status().message()), wanted.back())
        << "lie " << paths.size() << ": " << report.status();
    paths.push_back(directory.Join(absl::StrCat(paths.size(), ".phb")));
    std::ofstream(paths.back(), std::ios::binary) << bytes;
  }
  const std::string key = ledger::VerifierKeyText("puhui.example", TownKey().verify_key());
  EXPECT_EQ(SecondVerdicts(absl::StrCat("--key ", key, " ", absl::StrJoin(paths, " "))), wanted);
}

TEST(FeesVerdictsTest, ABundleBringsTheAgreementsOfBefore) {
  const std::vector<jv1::Record> town = GrantedTown();
  const auto report =
      VerifyBytes(BundleOf(town, GrantedRecord("before the last sale"), town.size()));
  ASSERT_OK(report);
  EXPECT_EQ(report->fees.checked, 4U);
  EXPECT_EQ(report->fees.unchecked, 0U);
}

TEST(FeesVerdictsTest, CountsTheSalesOfMerchantsThatTheBundleDoesNotHave) {
  BundleFacts facts;
  jv1::Record sale = GrantedTown()[GrantedRecord("sale under the first") - 1];
  BundleFees later(&facts, /*whole=*/false);
  EXPECT_OK(later.Check(sale));
  EXPECT_EQ(later.figures().unchecked, 1U);
  RoundTheFeeUp(sale);
  EXPECT_THAT(later.Check(sale), HasCode(absl::StatusCode::kDataLoss)) << "not by its own rate";
  BundleFees whole(&facts, /*whole=*/true);
  EXPECT_THAT(whole.Check(sale), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::audit::fees_verdicts_test
