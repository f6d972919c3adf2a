// SPDX-License-Identifier: Apache-2.0
// The shipped samples, read from deploy/sample: what an operator tries first has to come out as its
// notes say.
#include "issuing/core/roster.h"
#include "issuing/core/text_encoding.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/core/gb18030.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace puhui::issuing::roster_samples_test {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

RosterOptions Options() {
  return RosterOptions{.today = absl::CivilDay(2025, 1, 1), .points_required = true};
}

// Tests run in the root of the tree.
std::string Sample(absl::string_view name) {
  std::ifstream file(absl::StrCat("deploy/sample/", name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What the notes say, as "line field REASON", and the lines of the rows that are to be accepted.
struct Notes {
  std::vector<std::string> problems;
  std::vector<std::uint32_t> accepted;
};

Notes ReadNotes() {
  Notes notes;
  const std::string text = Sample("roster_damaged.notes.csv");
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    std::uint32_t number = 0;
    if (!absl::SimpleAtoi(cells.front(), &number)) continue;  // The header.
    if (cells[2] == "-") {
      notes.accepted.push_back(number);
    } else {
      notes.problems.push_back(absl::StrCat(number, " ", cells[1], " ", cells[2]));
    }
  }
  return notes;
}

TEST(RosterSamplesTest, TheGb18030SampleIsSound) {
  ASSERT_OK_AND_ASSIGN(const Roster roster, ParseRoster(Sample("roster_gb18030.csv"), Options()));
  EXPECT_EQ(roster.encoding, TextEncoding::kGb18030);
  EXPECT_THAT(roster.problems, IsEmpty());
  ASSERT_EQ(roster.rows.size(), 5'000U);
  std::set<std::int64_t> points;
  for (const RosterRow& row : roster.rows) {
    points.insert(row.points.value());
    ASSERT_EQ(row.id_number.substr(0, 2), "99") << "line " << row.line;
    ASSERT_EQ(row.mobile.substr(0, 3), "100") << "line " << row.line;
  }
  EXPECT_EQ(points, (std::set<std::int64_t>{50'000, 60'000, 80'000}));
}

TEST(RosterSamplesTest, TheDamagedSampleHasTheDefectsOfItsNotesInBothEncodings) {
  const Notes notes = ReadNotes();
  ASSERT_GT(notes.problems.size(), 40U);
  ASSERT_GT(notes.accepted.size(), 3U);
  const std::string marked = Sample("roster_damaged.csv");
  for (const std::string& bytes : {marked, ToGb18030(WithoutBom(marked))}) {
    ASSERT_OK_AND_ASSIGN(const Roster roster, ParseRoster(bytes, Options()));
    std::vector<std::string> problems;
    for (const RowProblem& problem : roster.problems) {
      problems.push_back(
          absl::StrCat(problem.line, " ", problem.field, " ", RowReasonText(problem.reason)));
    }
    EXPECT_THAT(problems, ElementsAreArray(notes.problems));
    // 600 rows: one is blank and skipped, one has two problems.
    EXPECT_EQ(roster.refused_rows, notes.problems.size() - 1);
    EXPECT_EQ(roster.rows.size() + roster.refused_rows, 599U);
    std::set<std::uint32_t> read;
    for (const RosterRow& row : roster.rows) read.insert(row.line);
    for (const std::uint32_t line : notes.accepted) EXPECT_EQ(read.count(line), 1U) << line;
  }
}

}  // namespace
}  // namespace puhui::issuing::roster_samples_test
