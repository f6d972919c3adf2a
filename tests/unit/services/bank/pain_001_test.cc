// SPDX-License-Identifier: Apache-2.0
#include "services/bank/pain_001.h"

#include "services/bank/yuan.h"
#include "tests/unit/services/bank/pain_001_defects.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

PaymentFile FileOf(int transfers) {
  PaymentFile file{.message_id = "PUHUI-1a2b3c4d-7",
                   .create_time = absl::FromUnixSeconds(1'795'680'000),
                   .execution_day = absl::CivilDay(2026, 11, 27),
                   .payer = {"武汉市总工会", "42001865508059000001", "105521000011"}};
  for (int i = 1; i <= transfers; ++i) {
    file.transfers.push_back(
        {.end_to_end_id = absl::StrCat("R7-M", i, "-20261126"),
         .amount_fen = 17'100 + i,
         .creditor = {absl::StrCat("商户<", i, ">&\"'"), "6222020200112233445", "102521000009"},
         .remark = "结算 2026-11-26"});
  }
  return file;
}

pugi::xml_document Parse(const std::string& bytes) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_buffer(bytes.data(), bytes.size()));
  return document;
}

TEST(Pain001Test, IsOfThePublishedStructure) {
  for (const int transfers : {1, 2, 128}) {
    const pugi::xml_document document = Parse(WritePain001(FileOf(transfers)));
    const pugi::xml_node root = document.document_element();
    EXPECT_STREQ(root.name(), "Document");
    EXPECT_STREQ(root.attribute("xmlns").value(), "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09");
    EXPECT_EQ(DefectsOf(root, "Document"), std::vector<std::string>());
  }
}

// The check above is worth something only if it sees what is wrong.
TEST(Pain001Test, WhatIsOutOfPlaceOrTooLongIsSeen) {
  PaymentFile file = FileOf(1);
  file.transfers[0].creditor.account_number = std::string(35, '6');
  EXPECT_EQ(DefectsOf(Parse(WritePain001(file)).document_element(), "Document").size(), 1U);
  pugi::xml_document document = Parse(WritePain001(FileOf(1)));
  pugi::xml_node header = document.document_element().first_child().first_child();
  header.prepend_move(header.last_child());
  EXPECT_FALSE(DefectsOf(document.document_element(), "Document").empty());
  document = Parse(WritePain001(FileOf(1)));
  document.document_element().first_child().first_child().remove_child("MsgId");
  EXPECT_FALSE(DefectsOf(document.document_element(), "Document").empty());
}

TEST(Pain001Test, ItsSumsAreThoseOfItsTransfers) {
  const pugi::xml_document document = Parse(WritePain001(FileOf(128)));
  const pugi::xml_node message = document.document_element().first_child();
  std::int64_t fen = 0;
  int count = 0;
  for (const pugi::xml_node& transfer : message.child("PmtInf").children("CdtTrfTxInf")) {
    const pugi::xml_node amount = transfer.child("Amt").child("InstdAmt");
    EXPECT_STREQ(amount.attribute("Ccy").value(), "CNY");
    fen += *ParseYuan(amount.text().get());
    ++count;
  }
  EXPECT_EQ(count, 128);
  for (const char* part : {"GrpHdr", "PmtInf"}) {
    EXPECT_EQ(message.child(part).child("NbOfTxs").text().as_int(), count);
    EXPECT_EQ(message.child(part).child("CtrlSum").text().get(), FormatYuan(fen));
  }
}

TEST(Pain001Test, NamesAreReadBackWhateverTheyAreWrittenWith) {
  const std::string bytes = WritePain001(FileOf(1));
  EXPECT_EQ(bytes.find("<1>"), std::string::npos);
  const pugi::xml_document document = Parse(bytes);
  EXPECT_EQ(std::string(document.select_node("//Cdtr/Nm").node().text().get()), "商户<1>&\"'");
}

TEST(Pain001Test, TheSameFileIsTheSameBytes) {
  EXPECT_EQ(WritePain001(FileOf(3)), WritePain001(FileOf(3)));
  EXPECT_NE(WritePain001(FileOf(3)), WritePain001(FileOf(2)));
}

TEST(YuanTest, IsWrittenAndReadToTheFen) {
  for (const std::int64_t fen : {0L, 1L, 99L, 100L, 101L, 17'100L, 100'000'000'000'000'000L}) {
    EXPECT_EQ(ParseYuan(FormatYuan(fen)), fen);
  }
  EXPECT_EQ(FormatYuan(5), "0.05");
  EXPECT_EQ(ParseYuan("7"), 700);
  EXPECT_EQ(ParseYuan("7.5"), 750);
  EXPECT_EQ(ParseYuan("7.50000"), 750);
  for (const char* text : {"", ".", "7.", ".5", "-7", "+7", " 7", "7,000", "1e3", "7.005",
                           "7.000000", "7.0.0", "０", "12345678901234567"}) {
    EXPECT_EQ(ParseYuan(text), absl::nullopt) << text;
  }
}

}  // namespace
}  // namespace puhui::services
