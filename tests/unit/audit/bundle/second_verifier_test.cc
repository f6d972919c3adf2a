// SPDX-License-Identifier: Apache-2.0
// Two verifiers that share no line give the same verdicts, on bundles that fit and on others.
#include "tests/unit/audit/bundle/second_verifier.h"

#include "ledger/journal/checkpoint.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/adjusted_town.h"
#include "tests/unit/audit/bundle/bundle_town.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace puhui::audit {
namespace {

std::string VerdictOn(const std::string& bytes) {
  const auto report = VerifyBytes(bytes);
  return report.ok() ? "fits" : PlaceIn(report.status().message());
}

class BundleShelf {
 public:
  void Put(const std::string& bytes) {
    paths_.push_back(directory_.Join(absl::StrCat(paths_.size(), ".phb")));
    std::ofstream(paths_.back(), std::ios::binary) << bytes;
    wanted_.push_back(VerdictOn(bytes));
  }
  const std::vector<std::string>& wanted() const { return wanted_; }

  // What deploy/examples/verify_bundle.py says of each.
  std::vector<std::string> SecondVerdicts() const {
    const std::string key = directory_.Join("checkpoint.vkey");
    std::ofstream(key) << ledger::VerifierKeyText("puhui.example", TownKey().verify_key()) << "\n";
    return audit::SecondVerdicts(absl::StrCat("--key ", key, " ", absl::StrJoin(paths_, " ")));
  }

