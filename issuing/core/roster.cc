// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/roster.h"

#include "issuing/core/csv.h"
#include "issuing/core/roster_cells.h"
#include "issuing/core/roster_columns.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <array>
#include <utility>

namespace puhui::issuing {
namespace {

bool HasWideCharacter(absl::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return true;
  }
  return false;
}

std::string Folded(absl::string_view text) {
  if (!HasWideCharacter(text)) return std::string(text);
  return FoldWidth(text);
}

// An ID number as an integer, one to one: 17 digits times 11 fits 64 bits, and a million integers
// hash quicker than a million strings.
// Requires: `id_number` is sound.
std::uint64_t IdNumberKey(absl::string_view id_number) {
  std::uint64_t digits = 0;
  for (const char c : id_number.substr(0, 17)) {
    digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
  }
  const char last = id_number.back();
  return digits * 11 + (last == 'X' ? 10 : static_cast<std::uint64_t>(last - '0'));
}

// Turns rows of cells into rows of a roster.
// Threads: one at a time. Borrows: the options.
class RosterRows {
 public:
  RosterRows(const RosterOptions& options, const RosterColumns& columns)
      : options_(options), columns_(columns) {}

  void Take(absl::Span<const absl::string_view> cells, std::uint32_t line);

  std::uint64_t rows_taken() const { return roster_.rows.size() + roster_.refused_rows; }
  std::size_t problems() const { return roster_.problems.size(); }
  Roster Finish() && { return std::move(roster_); }

 private:
  bool FitsHeader(absl::Span<const absl::string_view> cells);
  // The trimmed cell; an empty one is a problem when `required`.
  absl::string_view Trimmed(RosterField field, bool required);
  void Report(RosterField field, MaybeDefect defect);
  void AddProblem(absl::string_view field, RowReason reason, std::string shape);
  template <class Seen, class Key>
  void ReportDuplicate(RosterField field, Seen& seen, Key key);

  void TakeExternalId();
  void TakeTexts();
  void TakeIdNumber();
  void TakeMobile();
  void TakePoints();

