// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/signing.h"

#include "ledger/crypto/hash.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

namespace puhui::ledger {
namespace {

// RFC 8032, section 7.1, test 2.
constexpr absl::string_view kSeedHex =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr absl::string_view kPublicHex =
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr absl::string_view kSignatureHex =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(SigningTest, MatchesRfc8032) {
  ASSERT_OK_AND_ASSIGN(const std::string seed, FromHex(kSeedHex));
  const SigningKey key = SigningKey::FromSeed(seed);
  EXPECT_EQ(ToHex(key.verify_key().bytes()), kPublicHex);
  EXPECT_EQ(ToHex(key.Sign("r")), kSignatureHex);
  EXPECT_TRUE(key.verify_key().Verify("r", key.Sign("r")));
}

TEST(SigningTest, RefusesEveryChangedBit) {
  SeededRandom random(1);
  const SigningKey key = SigningKey::Generate(random);
  const std::string signature = key.Sign("head");
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string changed = signature;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_FALSE(key.verify_key().Verify("head", changed)) << bit;
  }
  EXPECT_FALSE(key.verify_key().Verify("heae", signature));
  EXPECT_FALSE(key.verify_key().Verify("head", signature.substr(1)));
  EXPECT_FALSE(SigningKey::Generate(random).verify_key().Verify("head", signature));
}

TEST(SigningTest, VerifyKeyTravelsAs32Bytes) {
  SeededRandom random(1);
  const SigningKey key = SigningKey::Generate(random);
  ASSERT_OK_AND_ASSIGN(const VerifyKey copy, VerifyKey::FromBytes(key.verify_key().bytes()));
  EXPECT_TRUE(copy.Verify("head", key.Sign("head")));
  EXPECT_THAT(VerifyKey::FromBytes(std::string(31, 'x')),
              HasCode(absl::StatusCode::kInvalidArgument));
}

TEST(SigningTest, PemFileKeepsTheKey) {
  const TempDir dir;
  const std::string path = dir.Join("checkpoint.pem");
  SeededRandom random(1);
  EXPECT_THAT(SigningKey::FromPemFile(path), HasCode(absl::StatusCode::kNotFound));
  ASSERT_OK_AND_ASSIGN(const SigningKey made, SigningKey::ReadOrCreatePemFile(path, random));
  ASSERT_OK_AND_ASSIGN(const SigningKey again, SigningKey::ReadOrCreatePemFile(path, random));
  EXPECT_EQ(again.Sign("head"), made.Sign("head"));
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
}

TEST(SigningTest, RefusesAPemFileThatIsNotAPrivateEd25519Key) {
  const TempDir dir;
  const std::string path = dir.Join("checkpoint.pem");
  // Named curve P-256, made with `openssl genpkey`; and text that is no key at all.
  for (const absl::string_view bad :
       {absl::string_view("-----BEGIN PRIVATE KEY-----\n"
                          "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgl2Re7Oj/t7s5xzTa\n"
                          "OV1sFo3hRtY841eakuKyzqj0/U2hRANCAAQyEDzHnO0vVm6fb6I3Wd4+aj5iyQug\n"
                          "ZUEc2ersmeNECDsc3emn2pnSOxt4AkEGnc+2QFVsXVB192WFYAOlOHiM\n"
                          "-----END PRIVATE KEY-----\n"),
        absl::string_view("not a key"), absl::string_view("")}) {
    std::ofstream(path) << bad;
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    EXPECT_THAT(SigningKey::FromPemFile(path), HasCode(absl::StatusCode::kDataLoss));
  }
}

TEST(SigningTest, RefusesAPemFileThatOthersCanRead) {
  const TempDir dir;
  const std::string path = dir.Join("checkpoint.pem");
  SeededRandom random(1);
  ASSERT_OK(SigningKey::Generate(random).WritePemFile(path));
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_THAT(SigningKey::FromPemFile(path), HasCode(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace puhui::ledger
