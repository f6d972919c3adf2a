// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/cosignature.h"

#include "ledger/crypto/hash.h"
#include "ledger/journal/checkpoint.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
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

// A head of a public log as it was handed out on 2026-05-23, with the signatures of the log and of
// four witnesses, whose keys are those that they publish. That it is theirs is what these show.
constexpr absl::string_view kPublicHead =
    "arche2025h1.staging.ct.transparency.dev\n"
    "1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
    "\n"
    "\xE2\x80\x94 arche2025h1.staging.ct.transparency.dev "
    "zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFb"
    "on"
    "5Ch9MNL5zRNZ55lvGt0=\n"
    "\xE2\x80\x94 arche2025h1.staging.ct.transparency.dev "
    "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "\xE2\x80\x94 transparency.dev/DEV:witness-little-garden "
    "2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/"
    "KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY09"
    "6st5BQ==\n"
    "\xE2\x80\x94 witness1.smartit.nu/witness1 "
    "pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/"
    "iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZ"
    "sDsUAQ==\n"
    "\xE2\x80\x94 remora.n621.de "
    "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/"
    "zZ0WBxtqB0D"
    "rAWfBw==\n"
    "\xE2\x80\x94 witness.stagemole.eu "
    "Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/"
    "2TUFucgKi7lI7cUiOvKFYe/T"
    "mN9DAg==\n";
constexpr absl::string_view kPublicLogKey =
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";

TEST(PublicHeadTest, HasTheSignaturesOfItsWitnesses) {
  for (const char* text :
       {"transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/"
        "MwYaGX4CPdiVEPM",
        "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv"}) {
    SCOPED_TRACE(text);
    ASSERT_OK_AND_ASSIGN(const NoteKey witness, ParseNoteKey(text, NoteKeyType::kCosignature));
    ASSERT_OK_AND_ASSIGN(const auto found, FindCosignature(kPublicHead, witness));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->time, absl::FromUnixSeconds(1'779'573'024));
    const std::string other =
        absl::StrReplaceAll(kPublicHead, {{"\n1432088532\n", "\n1432088533\n"}});
    EXPECT_THAT(FindCosignature(other, witness), HasCode(absl::StatusCode::kDataLoss));
  }
}

// Our heads have a line more, with their time, so as one of ours it is refused: behind its
// signature.
TEST(PublicHeadTest, HasTheSignatureOfItsLog) {
  ASSERT_OK_AND_ASSIGN(const NoteKey log, ParseNoteKey(kPublicLogKey, NoteKeyType::kEd25519));
  EXPECT_THAT(ParseCheckpoint(kPublicHead, log.key).status().message(),
              ::testing::HasSubstr("want four lines"));
  const std::string other =
      absl::StrReplaceAll(kPublicHead, {{"\n1432088532\n", "\n1432088533\n"}});
  EXPECT_THAT(ParseCheckpoint(other, log.key).status().message(),
              ::testing::HasSubstr("its signature does not verify"));
}

// The note of golang.org/x/mod/sumdb/note and the example of C2SP signed-note.
TEST(PublicNoteTest, IsSignedByTheKeyThatIsPublishedWithIt) {
  const struct {
    const char* key;
    const char* note;
  } kNotes[] = {
      {"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
       "If you think cryptography is the answer to your problem,\n"
       "then you don't know what your problem is.\n\n"
       "\xE2\x80\x94 PeterNeumann x08go/"
       "ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"},
      {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
       "This is an example message.\n\n"
       "\xE2\x80\x94 example.com/foo "
       "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM"
       "="
       "\n"}};
  for (const auto& published : kNotes) {
    ASSERT_OK_AND_ASSIGN(const NoteKey signer, ParseNoteKey(published.key, NoteKeyType::kEd25519));
    ASSERT_OK_AND_ASSIGN(const SignedNote parts, ParseSignedNote(published.note));
    ASSERT_EQ(parts.signatures.size(), 1U);
    EXPECT_EQ(parts.signatures[0].name, signer.name);
    const absl::string_view bytes = parts.signatures[0].hash_and_signature;
    EXPECT_EQ(bytes.substr(0, kNoteKeyHashBytes),
              NoteKeyHash(signer.name, NoteKeyType::kEd25519, signer.key));
    EXPECT_TRUE(signer.key.Verify(parts.text, bytes.substr(kNoteKeyHashBytes)));
  }
}

}  // namespace
}  // namespace puhui::ledger
