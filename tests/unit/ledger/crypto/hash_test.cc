// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/hash.h"

#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <string>

namespace puhui::ledger {
namespace {

constexpr absl::string_view kEmptyHex =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr absl::string_view kAbcHex =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256Test, MatchesTheVectorsOfFips180) {
  Sha256 sha;
  EXPECT_EQ(ToHex(sha.Digest("")), kEmptyHex);
  EXPECT_EQ(ToHex(sha.Digest("abc")), kAbcHex);
  EXPECT_EQ(ToHex(sha.Digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256Test, HashesTheSameHoweverTheBytesAreSplit) {
  Sha256 sha;
  for (const std::size_t size : {0u, 1u, 64u, 65u, 255u, 256u, 257u, 1000u}) {
    const std::string bytes(size, 'x');
    const Hash whole = sha.Digest(bytes);
    const absl::string_view view = bytes;
    for (const std::size_t cut : {std::size_t{0}, size / 3, size / 2, size}) {
      EXPECT_EQ(sha.Digest(view.substr(0, cut), view.substr(cut)), whole);
      EXPECT_EQ(sha.Digest(view.substr(0, cut), "", view.substr(cut)), whole);
      sha.Update(view.substr(0, cut));
      sha.Update(view.substr(cut));
      EXPECT_EQ(sha.Finish(), whole);
    }
  }
}

TEST(Sha256Test, StartsAfreshAfterFinish) {
  Sha256 sha;
  EXPECT_EQ(ToHex(sha.Finish()), kEmptyHex);
  sha.Update("abc");
  EXPECT_EQ(ToHex(sha.Finish()), kAbcHex);
  EXPECT_EQ(ToHex(sha.Finish()), kEmptyHex);
}

TEST(Sha256Test, TellsTheHashSoFarAndGoesOn) {
  Sha256 sha256;
  EXPECT_EQ(sha256.SoFar(), Sha256().Digest(""));
  sha256.Update("one");
  EXPECT_EQ(sha256.SoFar(), Sha256().Digest("one"));
  EXPECT_EQ(sha256.SoFar(), Sha256().Digest("one"));
  sha256.Update("two");
  EXPECT_EQ(sha256.Finish(), Sha256().Digest("onetwo"));
}

TEST(Sha256DeathTest, RefusesToMixTheTwoForms) {
  Sha256 sha;
  sha.Update("abc");
  EXPECT_DEATH(sha.Digest("abc"), "streaming_");
}

TEST(TextTest, HexReadsWhatItWrites) {
  const std::string bytes("\x00\x01\xab\xff", 4);
  EXPECT_EQ(ToHex(bytes), "0001abff");
  ASSERT_OK_AND_ASSIGN(const std::string lower, FromHex("0001abff"));
  EXPECT_EQ(lower, bytes);
  ASSERT_OK_AND_ASSIGN(const std::string upper, FromHex("0001ABFF"));
  EXPECT_EQ(upper, bytes);
}

TEST(TextTest, HexRefusesAnythingElse) {
  for (const absl::string_view bad : {"0", "0g", " 00", "0x00", "00\n"}) {
    EXPECT_THAT(FromHex(bad), HasCode(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(TextTest, Base64MatchesTheVectorsOfRfc4648) {
  const std::pair<absl::string_view, absl::string_view> vectors[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(ToBase64(bytes), text);
    ASSERT_OK_AND_ASSIGN(const std::string back, FromBase64(text));
    EXPECT_EQ(back, bytes);
  }
}

TEST(TextTest, Base64HasOneSpellingOnly) {
  for (const absl::string_view bad : {"Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Zm-v", "Zg==Zg=="}) {
    EXPECT_THAT(FromBase64(bad), HasCode(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(TextTest, HashAndBytesConvertBothWays) {
  Sha256 sha;
  const Hash hash = sha.Digest("abc");
  EXPECT_EQ(HashFromBytes(AsBytes(hash)), hash);
}

}  // namespace
}  // namespace puhui::ledger
