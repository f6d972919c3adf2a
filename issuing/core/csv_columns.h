// SPDX-License-Identifier: Apache-2.0
// Columns of lists that are found by their headings, English or Chinese, in any order.
#ifndef PUHUI_ISSUING_CORE_CSV_COLUMNS_H_
#define PUHUI_ISSUING_CORE_CSV_COLUMNS_H_

#include "issuing/core/csv.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

struct CsvColumn {
  absl::string_view name;  // In small letters.
  absl::string_view chinese;
  bool required = true;
};

// Where the wanted columns stand. Others are left alone. Threads: none.
class CsvColumns {
 public:
  // Refuses: kInvalidArgument, naming the line and the column, one that is required and missing,
  // and one that stands twice. Requires: the reader is at the header.
  static absl::StatusOr<CsvColumns> Find(const CsvReader& header,
                                         absl::Span<const CsvColumn> wanted);
  // The cell of the wanted column of that index, without blanks around it and with full-width
  // letters folded; "" where the row is too short or there is no such column.
  std::string Cell(absl::Span<const absl::string_view> cells, std::size_t column) const;

 private:
  explicit CsvColumns(std::vector<std::size_t> places) : places_(std::move(places)) {}

  std::vector<std::size_t> places_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_CSV_COLUMNS_H_
