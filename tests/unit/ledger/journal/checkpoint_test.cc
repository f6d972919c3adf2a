// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/checkpoint.h"

#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gtest/gtest.h>

namespace puhui::ledger {
namespace {

SigningKey KeyOf(char seed) { return SigningKey::FromSeed(std::string(32, seed)); }

Checkpoint Sample() {
  Checkpoint checkpoint;
  checkpoint.origin = "puhui.example/wuhan/0";
  checkpoint.size = 20'852'163;
  checkpoint.root.fill(0xAB);
  checkpoint.time = absl::FromUnixMicros(1'735'689'600'000'001);
  return checkpoint;
}

// `text`, which ends with a line end, as a note signed by `key`.
std::string SignedAs(absl::string_view text, const SigningKey& key) {
  const std::string note = SignCheckpoint(Sample(), "k", key);
  const std::string vkey = VerifierKeyText("k", key.verify_key());
  const std::string key_hash = *FromHex(vkey.substr(2, 8));
  return absl::StrCat(text, "\n\xE2\x80\x94 k ", ToBase64(key_hash + key.Sign(text)), "\n");
}

TEST(CheckpointTest, BytesAreFrozen) {
  EXPECT_EQ(SignCheckpoint(Sample(), "puhui.example", KeyOf('s')),
            "puhui.example/wuhan/0\n"
            "20852163\n"
            "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n"
            "time 2025-01-01T00:00:00.000001Z\n"
            "\n"
            "\xE2\x80\x94 puhui.example "
            "s3bN12DOfLqgqBJmw80xMgOKnbONEedk8TZhYZIyrmsDTDHm4O2gttD1nWAj3Rp9wL76e/"
            "2h9GtO0gIJODeN51HqxAY=\n");
}

// The example key of the Go package golang.org/x/mod/sumdb/note.
TEST(CheckpointTest, KeyHashIsThatOfSignedNotes) {
  ASSERT_OK_AND_ASSIGN(const std::string key,
                       FromBase64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
  ASSERT_OK_AND_ASSIGN(const VerifyKey verify_key, VerifyKey::FromBytes(key.substr(1)));
  EXPECT_EQ(VerifierKeyText("PeterNeumann", verify_key),
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

TEST(CheckpointTest, ParsesWhatItSigned) {
  const SigningKey key = KeyOf('s');
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    Checkpoint checkpoint = Sample();
    checkpoint.size = size;
    ASSERT_OK_AND_ASSIGN(const Checkpoint parsed,
                         ParseCheckpoint(SignCheckpoint(checkpoint, "k", key), key.verify_key()));
    EXPECT_EQ(parsed, checkpoint);
  }
}

TEST(CheckpointTest, RefusesAnotherKey) {
  EXPECT_THAT(ParseCheckpoint(SignCheckpoint(Sample(), "k", KeyOf('s')), KeyOf('t').verify_key()),
              HasCode(absl::StatusCode::kDataLoss));
}

TEST(CheckpointTest, RefusesEveryChangedBitAndEveryTruncation) {
  const SigningKey key = KeyOf('s');
  const std::string note = SignCheckpoint(Sample(), "k", key);
  for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
    std::string changed = note;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_THAT(ParseCheckpoint(changed, key.verify_key()), HasCode(absl::StatusCode::kDataLoss))
        << bit;
  }
  for (std::size_t size = 0; size < note.size(); ++size) {
    ASSERT_THAT(ParseCheckpoint(note.substr(0, size), key.verify_key()),
                HasCode(absl::StatusCode::kDataLoss))
        << size;
  }
}

TEST(CheckpointTest, AllowsTheSignaturesOfWitnesses) {
  const SigningKey key = KeyOf('s');
  const std::string note = SignCheckpoint(Sample(), "k", key);
  const std::string theirs = SignCheckpoint(Sample(), "witness", KeyOf('w'));
  const std::string line = theirs.substr(theirs.find("\n\n") + 2);
  ASSERT_OK_AND_ASSIGN(const Checkpoint parsed, ParseCheckpoint(note + line, key.verify_key()));
  EXPECT_EQ(parsed, Sample());
  const std::string before = absl::StrReplaceAll(note, {{"\n\n", absl::StrCat("\n\n", line)}});
  EXPECT_OK(ParseCheckpoint(before, key.verify_key()));
}

TEST(CheckpointTest, RefusesABadSignatureOfOursBesideAGoodOne) {
  const SigningKey key = KeyOf('s');
  Checkpoint other = Sample();
  ++other.size;
  const std::string bad = SignCheckpoint(other, "k", key);
  EXPECT_THAT(ParseCheckpoint(SignCheckpoint(Sample(), "k", key) + bad.substr(bad.find("\n\n") + 2),
                              key.verify_key()),
              HasCode(absl::StatusCode::kDataLoss));
}

TEST(CheckpointTest, RefusesTextInAnyOtherFormThoughItIsSigned) {
  const SigningKey key = KeyOf('s');
  const std::string root = ToBase64(Sample().root);
  const std::string time = "time 2025-01-01T00:00:00.000001Z\n";
  ASSERT_OK(
      ParseCheckpoint(SignedAs(absl::StrCat("o\n5\n", root, "\n", time), key), key.verify_key()));
  const std::string texts[] = {
      absl::StrCat("o\n5\n", root, "\n"),                             // No time.
      absl::StrCat("o\n5\n", root, "\n", time, time),                 // A line too many.
      absl::StrCat("o\n05\n", root, "\n", time),                      // A leading zero.
      absl::StrCat("o\n+5\n", root, "\n", time),                      // A sign.
      absl::StrCat("o\n 5\n", root, "\n", time),                      // White space.
      absl::StrCat("o\n-5\n", root, "\n", time),                      // Below zero.
      absl::StrCat("o\n18446744073709551616\n", root, "\n", time),    // Beyond 64 bits.
      absl::StrCat("o\r\n5\n", root, "\n", time),                     // A control character.
      absl::StrCat("o\n5\n", root.substr(0, 40), "\n", time),         // A short root.
      absl::StrCat("o\n5\n", root, "\ntime 2025-01-01T00:00:00Z\n"),  // Without microseconds.
      absl::StrCat("o\n5\n", root, "\ntime infinite-future\n"),       // No time at all.
      absl::StrCat("o\n5\n", root, "\nTime 2025-01-01T00:00:00.000001Z\n"),
  };
  for (const std::string& text : texts) {
    EXPECT_THAT(ParseCheckpoint(SignedAs(text, key), key.verify_key()),
                HasCode(absl::StatusCode::kDataLoss))
        << text;
  }
}

TEST(CheckpointTest, RefusesNotesThatAreTooLong) {
  const SigningKey key = KeyOf('s');
  std::string note = SignCheckpoint(Sample(), "k", key);
  const std::string line = note.substr(note.find("\n\n") + 2);
  while (note.size() <= kCheckpointBytesMax) note += line;
  EXPECT_THAT(ParseCheckpoint(note, key.verify_key()), HasCode(absl::StatusCode::kDataLoss));
}

TEST(CheckpointDeathTest, RefusesNamesThatWouldNotParse) {
  Checkpoint two_lines = Sample();
  two_lines.origin = "evil\n999";
  EXPECT_DEATH(SignCheckpoint(two_lines, "k", KeyOf('s')), "origin");
  EXPECT_DEATH(SignCheckpoint(Sample(), "a b", KeyOf('s')), "key_name");
  EXPECT_DEATH(SignCheckpoint(Sample(), "", KeyOf('s')), "key_name");
}

}  // namespace
}  // namespace puhui::ledger
