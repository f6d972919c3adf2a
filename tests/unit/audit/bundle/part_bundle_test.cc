// SPDX-License-Identifier: Apache-2.0
// Bundles of a part: what is in them adds up, and both verifiers find the same wrong ones.
#include "audit/bundle/frame_stream.h"
#include "audit/bundle/part_books.h"
#include "audit/bundle/part_scope.h"
#include "ledger/journal/checkpoint.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/part_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit::part_bundle_test {
namespace {

namespace jv1 = journal::v1;

struct OwnFrame {
  FrameKind kind{};
  std::string payload;
};
using Frames = std::vector<OwnFrame>;

Frames FramesIn(absl::string_view bytes) {
  FrameReader reader([&bytes](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
    const std::size_t got = std::min(size, bytes.size());
    std::copy_n(bytes.data(), got, into);
    bytes.remove_prefix(got);
    return got;
  });
  Frames frames;
  while (true) {
    const auto frame = reader.Next();
    EXPECT_OK(frame);
    if (!frame.ok() || !frame->has_value()) return frames;
    frames.push_back({(*frame)->kind, std::string((*frame)->payload)});
  }
}

// With a hash at the end that is right.
std::string Written(const Frames& frames) {
  FrameWriter writer;
  for (const OwnFrame& frame : frames) writer.Add(frame.kind, frame.payload);
  writer.End();
  return writer.Take();
}

std::size_t PlaceOfFirst(const Frames& frames, FrameKind kind) {
  const auto found = std::find_if(frames.begin(), frames.end(),
                                  [kind](const OwnFrame& frame) { return frame.kind == kind; });
  EXPECT_NE(found, frames.end());
  return static_cast<std::size_t>(found - frames.begin());
}
std::size_t PlaceOfRecord(const Frames& frames, Sequence sequence) {
  for (std::size_t at = 0; at < frames.size(); ++at) {
    if (frames[at].kind != FrameKind::kPartRecord) continue;
    if (DecodeEarlierRecord(frames[at].payload)->sequence == sequence) return at;
  }
  ADD_FAILURE() << "no record " << sequence;
  return 0;
}

std::string Town(absl::string_view record) { return absl::StrCat("record ", TownRecord(record)); }

struct PartLie {
  const char* name;
  BundleScope scope;
  std::function<void(Frames&)> tell;
  std::string verdict;  // Empty: the number of some frame.
};

void SwapProofs(Frames& frames, Sequence one, Sequence other) {
  OwnFrame& first = frames[PlaceOfRecord(frames, one)];
  OwnFrame& second = frames[PlaceOfRecord(frames, other)];
  const std::string first_bytes = first.payload;
  const std::string second_bytes = second.payload;
  EarlierRecord of_first = *DecodeEarlierRecord(first_bytes);
  EarlierRecord of_second = *DecodeEarlierRecord(second_bytes);
  std::swap(of_first.path, of_second.path);
  first.payload = EncodeEarlierRecord(of_first);
  second.payload = EncodeEarlierRecord(of_second);
}

void Flip(Frames& frames, FrameKind kind, std::size_t from_end) {
  std::string& payload = frames[PlaceOfFirst(frames, kind)].payload;
  char& byte = payload[payload.size() - from_end];
  byte = static_cast<char>(byte ^ 1);
}

std::vector<PartLie> LiesAboutRecords() {
  return {
      {"a record is left out", kMerchantThree,
       [](Frames& frames) {
         frames.erase(frames.begin() +
                      static_cast<std::ptrdiff_t>(PlaceOfRecord(frames, TownRecord("capture"))));
       },
       ""},
      {"two proofs are swapped", kMerchantThree,
       [](Frames& frames) { SwapProofs(frames, TownRecord("purchase"), TownRecord("capture")); },
       Town("purchase")},
      {"a record comes twice", kMerchantThree,
       [](Frames& frames) {
         const std::size_t at = PlaceOfRecord(frames, TownRecord("capture"));
         frames.insert(frames.begin() + static_cast<std::ptrdiff_t>(at), frames[at]);
       },
       ""},
      {"two records are swapped", kMerchantThree,
       [](Frames& frames) {
         std::swap(frames[PlaceOfRecord(frames, TownRecord("purchase"))],
                   frames[PlaceOfRecord(frames, TownRecord("capture"))]);
       },
       ""},
      {"a record of another scope is put in", kMerchantThree,
       [](Frames& frames) {
         const Frames others = FramesIn(PartOf(kUnionOne, 4, TownRecords().size()));
         const std::size_t at = PlaceOfFirst(frames, FrameKind::kPartRecord);
         frames.insert(frames.begin() + static_cast<std::ptrdiff_t>(at),
                       others[PlaceOfRecord(others, TownRecord("grant"))]);
       },
       Town("grant")},
      {"a record is changed", kMerchantThree,
       [](Frames& frames) {
         frames[PlaceOfRecord(frames, TownRecord("payout"))].payload.back() ^= 1;
       },
       Town("payout")},
  };
}

std::vector<PartLie> LiesAboutBalances() {
  return {
      {"another opening", kUnionOne,
       [](Frames& frames) { Flip(frames, FrameKind::kOpeningBalances, 1); }, ""},
      {"another closing", kUnionOne,
       [](Frames& frames) { Flip(frames, FrameKind::kClosingBalances, 1); }, ""},
      {"no closing", kUnionOne,
       [](Frames& frames) {
         frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(
                                           PlaceOfFirst(frames, FrameKind::kClosingBalances)));
       },
       ""},
      {"an owner is left out", kUnionOne,
       [](Frames& frames) {
         frames[PlaceOfFirst(frames, FrameKind::kScopeOwners)].payload.erase(0, kOwnerRowBytes);
       },
       ""},
      {"another scope", kMerchantThree,
       [](Frames& frames) { frames[PlaceOfFirst(frames, FrameKind::kScope)].payload[0] = 3; }, ""},
      {"a segment in a part", kMerchantThree,
       [](Frames& frames) {
         frames[PlaceOfFirst(frames, FrameKind::kPartRecord)].kind = FrameKind::kSegment;
       },
       ""},
  };
}

