// SPDX-License-Identifier: Apache-2.0
// What the program reads and writes on disk: profiles, plans, a terminal's key.
#include "services/cli/plan_file.h"
#include "services/cli/profile.h"
#include "services/cli/terminal_files.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

namespace puhui::services {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

void Write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string Read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class ProfileTest : public ::testing::Test {
 protected:
  absl::StatusOr<Profile> ReadText(const std::string& text) {
    Write(path_, text);
    return ReadProfile(path_);
  }

  TempDir folder_;
  const std::string path_ = folder_.Join("profile.yaml");
};

TEST_F(ProfileTest, ResolvesPathsAgainstItsOwnFolder) {
  ASSERT_OK_AND_ASSIGN(const Profile profile, ReadText("server: ledger:8443\n"
                                                       "server_name: puhui\n"
                                                       "ca: ca.pem\n"
                                                       "cert: me.pem\n"
                                                       "key: /etc/puhui/me.key\n"
                                                       "identities:\n"
                                                       "  hr: {cert: hr.pem, key: hr.key}\n"));
  EXPECT_EQ(profile.server, "ledger:8443");
  EXPECT_EQ(profile.server_name, "puhui");
  EXPECT_EQ(profile.ca, folder_.Join("ca.pem"));
  EXPECT_EQ(profile.identity.cert, folder_.Join("me.pem"));
  EXPECT_EQ(profile.identity.key, "/etc/puhui/me.key");
  ASSERT_OK_AND_ASSIGN(const ClientIdentity hr, ChooseIdentity(profile, "hr"));
  EXPECT_EQ(hr.key, folder_.Join("hr.key"));
}

TEST_F(ProfileTest, NamesTheKeyThatIsWrong) {
  const struct {
    const char* text;
    const char* named;
  } rows[] = {
      {"server: a\nca: c\ncert: x\nkey: y\nport: 3\n", "port: unknown key"},
      {"ca: c\ncert: x\nkey: y\n", "server: missing"},
      {"server: a\ncert: x\nkey: y\n", "ca: missing"},
      {"server: a\nca: c\ncert: x\n", "cert and key"},
      {"server: a\nca: c\n", "identities: missing"},
      {"server: [a]\nca: c\ncert: x\nkey: y\n", "server: wanted a text"},
      {"server: a\nca: c\nidentities: {hr: {cert: x}}\n", "identities.hr: wanted both"},
      {"server: a\nca: c\nidentities: {hr: {cert: x, key: y, pin: 1}}\n",
       "identities.hr.pin: unknown key"},
      {"server: a\nca: c\nidentities: hr\n", "identities: wanted a map"},
      {"- server\n", "wanted a YAML map"},
      {"server: {\n", "not YAML"},
      {"? [server]\n: a\n", "unknown key"},
  };
  for (const auto& row : rows) {
    const absl::StatusOr<Profile> profile = ReadText(row.text);
    EXPECT_THAT(profile, HasCode(absl::StatusCode::kInvalidArgument)) << row.text;
    EXPECT_THAT(std::string(profile.status().message()), HasSubstr(row.named));
    EXPECT_THAT(std::string(profile.status().message()), HasSubstr(path_));
  }
}

TEST_F(ProfileTest, SaysThatThereIsNoFileAndWhatAProfileIs) {
  const absl::StatusOr<Profile> profile = ReadProfile(path_);
  EXPECT_THAT(profile, HasCode(absl::StatusCode::kNotFound));
  for (const char* const said : {"no such file", "server, ca, cert and key", "docs/operations.md",
                                 "The profile of puhui", "--profile"}) {
    EXPECT_THAT(std::string(profile.status().message()), HasSubstr(said));
  }
}

TEST_F(ProfileTest, ListsTheIdentitiesThatCanBeChosen) {
  ASSERT_OK_AND_ASSIGN(const Profile profile,
                       ReadText("server: a\nca: c\nidentities:\n"
                                "  hr: {cert: x, key: y}\n  auditor: {cert: x, key: y}\n"));
  for (const char* const as : {"", "operator"}) {
    const absl::StatusOr<ClientIdentity> identity = ChooseIdentity(profile, as);
    EXPECT_THAT(identity, HasCode(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(std::string(identity.status().message()), HasSubstr("auditor, hr"));
  }
}

TEST_F(ProfileTest, NamesTheCertificateThatIsMissing) {
  ASSERT_OK_AND_ASSIGN(const Profile profile, ReadText("server: a\nca: ca.pem\ncert: x\nkey: y\n"));
  const auto channel = OpenChannel(profile, "");
  ASSERT_FALSE(channel.ok());
  EXPECT_THAT(std::string(channel.status().message()), HasSubstr(folder_.Join("ca.pem")));
}

absl::StatusOr<PlanFile> Parse(const std::string& text,
                               std::optional<std::int64_t> points = std::nullopt) {
  return ParsePlanFile(text,
                       PlanFileOptions{.points = points, .today = absl::CivilDay(2027, 1, 1)});
}

std::vector<std::string> RowsOf(const PlanFile& plan) {
  std::vector<std::string> rows;
  for (const v1::PlanRow& row : plan.rows) {
    rows.push_back(row.external_id() + "=" + std::to_string(row.points()));
  }
  return rows;
}

TEST(PlanFileTest, ReadsATableOfIdsAndPointsInAnyOrder) {
  ASSERT_OK_AND_ASSIGN(const PlanFile plan,
                       Parse("积分,备注,工号\n60000,,E1\n30000,x,E2\n\n１００,,Ｅ３\n"));
  EXPECT_THAT(RowsOf(plan), ElementsAre("E1=60000", "E2=30000", "E3=100"));
  EXPECT_THAT(plan.problems, IsEmpty());
}

TEST(PlanFileTest, ReadsGb18030AndEnglishHeadings) {
  // 工号,积分 in GB18030.
  ASSERT_OK_AND_ASSIGN(const PlanFile chinese, Parse("\xB9\xA4\xBA\xC5,\xBB\xFD\xB7\xD6\nE1,5\n"));
  EXPECT_THAT(RowsOf(chinese), ElementsAre("E1=5"));
  ASSERT_OK_AND_ASSIGN(const PlanFile english, Parse("External ID;Points\nE1;5\n"));
  EXPECT_THAT(RowsOf(english), ElementsAre("E1=5"));
}

TEST(PlanFileTest, NamesMembersInOtherWaysAndSaysWhy) {
  ASSERT_OK_AND_ASSIGN(const PlanFile cards, Parse("卡号,积分,事由\n600000000001,5,生日\n"));
  ASSERT_EQ(cards.rows.size(), 1U);
  EXPECT_EQ(cards.rows[0].card_number(), "600000000001");
  EXPECT_EQ(cards.rows[0].reason(), "生日");
  ASSERT_OK_AND_ASSIGN(const PlanFile members, Parse("member,points,external_id\n01J,5,E1\n"));
  EXPECT_EQ(members.rows[0].member(), "members/01J");
  ASSERT_OK_AND_ASSIGN(const PlanFile people,
                       Parse("id_number,points\n11010519491231002X,5\n11010519491231002X,6\n"));
  ASSERT_EQ(people.rows.size(), 1U);
  EXPECT_EQ(people.rows[0].id_number(), "11010519491231002X");
  EXPECT_THAT(people.problems, ElementsAre(HasSubstr("line 3: id_number: DUPLICATE_IN_FILE")));
}

TEST(PlanFileTest, GivesEverybodyTheSamePointsWhenAsked) {
  ASSERT_OK_AND_ASSIGN(const PlanFile plan, Parse("external_id,points\nE1,not read\nE2,\n", 700));
  EXPECT_THAT(RowsOf(plan), ElementsAre("E1=700", "E2=700"));
}

TEST(PlanFileTest, NamesTheLineOfEveryBadRowAndNotWhatItHolds) {
  ASSERT_OK_AND_ASSIGN(const PlanFile plan,
                       Parse("external_id,points\nE1,1.5\n,5\nE2,5\nE2,6\nE3\nE4,0\n"));
  EXPECT_THAT(RowsOf(plan), ElementsAre("E2=5"));
  EXPECT_THAT(plan.problems, ElementsAre(HasSubstr("line 2: points: NOT_A_WHOLE_NUMBER"),
                                         HasSubstr("line 3: external_id: REQUIRED"),
                                         HasSubstr("line 5: external_id: DUPLICATE_IN_FILE"),
                                         HasSubstr("line 6: points: REQUIRED"),
                                         HasSubstr("line 7: points: OUT_OF_RANGE")));
  for (const std::string& problem : plan.problems) EXPECT_FALSE(absl::StrContains(problem, "1.5"));
}

TEST(PlanFileTest, ChecksAWholeRosterAsAnImportWould) {
  // The second ID number has a wrong check character.
  ASSERT_OK_AND_ASSIGN(const PlanFile plan, Parse("工号,姓名,身份证号,手机号,积分\n"
                                                  "E1,张三,11010519491231002X,13800000000,500\n"
                                                  "E2,李四,110105194912310021,13800000001,500\n"));
  EXPECT_THAT(RowsOf(plan), ElementsAre("E1=500"));
  EXPECT_THAT(plan.problems, ElementsAre(HasSubstr("line 3: id_number")));
}

TEST(PlanFileTest, RefusesAFileThatLacksAColumn) {
  for (const char* const text : {"", "external_id\nE1\n", "points\n5\n", "a,b\n1,2\n"}) {
    EXPECT_THAT(Parse(text), HasCode(absl::StatusCode::kInvalidArgument)) << text;
  }
  EXPECT_OK(Parse("external_id\nE1\n", 5));
}

TEST(TerminalFilesTest, KeepsTheKeyFromOthersAndSignsItsRequestWithIt) {
  TempDir folder;
  const TerminalFiles files(folder.Join("new/folder"), "t-2");
  ASSERT_OK_AND_ASSIGN(const std::string csr, files.ReadOrMakeSigningRequest());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(files.key_path()).permissions(),
            perms::owner_read | perms::owner_write);
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
      BIO_new_mem_buf(csr.data(), static_cast<int>(csr.size())), BIO_free_all);
  const std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)> request(
      PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr), X509_REQ_free);
  ASSERT_NE(request, nullptr);
  EXPECT_EQ(X509_REQ_verify(request.get(), X509_REQ_get0_pubkey(request.get())), 1);
  const std::string key_pem = Read(files.key_path());
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> key_bio(
      BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())), BIO_free_all);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(EVP_PKEY_eq(key.get(), X509_REQ_get0_pubkey(request.get())), 1);
}

TEST(TerminalFilesTest, RepeatsAnEnrolmentWithTheSameBytes) {
  TempDir folder;
  const TerminalFiles files(folder.path(), "t-2");
  ASSERT_OK_AND_ASSIGN(const std::string first, files.ReadOrMakeSigningRequest());
  ASSERT_OK_AND_ASSIGN(const std::string second, files.ReadOrMakeSigningRequest());
  EXPECT_EQ(first, second);
}

TEST(TerminalFilesTest, NeverOverwritesAKeyOrCertificate) {
  TempDir folder;
  const TerminalFiles enrolled(folder.path(), "t-1");
  ASSERT_OK(enrolled.ReadOrMakeSigningRequest());
  ASSERT_OK(enrolled.KeepCertificate("certificate"));
  EXPECT_THAT(enrolled.ReadOrMakeSigningRequest(), HasCode(absl::StatusCode::kFailedPrecondition));
  const TerminalFiles stray(folder.path(), "t-2");
  Write(stray.key_path(), "somebody's key");
  EXPECT_THAT(stray.ReadOrMakeSigningRequest(), HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Read(stray.key_path()), "somebody's key");
}

}  // namespace
}  // namespace puhui::services
