// SPDX-License-Identifier: Apache-2.0
#include "services/cli/table.h"

#include "ledger/base/check.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace puhui::services {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";
constexpr absl::string_view kGap = "  ";

struct Character {
  UChar32 code;  // Negative when the bytes are malformed.
  absl::string_view bytes;
};

// Takes the first character off `text`.
Character TakeCharacter(absl::string_view& text) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(std::min(text.size(), std::size_t{U8_MAX_LENGTH}));
  std::int32_t end = 0;
  UChar32 code = 0;
  U8_NEXT(bytes, end, size, code);
  const Character character{code, text.substr(0, static_cast<std::size_t>(end))};
  text.remove_prefix(character.bytes.size());
  return character;
}

std::size_t WidthOf(UChar32 code) {
  if (code < 0) return 1;
  switch (u_charType(code)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
      return 0;
    default:
      break;
  }
  const int width = u_getIntPropertyValue(code, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

bool SteersTerminal(UChar32 code) {
  if (code < 0) return true;
  const int type = u_charType(code);
  return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_LINE_SEPARATOR ||
         type == U_PARAGRAPH_SEPARATOR;
}

}  // namespace

std::size_t DisplayWidth(absl::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) width += WidthOf(TakeCharacter(utf8).code);
  return width;
}

std::string Printable(absl::string_view utf8) {
  std::string text;
  text.reserve(utf8.size());
  while (!utf8.empty()) {
    const Character character = TakeCharacter(utf8);
    const absl::string_view shown = SteersTerminal(character.code) ? kReplacement : character.bytes;
    text.append(shown.data(), shown.size());
  }
  return text;
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  for (const Column& column : columns_) widths_.push_back(DisplayWidth(column.heading));
}

void Table::AddRow(std::vector<std::string> cells) {
  PUHUI_CHECK(cells.size() == columns_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = Printable(cells[i]);
    widths_[i] = std::max(widths_[i], DisplayWidth(cells[i]));
  }
  rows_.push_back(std::move(cells));
}

void Table::Flush(std::ostream& out) {
  if (!headed_) {
    std::vector<std::string> headings;
    for (const Column& column : columns_) headings.push_back(column.heading);
    PrintRow(out, headings);
    headed_ = true;
  }
  for (const std::vector<std::string>& row : rows_) PrintRow(out, row);
  rows_.clear();
}

void Table::PrintRow(std::ostream& out, const std::vector<std::string>& cells) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line.append(kGap.data(), kGap.size());
    const std::string padding(widths_[i] - DisplayWidth(cells[i]), ' ');
    line += columns_[i].align == Align::kRight ? padding + cells[i] : cells[i] + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);  // Nothing at the ends of lines to trip a diff.
  out << line << '\n';
}

}  // namespace puhui::services
