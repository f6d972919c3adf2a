// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/key_chain.h"

#include "ledger/crypto/hash.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::ledger::key_chain_test {
namespace {

const absl::Time kThen = absl::FromUnixMicros(1'735'689'600'000'001);

SigningKey KeyNumber(char seed) { return SigningKey::FromSeed(std::string(32, seed)); }

std::string Link(std::uint32_t number, char earlier, char later) {
  return SignSuccession(number, "puhui.example", KeyNumber(earlier), KeyNumber(later), kThen);
}

std::string NoteBy(char seed) {
  return SignCheckpoint({.origin = "o", .size = 7, .root = {}, .time = kThen}, "puhui.example",
                        KeyNumber(seed));
}

TEST(KeyChainTest, BytesAreFrozen) {
  EXPECT_EQ(Link(2, 's', 't'),
            "puhui key succession\n"
            "2\n"
            "puhui.example+b376cdd7+Af7BQoZz9q/okmSzgHNErosmnRJaUDhVICaH21pxKFef\n"
            "puhui.example+9c3c8c7a+AVVfRpwiGI6QAVvdhbiJZ41Fn4a9+Pe9NJcbELmzhYYJ\n"
            "time 2025-01-01T00:00:00.000001Z\n"
            "\n"
            "\xE2\x80\x94 puhui.example "
            "s3bN12QjZW7T3fW8LmFhDbdUeQKm4WADb1Xer/"
            "mGRp0RiqXl3uK21Klcw25Uz3LvoLC41KWMD5c7eYzgQglXZHD5eg0=\n"
            "\xE2\x80\x94 puhui.example "
            "nDyMeuLcBSuEJ/vqjh8H5eHcXwgk2YRZ39tIWbYbqrDe71yxx4uY5rKkXLY7N/"
            "x8OU3mL4dQEqr0StYhrRQuMfxipwU=\n");
}

TEST(KeyChainTest, WhoeverTrustsOneKeyTrustsAllThatTheChainLinksToIt) {
  const std::string file = Link(2, 's', 't') + Link(3, 't', 'u');
  EXPECT_EQ(SuccessionsIn(file), 2U);
  for (const char trusted : {'s', 't', 'u'}) {
    ASSERT_OK_AND_ASSIGN(const KeyChain chain,
                         KeyChain::Parse(file, KeyNumber(trusted).verify_key()));
    ASSERT_EQ(chain.keys().size(), 3U);
    for (const char signer : {'s', 't', 'u'}) {
      ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint, ParseCheckpoint(NoteBy(signer), chain));
      EXPECT_EQ(checkpoint.size, 7U);
    }
    EXPECT_THAT(ParseCheckpoint(NoteBy('v'), chain), HasCode(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(KeyChain::Parse(file, KeyNumber('v').verify_key()),
              HasCode(absl::StatusCode::kDataLoss));
}

TEST(KeyChainTest, WithoutAFileTheTrustedKeyIsTheOnlyOne) {
  ASSERT_OK_AND_ASSIGN(const KeyChain chain, KeyChain::Parse("", KeyNumber('s').verify_key()));
  EXPECT_EQ(chain.keys().size(), 1U);
  EXPECT_OK(ParseCheckpoint(NoteBy('s'), chain));
  EXPECT_THAT(ParseCheckpoint(NoteBy('t'), chain), HasCode(absl::StatusCode::kDataLoss));
}

TEST(KeyChainTest, RefusesEveryChangedByteAndEveryTruncation) {
  const std::string file = Link(2, 's', 't');
  const VerifyKey trusted = KeyNumber('s').verify_key();
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::string changed = file;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
    EXPECT_THAT(KeyChain::Parse(changed, trusted), HasCode(absl::StatusCode::kDataLoss)) << at;
    if (at == 0) continue;
    EXPECT_THAT(KeyChain::Parse(file.substr(0, at), trusted), HasCode(absl::StatusCode::kDataLoss))
        << at;
  }
}

TEST(KeyChainTest, RefusesLinksThatDoNotFollowEachOther) {
  const VerifyKey trusted = KeyNumber('s').verify_key();
  for (const std::string& file : {
           Link(2, 's', 't') + Link(3, 'u', 'v'),  // Another key hands over.
           Link(2, 's', 't') + Link(2, 't', 'u'),  // The same number again.
           Link(3, 's', 't'),                      // The first is missing.
           Link(3, 't', 'u') + Link(2, 's', 't'),  // In another order.
           Link(2, 's', 't') + "\n",
       }) {
    EXPECT_THAT(KeyChain::Parse(file, trusted), HasCode(absl::StatusCode::kDataLoss));
  }
}

// Who has the earlier key alone cannot speak for the new one, nor the other way round.
TEST(KeyChainTest, RefusesALinkThatOneOfTheTwoDidNotSign) {
  const std::string mine = Link(2, 's', 't');
  const std::string other = Link(2, 's', 'u');
  const std::size_t signatures = mine.find("\n\n") + 2;
  const std::size_t second = mine.find('\n', signatures) + 1;
  const VerifyKey trusted = KeyNumber('s').verify_key();
  EXPECT_THAT(KeyChain::Parse(mine.substr(0, second) + other.substr(second), trusted),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(
      KeyChain::Parse(mine.substr(0, signatures) + other.substr(signatures, second - signatures) +
                          mine.substr(second),
                      trusted),
      HasCode(absl::StatusCode::kDataLoss));
}

TEST(KeyChainTest, TheFileGrowsByALinkAtATime) {
  const TempDir directory;
  ASSERT_OK_AND_ASSIGN(const std::string none, ReadKeyChainFile(directory.path()));
  EXPECT_EQ(none, "");
  ASSERT_OK(AddSuccession(directory.path(), Link(2, 's', 't')));
  ASSERT_OK(AddSuccession(directory.path(), Link(3, 't', 'u')));
  ASSERT_OK_AND_ASSIGN(const std::string file, ReadKeyChainFile(directory.path()));
  EXPECT_EQ(file, Link(2, 's', 't') + Link(3, 't', 'u'));
}

}  // namespace
}  // namespace puhui::ledger::key_chain_test
