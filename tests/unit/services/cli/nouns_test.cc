// SPDX-License-Identifier: Apache-2.0
// Each noun, from the arguments to the service and back to the terminal.
#include "ledger/crypto/hash.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using NounsTest = CommandsTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_F(NounsTest, ImportsAFileByteForByteInChunks) {
  std::string roster = "external_id,full_name\n";
  while (roster.size() < 700'000) absl::StrAppend(&roster, "E", roster.size(), ",姓名\n");
  const std::string path = WriteFile("roster.csv", roster);
  EXPECT_EQ(Run({"member", "import", path, "--union", "fh-1", "--validate-only"}), 6)
      << "a refused row shows in the exit code";
  EXPECT_EQ(script_.imported, roster);
  EXPECT_EQ(script_.import.union_(), "unions/fh-1");
  EXPECT_EQ(script_.import.size_bytes(), roster.size());
  EXPECT_TRUE(script_.import.validate_only());
  EXPECT_EQ(script_.import.sha256(), ledger::ToHex(ledger::Sha256().Digest(roster)));
  EXPECT_THAT(out_, HasSubstr("CHECK_DIGIT"));
}

TEST_F(NounsTest, WritesRefusedRowsToAFileThatCanBeCorrectedAndSentAgain) {
  const std::string roster =
      "工号,姓名,身份证号,手机号,退回原因,,\n"
      "E1,张三,110101199003070134,13900000001,\n"
      "0012,\"李, 四\",110101199003070135,1,what an earlier one said,,\n";
  const std::string path = WriteFile("roster.csv", roster);
  const std::string rejected = folder_.Join("back.csv");
  EXPECT_EQ(Run({"member", "import", path, "--union", "fh-1", "--rejected", rejected}), 6);
  const std::string wrote = ReadFile(rejected);
  EXPECT_EQ(wrote,
            "\xEF\xBB\xBF工号,姓名,身份证号,手机号,refused_because\r\n"
            "\"\t0012\",\"李, 四\",\"\t110101199003070135\",1,"
            "\"id_number: INVALID_FIELD (CHECK_DIGIT); mobile: INVALID_FIELD (CHECK_DIGIT)\"\r\n");
  EXPECT_THAT(out_, HasSubstr(rejected));
  EXPECT_THAT(out_, Not(HasSubstr("李")));
  // What comes back is read again as it is.
  EXPECT_EQ(Run({"member", "import", rejected, "--union", "fh-1"}), 6);
  EXPECT_EQ(script_.imported, wrote);
}

TEST_F(NounsTest, WritesMembersToAFileWithItsHashBeside) {
  const std::string path = folder_.Join("members.csv");
  EXPECT_EQ(Run({"member", "export", path, "--union", "fh-1", "--reason", "yearly check"}), 0);
  EXPECT_EQ(script_.exported.union_(), "unions/fh-1");
  EXPECT_EQ(script_.exported.reason(), "yearly check");
  EXPECT_EQ(ReadFile(path), "name\r\n张三\r\n");
  EXPECT_EQ(ReadFile(path + ".sha256"),
            ledger::ToHex(ledger::Sha256().Digest("name\r\n张三\r\n")) + "  members.csv\n");
  EXPECT_THAT(out_, Not(HasSubstr("张")));
}

TEST_F(NounsTest, SendsOnlyWhatTheServiceHasNot) {
  const std::string path = WriteFile("roster.csv", "external_id\nE1\nE2\n");
  script_.import_offset = 15;
  EXPECT_EQ(Run({"member", "import", path, "--union", "fh-1"}), 6);
  EXPECT_EQ(script_.imported, "E2\n");
}

TEST_F(NounsTest, SendsTheWholeFileAgainAfterABreak) {
  const std::string path = WriteFile("roster.csv", "external_id\nE1\n");
  FailNext(grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Run({"member", "import", path, "--union", "fh-1"}), 6);
  EXPECT_EQ(script_.calls, 2);
  EXPECT_EQ(script_.imported, "external_id\nE1\n");
}