  const RosterOptions& options_;
  const RosterColumns columns_;
  Roster roster_;
  RosterRow row_;
  absl::Span<const absl::string_view> cells_;
  absl::flat_hash_map<std::string, std::uint32_t> external_id_lines_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> id_number_lines_;
};

void RosterRows::Take(absl::Span<const absl::string_view> cells, std::uint32_t line) {
  row_ = RosterRow{};
  row_.line = line;
  cells_ = cells;
  const std::size_t problems_before = roster_.problems.size();
  if (FitsHeader(cells)) {
    TakeExternalId();
    TakeTexts();
    TakeIdNumber();
    TakeMobile();
    TakePoints();
  }
  if (roster_.problems.size() == problems_before) {
    roster_.rows.push_back(std::move(row_));
  } else {
    ++roster_.refused_rows;
  }
}

// A row of another width has a comma too many or too few somewhere, so no cell of it can be
// trusted. Blank cells at its end are what spreadsheets add.
bool RosterRows::FitsHeader(absl::Span<const absl::string_view> cells) {
  std::size_t width = cells.size();
  while (width > columns_.width && TrimBlanks(cells[width - 1]).empty()) --width;
  if (width == columns_.width) return true;
  AddProblem("row", RowReason::kColumnCount,
             absl::StrCat(width, " cells, the header has ", columns_.width));
  return false;
}

absl::string_view RosterRows::Trimmed(RosterField field, bool required) {
  if (!columns_.Has(field)) return {};
  const absl::string_view trimmed = TrimBlanks(cells_[columns_.At(field)]);
  if (trimmed.empty() && required) Report(field, CellDefect{RowReason::kRequired, "empty"});
  return trimmed;
}

void RosterRows::Report(RosterField field, MaybeDefect defect) {
  AddProblem(RosterFieldName(field), defect->reason, std::move(defect->shape));
}

void RosterRows::AddProblem(absl::string_view field, RowReason reason, std::string shape) {
  roster_.problems.push_back(RowProblem{row_.line, field, reason, std::move(shape)});
}

template <class Seen, class Key>
void RosterRows::ReportDuplicate(RosterField field, Seen& seen, Key key) {
  const auto [first, inserted] = seen.try_emplace(std::move(key), row_.line);
  if (inserted) return;
  Report(field,
         CellDefect{RowReason::kDuplicateInFile, absl::StrCat("first on line ", first->second)});
}

void RosterRows::TakeExternalId() {
  row_.external_id = Folded(Trimmed(RosterField::kExternalId, true));
  if (row_.external_id.empty()) return;
  if (MaybeDefect defect = CheckExternalId(row_.external_id)) {
    Report(RosterField::kExternalId, std::move(defect));
    return;
  }
  ReportDuplicate(RosterField::kExternalId, external_id_lines_, row_.external_id);
}

void RosterRows::TakeTexts() {
  const auto take = [this](RosterField field, bool required, std::string& text) {
    const absl::string_view trimmed = Trimmed(field, required);
    if (trimmed.empty()) return;
    if (MaybeDefect defect = CheckText(trimmed, kNameBytesMax)) Report(field, std::move(defect));
    text.assign(trimmed.data(), trimmed.size());
  };
  take(RosterField::kName, true, row_.name);
  take(RosterField::kDepartment, false, row_.department);
  take(RosterField::kEmployment, false, row_.employment);
}

void RosterRows::TakeIdNumber() {
  row_.id_number = Folded(Trimmed(RosterField::kIdNumber, true));
  if (row_.id_number.empty()) return;
  if (MaybeDefect defect = CheckIdNumberCell(row_.id_number, options_.today)) {
    Report(RosterField::kIdNumber, std::move(defect));
    return;
  }
  row_.id_number.back() = absl::ascii_toupper(static_cast<unsigned char>(row_.id_number.back()));
  ReportDuplicate(RosterField::kIdNumber, id_number_lines_, IdNumberKey(row_.id_number));
}

void RosterRows::TakeMobile() {
  row_.mobile = Folded(Trimmed(RosterField::kMobile, true));
  if (row_.mobile.empty()) return;
  if (MaybeDefect defect = CheckMobile(row_.mobile)) {
    Report(RosterField::kMobile, std::move(defect));
  }
}

void RosterRows::TakePoints() {
  const std::string cell = Folded(Trimmed(RosterField::kPoints, options_.points_required));
  if (cell.empty()) return;
  std::int64_t points = 0;
  if (MaybeDefect defect = ReadPoints(cell, &points)) {
    Report(RosterField::kPoints, std::move(defect));
    return;
  }
  row_.points = points;
}

absl::Status RefuseLimit(absl::string_view what, std::uint64_t limit) {
  return absl::OutOfRangeError(absl::StrCat("the roster has more than ", limit, " ", what));
}

absl::StatusOr<Roster> ParseText(absl::string_view text, const RosterOptions& options) {
  CsvReader reader(text);
  PUHUI_ASSIGN_OR_RETURN(bool more, reader.Next());
  if (!more) return absl::InvalidArgumentError("line 1: the file is empty, a header is wanted");
  PUHUI_ASSIGN_OR_RETURN(const RosterColumns columns,
                         ReadRosterHeader(reader.cells(), reader.line(),
                                          ColumnRules{.points_required = options.points_required,
                                                      .ignore_unknown = options.ignore_unknown}));
  RosterRows rows(options, columns);
  while (true) {
    PUHUI_ASSIGN_OR_RETURN(more, reader.Next());
    if (!more) return std::move(rows).Finish();
    if (rows.rows_taken() == kPlanRowsMax) return RefuseLimit("rows", kPlanRowsMax);
    rows.Take(reader.cells(), reader.line());
    if (rows.problems() > kRosterProblemsMax) return RefuseLimit("problems", kRosterProblemsMax);
  }
}

}  // namespace

absl::StatusOr<Roster> ParseRoster(absl::string_view file_bytes, const RosterOptions& options) {
  if (file_bytes.size() > kImportFileBytesMax) return RefuseLimit("bytes", kImportFileBytesMax);
  PUHUI_ASSIGN_OR_RETURN(const TextEncoding encoding, DetectEncoding(file_bytes));
  std::string decoded;
  absl::string_view text = WithoutBom(file_bytes);
  if (encoding == TextEncoding::kGb18030) {
    PUHUI_ASSIGN_OR_RETURN(decoded, DecodeToUtf8(file_bytes));
    text = decoded;
  }
  PUHUI_ASSIGN_OR_RETURN(Roster roster, ParseText(text, options));
  roster.encoding = encoding;
  return roster;
}

}  // namespace puhui::issuing
