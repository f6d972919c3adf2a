// SPDX-License-Identifier: Apache-2.0
#include "services/auth/certificates.h"

#include "ledger/core/refusal.h"
#include "services/auth/certificate_authority.h"
#include "tests/support/pki/test_pki.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kUri[] = "spiffe://d/terminal/merchants/m-7/terminals/t-2";
const StatusCodeMatcher kNotFit = HasCode(absl::StatusCode::kFailedPrecondition);

TEST(CertificatesTest, AFreshPairAndItsChainPass) {
  const TestAuthority root("root");
  const TestIdentity server = root.IssueServer();
  EXPECT_OK(CheckKeyPair(server.certificate, server.key, absl::Now()));
  EXPECT_OK(CheckKeyPair(server.certificate + root.certificate(), server.key, absl::Now()));
  EXPECT_OK(CheckAuthorities(root.certificate(), absl::Now()));
}

TEST(CertificatesTest, ABrokenPairDoesNot) {
  const TestAuthority root("root");
  const TestAuthority other("other");
  const TestIdentity server = root.IssueServer();
  const absl::Time now = absl::Now();
  EXPECT_THAT(CheckKeyPair("", server.key, now), kNotFit);
  EXPECT_THAT(CheckKeyPair(server.certificate, "", now), kNotFit);
  EXPECT_THAT(CheckKeyPair(server.key, server.certificate, now), kNotFit);
  EXPECT_THAT(CheckKeyPair(server.certificate, root.IssueServer().key, now), kNotFit);
  EXPECT_THAT(CheckKeyPair(server.certificate + other.certificate(), server.key, now), kNotFit);
  EXPECT_THAT(
      CheckKeyPair(server.certificate + "-----BEGIN CERTIFICATE-----\nAAAA", server.key, now),
      kNotFit);
  EXPECT_THAT(CheckKeyPair(server.certificate, server.key, now + absl::Hours(2)), kNotFit);
  EXPECT_THAT(CheckKeyPair(server.certificate, server.key, now - absl::Hours(2)), kNotFit);
}

TEST(CertificatesTest, OnlyAuthoritiesAreAuthorities) {
  const TestAuthority root("root");
  EXPECT_THAT(CheckAuthorities("", absl::Now()), kNotFit);
  EXPECT_THAT(CheckAuthorities(root.IssueServer().certificate, absl::Now()), kNotFit);
  EXPECT_THAT(CheckAuthorities(root.certificate(), absl::Now() + absl::Hours(48)), kNotFit);
}

class CertificateAuthorityTest : public ::testing::Test {
 protected:
  CertificateAuthorityTest() {
    auto loaded = CertificateAuthority::Load(root_.certificate(), root_.identity().key, now_);
    EXPECT_OK(loaded);
    if (loaded.ok()) authority_ = *std::move(loaded);
  }
  absl::StatusOr<std::string> Sign(absl::string_view csr) {
    return authority_->SignTerminal(csr, kUri, now_, absl::Hours(8), random_);
  }

  const absl::Time now_ = absl::FromTimeT(absl::ToTimeT(absl::Now()));
  const TestAuthority root_{"root"};
  SeededRandom random_{20'250'102};
  std::unique_ptr<CertificateAuthority> authority_;
};

TEST_F(CertificateAuthorityTest, NamesTheTerminalAndNothingThatTheRequestAskedFor) {
  const std::string key = MakeKey(TestKey::kP256);
  CertificateSpec wish;
  wish.uris = {"spiffe://d/operator"};
  wish.dns_names = {"localhost"};
  ASSERT_OK_AND_ASSIGN(const std::string pem, Sign(MakeCsr(key, wish)));
  const ReadBack certificate = ReadCertificate(pem);
  EXPECT_EQ(certificate.subject, "");
  EXPECT_THAT(certificate.uris, ElementsAre(kUri));
  EXPECT_THAT(certificate.other_names, IsEmpty());
  EXPECT_TRUE(certificate.name_is_critical);
  EXPECT_EQ(certificate.extended_key_usage, "clientAuth");
  EXPECT_FALSE(certificate.authority);
  EXPECT_EQ(certificate.public_key, PublicKeyOf(key));
  EXPECT_EQ(certificate.not_before, now_ - absl::Minutes(5));
  EXPECT_EQ(certificate.not_after, now_ + absl::Hours(8));
  EXPECT_EQ(certificate.serial_hex.size(), 32U);
  EXPECT_TRUE(VerifiesAsClient(pem, root_.certificate()));
  EXPECT_FALSE(VerifiesAsClient(pem, TestAuthority("other").certificate()));
}

