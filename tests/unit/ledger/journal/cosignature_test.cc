// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/cosignature.h"

#include "ledger/crypto/hash.h"
#include "ledger/journal/checkpoint.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gtest/gtest.h>

#include <string>

namespace puhui::ledger {
namespace {

SigningKey WitnessKeyOf(char seed) { return SigningKey::FromSeed(std::string(32, seed)); }

std::string LogNote() {
  Checkpoint checkpoint;
  checkpoint.origin = "puhui.example/wuhan/0";
  checkpoint.size = 20'852'163;
  checkpoint.root.fill(0xAB);
  checkpoint.time = absl::FromUnixMicros(1'735'689'600'000'001);
  return SignCheckpoint(checkpoint, "puhui.example", WitnessKeyOf('s'));
}

NoteKey KeyNamed(const std::string& name, char seed) {
  return {name, WitnessKeyOf(seed).verify_key()};
}

// Keys of public logs and witnesses, as transparency-dev/formats has them in
// note/note_cosigv1_test.go.
TEST(NoteKeyTest, ReadsTheKeysThatOthersPublish) {
  const std::string witness =
      "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
  ASSERT_OK_AND_ASSIGN(const NoteKey key, ParseNoteKey(witness, NoteKeyType::kCosignature));
  EXPECT_EQ(key.name, "remora.n621.de");
  EXPECT_EQ(NoteKeyText(key.name, NoteKeyType::kCosignature, key.key), witness);
  const std::string log = "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6";
  ASSERT_OK_AND_ASSIGN(const NoteKey of_log, ParseNoteKey(log, NoteKeyType::kEd25519));
  EXPECT_EQ(NoteKeyText(of_log.name, NoteKeyType::kEd25519, of_log.key), log);
}

TEST(NoteKeyTest, RefusesAnythingElse) {
  const std::string good = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
  EXPECT_THAT(ParseNoteKey(good, NoteKeyType::kEd25519),
              HasCode(absl::StatusCode::kInvalidArgument));
  for (const std::string& bad : {std::string(), std::string("bananas.sigstore.dev+12344556"),
                                 std::string("rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!"),
                                 std::string("rekor.sigstore.dev+12345678+AwEB"), good + "\n",
                                 " " + good, absl::StrReplaceAll(good, {{"da77ade7", "00000000"}}),
                                 absl::StrReplaceAll(good, {{"da77ade7", "DA77ADE7"}}),
                                 absl::StrReplaceAll(good, {{"remora", "re ora"}})}) {
    EXPECT_THAT(ParseNoteKey(bad, NoteKeyType::kCosignature),
                HasCode(absl::StatusCode::kInvalidArgument))
        << bad;
  }
}

// The time in the bytes is that of the published signature "works" in note_cosigv1_test.go.
TEST(CosignatureTest, HasTheTimeWhereOthersHaveIt) {
  ASSERT_OK_AND_ASSIGN(
      const std::string published,
      FromBase64("ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWW"
                 "OworDcFiEBYJXORmnFBOBA=="));
  const std::string note =
      Cosign(LogNote(), "w", WitnessKeyOf('w'), absl::FromUnixSeconds(1'727'964'367));
  ASSERT_OK_AND_ASSIGN(const SignedNote parts, ParseSignedNote(note));
  const std::string& ours = parts.signatures.back().hash_and_signature;
  EXPECT_EQ(ours.size(), published.size());
  EXPECT_EQ(ours.substr(4, 8), published.substr(4, 8));
}

TEST(CosignatureTest, IsOverTheLinesThatTheSpecificationHas) {
  const std::string note =
      Cosign(LogNote(), "w", WitnessKeyOf('w'), absl::FromUnixSeconds(1'679'315'147));
  ASSERT_OK_AND_ASSIGN(const SignedNote parts, ParseSignedNote(note));
  EXPECT_TRUE(WitnessKeyOf('w').verify_key().Verify(
      absl::StrCat("cosignature/v1\ntime 1679315147\n", std::string(parts.text)),
      absl::string_view(parts.signatures.back().hash_and_signature).substr(12)));
  EXPECT_OK(ParseCheckpoint(note, WitnessKeyOf('s').verify_key()));
}

TEST(CosignatureTest, FindsThatOfAWitnessAndNoOther) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  const std::string one = Cosign(LogNote(), "w-1", WitnessKeyOf('1'), now);
  const std::string both = Cosign(one, "w-2", WitnessKeyOf('2'), now + absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const auto first, FindCosignature(both, KeyNamed("w-1", '1')));
  ASSERT_OK_AND_ASSIGN(const auto second, FindCosignature(both, KeyNamed("w-2", '2')));
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(first->time, now);
  EXPECT_EQ(second->time, now + absl::Seconds(1));
  EXPECT_EQ(absl::StrCat(LogNote(), first->line, "\n", second->line, "\n"), both);
  for (const NoteKey& other : {KeyNamed("w-1", '2'), KeyNamed("w-3", '1')}) {
    ASSERT_OK_AND_ASSIGN(const auto none, FindCosignature(both, other));
    EXPECT_FALSE(none.has_value());
  }
  // The log's own signature is none, even when its key is a witness's.
  ASSERT_OK_AND_ASSIGN(const auto log, FindCosignature(LogNote(), KeyNamed("puhui.example", 's')));
  EXPECT_FALSE(log.has_value());
}

TEST(CosignatureTest, RefusesEveryChangedBit) {
  const std::string note =
      Cosign(LogNote(), "w", WitnessKeyOf('w'), absl::FromUnixSeconds(1'700'000'000));
  const NoteKey witness = KeyNamed("w", 'w');
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto found = FindCosignature(changed, witness);
    const bool good = found.ok() && found->has_value();
    // Of the log's own signature a witness says nothing.
    const bool log_signature = i > note.find("\n\n") && i < LogNote().size();
    EXPECT_TRUE(!good || log_signature) << i;
  }
}

}  // namespace
}  // namespace puhui::ledger