// Nothing but the proofs, the scope and those owners.
void KeepOwners(Frames& frames, const std::vector<OwnerRow>& owners) {
  frames.resize(PlaceOfFirst(frames, FrameKind::kScope) + 1);
  std::string rows;
  for (const OwnerRow& row : owners) AppendOwnerRow(row, rows);
  if (!rows.empty()) frames.push_back({FrameKind::kScopeOwners, rows});
}

std::vector<PartLie> LiesAboutOwners() {
  return {
      {"no owners", kMerchantThree, [](Frames& frames) { KeepOwners(frames, {}); }, ""},
      {"the owners of another merchant", kMerchantThree,
       [](Frames& frames) { frames[PlaceOfFirst(frames, FrameKind::kScope)].payload[1] = 4; }, ""},
      {"one account of a merchant", kMerchantThree,
       [](Frames& frames) {
         KeepOwners(frames, {{ledger::AccountKind::kPayable, MemberId(0, 3)}});
       },
       ""},
      {"a number that no merchant has", kMerchantThree,
       [](Frames& frames) { frames[PlaceOfFirst(frames, FrameKind::kScope)].payload[5] = 1; }, ""},
      {"one account of a union", kUnionOne,
       [](Frames& frames) {
         KeepOwners(frames, {{ledger::AccountKind::kExpired, MemberId(0, 1)}});
       },
       ""},
      {"a merchant among the owners of a union", kUnionOne,
       [](Frames& frames) {
         KeepOwners(frames, {{ledger::AccountKind::kFunding, MemberId(0, 1)},
                             {ledger::AccountKind::kBudget, MemberId(0, 1)},
                             {ledger::AccountKind::kFee, MemberId(0, 3)},
                             {ledger::AccountKind::kExpired, MemberId(0, 1)}});
       },
       ""},
      {"a wallet without what is held of it", kUnionOne,
       [](Frames& frames) {
         KeepOwners(frames, {{ledger::AccountKind::kFunding, MemberId(0, 1)},
                             {ledger::AccountKind::kBudget, MemberId(0, 1)},
                             {ledger::AccountKind::kWallet, MemberId(9, 1)},
                             {ledger::AccountKind::kExpired, MemberId(0, 1)}});
       },
       ""},
  };
}

