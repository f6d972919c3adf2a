// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/roster.h"

#include "issuing/core/id_number.h"
#include "ledger/base/points.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/core/gb18030.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::TestWithParam;
using ::testing::ValuesIn;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
constexpr absl::string_view kHeader = "工号,姓名,身份证号,手机号,部门,用工形式,积分\r\n";
constexpr absl::string_view kSoundIdNumber = "11010519491231002X";

RosterOptions Options() { return RosterOptions{.today = absl::CivilDay(2025, 1, 1)}; }

std::array<std::string, kRosterFields> SoundCells() {
  return {"1001", "王例甲", std::string(kSoundIdNumber), "10012345678", "设备科", "在职", "50000"};
}

std::string Line(const std::array<std::string, kRosterFields>& cells) {
  return absl::StrCat(absl::StrJoin(cells, ","), "\r\n");
}

// The problems of a roster as "line field REASON".
std::vector<std::string> Problems(const Roster& roster) {
  std::vector<std::string> problems;
  for (const RowProblem& problem : roster.problems) {
    problems.push_back(
        absl::StrCat(problem.line, " ", problem.field, " ", RowReasonText(problem.reason)));
  }
  return problems;
}

TEST(RosterTest, ASoundRowIsReadWhole) {
  ASSERT_OK_AND_ASSIGN(const Roster roster,
                       ParseRoster(absl::StrCat(kHeader, Line(SoundCells())), Options()));
  EXPECT_THAT(Problems(roster), IsEmpty());
  ASSERT_EQ(roster.rows.size(), 1U);
  const RosterRow& row = roster.rows.front();
  EXPECT_EQ(row.line, 2U);
  EXPECT_EQ(row.external_id, "1001");
  EXPECT_EQ(row.name, "王例甲");
  EXPECT_EQ(row.id_number, kSoundIdNumber);
  EXPECT_EQ(row.mobile, "10012345678");
  EXPECT_EQ(row.department, "设备科");
  EXPECT_EQ(row.employment, "在职");
  EXPECT_EQ(row.points, 50'000);
}

TEST(RosterTest, EveryHeadingMayBeChineseOrEnglishAndInAnyOrder) {
  for (const char* const header :
       {"积分,部门,手机,员工编号,身份证号码,用工形式,姓名",
        "points;department;phone;employee_id;id_number;employment_type;name",
        "发放积分\t部门\tMobile Phone\tExternal-ID\tＩＤ Number*\t 用工性质\t\"职工姓名\""}) {
    const char delimiter = absl::StrContains(header, ';')    ? ';'
                           : absl::StrContains(header, '\t') ? '\t'
                                                             : ',';
    const std::string row = absl::StrJoin(
        {"50000", "设备科", "10012345678", "1001", "11010519491231002X", "在职", "王例甲"},
        std::string(1, delimiter));
    ASSERT_OK_AND_ASSIGN(const Roster roster,
                         ParseRoster(absl::StrCat(header, "\n", row), Options()));
    ASSERT_EQ(roster.rows.size(), 1U) << header;
    EXPECT_EQ(roster.rows.front().external_id, "1001");
    EXPECT_EQ(roster.rows.front().name, "王例甲");
    EXPECT_EQ(roster.rows.front().mobile, "10012345678");
    EXPECT_EQ(roster.rows.front().points, 50'000);
  }
}

TEST(RosterTest, IdentifiersAndNumbersAreFoldedButNamesAreNot) {
  auto cells = SoundCells();
  cells = {"Ａ１００１",
           " 王Ａ\xE3\x80\x80",
           "１１０１０５１９４９１２３１００２ｘ",
           "１００１２３４５６７８",
           "Ａ科",
           "",
           "５００００"};
  ASSERT_OK_AND_ASSIGN(const Roster roster,
                       ParseRoster(absl::StrCat(kHeader, Line(cells)), Options()));
  ASSERT_EQ(roster.rows.size(), 1U);
  const RosterRow& row = roster.rows.front();
  EXPECT_EQ(row.external_id, "A1001");
  EXPECT_EQ(row.name, "王Ａ");
  EXPECT_EQ(row.id_number, kSoundIdNumber);
  EXPECT_EQ(row.mobile, "10012345678");
  EXPECT_EQ(row.department, "Ａ科");
  EXPECT_EQ(row.points, 50'000);
}

TEST(RosterTest, EncodingsAreReported) {
  const std::string text = absl::StrCat(kHeader, Line(SoundCells()));
  ASSERT_OK_AND_ASSIGN(const Roster plain, ParseRoster(text, Options()));
  EXPECT_EQ(plain.encoding, TextEncoding::kUtf8);
  ASSERT_OK_AND_ASSIGN(const Roster marked,
                       ParseRoster(absl::StrCat("\xEF\xBB\xBF", text), Options()));
  EXPECT_EQ(marked.encoding, TextEncoding::kUtf8WithBom);
  ASSERT_OK_AND_ASSIGN(const Roster chinese, ParseRoster(ToGb18030(text), Options()));
  EXPECT_EQ(chinese.encoding, TextEncoding::kGb18030);
  for (const Roster* const roster : {&plain, &marked, &chinese}) {
    ASSERT_EQ(roster->rows.size(), 1U);
    EXPECT_EQ(roster->rows.front().name, "王例甲");
  }
}

struct CellCase {
  RosterField field;
  std::string cell;  // As it stands in the file.
  std::string reason;
  std::string shape;
};

void PrintTo(const CellCase& row, std::ostream* out) {
  *out << RosterFieldName(row.field) << ' ' << row.reason << ' ' << row.cell;
}

class RosterCellTest : public TestWithParam<CellCase> {};

// One broken cell in a sound row, in both encodings: one problem, and its sound neighbours are
// read.
TEST_P(RosterCellTest, IsRefusedForItsReason) {
  const CellCase& broken = GetParam();
  auto cells = SoundCells();
  cells[static_cast<std::size_t>(broken.field)] = broken.cell;
  auto neighbour = SoundCells();
  neighbour[0] = "1002";
  const std::string digits = "99010119900101117";
  neighbour[2] = digits + IdNumberCheckCharacter(digits);
  const std::string text = absl::StrCat(kHeader, Line(cells), Line(neighbour));
  for (const std::string& bytes : {text, ToGb18030(text)}) {
    ASSERT_OK_AND_ASSIGN(const Roster roster, ParseRoster(bytes, Options()));
    EXPECT_THAT(Problems(roster),
                ElementsAre(absl::StrCat("2 ", RosterFieldName(broken.field), " ", broken.reason)));
    EXPECT_EQ(roster.problems.front().shape, broken.shape);
    EXPECT_EQ(roster.refused_rows, 1U);
    ASSERT_EQ(roster.rows.size(), 1U);
    EXPECT_EQ(roster.rows.front().external_id, "1002");
  }
}

std::vector<CellCase> CellCases() {
  using enum RosterField;
  return {
      {kExternalId, "", "REQUIRED", "empty"},
      {kExternalId, " \t\xE3\x80\x80", "REQUIRED", "empty"},
      {kExternalId, "=A1", "FORMULA_CELL", "begins with '='"},
      {kExternalId, std::string(41, '7'), "TOO_LONG", "41 bytes, at most 40"},
      {kExternalId, "1.00E+05", "SCIENTIFIC_NOTATION", "8 characters"},
      {kName, "", "REQUIRED", "empty"},
      {kName, "\"=HYPERLINK(\"\"http://x\"\")\"", "FORMULA_CELL", "begins with '='"},
      {kName, "+王", "FORMULA_CELL", "begins with '+'"},
      {kName, " -王", "FORMULA_CELL", "begins with '-'"},
      {kName, "@王", "FORMULA_CELL", "begins with '@'"},
      {kName, "＝王", "FORMULA_CELL", "begins with '='"},
      {kName, "＋王", "FORMULA_CELL", "begins with '+'"},
      {kName, "－王", "FORMULA_CELL", "begins with '-'"},
      {kName, "＠王", "FORMULA_CELL", "begins with '@'"},
      {kName, std::string(129, 'x'), "TOO_LONG", "129 bytes, at most 128"},
      {kName, "王\x01甲", "FORBIDDEN_CHARACTER", "contains U+0001"},
      {kName, "王\x7F甲", "FORBIDDEN_CHARACTER", "contains U+007F"},
      {kName, "\"王\n甲\"", "FORBIDDEN_CHARACTER", "contains U+000A"},
      {kName, "王\xC2\x85甲", "FORBIDDEN_CHARACTER", "contains U+0085"},
      {kName, "王\xD8\x9C甲", "FORBIDDEN_CHARACTER", "contains U+061C"},
      {kName, "王\xE2\x80\xAE甲", "FORBIDDEN_CHARACTER", "contains U+202E"},
      {kName, "王\xE2\x81\xA6甲", "FORBIDDEN_CHARACTER", "contains U+2066"},
      {kName, "王\xEF\xBB\xBF甲", "FORBIDDEN_CHARACTER", "contains U+FEFF"},
      {kIdNumber, "", "REQUIRED", "empty"},
      {kIdNumber, "=11010519491231002X", "FORMULA_CELL", "begins with '='"},
      {kIdNumber, "9.90101E+17", "SCIENTIFIC_NOTATION", "11 characters"},
      {kIdNumber, "3.5010219900101E17", "SCIENTIFIC_NOTATION", "18 characters"},
      {kIdNumber, "9E+17", "SCIENTIFIC_NOTATION", "5 characters"},
      {kIdNumber, "1101051949123100", "WRONG_LENGTH", "16 characters"},
      {kIdNumber, "身份证", "WRONG_LENGTH", "3 characters"},
      {kIdNumber, "110105 9491231002X", "WRONG_CHARACTERS", "18 characters"},
      {kIdNumber, "11010519491331002X", "BIRTH_DATE", "no such day, before 1900 or in the future"},
      {kIdNumber, "110105194912310021", "CHECK_DIGIT",
       "18 characters, the last does not fit the others"},
      {kMobile, "", "REQUIRED", "empty"},
      {kMobile, "+8610012345678", "FORMULA_CELL", "begins with '+'"},
      {kMobile, "1.00E+10", "SCIENTIFIC_NOTATION", "8 characters"},
      {kMobile, "1001234567", "BAD_MOBILE", "10 characters"},
      {kMobile, "100123456789", "BAD_MOBILE", "12 characters"},
      {kMobile, "20012345678", "BAD_MOBILE", "11 characters"},
      {kMobile, "1001234567a", "BAD_MOBILE", "11 characters"},
      {kDepartment, "=科", "FORMULA_CELL", "begins with '='"},
      {kDepartment, std::string(200, 'x'), "TOO_LONG", "200 bytes, at most 128"},
      {kEmployment, "@在职", "FORMULA_CELL", "begins with '@'"},
      {kEmployment, "在\x02职", "FORBIDDEN_CHARACTER", "contains U+0002"},
      {kPoints, "=1", "FORMULA_CELL", "begins with '='"},
      {kPoints, "-50000", "NEGATIVE", "6 characters"},
      {kPoints, "－５００", "NEGATIVE", "4 characters"},
      {kPoints, "5E+04", "SCIENTIFIC_NOTATION", "5 characters"},
      {kPoints, "500.50", "NOT_A_WHOLE_NUMBER", "6 characters"},
      {kPoints, "500.00", "NOT_A_WHOLE_NUMBER", "6 characters"},
      {kPoints, "\"50,000\"", "NOT_A_WHOLE_NUMBER", "6 characters"},
      {kPoints, "+500", "NOT_A_WHOLE_NUMBER", "4 characters"},
      {kPoints, "-", "NOT_A_WHOLE_NUMBER", "1 characters"},
      {kPoints, "五万", "NOT_A_WHOLE_NUMBER", "2 characters"},
      {kPoints, "0", "OUT_OF_RANGE", "1 characters"},
      {kPoints, "1000000000000001", "OUT_OF_RANGE", "16 characters"},
      {kPoints, "99999999999999999999", "OUT_OF_RANGE", "20 characters"},
  };
}
INSTANTIATE_TEST_SUITE_P(EveryDefect, RosterCellTest, ValuesIn(CellCases()));

TEST(RosterTest, EveryProblemOfARowIsReported) {
  const std::string text = absl::StrCat(kHeader, "=1,,123,999,+x,@y,-5\r\n");
  ASSERT_OK_AND_ASSIGN(const Roster roster, ParseRoster(text, Options()));
  EXPECT_THAT(Problems(roster),
              ElementsAre("2 external_id FORMULA_CELL", "2 name REQUIRED",
                          "2 department FORMULA_CELL", "2 employment FORMULA_CELL",
                          "2 id_number WRONG_LENGTH", "2 mobile BAD_MOBILE", "2 points NEGATIVE"));
  EXPECT_EQ(roster.refused_rows, 1U);
  EXPECT_THAT(roster.rows, IsEmpty());
}

TEST(RosterTest, TheLaterOfTwoDuplicatesIsRefusedEvenIfTheEarlierIsUnsound) {
  auto first = SoundCells();
  first[3] = "";
  auto second = SoundCells();
  second[2] = "１１０１０５１９４９１２３１００２ｘ";  // The same number, written otherwise.
  const std::string text = absl::StrCat(kHeader, "\r\n", Line(first), Line(second));
  ASSERT_OK_AND_ASSIGN(const Roster roster, ParseRoster(text, Options()));
  EXPECT_THAT(Problems(roster), ElementsAre("3 mobile REQUIRED", "4 external_id DUPLICATE_IN_FILE",
                                            "4 id_number DUPLICATE_IN_FILE"));
  EXPECT_EQ(roster.problems.back().shape, "first on line 3");
  EXPECT_EQ(roster.refused_rows, 2U);
}

TEST(RosterTest, ARowOfAnotherWidthIsRefusedUnlessOnlyBlanksAreTooMany) {
  const std::string sound = absl::StrJoin(SoundCells(), ",");
  const std::string text = absl::StrCat(kHeader, sound, ",x\n", "1,2\n", sound, ",, \n");
  ASSERT_OK_AND_ASSIGN(const Roster roster, ParseRoster(text, Options()));
  EXPECT_THAT(Problems(roster), ElementsAre("2 row COLUMN_COUNT", "3 row COLUMN_COUNT"));
  EXPECT_EQ(roster.problems.front().shape, "8 cells, the header has 7");
  ASSERT_EQ(roster.rows.size(), 1U);
  EXPECT_EQ(roster.rows.front().line, 4U);
}

TEST(RosterTest, PointsAreOptionalUntilTheyAreRequired) {
  constexpr absl::string_view kNoPoints =
      "工号,姓名,身份证号,手机\n1001,王,11010519491231002X,10012345678\n";
  RosterOptions options = Options();
  ASSERT_OK_AND_ASSIGN(const Roster without, ParseRoster(kNoPoints, options));
  ASSERT_EQ(without.rows.size(), 1U);
  EXPECT_EQ(without.rows.front().points, std::nullopt);

  auto cells = SoundCells();
  cells[6] = "";
  const std::string empty_cell = absl::StrCat(kHeader, Line(cells));
  ASSERT_OK_AND_ASSIGN(const Roster optional, ParseRoster(empty_cell, options));
  ASSERT_EQ(optional.rows.size(), 1U);
  EXPECT_EQ(optional.rows.front().points, std::nullopt);

  options.points_required = true;
  EXPECT_THAT(ParseRoster(kNoPoints, options), HasCode(kInvalid));
  ASSERT_OK_AND_ASSIGN(const Roster required, ParseRoster(empty_cell, options));
  EXPECT_THAT(Problems(required), ElementsAre("2 points REQUIRED"));
}

TEST(RosterTest, TheLargestPointsAreTaken) {
  auto cells = SoundCells();
  cells[6] = absl::StrCat(Points::kMax);
  ASSERT_OK_AND_ASSIGN(const Roster roster,
                       ParseRoster(absl::StrCat(kHeader, Line(cells)), Options()));
  ASSERT_EQ(roster.rows.size(), 1U);
  EXPECT_EQ(roster.rows.front().points, Points::kMax);
}

std::string WholeFileRefusal(absl::string_view bytes) {
  const absl::StatusOr<Roster> roster = ParseRoster(bytes, Options());
  EXPECT_THAT(roster, HasCode(kInvalid));
  return std::string(roster.status().message());
}

TEST(RosterTest, AWrongHeaderIsRefusedAndNamed) {
  EXPECT_THAT(WholeFileRefusal(""), HasSubstr("line 1"));
  EXPECT_THAT(WholeFileRefusal("\n\n"), HasSubstr("line 1"));
  EXPECT_THAT(WholeFileRefusal("工号,姓名,身份证号\n"), HasSubstr("mobile"));
  EXPECT_THAT(WholeFileRefusal("工号,姓名,身份证号,手机,婚否\n"), HasSubstr("\"婚否\""));
  EXPECT_THAT(WholeFileRefusal("工号,姓名,身份证号,手机,员工编号\n"), HasSubstr("external_id"));
  EXPECT_THAT(WholeFileRefusal("工号,姓名,,身份证号,手机\n"), HasSubstr("column 3"));
}

TEST(RosterTest, UnknownColumnsAreSkippedOnRequest) {
  RosterOptions options = Options();
  options.ignore_unknown = true;
  constexpr absl::string_view kText =
      "婚否,工号,姓名,,身份证号,手机\n=否,1001,王,x,11010519491231002X,10012345678\n";
  ASSERT_OK_AND_ASSIGN(const Roster roster, ParseRoster(kText, options));
  ASSERT_EQ(roster.rows.size(), 1U);
  EXPECT_EQ(roster.rows.front().external_id, "1001");
}

TEST(RosterTest, AMissingOrBrokenHeaderDoesNotGiveAPersonAway) {
  const std::string row = Line(SoundCells());
  EXPECT_THAT(WholeFileRefusal(row), Not(HasSubstr("王例甲")));
  // The line end after the header is lost, so that the first person is part of it.
  const std::string joined = absl::StrCat(kHeader.substr(0, kHeader.size() - 2), row);
  EXPECT_THAT(WholeFileRefusal(joined), Not(HasSubstr("王例甲")));
  EXPECT_THAT(WholeFileRefusal(joined), HasSubstr("column 8"));
}

// Damages a file of marked values at random, hundreds of times, and reads every text that comes
// out.
TEST(RosterTest, NoTextHoldsAPartOfACell) {
  const std::vector<std::string> canaries = {"CANARY", "金丝雀", "1949123", "7777", "雀舍", "鸟工"};
  SeededRandom random(20250101);
  std::string sound;
  for (int i = 0; i < 12; ++i) {
    absl::StrAppend(&sound, "CANARY", i,
                    ",金丝雀,11010519491231002X,10077777777,雀舍,鸟工,7777\r\n");
  }
  const std::string bytes = absl::StrCat(kHeader, sound);
  constexpr absl::string_view kStrokes = ",;\t\"\n\r=-x0\xFF\x80\x01";
  std::size_t texts = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::string damaged = round % 2 == 0 ? bytes : ToGb18030(bytes);
    for (std::uint64_t strokes = 1 + random.Below(6); strokes > 0; --strokes) {
      const auto at = static_cast<std::size_t>(random.Below(damaged.size()));
      const auto stroke = static_cast<std::size_t>(random.Below(kStrokes.size() + 2));
      if (stroke < kStrokes.size()) {
        damaged.insert(at, 1, kStrokes[stroke]);
      } else {
        damaged.erase(at, 1 + static_cast<std::size_t>(random.Below(9)));
      }
    }
    const absl::StatusOr<Roster> roster = ParseRoster(damaged, Options());
    std::vector<std::string> all = {std::string(roster.status().message())};
    if (roster.ok()) {
      for (const RowProblem& problem : roster->problems) all.push_back(problem.shape);
    }
    for (const std::string& text : all) {
      ++texts;
      for (const std::string& canary : canaries) {
        ASSERT_FALSE(absl::StrContains(text, canary)) << "round " << round << ": " << text;
        ASSERT_FALSE(absl::StrContains(text, ToGb18030(canary))) << "round " << round;
      }
    }
  }
  EXPECT_GT(texts, 2'000U);
}

TEST(RosterReaderTest, ASecondReadingKnowsTheDuplicatesOfTheFirst) {
  auto id_only = SoundCells();
  id_only[0] = "E-OTHER";
  const std::string text =
      absl::StrCat(kHeader, Line(SoundCells()), Line(SoundCells()), "\n", Line(id_only));
  const auto read = [&](RosterReader& reader) {
    std::vector<std::string> seen;
    EXPECT_OK(reader.ReadHeader(Options()));
    while (true) {
      const auto found = reader.Next();
      EXPECT_OK(found);
      if (!found.ok() || *found == RosterReader::Found::kEnd) return seen;
      if (*found == RosterReader::Found::kRow) seen.push_back(reader.row().external_id);
      if (*found == RosterReader::Found::kRow) continue;
      for (const RowProblem& problem : reader.problems()) {
        seen.push_back(absl::StrCat(problem.line, " ", problem.field, " ", problem.shape));
      }
    }
  };
  RosterReader first(text);
  const std::vector<std::string> seen = read(first);
  EXPECT_THAT(seen, ElementsAre(SoundCells()[0], "3 external_id first on line 2",
                                "3 id_number first on line 2", "5 id_number first on line 2"));
  const std::vector<RosterReader::Duplicate> duplicates = first.TakeDuplicates();
  EXPECT_EQ(duplicates.size(), 3U);
  RosterReader second(text, &duplicates);
  EXPECT_EQ(read(second), seen);
  const std::vector<RosterReader::Duplicate> none;
  RosterReader trusting(text, &none);
  EXPECT_EQ(read(trusting).size(), 3U) << "it looks for none itself";
}

}  // namespace
}  // namespace puhui::issuing
