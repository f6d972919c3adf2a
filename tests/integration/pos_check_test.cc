// SPDX-License-Identifier: Apache-2.0
// puhui pos-check as integrators run it: the program, over real mutual TLS, against a real puhuid.
#include "ledger/crypto/hash.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/auth/certificate_authority.h"
#include "services/cli/bad_line.h"
#include "services/cli/pos_check_case.h"
#include "services/cli/pos_check_certificate.h"
#include "services/cli/pos_check_signature.h"
#include "tests/support/pki/test_pki.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/program.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kUsage = 2;
constexpr int kFindings = 8;

class PosCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    deployment_.WriteIdentity("till", scene_.terminal_identity);
    std::ofstream(Path("profile.yaml"))
        << "server: 127.0.0.1:" << deployment_.port()
        << "\nserver_name: localhost\nca: ca.pem\ncert: till.pem\nkey: till.key\n";
  }

  std::string Path(const std::string& name) const { return deployment_.directory().Join(name); }
  ProgramEnd Puhui(const std::vector<std::string>& flags) const {
    std::vector<std::string> command = {PUHUI_TEST_PUHUI, "--profile", Path("profile.yaml"),
                                        "pos-check"};
    command.insert(command.end(), flags.begin(), flags.end());
    return RunProgram(command, Path("puhui.out"), Path("puhui.err"));
  }
  ProgramEnd Check(const std::string& card, std::vector<std::string> flags) const {
    flags.insert(flags.end(), {"--terminal", scene_.terminal, "--card", card});
    return Puhui(flags);
  }

  SeededRandom random_{20'261'126};
  Deployment deployment_;
  Scene scene_;
};

TEST_F(PosCheckTest, PassesEveryCaseAndCertifiesIt) {
  const std::string& card = scene_.cards.front();
  const ProgramEnd run = Check(card, {"--certificate", Path("certificate.json")});
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  const std::string certificate = ReadWhole(Path("certificate.json"));
  EXPECT_TRUE(services::IsWholeCertificate(certificate));
  EXPECT_THAT(certificate, HasSubstr("\"passed\": true"));
  EXPECT_THAT(certificate, HasSubstr("\"all_cases\": true"));
  for (const services::PosCheckCase& one : services::AllPosCheckCases()) {
    EXPECT_THAT(run.out, HasSubstr(one.name));
    EXPECT_THAT(certificate, HasSubstr(absl::StrCat("{\"case\": \"", one.name, "\"")));
  }
  EXPECT_THAT(certificate, Not(HasSubstr(card)));
  const ProgramEnd checked =
      Puhui({"--check", Path("certificate.json"), "--authority", Path("client-ca.pem")});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr(absl::StrCat("terminal/", scene_.terminal)));
  // The card is as it was: all of it can be spent once more, and no more than that.
  const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  EXPECT_OK(
      Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(1, Scene::kPointsEach, random_)));
}

TEST_F(PosCheckTest, FailsOnACardThatCannotPay) {
  const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  ASSERT_OK(Ask(*till, &v1::PosService::Stub::Purchase,
                scene_.Purchase(1, Scene::kPointsEach - 50, random_)));
  const ProgramEnd run = Check(scene_.cards.front(), {"--case", "card", "--json"});
  EXPECT_EQ(run.exit_code, kFindings) << run.err;
  EXPECT_TRUE(services::IsWholeCertificate(run.out));
  EXPECT_THAT(run.out, HasSubstr("\"passed\": false"));
  EXPECT_THAT(run.out, HasSubstr("\"all_cases\": false"));
  EXPECT_THAT(run.out, HasSubstr("\"expected\": \"HELD 100\", \"seen\": \"INSUFFICIENT_POINTS\""));
}

TEST_F(PosCheckTest, FailsWhenNobodyAnswers) {
  deployment_.KillAndWait();
  const ProgramEnd run = Check(scene_.cards.front(), {"--case", "life"});
  EXPECT_EQ(run.exit_code, kFindings) << run.err;
  EXPECT_THAT(run.out, HasSubstr("0 of 1 cases passed"));
  EXPECT_THAT(run.out, HasSubstr("no answer"));
}