TEST_F(NounsTest, NamesTheFileThatIsMissing) {
  EXPECT_EQ(Run({"member", "import", folder_.Join("none.csv"), "--union", "fh-1"}), 3);
  EXPECT_THAT(err_, HasSubstr(folder_.Join("none.csv")));
  EXPECT_EQ(script_.calls, 0);
}

TEST_F(NounsTest, EnrolsPeopleGivenAsRows) {
  EXPECT_EQ(Run({"member", "create", "--union", "fh-1", "--row",
                 "external_id=E1,full_name=张三,id_number=1,mobile=2", "--row",
                 "external_id=E2,full_name=李四,id_number=3,mobile=4"}),
            0);
  ASSERT_EQ(script_.batch.members_size(), 2);
  EXPECT_EQ(script_.batch.members(0).full_name(), "张三");
  EXPECT_EQ(script_.batch.members(1).external_id(), "E2");
}

TEST_F(NounsTest, FindsAMemberByTheUnionsOwnNumber) {
  EXPECT_EQ(Run({"member", "get", "--union", "fh-1", "--external-id", "E1"}), 0);
  EXPECT_EQ(script_.member.external().union_(), "unions/fh-1");
  EXPECT_EQ(Run({"member", "get", "01J"}), 0);
  EXPECT_EQ(script_.member.name(), "members/01J");
}