 private:
  TempDir directory_;
  std::vector<std::string> paths_;
  std::vector<std::string> wanted_;
};

TEST(SecondVerifierTest, AgreesOnWhateverRangeThereIs) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  BundleShelf shelf;
  const Sequence size = TownRecords().size();
  for (Sequence first = 1; first <= size; ++first) {
    shelf.Put(BundleOf(TownRecords(), first, size));
    EXPECT_EQ(shelf.wanted().back(), "fits");
  }
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

// As protocol buffers have it: a number of 32 bits is the lowest 32 of what was written, and a
// field of another wire type is none.
TEST(SecondVerifierTest, AgreesOnFieldsThatNoLedgerWritesSo) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  namespace jv1 = journal::v1;
  constexpr std::uint64_t kWide = std::uint64_t{1} << 40;
  const auto add = [](google::protobuf::Message& to, int number, std::uint64_t value) {
    to.GetReflection()->MutableUnknownFields(&to)->AddVarint(number, kWide + value);
  };
  std::vector<jv1::Record> records = TownRecords();
  for (jv1::Record& record : records) {
    add(record, jv1::Record::kIndexInCommandFieldNumber, record.index_in_command());
    if (!record.has_entry()) continue;
    for (jv1::Posting& posting : *record.mutable_entry()->mutable_postings()) {
      add(posting, jv1::Posting::kOriginFieldNumber, posting.origin());
      posting.GetReflection()
          ->MutableUnknownFields(&posting)
          ->AddLengthDelimited(jv1::Posting::kPointsFieldNumber)
          ->assign("1");
    }
    for (jv1::LotChange& change : *record.mutable_entry()->mutable_lots()) {
      add(change, jv1::LotChange::kLotFieldNumber, change.lot());
      add(change, jv1::LotChange::kCampaignFieldNumber, change.campaign());
    }
  }
  BundleShelf shelf;
  shelf.Put(BundleOf(records, 1, records.size()));
  EXPECT_EQ(shelf.wanted().back(), "fits");
  shelf.Put(BundleOf(records, TownRecord("payout"), records.size()));
  EXPECT_EQ(shelf.wanted().back(), "fits");
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

// As protocol buffers have it: of several bodies the last is there, and of several causes.
TEST(SecondVerifierTest, AgreesOnRecordsOfTwoBodiesOrCauses) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  namespace jv1 = journal::v1;
  // Written after all fields that have names, as another number of the same oneof.
  const auto add = [](google::protobuf::Message& to, int number, const std::string& bytes) {
    to.GetReflection()->MutableUnknownFields(&to)->AddLengthDelimited(number)->assign(bytes);
  };
  BundleShelf shelf;
  const auto put = [&](absl::string_view name, const auto& change) {
    std::vector<jv1::Record> records = TownRecords();
    change(records[TownRecord(name) - 1]);
    shelf.Put(BundleOf(records, 1, records.size()));
  };
  put("payout",
      [&](jv1::Record& record) { add(record, jv1::Record::kUnionCreatedFieldNumber, ""); });
  EXPECT_EQ(shelf.wanted().back(), "fits") << "the payout is no entry any more";
  put("union", [&](jv1::Record& record) {
    const std::string entry = TownRecords()[TownRecord("funding") - 1].entry().SerializeAsString();
    record.mutable_union_created()->set_number(1);
    add(record, jv1::Record::kEntryFieldNumber, entry);
    add(record, jv1::Record::kUnionCreatedFieldNumber, "");
  });
  EXPECT_EQ(shelf.wanted().back(), "fits") << "an entry is followed by another body";
  put("refund", [&](jv1::Record& record) {
    add(*record.mutable_entry(), jv1::Entry::kExpiryFieldNumber, "");
  });
  EXPECT_NE(shelf.wanted().back(), "fits") << "the refund is no line any more";
  put("purchase", [&](jv1::Record& record) {
    const std::string purchase = record.entry().purchase().SerializeAsString();
    record.mutable_entry()->mutable_funding()->set_union_number(1);
    add(*record.mutable_entry(), jv1::Entry::kPurchaseFieldNumber, purchase);
  });
  EXPECT_EQ(shelf.wanted().back(), "fits") << "the purchase comes last";
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

// It moves nothing.
TEST(SecondVerifierTest, AgreesOnAFundingThatWasRejected) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  std::vector<journal::v1::Record> records = TownRecords();
  const auto add = [&records]() -> journal::v1::Record& {
    const std::int64_t time = records.back().time_micros() + 1;
    journal::v1::Record& record = records.emplace_back();
    record.set_sequence(records.size());
    record.set_time_micros(time);
    record.mutable_request()->set_caller("/finance");
    record.mutable_request()->set_records(1);
    return record;
  };
  journal::v1::FundingProposed& proposed = *add().mutable_funding_proposed();
  proposed.set_union_number(1);
  proposed.set_points(500);
  proposed.set_bank_reference("B-1");
  const Sequence proposal = records.size();
  journal::v1::FundingRejected& rejected = *add().mutable_funding_rejected();
  rejected.set_union_number(1);
  rejected.set_proposal(proposal);
  rejected.set_person("people/fin-1");
  rejected.set_reason("mistyped");
  BundleShelf shelf;
  for (const Sequence first : {Sequence{1}, proposal, proposal + 1}) {
    shelf.Put(BundleOf(records, first, records.size()));
    EXPECT_EQ(shelf.wanted().back(), "fits") << first;
  }
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

// A bundle that begins between the two has lines of a day that it did not see begin.
TEST(SecondVerifierTest, AgreesOnADayThatIsCutAfterTheNextOneBegan) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const std::vector<journal::v1::Record> town = TownRecords();
  std::vector<journal::v1::Record> records(
      town.begin(), town.begin() + static_cast<std::ptrdiff_t>(TownRecord("capture")));
  const auto add = [&](absl::string_view name) -> journal::v1::Record& {
    const std::int64_t time = records.back().time_micros() + 1;
    journal::v1::Record& record = records.emplace_back(town[TownRecord(name) - 1]);
    record.set_sequence(records.size());
    record.set_time_micros(time);
    return record;
  };
  const auto sell = [&add] {
    journal::v1::Entry& entry = *add("purchase").mutable_entry();
    entry.clear_opened_day();
    entry.mutable_lots(0)->clear_day();
  };
  sell();
  const Sequence sale = records.size();
  add("cut");
  sell();
  BundleShelf shelf;
  for (const Sequence first : {Sequence{1}, sale, sale + 1, sale + 2}) {
    shelf.Put(BundleOf(records, first, records.size()));
    EXPECT_EQ(shelf.wanted().back(), "fits") << first;
  }
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

TEST(SecondVerifierTest, AgreesOnADayWithLinesOfBeforeThereWereBusinessDays) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  std::vector<journal::v1::Record> town = TownRecords();
  journal::v1::Entry& before = *town[TownRecord("purchase") - 1].mutable_entry();
  *town[TownRecord("refund") - 1].mutable_entry()->mutable_opened_day() = before.opened_day();
  before.clear_opened_day();
  BundleShelf shelf;
  for (Sequence first = 1; first <= town.size(); ++first) {
    shelf.Put(BundleOf(town, first, town.size()));
    EXPECT_EQ(shelf.wanted().back(), "fits") << first;
  }
  // No line of before the day was opened is left out, and none of those after it.
  journal::v1::DayCut& cut = *town[TownRecord("cut") - 1].mutable_day_cut();
  cut.set_first_line(TownRecord("refund"));
  for (const Sequence first : {Sequence{1}, TownRecord("refund")}) {
    shelf.Put(BundleOf(town, first, town.size()));
    EXPECT_EQ(shelf.wanted().back(), absl::StrCat("record ", TownRecord("cut")));
  }
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

TEST(SecondVerifierTest, AgreesOnFeesThatWereAdjusted) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const std::vector<journal::v1::Record> town = AdjustedTown();
  const std::size_t first = TownRecords().size();
  BundleShelf shelf;
  for (Sequence from = 1; from <= town.size(); ++from) {
    shelf.Put(BundleOf(town, from, town.size()));
    EXPECT_EQ(shelf.wanted().back(), "fits") << from;
  }
  // The adjustments, the refund and the reversal, each with a point more for the merchant than it
  // says.
  for (std::size_t at = first; at < first + 4; ++at) {
    std::vector<journal::v1::Record> lie = town;
    for (journal::v1::Posting& posting : *lie[at].mutable_entry()->mutable_postings()) {
      const std::int64_t points = posting.points();
      if (posting.kind() == journal::v1::ACCOUNT_KIND_PAYABLE) posting.set_points(points + 1);
      if (posting.kind() == journal::v1::ACCOUNT_KIND_FEE) posting.set_points(points - 1);
    }
    shelf.Put(BundleOf(lie, 1, lie.size()));
    EXPECT_NE(shelf.wanted().back(), "fits") << at;
  }
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

TEST(SecondVerifierTest, AgreesOnWhatDoesNotFit) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  BundleShelf shelf;
  const std::string fits = BundleOf(TownRecords(), 1, TownRecords().size());
  for (std::size_t at = 0; at < fits.size(); at += 41) {
    std::string changed = fits;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    shelf.Put(changed);
    EXPECT_NE(shelf.wanted().back(), "fits") << at;
  }
  for (std::size_t size = 0; size < fits.size(); size += 211) shelf.Put(fits.substr(0, size));
  EXPECT_EQ(shelf.SecondVerdicts(), shelf.wanted());
}

}  // namespace
}  // namespace puhui::audit
