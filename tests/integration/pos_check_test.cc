// SPDX-License-Identifier: Apache-2.0
// puhui pos-check as integrators run it: the program, over real mutual TLS, against a real puhuid.
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/cli/bad_line.h"
#include "services/cli/pos_check_case.h"
#include "services/cli/pos_check_certificate.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/program.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
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

TEST_F(PosCheckTest, RefusesWhatItCannotTry) {
  EXPECT_EQ(Puhui({}).exit_code, kUsage);
  const ProgramEnd run = Check(scene_.cards.front(), {"--case", "stub-that-passes"});
  EXPECT_EQ(run.exit_code, kUsage);
  EXPECT_THAT(run.err, HasSubstr("there is no case stub-that-passes"));
}

TEST(PosCheckCertificateTest, ShowsThatALetterWasChanged) {
  services::PosCheckReport report;
  EXPECT_FALSE(report.passed());  // Nothing was tried.
  report.results.push_back({.name = "life", .about = "\"quoted\""});
  EXPECT_FALSE(report.passed());  // Nothing was seen.
  report.results.front().findings.Expect("step", "HELD 10", "HELD 10");
  EXPECT_TRUE(report.passed());
  std::string text = services::CertificateText(report);
  EXPECT_TRUE(services::IsWholeCertificate(text));
  text.replace(text.find("HELD"), 1, "N");
  EXPECT_FALSE(services::IsWholeCertificate(text));
  report.results.front().findings.Expect("step", "HELD 10", "HELD 11");
  EXPECT_FALSE(report.passed());
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