TEST_F(PosCheckTest, SaysOfACertificateThatItWasChanged) {
  ASSERT_EQ(
      Check(scene_.cards.front(), {"--case", "life", "--certificate", Path("life.json")}).exit_code,
      0);
  std::string text = ReadWhole(Path("life.json"));
  EXPECT_EQ(Puhui({"--check", Path("life.json")}).exit_code, 0);
  EXPECT_EQ(Puhui({"--check", Path("life.json"), "--authority", Path("server.pem")}).exit_code,
            kFindings);
  text.replace(text.find("HELD"), 1, "N");
  std::ofstream(Path("life.json"), std::ios::trunc) << text;
  const ProgramEnd run = Puhui({"--check", Path("life.json")});
  EXPECT_EQ(run.exit_code, kFindings);
  EXPECT_THAT(run.err, HasSubstr("life.json: it was changed"));
  EXPECT_EQ(Puhui({"--check", Path("missing.json")}).exit_code, kUsage);
}

TEST_F(PosCheckTest, RefusesWhatItCannotTry) {
  EXPECT_EQ(Puhui({}).exit_code, kUsage);
  const ProgramEnd run = Check(scene_.cards.front(), {"--case", "stub-that-passes"});
  EXPECT_EQ(run.exit_code, kUsage);
  EXPECT_THAT(run.err, HasSubstr("there is no case stub-that-passes"));
}

class PosCheckCertificateTest : public ::testing::Test {
 protected:
  static constexpr char kTill[] = "spiffe://puhui/terminal/merchants/m-1/terminals/t-1";

