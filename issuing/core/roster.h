// SPDX-License-Identifier: Apache-2.0
// The roster an HR system exports: who works here and, for an issue, how many points each receives.
#ifndef PUHUI_ISSUING_CORE_ROSTER_H_
#define PUHUI_ISSUING_CORE_ROSTER_H_

#include "issuing/core/csv.h"
#include "issuing/core/roster_problem.h"
#include "issuing/core/text_encoding.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace puhui::issuing {

// More defects than this and the file is refused as a whole: it is not a roster, or one column of
// it is wrong throughout.
inline constexpr std::size_t kRosterProblemsMax = 1'000'000;

// A person, as the file says. Everything is trimmed; identifiers and numbers are folded to ASCII
// width. Personal data: never logged.
struct RosterRow {
  std::uint32_t line = 0;
  std::string external_id;  // 工号
  std::string name;
  std::string id_number;  // 18 characters; the check character X is upper case.
  std::string mobile;
  std::string department;  // May be empty.
  std::string employment;  // May be empty.
  std::optional<std::int64_t> points;
};

struct RosterOptions {
  absl::CivilDay today;          // Required: births after it are refused.
  bool points_required = false;  // The column must be there, and every cell filled.
  bool ignore_unknown = false;   // Columns that are not understood are skipped instead of refused.
};

struct Roster {
  std::vector<RosterRow> rows;       // Without a defect, in the order of the file.
  std::vector<RowProblem> problems;  // Every defect of every other row, in the order of the file.
  std::uint32_t refused_rows = 0;    // How many rows the problems belong to.
  TextEncoding encoding = TextEncoding::kUtf8;
};

// The text of a roster file, in UTF-8 without BOM.
struct RosterText {
  std::string utf8;
  TextEncoding encoding = TextEncoding::kUtf8;
};

// Refuses (INVALID_ARGUMENT): what DecodeToUtf8 refuses. OUT_OF_RANGE: a file above
// kImportFileBytesMax.
absl::StatusOr<RosterText> DecodeRoster(std::string file_bytes);

// Reads a roster row by row, in memory that grows by what tells duplicates from each other.
// An external id or ID number that an earlier row has is kDuplicateInFile on the
// later row, whether or not the earlier one is sound: which of the two is right is for people to
// say. Threads: one at a time. Borrows: the text.
class RosterReader {
 public:
  enum class Found { kEnd, kRow, kProblems };
  // An identifier that stands on an earlier line too.
  struct Duplicate {
    std::uint32_t line = 0;
    RosterField field{};
    std::uint32_t first_line = 0;
  };

  explicit RosterReader(absl::string_view text);
  // Of a text that was read before. Borrows: the duplicates.
  RosterReader(absl::string_view text, const std::vector<Duplicate>* duplicates);
  ~RosterReader();

  // First, once. Refuses (INVALID_ARGUMENT, naming line or column, never a cell below the header):
  // what CsvReader and ReadRosterHeader refuse, and a text without header.
  absl::Status ReadHeader(const RosterOptions& options);
  // Refuses: as CsvReader; OUT_OF_RANGE, naming the limit: more than kPlanRowsMax rows or
  // kRosterProblemsMax problems. There is no reading on. Requires: the header was read (checked).
  absl::StatusOr<Found> Next();
  // After the end: what was a duplicate. A second reading that is given these keeps nothing itself.
  std::vector<Duplicate> TakeDuplicates();
  // The row last read, if it was sound, else its defects, one at least. Until the next call of
  // Next; they may be moved from.
  RosterRow& row();
  std::vector<RowProblem>& problems();

 private:
  class Rows;

  const absl::string_view text_;
  CsvReader csv_;
  const std::vector<Duplicate>* const known_;
  std::unique_ptr<Rows> rows_;
  std::uint64_t rows_read_ = 0;
  std::size_t problems_read_ = 0;
};

// Reads a roster: each row ends up in `rows`, or has at least one problem.
// Refuses: as DecodeRoster and RosterReader.
absl::StatusOr<Roster> ParseRoster(absl::string_view file_bytes, const RosterOptions& options);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_ROSTER_H_
