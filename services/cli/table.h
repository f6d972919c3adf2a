// SPDX-License-Identifier: Apache-2.0
// Text tables that line up on a terminal, Chinese included.
#ifndef PUHUI_SERVICES_CLI_TABLE_H_
#define PUHUI_SERVICES_CLI_TABLE_H_

#include "absl/strings/string_view.h"

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace puhui::services {

// How many terminal columns `utf8` takes: two for an East Asian wide or full-width character, none
// for a combining mark. A malformed byte takes one.
std::size_t DisplayWidth(absl::string_view utf8);

// `utf8` with every control, direction-changing and malformed character replaced by U+FFFD: what a
// server or a file says must not steer the terminal it is shown on.
std::string Printable(absl::string_view utf8);

// Rows under headings, each column as wide as its widest cell. Rows may be flushed a page at a
// time: the headings come once, and columns only grow.
// Threads: one at a time.
class Table {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string heading;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns);

  // Requires: one cell per column (checked).
  void AddRow(std::vector<std::string> cells);
  // Prints the rows added since the last flush. A table without any row prints its headings only.
  void Flush(std::ostream& out);

 private:
  void PrintRow(std::ostream& out, const std::vector<std::string>& cells) const;

  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
  bool headed_ = false;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TABLE_H_
