// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/csv_columns.h"

#include "issuing/core/text_encoding.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::issuing {

absl::StatusOr<CsvColumns> CsvColumns::Find(const CsvReader& header,
                                            absl::Span<const CsvColumn> wanted) {
  const auto refuse = [&](const auto&... what) {
    return absl::InvalidArgumentError(absl::StrCat("line ", header.line(), ": ", what...));
  };
  const absl::Span<const absl::string_view> cells = header.cells();
  std::vector<std::size_t> places;
  places.reserve(wanted.size());
  for (const CsvColumn& column : wanted) {
    const auto is_it = [&](absl::string_view cell) {
      const std::string text = absl::AsciiStrToLower(FoldWidth(TrimBlanks(cell)));
      return text == column.name || text == column.chinese;
    };
    if (std::count_if(cells.begin(), cells.end(), is_it) > 1) {
      return refuse("the column ", column.name, " twice");
    }
    const auto* const found = std::find_if(cells.begin(), cells.end(), is_it);
    if (found == cells.end() && column.required) {
      return refuse("want a column ", column.name, " (", column.chinese, ")");
    }
    // One that is not there is behind the end of every row.
    places.push_back(found == cells.end() ? CsvReader::kColumnsMax
                                          : static_cast<std::size_t>(found - cells.begin()));
  }
  return CsvColumns(std::move(places));
}

std::string CsvColumns::Cell(absl::Span<const absl::string_view> cells, std::size_t column) const {
  const std::size_t place = places_[column];
  return place < cells.size() ? FoldWidth(TrimBlanks(cells[place])) : std::string();
}

}  // namespace puhui::issuing