TEST_F(CertificateAuthorityTest, ACommaInTheUriIsPartOfTheUri) {
  const std::string uri = absl::StrCat(kUri, ",URI:spiffe://d/operator");
  ASSERT_OK_AND_ASSIGN(const std::string pem,
                       authority_->SignTerminal(MakeCsr(MakeKey(TestKey::kP256), {}), uri, now_,
                                                absl::Hours(1), random_));
  EXPECT_THAT(ReadCertificate(pem).uris, ElementsAre(uri));
}

TEST_F(CertificateAuthorityTest, NeverOutlivesItsAuthority) {
  ASSERT_OK_AND_ASSIGN(const std::string pem,
                       authority_->SignTerminal(MakeCsr(MakeKey(TestKey::kP256), {}), kUri, now_,
                                                absl::Hours(24 * 365), random_));
  EXPECT_EQ(ReadCertificate(pem).not_after, ReadCertificate(root_.certificate()).not_after);
}

TEST_F(CertificateAuthorityTest, SerialsDiffer) {
  const std::string csr = MakeCsr(MakeKey(TestKey::kP256), {});
  EXPECT_NE(ReadCertificate(*Sign(csr)).serial_hex, ReadCertificate(*Sign(csr)).serial_hex);
}

TEST_F(CertificateAuthorityTest, TakesTheKeysItSaysAndNoOthers) {
  for (const TestKey good :
       {TestKey::kP256, TestKey::kP384, TestKey::kEd25519, TestKey::kRsa2048}) {
    EXPECT_OK(Sign(MakeCsr(MakeKey(good), {})));
  }
  for (const TestKey bad : {TestKey::kP521, TestKey::kRsa1024}) {
    EXPECT_THAT(Sign(MakeCsr(MakeKey(bad), {})), HasCode(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(CertificateAuthorityTest, RefusesWhatIsNoHonestRequest) {
  const std::string key = MakeKey(TestKey::kP256);
  const std::string csr = MakeCsr(key, {});
  for (const std::string& bad :
       {std::string(), std::string("hello"), key, root_.certificate(),
        csr.substr(0, csr.size() / 2), MakeForgedCsr(key), std::string(20'000, 'A')}) {
    const absl::StatusOr<std::string> result = Sign(bad);
    EXPECT_THAT(result, HasCode(absl::StatusCode::kInvalidArgument));
    const auto refusal = ledger::RefusalOf(result.status());
    ASSERT_TRUE(refusal.has_value());
    EXPECT_EQ(refusal->field, "csr_pem");
  }
}

TEST_F(CertificateAuthorityTest, ThatHasExpiredIsNotTheCallersFault) {
  EXPECT_THAT(authority_->SignTerminal(MakeCsr(MakeKey(TestKey::kP256), {}), kUri,
                                       now_ + absl::Hours(48), absl::Hours(8), random_),
              HasCode(absl::StatusCode::kInternal));
}

TEST_F(CertificateAuthorityTest, LoadsOnlyAnAuthorityWithItsOwnKey) {
  const TestIdentity leaf = root_.IssueServer();
  EXPECT_THAT(CertificateAuthority::Load(leaf.certificate, leaf.key, now_), kNotFit);
  EXPECT_THAT(CertificateAuthority::Load(root_.certificate(), leaf.key, now_), kNotFit);
  EXPECT_THAT(
      CertificateAuthority::Load(root_.certificate(), root_.identity().key, now_ + absl::Hours(48)),
      kNotFit);
}

}  // namespace
}  // namespace puhui::services
