// SPDX-License-Identifier: Apache-2.0
// What is a record, byte for byte: both verifiers say the same of records that no ledger has
// written, framed and signed as if one had.
#include "audit/bundle/bundle_format.h"
#include "audit/bundle/frame_stream.h"
#include "ledger/base/check.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/segment.h"
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/second_verifier.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit::record_form_test {
namespace {

namespace jv1 = journal::v1;

std::vector<std::string> TownBytes() {
  std::vector<std::string> records;
  for (const jv1::Record& record : TownRecords()) records.push_back(record.SerializeAsString());
  return records;
}

// The closing frames of the town, whatever its records are.
void AddTownClosing(FrameWriter& writer) {
  const std::string bundle = BundleOf(TownRecords(), 1, TownRecords().size());
  absl::string_view rest = bundle;
  const auto source = [&rest](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
    const std::size_t got = std::min(size, rest.size());
    std::copy_n(rest.data(), got, into);
    rest.remove_prefix(got);
    return got;
  };
  FrameReader reader(source);
  while (true) {
    const auto frame = reader.Next();
    PUHUI_CHECK_OK(frame.status());
    if (!frame->has_value()) return;
    if ((*frame)->kind >= FrameKind::kClosingBalances)
      writer.Add((*frame)->kind, (*frame)->payload);
  }
}

std::string SignedBundleOf(const std::vector<std::string>& records) {
  const std::uint64_t size = records.size();
  ledger::MerkleFrontier tree;
  ledger::SegmentBuilder builder(/*partition=*/7, /*epoch=*/1, /*first=*/1);
  BundleHeader header{.first = 1, .last = size, .root_before = tree.Root(), .partition = 7};
  for (const std::string& record : records) {
    builder.Add(record);
    tree.Append(ledger::LeafHash(record));
  }
  header.root_after = tree.Root();
  const ledger::Checkpoint checkpoint{.origin = "puhui.example/town",
                                      .size = size,
                                      .root = header.root_after,
                                      .time = absl::UnixEpoch()};
  FrameWriter writer;
  writer.Add(FrameKind::kHeader, EncodeHeader(header));
  writer.Add(FrameKind::kCheckpoint,
             ledger::SignCheckpoint(checkpoint, "puhui.example", TownKey()));
  writer.Add(FrameKind::kConsistency, EncodeConsistency({0, size, {}}));
  writer.Add(FrameKind::kConsistency, EncodeConsistency({size, size, {}}));
  writer.Add(FrameKind::kFrontier, "");
  writer.Add(FrameKind::kSegment, builder.Seal(header.root_before).bytes);
  AddTownClosing(writer);
  writer.End();
  return writer.Take();
}

// One run of the second verifier for all bundles: most of its time is Python's.
class RecordFormTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(HasSecondVerifier())
        << "no python3-cryptography: deploy/install_packages.sh --test";
  }
  void TearDown() override {
    const std::string key = ledger::VerifierKeyText("puhui.example", TownKey().verify_key());
    const std::vector<std::string> said =
        SecondVerdicts(absl::StrCat("--key ", key, " ", absl::StrJoin(paths_, " ")));
    ASSERT_EQ(said.size(), verdicts_.size());
    for (std::size_t i = 0; i < said.size(); ++i) EXPECT_EQ(said[i], verdicts_[i]) << tales_[i];
  }
  // What the first verifier says.
  std::string Put(const std::vector<std::string>& records, std::string tale) {
    const std::string bytes = SignedBundleOf(records);
    const auto report = VerifyBytes(bytes);
    paths_.push_back(directory_.Join(absl::StrCat(paths_.size(), ".phb")));
    std::ofstream(paths_.back(), std::ios::binary) << bytes;
    verdicts_.push_back(report.ok() ? "fits" : PlaceIn(report.status().message()));
    tales_.push_back(std::move(tale));
    return report.ok() ? "fits" : std::string(report.status().message());
  }
  // With those bytes behind a record.
  std::string PutBehind(absl::string_view name, const std::string& bytes, std::string tale) {
    std::vector<std::string> records = TownBytes();
    records[TownRecord(name) - 1] += bytes;
    return Put(records, std::move(tale));
  }

 private:
  const TempDir directory_;
  std::vector<std::string> paths_;
  std::vector<std::string> verdicts_;
  std::vector<std::string> tales_;
};

std::string Repeated(absl::string_view hex, int times) {
  std::string bytes;
  for (int i = 0; i < times; ++i) bytes += absl::HexStringToBytes(hex);
  return bytes;
}

struct Form {
  const char* tale;
  std::string hex;  // Behind the record; field 255 is of no version.
};

