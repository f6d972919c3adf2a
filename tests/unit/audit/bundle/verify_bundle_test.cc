// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/verify_bundle.h"

#include "audit/bundle/bundle_books.h"
#include "audit/bundle/verifier_key.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/segment.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/bundle_town.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;
using ::testing::StartsWith;

Sequence TownSize() { return TownRecords().size(); }

// A whole journal of records that no ledger would have written, signed by whoever keeps it.
std::string ForgedBundle(const std::vector<jv1::Record>& records) {
  const TownJournal journal(records, /*per_segment=*/4);
  FrameWriter writer;
  const Sequence last = records.size();
  writer.Add(FrameKind::kHeader, EncodeHeader({.first = 1,
                                               .last = last,
                                               .root_before = *journal.RootAt(0),
                                               .root_after = *journal.RootAt(last),
                                               .partition = 7}));
  writer.Add(FrameKind::kCheckpoint, journal.NoteOf(last).text);
  writer.Add(FrameKind::kConsistency, EncodeConsistency({0, last, {}}));
  writer.Add(FrameKind::kConsistency, EncodeConsistency({last, last, {}}));
  writer.Add(FrameKind::kFrontier, "");
  EXPECT_OK(journal.ReadSegments(1, [&](absl::string_view segment) -> absl::StatusOr<bool> {
    writer.Add(FrameKind::kSegment, segment);
    return true;
  }));
  writer.End();
  return writer.Take();
}

TEST(VerifyBundleTest, SaysWhatItCheckedOfAWholeJournal) {
  const auto report = VerifyBytes(BundleOf(TownRecords(), 1, TownSize()));
  ASSERT_OK(report);
  EXPECT_EQ(report->records, TownSize());
  EXPECT_EQ(report->entries, 9U);
  EXPECT_EQ(report->earlier_records, 0U);
  EXPECT_EQ(report->sales.grants, 2U);
  EXPECT_EQ(report->sales.under_rules, 2U);
  EXPECT_EQ(report->caps.followed, 2U);
  EXPECT_EQ(report->fees.checked, 2U);
  EXPECT_EQ(report->fees.unchecked, 0U);
  EXPECT_EQ(report->sales.purchases, 2U);
  EXPECT_EQ(report->sales.given_back, 1U);
  EXPECT_EQ(report->sales.authorizations, 1U);
  EXPECT_EQ(report->sales.payouts, 1U);
  EXPECT_EQ(report->statements.statements, 2U);
  EXPECT_EQ(report->statements.begun_earlier, 0U);
  EXPECT_EQ(report->payouts.agreed, 1U);
  EXPECT_EQ(report->payouts.due, 1U);
  EXPECT_EQ(report->payouts.approved, 1U);
  EXPECT_EQ(report->lots, 2U);
}

TEST(VerifyBundleTest, OneMonthOpensWithWhatTheLastClosedWith) {
  for (Sequence first = 2; first <= TownSize(); ++first) {
    SCOPED_TRACE(absl::StrCat("from record ", first));
    const auto before = VerifyBytes(BundleOf(TownRecords(), 1, first - 1));
    const auto after = VerifyBytes(BundleOf(TownRecords(), first, TownSize()));
    ASSERT_OK(before);
    ASSERT_OK(after);
    EXPECT_EQ(before->closing, after->opening);
    EXPECT_EQ(after->records, TownSize() - first + 1);
  }
}

TEST(VerifyBundleTest, ProvesTheTermsAndSalesOfBefore) {
  const auto report = VerifyBytes(BundleOf(TownRecords(), TownRecord("refund"), TownSize()));
  ASSERT_OK(report);
  // The pack, the terms, the terminal, the purchase, the merchant and its agreement.
  EXPECT_EQ(report->earlier_records, 6U);
  EXPECT_EQ(report->fees.checked, 1U);
  EXPECT_EQ(report->statements.begun_earlier, 1U);
  EXPECT_EQ(report->statements.statements, 1U);
}

TEST(VerifyBundleTest, TakesNobodyElsesSignature) {
  std::string bytes = BundleOf(TownRecords(), 1, TownSize());
  const auto source = [&bytes](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
    const std::size_t got = std::min(size, bytes.size());
    std::copy_n(bytes.data(), got, into);
    bytes.erase(0, got);
    return got;
  };
  const auto other = ledger::SigningKey::FromSeed(std::string(32, 'x'));
  EXPECT_THAT(VerifyBundle(source, {other.verify_key()}), HasCode(absl::StatusCode::kDataLoss));
}

// The ledger's keeper lies, and signs it: the first record that cannot be is named.
struct Lie {
  const char* record;
  std::function<void(jv1::Record&)> tell;
};

