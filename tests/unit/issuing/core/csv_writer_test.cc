// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/csv_writer.h"

#include "issuing/core/csv.h"
#include "issuing/core/text_encoding.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace puhui::issuing {
namespace {

std::string TextCell(absl::string_view text) {
  std::string output;
  CsvWriter(&output).Text(text);
  return output.substr(3);
}

std::string NumberCell(std::int64_t number) {
  std::string output;
  CsvWriter(&output).Number(number);
  return output.substr(3);
}

TEST(CsvWriterTest, WritesBomCommasAndCrlf) {
  std::string output;
  CsvWriter writer(&output);
  writer.Text("工号").Text("").Number(-7).EndRow();
  writer.Text("x").EndRow();
  EXPECT_EQ(output, "\xEF\xBB\xBF工号,,-7\r\nx\r\n");
}

TEST(CsvWriterTest, QuotesWhatWouldSplitACell) {
  EXPECT_EQ(TextCell("a,b"), "\"a,b\"");
  EXPECT_EQ(TextCell("a;b"), "\"a;b\"");
  EXPECT_EQ(TextCell("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(TextCell("a\r\nb"), "\"a\r\nb\"");
  EXPECT_EQ(TextCell("plain 文字"), "plain 文字");
}

TEST(CsvWriterTest, NeutralisesFormulas) {
  EXPECT_EQ(TextCell("=1+1"), "\"'=1+1\"");
  EXPECT_EQ(TextCell("+1"), "\"'+1\"");
  EXPECT_EQ(TextCell("-1"), "\"'-1\"");
  EXPECT_EQ(TextCell("@SUM(A1)"), "\"'@SUM(A1)\"");
  EXPECT_EQ(TextCell("＝1+1"), "\"'＝1+1\"");
  EXPECT_EQ(TextCell("\t=1+1"), "\"'\t=1+1\"");
  EXPECT_EQ(TextCell("\r=1+1"), "\"'\r=1+1\"");
  EXPECT_EQ(TextCell("a=b"), "a=b");
}

TEST(CsvWriterTest, ProtectsNumbersThatASpreadsheetSpoils) {
  EXPECT_EQ(TextCell("123456789012"), "\"\t123456789012\"");
  EXPECT_EQ(TextCell("00123"), "\"\t00123\"");
  EXPECT_EQ(TextCell("12E5"), "\"\t12E5\"");
  EXPECT_EQ(NumberCell(123'456'789'012), "\"\t123456789012\"");
  EXPECT_EQ(NumberCell(-123'456'789'012), "\"\t-123456789012\"");
  // What it keeps whole stays a number that can be summed.
  EXPECT_EQ(TextCell("12345678901"), "12345678901");
  EXPECT_EQ(TextCell("0"), "0");
  EXPECT_EQ(NumberCell(12'345'678'901), "12345678901");
  EXPECT_EQ(NumberCell(-12'345'678'901), "-12345678901");
}

TEST(CsvWriterTest, WhatIsWrittenIsReadBack) {
  const std::vector<std::string> cells = {
      "99010119900101123X", "123456789012345678", "王,\"例\"甲", "a\nb", "00042", "x"};
  std::string output;
  CsvWriter writer(&output);
  for (const std::string& cell : cells) writer.Text(cell);
  writer.EndRow();
  CsvReader reader(WithoutBom(output));
  ASSERT_OK_AND_ASSIGN(const bool more, reader.Next());
  ASSERT_TRUE(more);
  ASSERT_EQ(reader.cells().size(), cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) EXPECT_EQ(TrimBlanks(reader.cells()[i]), cells[i]);
}

}  // namespace
}  // namespace puhui::issuing