TEST_F(RecordFormTest, SkipsWhatIsWellFormed) {
  for (const auto& [tale, hex] :
       std::vector<Form>{{"bytes that are not known", "fa0f01ff"},
                         {"a group", "fb0ffc0f"},
                         {"a group with a field and a group in it", "fb0f08010b0cfc0f"},
                         {"a group in a message", "1a04fb0ffc0f"},
                         {"a tag of 5 bytes", "f88f80800000"},
                         {"a tag with more than 32 bits", "f88f80807000"},
                         {"a size of 5 bytes", "fa0f8080808000"},
                         {"a number of 10 bytes", "f80f80808080808080808001"},
                         {"a number with more than 64 bits", "f80f8080808080808080807f"},
                         {"64 bits", "f90f0000000000000000"},
                         {"32 bits", "fd0f00000000"},
                         {"a text as a number", "1a020801"},
                         {"bytes that are no text", "1a031201ff"}}) {
    EXPECT_EQ(PutBehind("terminal", absl::HexStringToBytes(hex), tale), "fits") << tale;
  }
  EXPECT_EQ(PutBehind("funding", absl::HexStringToBytes("fa0f00"), "no other body"), "fits");
  EXPECT_EQ(PutBehind("terminal", Repeated("fb0f", 100) + Repeated("fc0f", 100), "100 deep"),
            "fits");
  EXPECT_EQ(
      PutBehind("terminal",
                absl::HexStringToBytes("1a8c03") + Repeated("fb0f", 99) + Repeated("fc0f", 99),
                "99 deep in a message"),
      "fits");
}

TEST_F(RecordFormTest, RefusesWhatIsNot) {
  const std::string refused = absl::StrCat("record ", TownRecord("terminal"), ": it is no record");
  for (const auto& [tale, hex] :
       std::vector<Form>{{"a group that does not end", "fb0f"},
                         {"the end of no group", "fc0f"},
                         {"the end of another group", "fb0ff41f"},
                         {"a group that ends in a message", "fb0f1a02fc0f"},
                         {"a group that does not end in its message", "1a02fb0f"},
                         {"wire type 6", "fe0f"},
                         {"wire type 7", "ff0f"},
                         {"field 0", "0200"},
                         {"a tag of 6 bytes", "f88f8080800000"},
                         {"a size of 6 bytes", "fa0f808080808000"},
                         {"a number of 11 bytes", "f80f8080808080808080808001"},
                         {"a number that ends too early", "f80f80"},
                         {"bytes that end too early", "fa0f02ff"},
                         {"64 bits that end too early", "f90f00000000000000"},
                         {"32 bits that end too early", "fd0f000000"},
                         {"a message whose field ends too early", "1a020a05"},
                         {"a field that ends behind its message", "1a020a0461626364"},
                         {"a text of no character", "1a030a01ff"},
                         {"a text with half a pair", "1a050a03eda080"},
                         {"a text with a character in too many bytes", "1a040a02c080"}}) {
    EXPECT_EQ(PutBehind("terminal", absl::HexStringToBytes(hex), tale), refused) << tale;
  }
  EXPECT_EQ(PutBehind("terminal", Repeated("fb0f", 101) + Repeated("fc0f", 101), "101 deep"),
            refused);
  EXPECT_EQ(
      PutBehind("terminal",
                absl::HexStringToBytes("1a9003") + Repeated("fb0f", 100) + Repeated("fc0f", 100),
                "100 deep in a message"),
      refused);
}

TEST_F(RecordFormTest, RefusesListsThatEndAmidANumber) {
  jv1::RulePackLoaded pack;
  jv1::PackRules& rules = *pack.mutable_rules();
  rules.GetReflection()
      ->MutableUnknownFields(&rules)
      ->AddLengthDelimited(jv1::PackRules::kIssuerKindsFieldNumber)
      ->assign("\x80");
  jv1::Record more;
  *more.mutable_rule_pack_loaded() = pack;
  EXPECT_EQ(PutBehind("pack", more.SerializeAsString(), "a list"),
            absl::StrCat("record ", TownRecord("pack"), ": it is no record"));
}

// A byte or some bytes of it, as they come.
void Mutate(SeededRandom& random, std::string& record) {
  static const auto* const pieces =
      new std::vector<std::string>{"\xC3\x3E\xC4\x3E", "\xC3\x3E",     "\xC4\x3E",     "\x0B\x0C",
                                   "\x0B\x0B\x0C\x0C", "\xC2\x3E\x01", "\x12\x01\x80", "\xC3\xBF",
                                   "\xED\xA0",         "\x80\x80\x80", "\x06",         "\xFF"};
  const std::size_t at = random.Below(record.size());
  const auto piece = [&] { return (*pieces)[random.Below(pieces->size())]; };
  switch (random.Below(6)) {
    case 0:
      record[at] = static_cast<char>(record[at] ^ (1 << random.Below(8)));
      break;
    case 1:
      record[at] = static_cast<char>(random.Below(256));
      break;
    case 2:
      record.erase(at, 1);
      break;
    case 3:
      record.insert(at, 1, static_cast<char>(random.Below(256)));
      break;
    case 4:
      record.insert(at, piece());
      break;
    default:
      record += piece();
  }
}

