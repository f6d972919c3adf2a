// SPDX-License-Identifier: Apache-2.0
// CSV for people who open it in a spreadsheet and for machines that read it back.
#ifndef PUHUI_ISSUING_CORE_CSV_WRITER_H_
#define PUHUI_ISSUING_CORE_CSV_WRITER_H_

#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::issuing {

// Writes UTF-8 with BOM, CRLF and commas. A spreadsheet opens the file as it is meant:
//  * Numbers it would spoil (12 digits and more, leading zeros, 12E5) get a TAB before them inside
//    quotes. It then shows them as text, whole and without a visible mark, and every reader that
//    trims, ours among them, gets the number back. ="…" would be a formula, and an apostrophe would
//    be seen.
//  * Text that it would run as a formula (= + - @ in either width, or a leading TAB) gets an
//    apostrophe before it: there the mark ought to be seen.
// Threads: one at a time.
// Borrows: the output, for the writer's life.
class CsvWriter {
 public:
  // Begins the file: the BOM is written now. Requires: `output` is not null (checked).
  explicit CsvWriter(std::string* output);

  CsvWriter(const CsvWriter&) = delete;
  CsvWriter& operator=(const CsvWriter&) = delete;

  // Appends one cell to the row.
  CsvWriter& Text(absl::string_view text);
  CsvWriter& Number(std::int64_t number);

  // Ends the row. A row without a cell is an empty line.
  void EndRow();

 private:
  void Separate();

  std::string* output_;
  bool row_begun_ = false;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_CSV_WRITER_H_
