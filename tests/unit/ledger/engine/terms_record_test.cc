// SPDX-License-Identifier: Apache-2.0
// The bytes of terms, in the journal and in their table: they may be added to, and never change.
#include "ledger/engine/terms_record.h"

#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/codec.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/escaping.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

constexpr UnionNumber kOrigin{3};
constexpr absl::string_view kFirstRow = "038092f40101a32a01";
constexpr absl::string_view kFirstRecord = "0880897a1202a32a1801";

// What the first release could say.
Terms First() {
  return {.origin = kOrigin,
          .expiry = absl::FromUnixSeconds(2),
          .categories = {5411},
          .expire_to_union = true};
}

Terms Full() {
  Terms terms = First();
  terms.start = absl::FromUnixSeconds(1);
  terms.first_day = absl::CivilDay(2026, 10, 1);
  terms.last_day = absl::CivilDay(2026, 10, 7);
  terms.time_zone = "Asia/Shanghai";
  terms.regions = {610'000};
  terms.allowed_merchants = {MerchantNumber{7}};
  terms.denied_merchants = {MerchantNumber{8}, MerchantNumber{300}};
  terms.weekdays = 0x1F;
  terms.holidays = {absl::CivilDay(1969, 12, 31), absl::CivilDay(2026, 10, 1)};
  terms.holiday_rule = HolidayRule::kWorkdaysOnly;
  terms.day_cap = Points::FromStored(17'100);
  terms.earmark = {
      .share = BasisPoints::FromStored(3'000), .categories = {5411}, .regions = {610'100}};
  return terms;
}

std::string RowOf(const Terms& terms) { return absl::BytesToHexString(EncodeValue(terms)); }
std::string RecordOf(const Terms& terms) {
  jv1::Terms stored;
  StoreTerms(terms, stored);
  return absl::BytesToHexString(stored.SerializeAsString());
}
absl::StatusOr<Terms> Read(absl::string_view hex) {
  jv1::Terms stored;
  EXPECT_TRUE(stored.ParseFromString(absl::HexStringToBytes(hex)));
  return TermsFrom(stored, kOrigin);
}

TEST(TermsRowTest, HasItsGoldenBytes) {
  EXPECT_EQ(RowOf(Full()), std::string(kFirstRow) +
                               "80897a"                        // start
                               "01eec302"                      // first_day
                               "01fac302"                      // last_day
                               "0d417369612f5368616e67686169"  // time_zone
                               "01d09d25"                      // regions
                               "0107"                          // allowed_merchants
                               "0208ac02"                      // denied_merchants
                               "1f"                            // weekdays
                               "0201eec302"                    // holidays
                               "02"                            // holiday_rule
                               "cc8501"                        // day_cap
                               "b817"                          // earmark.share
                               "01a32a"                        // earmark.categories
                               "01b49e25");                    // earmark.regions
}

TEST(TermsRowTest, ARowOfTheFirstReleaseMeansWhatItMeant) {
  Terms terms = Full();
  ASSERT_OK(DecodeValue(absl::HexStringToBytes(kFirstRow), &terms));
  EXPECT_EQ(RowOf(terms), RowOf(First()));
  const Lot lot{.remaining = 5, .expiry = terms.expiry};
  const Line line{.now = absl::FromUnixSeconds(1), .merchant = MerchantNumber{8}, .category = 5411};
  EXPECT_EQ(Judge(terms, lot, line).points, 5);
}

TEST(TermsRecordTest, HasItsGoldenBytes) {
  EXPECT_EQ(RecordOf(Full()), std::string(kFirstRecord) +
                                  "a001c0843d"                        // start_micros
                                  "a801eec302"                        // first_day
                                  "b001fac302"                        // last_day
                                  "ba010d417369612f5368616e67686169"  // time_zone
                                  "c20103d09d25"                      // regions
                                  "ca010107"                          // allowed_merchants
                                  "d2010308ac02"                      // denied_merchants
                                  "d8011f"                            // weekdays
                                  "e2010401eec302"                    // holidays
                                  "e80102"                            // holiday_rule
                                  "f001cc8501"                        // day_cap
                                  "fa010c08b8171202a32a1a03b49e25");  // earmark
}

TEST(TermsRecordTest, OneOfTheFirstReleaseIsReadAndWrittenAsItWas) {
  ASSERT_OK_AND_ASSIGN(const Terms terms, Read(kFirstRecord));
  EXPECT_EQ(RowOf(terms), RowOf(First()));
  EXPECT_EQ(RecordOf(terms), kFirstRecord);
}

TEST(TermsRecordTest, WhatIsStoredIsRead) {
  ASSERT_OK_AND_ASSIGN(const Terms terms, Read(RecordOf(Full())));
  EXPECT_EQ(RowOf(terms), RowOf(Full()));
}

TEST(TermsRecordTest, NumbersOutOfTheirRangeAreDataLoss) {
  const std::vector<std::function<void(jv1::Terms&)>> rows = {
      [](jv1::Terms& t) { t.set_weekdays(0x80); },
      [](jv1::Terms& t) { t.set_holiday_rule(3); },
      [](jv1::Terms& t) { t.set_day_cap(-1); },
      [](jv1::Terms& t) { t.set_day_cap(Points::kMax + 1); },
      [](jv1::Terms& t) { t.mutable_earmark()->set_basis_points(10'001); },
  };
  for (const auto& broken : rows) {
    jv1::Terms stored;
    StoreTerms(Full(), stored);
    broken(stored);
    EXPECT_THAT(TermsFrom(stored, kOrigin), HasCode(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace puhui::ledger