// Closes with what its opening rows and the records that are left come to.
void CloseAnew(Frames& frames) {
  PartBooks books;
  std::erase_if(frames, [&books](const OwnFrame& frame) {
    absl::string_view rows = frame.payload;
    if (frame.kind == FrameKind::kScopeOwners) {
      for (; !rows.empty(); rows.remove_prefix(kOwnerRowBytes)) {
        books.Own(*DecodeOwnerRow(rows.substr(0, kOwnerRowBytes)));
      }
    } else if (frame.kind == FrameKind::kOpeningBalances) {
      for (; !rows.empty(); rows.remove_prefix(kBalanceRowBytes)) {
        EXPECT_OK(books.Open(*DecodeBalanceRow(rows.substr(0, kBalanceRowBytes))));
      }
    } else if (frame.kind == FrameKind::kPartRecord) {
      jv1::Record record;
      EXPECT_TRUE(record.ParseFromString(std::string(DecodeEarlierRecord(rows)->bytes)));
      if (record.has_entry()) {
        EXPECT_OK(books.Apply(record.entry()));
      }
    }
    return frame.kind == FrameKind::kClosingBalances;
  });
  for (const std::string& rows : books.BalanceFrames()) {
    frames.push_back({FrameKind::kClosingBalances, rows});
  }
}

std::string SaidOf(const std::string& bytes) {
  const auto report = VerifyBytes(bytes);
  return report.ok() ? "fits" : PlaceIn(report.status().message());
}

TEST(PartBundleTest, HasWhatConcernsAMerchant) {
  const auto report = VerifyBytes(PartOf(kMerchantThree, 1, TownRecords().size()));
  ASSERT_OK(report);
  ASSERT_TRUE(report->scope.has_value());
  EXPECT_EQ(*report->scope, kMerchantThree);
  EXPECT_EQ(report->owners, 3U);
  // And its registration, terminal and agreement.
  EXPECT_EQ(report->records, report->entries + 3);
  EXPECT_LT(report->records, TownRecords().size());
}

TEST(PartBundleTest, HasWhatConcernsAUnionAndItsMembersOfTheCheckpoint) {
  const auto report = VerifyBytes(PartOf(kUnionOne, 1, TownRecords().size()));
  ASSERT_OK(report);
  // Funding, budget and expired of the union, the campaign, and two of the member who is there.
  EXPECT_EQ(report->owners, 6U);
  EXPECT_EQ(report->scope->number, 1U);
}

// A number is the ledger's own: people know whose part it is by a name, where a record has it.
TEST(PartBundleTest, BothVerifiersNameTheScopeWhenARecordDoes) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  const std::string path = directory.Join("part.phb");
  const std::string key = ledger::VerifierKeyText("puhui.example", TownKey().verify_key());
  const Sequence size = PeopledTown().size();
  const struct {
    BundleScope scope;
    Sequence first;
    const char* name;
    const char* said;
  } rows[] = {{kUnionOne, 1, "unions/fh-1", "part: unions/fh-1 (union 1)\n"},
              {kUnionOne, TownRecord("approval"), "", "part: union 1\n"},
              {kMerchantThree, TownRecord("merchant"), "merchants/m-7",
               "part: merchants/m-7 (merchant 3)\n"}};
  for (const auto& row : rows) {
    const std::string bytes = PartOf(row.scope, row.first, size);
    const auto report = VerifyBytes(bytes);
    ASSERT_OK(report);
    EXPECT_EQ(report->scope_name, row.name);
    std::ofstream(path, std::ios::binary) << bytes;
    EXPECT_THAT(SecondReport(absl::StrCat("--key ", key, " ", path)),
                ::testing::HasSubstr(row.said));
  }
}

TEST(PartBundleTest, OneMonthOpensWithWhatTheLastClosedWith) {
  const Sequence size = TownRecords().size();
  for (const BundleScope& scope : {kUnionOne, kMerchantThree}) {
    for (Sequence first = 2; first <= size; first += 3) {
      SCOPED_TRACE(absl::StrCat("from record ", first));
      const auto before = VerifyBytes(PartOf(scope, 1, first - 1));
      const auto after = VerifyBytes(PartOf(scope, first, size));
      ASSERT_OK(before);
      ASSERT_OK(after);
      EXPECT_EQ(before->closing, after->opening);
    }
  }
}

