// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/csv.h"

#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Every row as "line: cell|cell", or the refusal's text as the last one.
std::vector<std::string> Rows(absl::string_view text) {
  CsvReader reader(text);
  std::vector<std::string> rows;
  while (true) {
    const absl::StatusOr<bool> more = reader.Next();
    if (!more.ok()) {
      rows.emplace_back(more.status().message());
      return rows;
    }
    if (!*more) return rows;
    rows.push_back(absl::StrCat(reader.line(), ": ", absl::StrJoin(reader.cells(), "|")));
  }
}

TEST(CsvTest, TakesEveryLineEndAndNoneAtTheEnd) {
  EXPECT_THAT(Rows("a,b\nc,d\r\ne,f\rg,h"), ElementsAre("1: a|b", "2: c|d", "3: e|f", "4: g|h"));
  EXPECT_THAT(Rows("a,b\r\n"), ElementsAre("1: a|b"));
  EXPECT_THAT(Rows(""), ElementsAre());
}

TEST(CsvTest, DetectsTheDelimiterOutsideQuotes) {
  EXPECT_THAT(Rows("a;b\n1,5;2"), ElementsAre("1: a|b", "2: 1,5|2"));
  EXPECT_THAT(Rows("a\tb\n1\t2"), ElementsAre("1: a|b", "2: 1|2"));
  EXPECT_THAT(Rows("\"a,b,c\";d\n1;2"), ElementsAre("1: a,b,c|d", "2: 1|2"));
  EXPECT_THAT(Rows("\n\na;b\n1;2"), ElementsAre("3: a|b", "4: 1|2"));
  EXPECT_EQ(CsvReader("alone\n").delimiter(), ',');
}

TEST(CsvTest, UnquotesCells) {
  EXPECT_THAT(Rows("\"a\",\"b,c\",\"say \"\"hi\"\"\",\"\"\n"), ElementsAre("1: a|b,c|say \"hi\"|"));
  EXPECT_THAT(Rows("\"\"\"\",\"\"\"\"\"\"\n"), ElementsAre("1: \"|\"\""));
}

TEST(CsvTest, CountsLinesInsideQuotedCells) {
  EXPECT_THAT(Rows("a,b\n\"1\r\n2\n3\",x\ny,z\n"),
              ElementsAre("1: a|b", "2: 1\r\n2\n3|x", "5: y|z"));
}

TEST(CsvTest, SkipsBlankRowsButCountsTheirLines) {
  EXPECT_THAT(Rows("a,b\n\n,\n \t,\"\"\n\xE3\x80\x80,\r\nc,d\n"), ElementsAre("1: a|b", "6: c|d"));
}

TEST(CsvTest, KeepsEmptyCells) {
  EXPECT_THAT(Rows("a,b,c\n1,,\n,2,"), ElementsAre("1: a|b|c", "2: 1||", "3: |2|"));
}

TEST(CsvTest, MisplacedQuotesAreRefusedWithTheirLineAndWithoutTheirCell) {
  EXPECT_THAT(Rows("a,b\n1,SECRET\"x\n").back(), HasSubstr("line 2"));
  EXPECT_THAT(Rows("a,b\n1,SECRET\"x\n").back(), Not(HasSubstr("SECRET")));
  EXPECT_THAT(Rows("a,b\n\"SECRET\"x,2\n").back(), HasSubstr("line 2"));
  EXPECT_THAT(Rows("a,b\n\"SECRET\"x,2\n").back(), Not(HasSubstr("SECRET")));
  EXPECT_THAT(Rows("a,b\n1,2\n3,\"SECRET\n4,5\n").back(), HasSubstr("line 3"));
  EXPECT_THAT(Rows("a,b\n1,2\n3,\"SECRET\n4,5\n").back(), Not(HasSubstr("SECRET")));
}

TEST(CsvTest, ACellAndARowHaveABound) {
  const std::string full(CsvReader::kCellBytesMax, 'x');
  EXPECT_EQ(Rows(full).size(), 1U);
  EXPECT_EQ(Rows(full).front(), absl::StrCat("1: ", full));
  EXPECT_THAT(Rows(absl::StrCat("a\n", full, "x")).back(), HasSubstr("line 2"));
  EXPECT_THAT(Rows(absl::StrCat("a\n\"", full, "\"\"\"")).back(), HasSubstr("line 2"));

  const std::string wide(CsvReader::kColumnsMax - 1, ',');
  EXPECT_EQ(Rows(absl::StrCat("a", wide)).front(), absl::StrCat("1: a", std::string(63, '|')));
  EXPECT_THAT(Rows(absl::StrCat("a", wide, ",")).back(), HasSubstr("more than 64 columns"));
}

TEST(CsvTest, TrimsBlanksOfEveryWidth) {
  EXPECT_EQ(TrimBlanks(" \t\xE3\x80\x80\xC2\xA0\xEF\xBB\xBF王 例\xE2\x80\x8B\r\n"), "王 例");
  EXPECT_EQ(TrimBlanks("\xE3\x80\x80 "), "");
  EXPECT_EQ(TrimBlanks("  "), "");
}

}  // namespace
}  // namespace puhui::issuing
