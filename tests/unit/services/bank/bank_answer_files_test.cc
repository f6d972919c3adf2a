// SPDX-License-Identifier: Apache-2.0
// What banks answer with: pain.002 and lists, good and bad.
#include "ledger/base/limits.h"
#include "services/bank/bank_csv.h"
#include "services/bank/pain_002.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using merchant::Verdict;

std::string Payment(const std::string& id, const std::string& status,
                    const std::string& rest = "") {
  return absl::StrCat("<TxInfAndSts><OrgnlEndToEndId>", id, "</OrgnlEndToEndId>",
                      status.empty() ? "" : absl::StrCat("<TxSts>", status, "</TxSts>"), rest,
                      "</TxInfAndSts>");
}

std::string Amount(const std::string& yuan, const std::string& currency = "CNY") {
  return absl::StrCat("<OrgnlTxRef><Amt><InstdAmt Ccy=\"", currency, "\">", yuan,
                      "</InstdAmt></Amt><Cdtr><Pty><Nm>Zhang San</Nm></Pty></Cdtr></OrgnlTxRef>");
}

std::string Report(const std::string& group, const std::string& parts) {
  return absl::StrCat(
      R"(<?xml version="1.0" encoding="UTF-8"?>)"
      R"(<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>)"
      R"(<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-11-27T02:00:00Z</CreDtTm></GrpHdr>)"
      R"(<OrgnlGrpInfAndSts><OrgnlMsgId>PUHUI-1a2b3c4d-7</OrgnlMsgId>)"
      R"(<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>)",
      group, "</OrgnlGrpInfAndSts>", parts, "</CstmrPmtStsRpt></Document>");
}

std::string Part(const std::string& status, const std::string& payments) {
  return absl::StrCat("<OrgnlPmtInfAndSts><OrgnlPmtInfId>PUHUI-1a2b3c4d-7</OrgnlPmtInfId>", status,
                      payments, "</OrgnlPmtInfAndSts>");
}