TEST(PartBundleTest, BothVerifiersFindTheSameWrongOnes) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  const TempDir directory;
  const std::string path = directory.Join("part.phb");
  const std::string key = ledger::VerifierKeyText("puhui.example", TownKey().verify_key());
  const auto second = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    return SecondVerdicts(absl::StrCat("--key ", key, " ", path));
  };
  for (const BundleScope& scope : {kUnionOne, kMerchantThree}) {
    const std::string good = PartOf(scope, TownRecord("approval"), TownRecords().size());
    EXPECT_EQ(SaidOf(good), "fits");
    EXPECT_EQ(second(good), std::vector<std::string>{"fits"});
  }
  for (const std::vector<PartLie>& lies :
       {LiesAboutRecords(), LiesAboutBalances(), LiesAboutOwners()}) {
    for (const PartLie& lie : lies) {
      SCOPED_TRACE(lie.name);
      Frames frames = FramesIn(PartOf(lie.scope, TownRecord("approval"), TownRecords().size()));
      lie.tell(frames);
      const std::string bytes = Written(frames);
      const std::string said = SaidOf(bytes);
      if (lie.verdict.empty()) {
        EXPECT_THAT(said, ::testing::AnyOf(::testing::StartsWith("frame "),
                                           ::testing::StartsWith("record ")));
      } else {
        EXPECT_EQ(said, lie.verdict);
      }
      EXPECT_EQ(second(bytes), std::vector<std::string>{said});
    }
  }
}

// What nobody can find is said to whoever reads the report.
TEST(PartBundleTest, ALeftOutRecordFitsWithAnotherClosingAndTheReportSaysWhoseWordThatIs) {
  ASSERT_TRUE(HasSecondVerifier()) << "no python3-cryptography: deploy/install_packages.sh --test";
  Frames frames = FramesIn(PartOf(kMerchantThree, TownRecord("approval"), TownRecords().size()));
  frames.erase(frames.begin() +
               static_cast<std::ptrdiff_t>(PlaceOfRecord(frames, TownRecord("capture"))));
  CloseAnew(frames);
  const std::string bytes = Written(frames);
  const TempDir directory;
  const std::string path = directory.Join("part.phb");
  std::ofstream(path, std::ios::binary) << bytes;
  const std::string key = ledger::VerifierKeyText("puhui.example", TownKey().verify_key());
  const std::string report = SecondReport(absl::StrCat("--key ", key, " ", path));
  EXPECT_THAT(report, ::testing::StartsWith("fits: "));
  EXPECT_THAT(report, ::testing::HasSubstr(std::string(kWhatAPartShows)));
  EXPECT_THAT(report, ::testing::HasSubstr("word of whoever made it"));
  const auto first = VerifyBytes(bytes);
  ASSERT_OK(first);
  EXPECT_THAT(report, ::testing::HasSubstr(absl::StrCat("opening ", ledger::ToHex(first->opening),
                                                        "\nclosing ", ledger::ToHex(first->closing),
                                                        "\n")));
}

// The examples of docs/audit-format.md.
TEST(PartFormatTest, WritesTheBytesOfTheDocument) {
  const auto hex = [](const std::string& bytes) { return ledger::ToHex(absl::string_view(bytes)); };
  EXPECT_EQ(hex(EncodeScope(kMerchantThree)), "020300000000000000");
  std::string row;
  AppendOwnerRow({ledger::AccountKind::kPayable, MemberId(0, 3)}, row);
  EXPECT_EQ(hex(row), "0600000000000000000000000000000003");
  ASSERT_OK_AND_ASSIGN(const OwnerRow decoded, DecodeOwnerRow(row));
  EXPECT_EQ(decoded, (OwnerRow{ledger::AccountKind::kPayable, MemberId(0, 3)}));
  row[0] = 0;
  EXPECT_THAT(DecodeOwnerRow(row), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(DecodeScope("\3"), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::audit::part_bundle_test
