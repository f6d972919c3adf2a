// SPDX-License-Identifier: Apache-2.0
// CSV as spreadsheets and HR systems write it (RFC 4180, three delimiters, any line end), row by
// row.
#ifndef PUHUI_ISSUING_CORE_CSV_H_
#define PUHUI_ISSUING_CORE_CSV_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {

// Without spaces, tabs and line ends at both ends, the ideographic and the no-break space and the
// invisible marks that copying leaves behind (U+200B, U+FEFF) among them.
absl::string_view TrimBlanks(absl::string_view text);

// Walks over the rows of a text without copying it. Rows whose cells are all blank are skipped but
// their lines are counted. A quote inside an unquoted cell is refused rather than guessed at: it is
// what a lost opening quote looks like, and guessing would shift points to another person.
// Threads: one at a time.
// Borrows: the text, for the reader's life.
class CsvReader {
 public:
  static constexpr std::size_t kCellBytesMax = 4'096;
  static constexpr std::size_t kColumnsMax = 64;

  // Takes as delimiter whichever of comma, semicolon and tab is most frequent in the first line.
  // Requires: `text` is UTF-8 without BOM.
  explicit CsvReader(absl::string_view text);

  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // Reads the next row that is not blank; false at the end of the text.
  // Refuses: a quote that is never closed or stands where none may, a cell above kCellBytesMax, a
  // row above kColumnsMax. The text names the line and quotes nothing. There is no reading on.
  absl::StatusOr<bool> Next();

  // The row last read. The views hold until the next call of Next.
  absl::Span<const absl::string_view> cells() const { return cells_; }
  // The line, from 1, on which the row last read begins.
  std::uint32_t line() const { return line_; }
  char delimiter() const { return delimiter_; }

 private:
  absl::Status ReadRow();
  absl::Status ReadPlainCell();
  absl::Status ReadQuotedCell();
  void SkipLineEnd();
  void CountLines(absl::string_view quoted);
  absl::Status Refuse(absl::string_view what) const;

  absl::string_view text_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 0;
  std::uint32_t next_line_ = 1;
  char delimiter_;
  std::array<bool, 256> ends_plain_cell_{};
  std::vector<absl::string_view> cells_;
  std::array<std::string, kColumnsMax> unescaped_;  // By column: cells that hold doubled quotes.
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_CSV_H_