  PosCheckCertificateTest() {
    report_.server = "pay.example.org:8443";
    report_.server_name = "puhui";
    report_.terminal = "merchants/m-1/terminals/t-1";
    report_.end = absl::Now();
    report_.results.push_back({.name = "life", .about = "\"quoted\""});
    report_.results.front().findings.Expect("step", "HELD 10", "HELD 10");
  }
  static services::PosCheckSigner SignerOf(const TestIdentity& identity) {
    return {.chain_pem = identity.certificate, .key_pem = identity.key};
  }
  std::string Text() const {
    const auto text = services::CertificateText(report_, SignerOf(till_));
    EXPECT_OK(text);
    return text.value_or("");
  }
  // The same with the hash at its end made right again, as anybody can.
  static std::string Rehashed(std::string text) {
    text.erase(text.rfind("  \"sha256\""));
    return absl::StrCat(text, "  \"sha256\": \"", ledger::ToHex(ledger::Sha256().Digest(text)),
                        "\"\n}\n");
  }
  static void ExpectRefused(const std::string& text, const std::string& why) {
    const auto checked = services::CheckCertificate(text);
    EXPECT_THAT(checked, HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(std::string(checked.status().message()), HasSubstr(why));
  }

  const TestAuthority authority_{"terminals"};
  const TestIdentity till_ = authority_.IssueClient(kTill);
  services::PosCheckReport report_;
};

TEST_F(PosCheckCertificateTest, HasNotPassedWhenNothingWasTriedOrSeen) {
  services::PosCheckReport report;
  EXPECT_FALSE(report.passed());
  report.results.push_back({.name = "life", .about = "about"});
  EXPECT_FALSE(report.passed());
  report.results.front().findings.Expect("step", "HELD 10", "HELD 10");
  EXPECT_TRUE(report.passed());
  report.results.front().findings.Expect("step", "HELD 10", "HELD 11");
  EXPECT_FALSE(report.passed());
}

TEST_F(PosCheckCertificateTest, SaysWhoseKeySignedWhat) {
  ASSERT_OK_AND_ASSIGN(const auto checked, services::CheckCertificate(Text()));
  EXPECT_EQ(checked.signer.identity, kTill);
  EXPECT_EQ(checked.signer.fingerprint.size(), 64U);
  EXPECT_EQ(checked.text_of("signer_fingerprint"), checked.signer.fingerprint);
  EXPECT_EQ(checked.text_of("server"), "pay.example.org:8443");
  EXPECT_EQ(checked.text_of("server_name"), "puhui");
  EXPECT_TRUE(checked.passed());
  EXPECT_FALSE(checked.whole());
  EXPECT_OK(services::CheckIssuedBy(authority_.certificate(), checked.chain_pem, checked.end()));
  EXPECT_THAT(services::CheckIssuedBy(TestAuthority("others").certificate(), checked.chain_pem,
                                      checked.end()),
              HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(services::CheckIssuedBy(authority_.certificate(), checked.chain_pem,
                                      checked.end() + absl::Hours(24)),
              HasCode(absl::StatusCode::kFailedPrecondition));
}

TEST_F(PosCheckCertificateTest, IsOfTheSignersOwnTerminalOrMerchant) {
  const auto of = [this](const char* identity) {
    const auto text = services::CertificateText(
        report_, SignerOf(authority_.IssueClient(absl::StrCat("spiffe://puhui/", identity))));
    EXPECT_OK(text);
    const auto checked = services::CheckCertificate(text.value_or(""));
    EXPECT_OK(checked);
    return checked.ok() ? checked->CheckSpeaker() : checked.status();
  };
  for (const char* own : {"terminal/merchants/m-1/terminals/t-1", "pos/merchants/m-1",
                          "merchant/merchants/m-1/people/li-1"}) {
    EXPECT_OK(of(own)) << own;
  }
  for (const char* other :
       {"terminal/merchants/m-1/terminals/t-2", "pos/merchants/m", "pos/merchants/m-2",
        "mall/merchants/m-1", "operator", "nobody/merchants/m-1/terminals/t-1"}) {
    EXPECT_THAT(of(other), HasCode(absl::StatusCode::kFailedPrecondition)) << other;
  }
}

// Many keep both in one file, which the profile then names twice.
TEST_F(PosCheckCertificateTest, HoldsNothingOfAKeyThatStandsBesideTheCertificate) {
  const std::string both = till_.certificate + till_.key + authority_.certificate();
  ASSERT_OK_AND_ASSIGN(const std::string text,
                       services::CertificateText(report_, {.chain_pem = both, .key_pem = both}));
  EXPECT_THAT(text, Not(HasSubstr("PRIVATE KEY")));
  ASSERT_OK_AND_ASSIGN(const auto checked, services::CheckCertificate(text));
  EXPECT_EQ(checked.chain_pem, till_.certificate + authority_.certificate());
}

TEST_F(PosCheckCertificateTest, ShowsThatALetterWasChanged) {
  const std::string text = Text();
  EXPECT_TRUE(services::IsWholeCertificate(text));
  for (const std::string was : {"HELD", "pay.example", "t-1", "\"passed\": true"}) {
    std::string changed = text;
    changed.replace(changed.find(was), 1, "N");
    EXPECT_FALSE(services::IsWholeCertificate(changed)) << was;
    ExpectRefused(changed, "it was changed");
    ExpectRefused(Rehashed(changed), "it");  // By its signature, or it is JSON no more.
  }
  std::string failed = text;
  failed.replace(failed.find("HELD"), 1, "N");
  ExpectRefused(Rehashed(failed), "its signature is not that");
}

TEST_F(PosCheckCertificateTest, TakesNothingBehindItsSignature) {
  std::string text = Text();
  text.insert(text.rfind("  \"sha256\""), "  \"passed\": true,\n");
  ExpectRefused(Rehashed(text), "behind its signature");
}

TEST_F(PosCheckCertificateTest, IsNotSignedByTheKeyOfAnother) {
  const TestIdentity other = authority_.IssueClient(kTill);
  EXPECT_THAT(
      services::CertificateText(report_, {.chain_pem = till_.certificate, .key_pem = other.key}),
      HasCode(absl::StatusCode::kInvalidArgument));
  ASSERT_OK_AND_ASSIGN(const std::string others,
                       services::CertificateText(report_, SignerOf(other)));
  // What another signed, under the name of this one.
  const std::string text = Text();
  const std::string member = "  \"signature\": \"";
  const std::string forged =
      text.substr(0, text.rfind(member)) + others.substr(others.rfind(member));
  ExpectRefused(Rehashed(forged), "its signature is not that");
}

TEST_F(PosCheckCertificateTest, ThatIsNotSignedIsRefused) {
  std::string text = Text();
  const std::size_t at = text.rfind("  \"signature\"");
  text.erase(at, text.find('\n', at) + 1 - at);
  ExpectRefused(Rehashed(text), "it is not signed");
}

TEST_F(PosCheckCertificateTest, IsSignedByWhateverKeyATillHas) {
  SeededRandom random(7);
  ASSERT_OK_AND_ASSIGN(const auto terminals,
                       services::CertificateAuthority::Load(
                           authority_.certificate(), authority_.identity().key, absl::Now()));
  for (const TestKey kind : {TestKey::kP384, TestKey::kEd25519, TestKey::kRsa2048}) {
    TestIdentity till;
    till.key = MakeKey(kind);
    ASSERT_OK_AND_ASSIGN(
        till.certificate,
        terminals->SignTerminal(MakeCsr(till.key, {}), kTill, absl::Now(), absl::Hours(1), random));
    ASSERT_OK_AND_ASSIGN(const std::string text,
                         services::CertificateText(report_, SignerOf(till)));
    EXPECT_OK(services::CheckCertificate(text));
  }
}

TEST(PosCheckCasesTest, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const services::PosCheckCase& one : services::AllPosCheckCases()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
  }
  EXPECT_GE(names.size(), 40);
}

}  // namespace
}  // namespace puhui