TEST(Pain002Test, SaysHowEachPaymentWent) {
  const std::string reason =
      "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Zhang San closed it</AddtlInf></StsRsnInf>";
  const auto answer =
      ReadPain002(Report("<GrpSts>PART</GrpSts>",
                         Part("", absl::StrCat(Payment("R7-M1-20261126", "ACSC", Amount("171.01")),
                                               Payment("R7-M2-20261126", "RJCT", reason),
                                               Payment("R7-M3-20261126", "ACSP")))));
  ASSERT_OK(answer);
  EXPECT_EQ(answer->message_id, "PUHUI-1a2b3c4d-7");
  EXPECT_FALSE(answer->others.has_value());
  ASSERT_EQ(answer->payments.size(), 3U);
  EXPECT_EQ(answer->payments[0].verdict, Verdict::kPaid);
  EXPECT_EQ(answer->payments[0].amount_fen, 17'101);
  EXPECT_EQ(answer->payments[1].verdict, Verdict::kRejected);
  EXPECT_EQ(answer->payments[1].reason, "AC04");
  EXPECT_EQ(answer->payments[1].amount_fen, absl::nullopt);
  EXPECT_EQ(answer->payments[2].verdict, Verdict::kPending);
  EXPECT_EQ(answer->payments[2].status, "ACSP");
}

TEST(Pain002Test, AReasonThatIsNoCodeIsLeftOut) {
  for (const char* reason : {"张三", "Zhang San", "AC04AC04AC04AC04AC04AC04AC04AC04AC04"}) {
    const auto answer =
        ReadPain002(Report("", Part("", Payment("R7-M1-20261126", "RJCT",
                                                absl::StrCat("<StsRsnInf><Rsn><Prtry>", reason,
                                                             "</Prtry></Rsn></StsRsnInf>")))));
    ASSERT_OK(answer);
    EXPECT_EQ(answer->payments[0].reason, "");
  }
}

TEST(Pain002Test, AGroupSpeaksForThePaymentsThatAreNotNamed) {
  const auto answer = ReadPain002(Report(
      "<OrgnlNbOfTxs>2</OrgnlNbOfTxs><OrgnlCtrlSum>342.03</OrgnlCtrlSum><GrpSts>RJCT</GrpSts>",
      Part("", Payment("R7-M1-20261126", "", ""))));
  ASSERT_OK(answer);
  ASSERT_TRUE(answer->others.has_value());
  EXPECT_EQ(answer->others->verdict, Verdict::kRejected);
  EXPECT_EQ(answer->payments[0].verdict, Verdict::kRejected);
  EXPECT_EQ(answer->count, 2U);
  EXPECT_EQ(answer->total_fen, 34'203);
  const auto by_part = ReadPain002(Report("", Part("<PmtInfSts>ACSC</PmtInfSts>", "")));
  ASSERT_OK(by_part);
  EXPECT_EQ(by_part->others->verdict, Verdict::kPaid);
}

TEST(Pain002Test, PrefixesAndCdataAreXmlToo) {
  std::string report =
      Report("", Part("", Payment("R7-M1<!-- and -->-20261126", "<![CDATA[AC]]>SC")));
  report = absl::StrReplaceAll(report, {{"<Document xmlns=", "<p:Document xmlns:p="},
                                        {"</Document>", "</p:Document>"},
                                        {"<CstmrPmtStsRpt>", "<p:CstmrPmtStsRpt>"},
                                        {"</CstmrPmtStsRpt>", "</p:CstmrPmtStsRpt>"}});
  const auto answer = ReadPain002(report);
  ASSERT_OK(answer);
  EXPECT_EQ(answer->payments[0].end_to_end_id, "R7-M1-20261126");
  EXPECT_EQ(answer->payments[0].verdict, Verdict::kPaid);
}

// Every answer is refused with a text that says where, and quotes nothing of the file.
TEST(Pain002Test, WhatIsBadIsRefusedAsAWhole) {
  const std::string paid = Payment("R7-M1-20261126", "ACSC");
  const std::string good = Report("", Part("", paid));
  std::string deep;
  for (std::size_t i = 0; i < kBankFileDepthMax; ++i) deep += "<a>";
  for (std::size_t i = 0; i < kBankFileDepthMax; ++i) deep += "</a>";
  std::string many;
  for (std::size_t i = 0; i < kBankFileElementsMax; ++i) many += "<a/>";
  std::string crowd;
  for (std::size_t i = 0; i <= kBankAnswersMax; ++i) {
    crowd += Payment(absl::StrCat("R7-M", i, "-20261126"), "ACSC");
  }
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"empty", ""},
      {"no XML", "Zhang San"},
      {"cut", good.substr(0, good.size() - 20)},
      {"a document type",
       absl::StrReplaceAll(good, {{"<Document", "<!DOCTYPE a [<!ENTITY x \"y\">]><Document"}})},
      {"an external entity",
       absl::StrReplaceAll(good, {{"<Document",
                                   "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                                   "<Document"},
                                  {"R7-M1-20261126", "&x;"}})},
      {"another encoding", absl::StrReplaceAll(good, {{"encoding=\"UTF-8\"", "encoding=\"GBK\""}})},
      {"bytes that are not UTF-8", absl::StrReplaceAll(good, {{"BANK-1", "\xD5\xC5"}})},
      {"a control character", absl::StrReplaceAll(good, {{"BANK-1", "\x01"}})},
      {"a reference to one", absl::StrReplaceAll(good, {{"BANK-1", "&#0;"}})},
      {"a reference to none", absl::StrReplaceAll(good, {{"BANK-1", "&#x110000;"}})},
      {"a reference to half of one", absl::StrReplaceAll(good, {{"BANK-1", "&#xD800;"}})},
      {"two documents", absl::StrCat(good, "<Document/>")},
      {"too deep", Report("", Part("", absl::StrCat(paid, deep)))},
      {"too many elements", Report("", Part("", absl::StrCat(paid, many)))},
      {"too large", absl::StrCat(good, std::string(kBankFileBytesMax, ' '))},
      {"too many payments", Report("", Part("", crowd))},
      {"another message", absl::StrReplaceAll(good, {{"pain.002.001.10", "pain.002.001.03"}})},
      {"no namespace", absl::StrReplaceAll(good, {{"xmlns=", "other="}})},
      {"an answer to another message",
       absl::StrReplaceAll(good, {{"pain.001.001.09", "pain.008.001.08"}})},
      {"no message", absl::StrReplaceAll(good, {{"OrgnlMsgId", "Other"}})},
      {"no group", absl::StrReplaceAll(good, {{"OrgnlGrpInfAndSts", "Other"}})},
      {"another payment information",
       absl::StrReplaceAll(good, {{"<OrgnlPmtInfId>PUHUI", "<OrgnlPmtInfId>OTHER"}})},
      {"nothing said", Report("", "")},
      {"nothing said of the group either", Report("<GrpSts>PART</GrpSts>", "")},
      {"no status", Report("", Part("", Payment("R7-M1-20261126", "")))},
      {"a status that we do not know", Report("", Part("", Payment("R7-M1-20261126", "ACWC")))},
      {"a group status that we do not know", Report("<GrpSts>ACWC</GrpSts>", "")},
      {"two statuses for all",
       Report("<GrpSts>RJCT</GrpSts>", Part("<PmtInfSts>ACSC</PmtInfSts>", ""))},
      {"a contradiction", Report("<GrpSts>RJCT</GrpSts>", Part("", paid))},
      {"two reports", absl::StrReplaceAll(good, {{"</Document>", "<CstmrPmtStsRpt/></Document>"}})},
      {"two messages",
       absl::StrReplaceAll(good, {{"<OrgnlMsgNmId>", "<OrgnlMsgId>X</OrgnlMsgId><OrgnlMsgNmId>"}})},
      {"two group statuses", Report("<GrpSts>ACSC</GrpSts><GrpSts>RJCT</GrpSts>", "")},
      {"two sums",
       Report("<OrgnlCtrlSum>1</OrgnlCtrlSum><OrgnlCtrlSum>2</OrgnlCtrlSum>", Part("", paid))},
      {"two statuses of a part",
       Report("", Part("<PmtInfSts>ACSC</PmtInfSts><PmtInfSts>RJCT</PmtInfSts>", ""))},
      {"two statuses of a payment",
       Report("", Part("", Payment("R7-M1-20261126", "ACSC", "<TxSts>RJCT</TxSts>")))},
      {"two ids of a payment",
       Report("", Part("", Payment("R7-M1-20261126", "ACSC",
                                   "<OrgnlEndToEndId>R7-M2-20261126</OrgnlEndToEndId>")))},
      {"two amounts of a payment",
       Report("", Part("", Payment("R7-M1-20261126", "ACSC",
                                   absl::StrCat(Amount("171.01"), Amount("171.02")))))},
      {"a status with more behind it",
       Report("", Part("", Payment("R7-M1-20261126", "ACSC<![CDATA[-NOT]]>")))},
      {"a payment twice", Report("", Part("", absl::StrCat(paid, paid)))},
      {"no payment's id", Report("", Part("", Payment("", "ACSC")))},
      {"an id that is too long", Report("", Part("", Payment(std::string(36, 'R'), "ACSC")))},
      {"no amount", Report("", Part("", Payment("R7-M1-20261126", "ACSC", Amount("a lot"))))},
      {"another currency",
       Report("", Part("", Payment("R7-M1-20261126", "ACSC", Amount("171.01", "USD"))))},
      {"no number", Report("<OrgnlNbOfTxs>two</OrgnlNbOfTxs>", Part("", paid))},
      {"no sum", Report("<OrgnlCtrlSum>-1</OrgnlCtrlSum>", Part("", paid))},
      {"two numbers",
       Report("<OrgnlNbOfTxs>2</OrgnlNbOfTxs>", Part("<OrgnlNbOfTxs>3</OrgnlNbOfTxs>", paid))},
  };
  ASSERT_OK(ReadPain002(good));
  for (const auto& [what, report] : bad) {
    const auto answer = ReadPain002(report);
    EXPECT_THAT(answer, HasCode(absl::StatusCode::kInvalidArgument)) << what;
    EXPECT_FALSE(absl::StrContains(answer.status().message(), "Zhang")) << what;
  }
}

TEST(BankCsvTest, SaysHowEachPaymentWent) {
  const auto answer = ReadBankCsv(
      "\xEF\xBB\xBF金额;状态;端到端标识;原因;户名\r\n"
      "171.01;已付;R7-M1-20261126;;张三\r\n"
      "\r\n"
      "5;退回;R7-M2-20261126;AC04;李四\r\n"
      "6.5;ACSP;R7-M3-20261126;;\r\n");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->message_id, "");
  ASSERT_EQ(answer->payments.size(), 3U);
  EXPECT_EQ(answer->payments[0].status, "ACSC");
  EXPECT_EQ(answer->payments[0].amount_fen, 17'101);
  EXPECT_EQ(answer->payments[1].verdict, Verdict::kRejected);
  EXPECT_EQ(answer->payments[1].reason, "AC04");
  EXPECT_EQ(answer->payments[2].verdict, Verdict::kPending);
  EXPECT_EQ(answer->payments[2].amount_fen, 650);
}

TEST(BankCsvTest, WhatIsBadIsRefusedAsAWhole) {
  const std::string header = "end_to_end_id,status,amount,reason\n";
  std::string crowd = header;
  for (std::size_t i = 0; i <= kBankAnswersMax; ++i) {
    absl::StrAppend(&crowd, "R7-M", i, "-20261126,PAID,1.00,\n");
  }
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"line 1", ""},
      {"line 1", "end_to_end_id,status\nR7,PAID\n"},
      {"line 1", "end_to_end_id,status,amount,amount\nR7,PAID,1,1\n"},
      {"line 1", header},
      {"line 2", absl::StrCat(header, ",PAID,1.00,\n")},
      {"line 2", absl::StrCat(header, std::string(36, 'R'), ",PAID,1.00,\n")},
      {"line 2", absl::StrCat(header, "R7,perhaps,1.00,\n")},
      {"line 2", absl::StrCat(header, "R7,ACWC,1.00,\n")},
      {"line 2", absl::StrCat(header, "R7,PAID,,\n")},
      {"line 2", absl::StrCat(header, "R7,PAID,-1.00,\n")},
      {"line 2", absl::StrCat(header, "R7,PAID,1.005,\n")},
      {"line 2", absl::StrCat(header, "R7,REJECTED,1.00,Zhang San closed it\n")},
      {"line 2", absl::StrCat(header, "R7,REJECTED,1.00,张三\n")},
      {"line 2", absl::StrCat(header, "R7\n")},
      {"line 3", absl::StrCat(header, "R7,PAID,1.00,\nR7,PAID,1.00,\n")},
      {"line 2", absl::StrCat(header, "R7,\"PAID,1.00,\n")},
      {"line 1002", crowd},
      {"line 1", absl::StrCat(header, std::string(kBankFileBytesMax, ' '))},
  };
  for (const auto& [where, list] : bad) {
    const auto answer = ReadBankCsv(list);
    EXPECT_THAT(answer, HasCode(absl::StatusCode::kInvalidArgument)) << list.substr(0, 80);
    EXPECT_TRUE(absl::StrContains(answer.status().message(), where)) << answer.status();
    EXPECT_FALSE(absl::StrContains(answer.status().message(), "Zhang")) << where;
  }
}

}  // namespace
}  // namespace puhui::services