std::vector<Lie> LiesAboutMoney() {
  return {
      {"funding",
       [](jv1::Record& r) { r.mutable_entry()->mutable_postings(0)->set_points(-8'999); }},
      {"approval",
       [](jv1::Record& r) {
         r.mutable_entry()->mutable_postings(0)->set_points(-9'001);
         r.mutable_entry()->mutable_postings(1)->set_points(9'001);
       }},
      {"grant", [](jv1::Record& r) { r.mutable_entry()->mutable_grant()->set_points(999); }},
      {"second grant", [](jv1::Record& r) { r.mutable_entry()->mutable_grant()->set_row(0); }},
      {"second grant",
       [](jv1::Record& r) {
         r.mutable_entry()->mutable_grant()->mutable_rules()->set_received_this_year(501);
       }},
      {"purchase", [](jv1::Record& r) { r.mutable_entry()->mutable_lots(0)->set_points(-399); }},
      {"purchase",
       [](jv1::Record& r) {
         r.mutable_entry()->mutable_purchase()->mutable_till()->set_terminal(6);
       }},
      {"refund", [](jv1::Record& r) { r.mutable_entry()->mutable_refund()->set_refunded(300); }},
      {"refund", [](jv1::Record& r) { r.mutable_entry()->mutable_refund()->set_purchase(1); }},
      {"authorisation",
       [](jv1::Record& r) { r.mutable_entry()->mutable_authorization()->set_points(299); }},
      {"capture",
       [](jv1::Record& r) { r.mutable_entry()->mutable_capture()->set_authorization(3); }},
      {"capture", [](jv1::Record& r) { r.mutable_entry()->clear_opened_day(); }},
      {"payout", [](jv1::Record& r) { r.mutable_entry()->mutable_payout_paid()->set_payment(2); }},
  };
}

std::vector<Lie> LiesAboutPlaces() {
  return {
      {"pack", [](jv1::Record& r) { r.set_sequence(1); }},
      {"pack", [](jv1::Record& r) { r.set_time_micros(r.time_micros() - 2'000'000); }},
      {"pack", [](jv1::Record& r) { r.set_index_in_command(1); }},
      {"terminal", [](jv1::Record& r) { r.mutable_terminal_enrolled()->set_id("t-2"); }},
      {"cut", [](jv1::Record& r) { r.mutable_day_cut()->mutable_figures()->set_fees(4); }},
      {"cut", [](jv1::Record& r) { r.mutable_day_cut()->set_digest(std::string(32, 'd')); }},
      {"second cut", [](jv1::Record& r) { r.mutable_day_cut()->set_payable_before(0); }},
      {"run",
       [](jv1::Record& r) {
         r.mutable_payout_run_created()->mutable_payments(0)->set_points(194);
       }},
      {"campaign",
       [](jv1::Record& r) { r.mutable_campaign_created()->mutable_terms()->set_day_cap(399); }},
      {"campaign",
       [](jv1::Record& r) { r.mutable_campaign_created()->set_occasion("national-day"); }},
  };
}

// Where what a lie is about shows, when that is not in the record itself.
Sequence ShowsAt(const Lie& lie, std::size_t number) {
  const absl::string_view record = lie.record;
  if (record == "terminal") return TownRecord("cut");
  if (record == "campaign") return TownRecord(number == 8 ? "purchase" : "grant");
  return TownRecord(record);
}

TEST(VerifyBundleTest, NamesTheFirstRecordThatDoesNotFit) {
  for (const std::vector<Lie>& lies : {LiesAboutMoney(), LiesAboutPlaces()}) {
    for (std::size_t i = 0; i < lies.size(); ++i) {
      SCOPED_TRACE(absl::StrCat("lie ", i, " about the ", lies[i].record));
      std::vector<jv1::Record> records = TownRecords();
      lies[i].tell(records[TownRecord(lies[i].record) - 1]);
      const auto report = VerifyBytes(ForgedBundle(records));
      ASSERT_THAT(report, HasCode(absl::StatusCode::kDataLoss));
      EXPECT_THAT(std::string(report.status().message()),
                  StartsWith(absl::StrCat("record ", ShowsAt(lies[i], i), ": ")));
    }
  }
}

TEST(VerifyBundleTest, FindsARecordThatWasTakenOutPutInOrSwapped) {
  const std::string fits = BundleOf(TownRecords(), 4, TownSize());
  ASSERT_OK(VerifyBytes(fits));
  std::vector<jv1::Record> records = TownRecords();
  std::swap(*records[TownRecord("grant") - 1].mutable_entry(),
            *records[TownRecord("second grant") - 1].mutable_entry());
  const std::string swapped = BundleOf(records, 4, TownSize());
  // The other journal's records under this journal's head.
  const std::size_t head = fits.find("PHJ");
  const auto report = VerifyBytes(fits.substr(0, head) + swapped.substr(swapped.find("PHJ")));
  EXPECT_THAT(report, HasCode(absl::StatusCode::kDataLoss));
}

TEST(BundleExportTest, MakesTheSameBytesEachTime) {
  const TownJournal journal(TownRecords(), /*per_segment=*/5);
  const BundleExport::Range range{
      6, TownSize() - 1, {journal.NoteOf(TownSize() - 1), journal.NoteOf(TownSize())}};
  BundleExport once(&journal, range);
  BundleExport again(&journal, range);
  const std::string bytes = Drain(once);
  EXPECT_EQ(bytes, Drain(again));
  const auto report = VerifyBytes(bytes);
  ASSERT_OK(report);
  EXPECT_EQ(report->checkpoints, 2U);
  EXPECT_EQ(once.records(), once.last());
}

TEST(BundleExportTest, DoesNotWriteWhatDoesNotAddUp) {
  std::vector<jv1::Record> records = TownRecords();
  records[TownRecord("funding") - 1].mutable_entry()->mutable_postings(0)->set_points(-8'999);
  const TownJournal journal(records, /*per_segment=*/3);
  BundleExport bundle(&journal, {1, TownSize(), {journal.NoteOf(TownSize())}});
  ASSERT_OK(bundle.Next());  // There is nothing before.
  ASSERT_OK(bundle.Next());
  absl::Status status;
  while (status.ok() && !bundle.ended()) status = bundle.Next().status();
  EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
}

TEST(VerifierKeyTest, ReadsWhatTheServerWrites) {
  const std::string text = ledger::VerifierKeyText("puhui.example", TownKey().verify_key());
  const auto key = ParseVerifierKey(text + "\n");
  ASSERT_OK(key);
  EXPECT_EQ(key->bytes(), TownKey().verify_key().bytes());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(ParseVerifierKey(other), HasCode(absl::StatusCode::kInvalidArgument)) << i;
  }
}

}  // namespace
}  // namespace puhui::audit