TEST_F(RecordFormTest, IsTheSameToBothWhateverTheBytesAre) {
  constexpr std::size_t kRounds = testing::Rounds(300);
  SeededRandom random(20251204);
  const std::vector<std::string> town = TownBytes();
  ASSERT_EQ(Put(town, "as it is"), "fits");
  std::size_t fits = 0;
  std::size_t no_record = 0;
  for (std::size_t round = 0; round < kRounds; ++round) {
    std::vector<std::string> records = town;
    const std::size_t changed = random.Below(records.size());
    Mutate(random, records[changed]);
    const std::string tale =
        absl::StrCat("record ", changed + 1, ": ", absl::BytesToHexString(records[changed]));
    const std::string verdict = Put(records, tale);
    if (verdict == "fits") ++fits;
    if (absl::EndsWith(verdict, ": it is no record")) ++no_record;
  }
  // All of it is tried: what is no record, what does not fit, and what does.
  EXPECT_GT(fits, 0U);
  EXPECT_GT(no_record, kRounds / 4);
  EXPECT_GT(kRounds - fits - no_record, kRounds / 15);
}

// A list of these is what `1*` stands for.
bool HasNumbersOfAnySize(const google::protobuf::FieldDescriptor& field) {
  using google::protobuf::FieldDescriptor;
  static constexpr FieldDescriptor::Type kFixed[] = {
      FieldDescriptor::TYPE_DOUBLE,   FieldDescriptor::TYPE_FLOAT,
      FieldDescriptor::TYPE_FIXED32,  FieldDescriptor::TYPE_FIXED64,
      FieldDescriptor::TYPE_SFIXED32, FieldDescriptor::TYPE_SFIXED64};
  return std::count(std::begin(kFixed), std::end(kFixed), field.type()) == 0;
}

// Of each message that has any, the fields with a form of their own.
std::vector<std::string> SchemaWords() {
  using google::protobuf::FieldDescriptor;
  const google::protobuf::FileDescriptor& file = *jv1::Record::descriptor()->file();
  std::vector<std::string> words;
  for (int i = 0; i < file.message_type_count(); ++i) {
    const google::protobuf::Descriptor& message = *file.message_type(i);
    EXPECT_EQ(message.nested_type_count(), 0) << message.name() << " has messages of its own";
    std::vector<std::string> fields;
    for (int j = 0; j < message.field_count(); ++j) {
      const FieldDescriptor& field = *message.field(j);
      const bool one_of = field.real_containing_oneof() != nullptr;
      if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
        EXPECT_EQ(field.message_type()->file(), &file) << field.full_name();
        fields.push_back(
            absl::StrCat(field.number(), one_of ? "|" : "=", field.message_type()->name()));
        continue;
      }
      EXPECT_FALSE(one_of) << field.full_name() << " is one of several and no message";
      if (field.type() == FieldDescriptor::TYPE_STRING) {
        fields.push_back(absl::StrCat(field.number(), "$"));
      } else if (field.is_packable()) {
        EXPECT_TRUE(HasNumbersOfAnySize(field)) << field.full_name() << " is of fixed size";
        fields.push_back(absl::StrCat(field.number(), "*"));
      }
    }
    if (fields.empty()) continue;
    words.push_back(absl::StrCat(message.name(), ":"));
    words.insert(words.end(), fields.begin(), fields.end());
  }
  return words;
}

TEST(RecordSchemaTest, IsWhatTheSecondVerifierHasOfIt) {
  std::stringstream script;
  script << std::ifstream(PUHUI_TEST_VERIFY_BUNDLE).rdbuf();
  const std::string text = script.str();
  // Between the quotes behind its name.
  const std::vector<absl::string_view> parts = absl::StrSplit(text, "\"\"\"");
  const auto before = std::find_if(parts.begin(), parts.end(), [](absl::string_view part) {
    return absl::EndsWith(part, "\nSCHEMA = ");
  });
  ASSERT_LT(before, parts.end() - 1);
  const std::vector<std::string> words =
      absl::StrSplit(*(before + 1), absl::ByAnyChar(" \n"), absl::SkipEmpty());
  EXPECT_EQ(words, SchemaWords()) << "write it anew: " << absl::StrJoin(SchemaWords(), " ");
}

}  // namespace
}  // namespace puhui::audit::record_form_test