TEST_F(NounsTest, EndsACampaignAtTheEndOfADayInTheZone) {
  const std::vector<std::string> create = {
      "campaign",   "create",     "spring",          "--union",        "fh-1", "--expires",
      "2027-03-01", "--occasion", "spring-festival", "--display-name", "x"};
  EXPECT_EQ(Run(With(create, {"--category", "5411", "--category", "5812"})), 0);
  EXPECT_EQ(script_.campaign.terms().expire_time().seconds(), 1'803'916'800);  // 16:00 UTC.
  EXPECT_THAT(script_.campaign.terms().merchant_categories(), ElementsAre("5411", "5812"));
  EXPECT_EQ(Run(With(create, {"--zone", "UTC"})), 0);
  EXPECT_EQ(script_.campaign.terms().expire_time().seconds(), 1'803'945'600);
}

TEST_F(NounsTest, UploadsAPlanInTheOrderOfTheFile) {
  std::string table = "external_id,points\n";
  for (int i = 0; i < 4'500; ++i) absl::StrAppend(&table, "E", i, ",", i + 1, "\n");
  EXPECT_EQ(Run({"campaign", "upload-plan", "spring", WriteFile("plan.csv", table)}), 0);
  EXPECT_EQ(script_.upload.rows(), 4'500U);
  ASSERT_THAT(script_.plan, SizeIs(4'500));
  for (int i = 0; i < 4'500; ++i) {
    const v1::PlanRow& row = script_.plan[static_cast<std::size_t>(i)];
    ASSERT_EQ(row.external_id(), absl::StrCat("E", i));
    ASSERT_EQ(row.points(), i + 1);
  }
  EXPECT_THAT(out_, HasSubstr("4,500"));
}

TEST_F(NounsTest, SendsNoPlanWithBadRowsUnlessTold) {
  const std::string path = WriteFile("plan.csv", "external_id,points\nE1,5\nE2,-5\n");
  EXPECT_EQ(Run({"campaign", "upload-plan", "spring", path}), 3);
  EXPECT_THAT(err_, HasSubstr("line 3: points: NEGATIVE"));
  EXPECT_EQ(script_.calls, 0);
  EXPECT_EQ(Run({"campaign", "upload-plan", "spring", path, "--skip-bad-rows"}), 0);
  EXPECT_EQ(script_.upload.rows(), 1U);
  EXPECT_THAT(script_.plan, SizeIs(1));
}

TEST_F(NounsTest, StreamsAPreviewAsOneDocumentALine) {
  EXPECT_EQ(Run({"campaign", "preview", "spring", "--json"}), 0);
  const std::vector<std::string> lines = absl::StrSplit(out_, '\n', absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], HasSubstr("members/A"));
  EXPECT_THAT(lines[1], HasSubstr("\"rows_granted\":\"2\""));
}

TEST_F(NounsTest, NeverShowsVerdictsTwiceWhenAPreviewBreaks) {
  FailNext(grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Run({"campaign", "preview", "spring"}), 7);
  EXPECT_EQ(script_.calls, 1);
}

TEST_F(NounsTest, TakesUpAnIssueRunAgainWhenTheServiceRestarts) {
  FailNext(grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Run({"campaign", "watch", "spring"}), 0);
  EXPECT_EQ(script_.calls, 2);
  EXPECT_THAT(out_, HasSubstr("ISSUED"));
  EXPECT_THAT(out_, HasSubstr("10/10"));
}

TEST_F(NounsTest, ListsAPageOrEveryPage) {
  EXPECT_EQ(Run({"campaign", "rows", "spring"}), 0);
  EXPECT_EQ(script_.calls, 1);
  EXPECT_THAT(out_, HasSubstr("more: --page-token +\n"));
  EXPECT_EQ(Run({"campaign", "rows", "spring", "--all"}), 0);
  EXPECT_EQ(script_.calls, 4);
  EXPECT_THAT(out_, HasSubstr("members/2"));
  EXPECT_THAT(out_, Not(HasSubstr("more:")));
}

TEST_F(NounsTest, EnrolsATerminalAndKeepsItsCertificateBesideItsKey) {
  EXPECT_EQ(Run({"merchant", "enroll-terminal", "merchants/m-7/stores/s-1", "t-2", "--out-dir",
                 folder_.path()}),
            0);
  EXPECT_THAT(script_.enrolment.csr_pem(), StartsWith("-----BEGIN CERTIFICATE REQUEST-----"));
  std::ostringstream certificate;
  certificate << std::ifstream(folder_.Join("t-2.pem")).rdbuf();
  EXPECT_EQ(certificate.str(), "the certificate\n");
  EXPECT_THAT(out_, Not(HasSubstr("PRIVATE KEY")));
  EXPECT_EQ(Run({"merchant", "enroll-terminal", "merchants/m-7/stores/s-1", "t-2", "--out-dir",
                 folder_.path()}),
            6);
}

TEST_F(NounsTest, AgreesWithAMerchantAndClosesIt) {
  EXPECT_EQ(
      Run({"merchant", "agreement", "set", "m-7", "--from", "2027-01-01", "--fee-basis-points",
           "150", "--discount-basis-points", "50", "--settlement-days", "2"}),
      0);
  EXPECT_EQ(script_.agreement.merchant(), "merchants/m-7");
  EXPECT_EQ(script_.agreement.first_day(), "2027-01-01");
  EXPECT_EQ(script_.agreement.discount_basis_points(), 50);
  EXPECT_EQ(script_.agreement.settlement_days(), 2U);
  EXPECT_FALSE(script_.agreement.goods_named());
  EXPECT_THAT(out_, HasSubstr("1.50%"));
  EXPECT_THAT(out_, Not(HasSubstr("named")));
  EXPECT_EQ(Run({"merchant", "agreement", "set", "m-7", "--name-goods"}), 0);
  EXPECT_TRUE(script_.agreement.goods_named());
  EXPECT_THAT(out_, HasSubstr("named"));
  EXPECT_EQ(Run({"merchant", "agreement", "set", "m-7", "--settlement-days", "61"}), 2);
  EXPECT_EQ(Run({"merchant", "close", "m-7"}), 2);  // Says no reason.
  EXPECT_EQ(Run({"merchant", "close", "m-7", "--reason", "moved away"}), 0);
  EXPECT_EQ(script_.closing.reason(), "moved away");
  EXPECT_THAT(out_, HasSubstr("CLOSED"));
  EXPECT_EQ(Run({"merchant", "terminal", "retire", "merchants/m-7/terminals/t-2"}), 0);
  EXPECT_THAT(out_, HasSubstr("RETIRED"));
}

TEST_F(NounsTest, RenewsATerminalsCertificateForTheKeyItHas) {
  const std::vector<std::string> renew = {
      "merchant", "terminal", "renew", "merchants/m-7/terminals/t-3", "--out-dir", folder_.path()};
  EXPECT_EQ(Run(renew), 6);  // Was never enrolled here.
  EXPECT_EQ(Run({"merchant", "enroll-terminal", "merchants/m-7/stores/s-1", "t-3", "--out-dir",
                 folder_.path()}),
            0);
  EXPECT_EQ(Run(renew), 0);
  EXPECT_EQ(script_.renewal.csr_pem(), script_.enrolment.csr_pem());
  std::ostringstream certificate;
  certificate << std::ifstream(folder_.Join("t-3.pem")).rdbuf();
  EXPECT_EQ(certificate.str(), "the next certificate\n");
}

TEST_F(NounsTest, NumbersATillsCallsByTheClock) {
  EXPECT_EQ(Run({"till", "purchase", "--terminal", "merchants/m-7/terminals/t-2", "--card",
                 "6200000000000001", "--points", "500"}),
            0);
  EXPECT_EQ(script_.purchase.till().batch_number(), 20250101U);  // 08:00 in Shanghai.
  EXPECT_EQ(script_.purchase.till().trace_number(), 288'001U);
  EXPECT_EQ(script_.purchase.till().local_time().seconds(), 1'735'689'600);
  EXPECT_THAT(out_, HasSubstr("000000000042"));
  EXPECT_THAT(out_, HasSubstr("普惠 receipt"));
}

TEST_F(NounsTest, APaymentCodeIsMadeByAMemberAndSentByATill) {
  EXPECT_EQ(Run({"wallet", "code", "01J"}), 0);
  EXPECT_EQ(script_.code.name(), "members/01J/wallet");
  EXPECT_EQ(script_.code.purpose(), v1::PAYMENT_CODE_PURPOSE_UNSPECIFIED);
  EXPECT_THAT(out_, HasSubstr("770000000000000042"));
  EXPECT_EQ(Run({"till", "purchase", "--terminal", "merchants/m-7/terminals/t-2", "--code",
                 "770000000000000042", "--points", "500"}),
            0);
  EXPECT_EQ(script_.purchase.payment_code(), "770000000000000042");
  EXPECT_TRUE(script_.purchase.card_number().empty());
  EXPECT_EQ(Run({"wallet", "code", "01J", "--link"}), 0);
  EXPECT_EQ(script_.code.purpose(), v1::PAYMENT_CODE_PURPOSE_MALL_LINK);
}

TEST_F(NounsTest, ADeviceIsEnrolledListedAndRevoked) {
  EXPECT_EQ(Run({"wallet", "device", "enrol", "01J"}), 0);
  EXPECT_EQ(script_.device.parent(), "members/01J");
  EXPECT_NE(script_.device.request_id(), "");
  EXPECT_THAT(out_, HasSubstr("0102"));
  EXPECT_EQ(Run({"wallet", "device", "list", "01J"}), 0);
  EXPECT_THAT(out_, HasSubstr("members/01J/devices/00000042"));
  EXPECT_EQ(Run({"wallet", "device", "revoke", "members/01J/devices/00000042"}), 0);
  EXPECT_EQ(script_.revoked_device.name(), "members/01J/devices/00000042");
}

TEST_F(NounsTest, LimitsAreSetByWindowAndShown) {
  EXPECT_EQ(Run({"admin", "limits", "set", "--subject", "terminal", "--name",
                 "merchants/m-7/terminals/t-2", "--per-minute", "10", "--points-per-day", "5000",
                 "--points-per-minute", "900"}),
            0);
  const v1::Limits& limits = script_.limits.limits();
  EXPECT_EQ(limits.subject(), v1::LIMIT_SUBJECT_TERMINAL);
  EXPECT_EQ(limits.name(), "merchants/m-7/terminals/t-2");
  ASSERT_EQ(limits.limits_size(), 2);
  EXPECT_EQ(limits.limits(0).window(), v1::LIMIT_WINDOW_MINUTE);
  EXPECT_EQ(limits.limits(0).count_max(), 10U);
  EXPECT_EQ(limits.limits(0).points_max(), 900);
  EXPECT_EQ(limits.limits(1).window(), v1::LIMIT_WINDOW_DAY);
  EXPECT_FALSE(limits.limits(1).has_count_max());
  EXPECT_THAT(out_, HasSubstr("MINUTE"));
  EXPECT_EQ(Run({"admin", "limits", "show", "--subject", "card"}), 0);
  EXPECT_EQ(script_.shown_limits.subject(), v1::LIMIT_SUBJECT_CARD);
  EXPECT_EQ(Run({"admin", "limits", "set", "--per-minute", "10"}), 2);
}

TEST_F(NounsTest, ReservesPointsThenTakesThemOrGivesThemBack) {
  const std::vector<std::string> till = {"--terminal", "merchants/m-7/terminals/t-2"};
  const std::vector<std::string> authorize = {"till",     "authorize", "--card", "6200000000000001",
                                              "--points", "500"};
  EXPECT_EQ(Run(With(With(authorize, till), {"--lifetime", "90m"})), 0);
  EXPECT_EQ(script_.authorize.card_number(), "6200000000000001");
  EXPECT_EQ(script_.authorize.points(), 500);
  EXPECT_EQ(script_.authorize.lifetime().seconds(), 5'400);
  EXPECT_EQ(script_.authorize.till().batch_number(), 20250101U);
  EXPECT_THAT(out_, HasSubstr("000000000043"));
  EXPECT_THAT(out_, HasSubstr("HELD"));
  EXPECT_THAT(out_, HasSubstr("预授权 receipt"));
  EXPECT_EQ(Run(With(authorize, till)), 0);
  EXPECT_FALSE(script_.authorize.has_lifetime());
  EXPECT_EQ(Run(With({"till", "capture", "--reference", "000000000043", "--points", "400"}, till)),
            0);
  EXPECT_EQ(script_.capture.authorization_reference(), "000000000043");
  EXPECT_EQ(script_.capture.points(), 400);
  EXPECT_EQ(script_.capture.till().terminal(), "merchants/m-7/terminals/t-2");
  EXPECT_THAT(out_, HasSubstr("released"));
  EXPECT_EQ(Run(With({"till", "void", "--reference", "000000000043"}, till)), 0);
  EXPECT_EQ(script_.voided.authorization_reference(), "000000000043");
  EXPECT_NE(script_.voided.request_id(), "");
  EXPECT_THAT(out_, HasSubstr("VOIDED"));
  FailNext(grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(Run(With(authorize, till)), 7);
  EXPECT_THAT(err_, HasSubstr("never do it again"));
}

TEST_F(NounsTest, TellsATillToAskAndNotToPayAgain) {
  FailNext(grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(Run({"till", "purchase", "--terminal", "merchants/m-7/terminals/t-2", "--card", "6",
                 "--points", "500", "--batch", "3", "--trace", "9", "--local-time",
                 "2027-03-01T09:00:00+08:00"}),
            7);
  EXPECT_EQ(script_.purchase.till().local_time().seconds(), 1'803'862'800);
  EXPECT_EQ(script_.purchase.till().batch_number(), 3U);
  EXPECT_EQ(script_.purchase.till().trace_number(), 9U);
  EXPECT_THAT(err_, HasSubstr("never do it again"));
  EXPECT_THAT(err_, HasSubstr("--original-request-id " + script_.purchase.request_id()));
}

TEST_F(NounsTest, NamesTheOriginalByWhatTheTillKept) {
  const std::vector<std::string> reverse = {"till", "reverse", "--terminal",
                                            "merchants/m-7/terminals/t-2"};
  EXPECT_EQ(Run(With(reverse, {"--original-request-id", kUuid})), 0);
  EXPECT_EQ(script_.reverse.original_request_id(), kUuid);
  EXPECT_NE(script_.reverse.request_id(), kUuid);
  EXPECT_EQ(Run(With(reverse, {"--original-batch", "3", "--original-trace", "9"})), 0);
  EXPECT_EQ(script_.reverse.original_keys().trace_number(), 9U);
  EXPECT_EQ(Run({"till", "status", "--terminal", "merchants/m-7/terminals/t-2",
                 "--original-request-id", kUuid}),
            0);
  EXPECT_EQ(script_.transaction.request_id(), kUuid);
  EXPECT_THAT(out_, HasSubstr("INSUFFICIENT_POINTS"));
}

TEST_F(NounsTest, ShowsTheLeafHashOfARecord) {
  EXPECT_EQ(Run({"audit", "record", "7"}), 0);
  // SHA-256 of the single byte 0x00: the leaf of an empty record (RFC 9162).
  EXPECT_THAT(out_, HasSubstr("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
}

TEST_F(NounsTest, EndsWithItsOwnExitCodeWhenAVerificationFindsSomething) {
  EXPECT_EQ(Run({"verify", "--online"}), 0);
  script_.verify_ok = false;
  EXPECT_EQ(Run({"verify", "--online"}), 8);
  EXPECT_THAT(out_, HasSubstr("sequence 7: bytes differ"));
  EXPECT_EQ(Run({"audit", "trial-balance"}), 0);
  script_.balanced = false;
  EXPECT_EQ(Run({"audit", "trial-balance"}), 8);
}

TEST_F(NounsTest, SaysWhatBecameOfTheIndexOfAuditors) {
  EXPECT_EQ(Run({"verify", "--online"}), 0);
  EXPECT_THAT(out_, Not(HasSubstr("index of auditors")));
  EXPECT_EQ(Run({"verify", "--online", "--indexes"}), 0);
  EXPECT_THAT(out_, HasSubstr("index of auditors: as the journal says, up to record 9, behind"));
  script_.index_state = v1::INDEX_STATE_MISSING;
  EXPECT_EQ(Run({"verify", "--online", "--indexes"}), 0);
  EXPECT_THAT(out_, HasSubstr("index of auditors: none"));
  script_.index_state = v1::INDEX_STATE_OTHER_LEDGER;
  EXPECT_EQ(Run({"verify", "--online", "--indexes"}), 0);
  EXPECT_THAT(out_, HasSubstr("index of auditors: of another ledger"));
  script_.index_state = v1::INDEX_STATE_COMPARED;
  script_.verify_ok = false;
  EXPECT_EQ(Run({"verify", "--online", "--indexes"}), 8);
  EXPECT_THAT(out_, HasSubstr("index of auditors: FINDINGS, up to record 9"));
  EXPECT_THAT(out_, Not(HasSubstr("was not compared")));
}

TEST_F(NounsTest, SaysThatTheIndexWasNotComparedWhateverElseWasFound) {
  script_.index_state = v1::INDEX_STATE_UNSPECIFIED;
  EXPECT_EQ(Run({"verify", "--online", "--indexes"}), 0);
  EXPECT_THAT(out_, HasSubstr("index of auditors was not compared"));
  script_.verify_ok = false;
  EXPECT_EQ(Run({"verify", "--online", "--indexes"}), 8);
  EXPECT_THAT(out_, HasSubstr("index of auditors was not compared"));
  EXPECT_EQ(Run({"verify", "--online"}), 8);
  EXPECT_THAT(out_, Not(HasSubstr("was not compared")));
}

TEST_F(NounsTest, SaysThatThereIsNoDataToVerify) {
  EXPECT_EQ(Run({"verify", folder_.Join("none")}), 4);
  EXPECT_EQ(Run({"verify", folder_.path(), "--key", folder_.Join("none.vkey")}), 4);
  EXPECT_THAT(out_, IsEmpty());
}

}  // namespace
}  // namespace puhui::services
