// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/roster.h"

#include "issuing/core/roster_cells.h"
#include "issuing/core/roster_columns.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <array>
#include <deque>
#include <functional>
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

}  // namespace

// Turns rows of cells into rows of a roster.
class RosterReader::Rows {
 public:
  Rows(absl::string_view text, const RosterOptions& options, const RosterColumns& columns,
       const std::vector<Duplicate>* known)
      : text_(text), options_(options), columns_(columns), known_(known) {}

  // Returns whether the row is sound; then it is in row(), else its defects are in problems().
  bool Take(absl::Span<const absl::string_view> cells, std::uint32_t line);
  RosterRow& row() { return row_; }
  std::vector<RowProblem>& problems() { return problems_; }
  std::vector<Duplicate>& duplicates() { return duplicates_; }

 private:
  bool FitsHeader(absl::Span<const absl::string_view> cells);
  // The trimmed cell; an empty one is a problem when `required`.
  absl::string_view Trimmed(RosterField field, bool required);
  void Report(RosterField field, MaybeDefect defect);
  void AddProblem(absl::string_view field, RowReason reason, std::string shape);
  template <class Seen, class Key>
  void ReportDuplicate(RosterField field, Seen& seen, Key key);

  // The external id of this row, of which `cell` is what stands in the file, for as long as this
  // lives.
  absl::string_view Lasting(absl::string_view cell);
  void TakeExternalId();
  void TakeTexts();
  void TakeIdNumber();
  void TakeMobile();
  void TakePoints();

  const absl::string_view text_;
  const RosterOptions options_;
  const RosterColumns columns_;
  const std::vector<Duplicate>* const known_;  // None: they are found here.
  std::size_t next_known_ = 0;
  std::vector<Duplicate> duplicates_;
  RosterRow row_;
  std::vector<RowProblem> problems_;
  absl::Span<const absl::string_view> cells_;
  absl::flat_hash_map<absl::string_view, std::uint32_t> external_id_lines_;
  std::deque<std::string> external_ids_;  // Those that do not stand in the text as they are meant.
  absl::flat_hash_map<std::uint64_t, std::uint32_t> id_number_lines_;
};

bool RosterReader::Rows::Take(absl::Span<const absl::string_view> cells, std::uint32_t line) {
  row_ = RosterRow{};
  row_.line = line;
  cells_ = cells;
  problems_.clear();
  if (FitsHeader(cells)) {
    TakeExternalId();
    TakeTexts();
    TakeIdNumber();
    TakeMobile();
    TakePoints();
  }
  return problems_.empty();
}

// A row of another width has a comma too many or too few somewhere, so no cell of it can be
// trusted. Blank cells at its end are what spreadsheets add.
bool RosterReader::Rows::FitsHeader(absl::Span<const absl::string_view> cells) {
  std::size_t width = cells.size();
  while (width > columns_.width && TrimBlanks(cells[width - 1]).empty()) --width;
  if (width == columns_.width) return true;
  AddProblem("row", RowReason::kColumnCount,
             absl::StrCat(width, " cells, the header has ", columns_.width));
  return false;
}

absl::string_view RosterReader::Rows::Trimmed(RosterField field, bool required) {
  if (!columns_.Has(field)) return {};
  const absl::string_view trimmed = TrimBlanks(cells_[columns_.At(field)]);
  if (trimmed.empty() && required) Report(field, CellDefect{RowReason::kRequired, "empty"});
  return trimmed;
}

void RosterReader::Rows::Report(RosterField field, MaybeDefect defect) {
  AddProblem(RosterFieldName(field), defect->reason, std::move(defect->shape));
}

void RosterReader::Rows::AddProblem(absl::string_view field, RowReason reason, std::string shape) {
  problems_.push_back(RowProblem{row_.line, field, reason, std::move(shape)});
}

template <class Seen, class Key>
void RosterReader::Rows::ReportDuplicate(RosterField field, Seen& seen, Key key) {
  std::uint32_t first_line = row_.line;
  if (known_ == nullptr) {
    first_line = seen.try_emplace(std::move(key), row_.line).first->second;
    if (first_line != row_.line) duplicates_.push_back({row_.line, field, first_line});
  } else if (next_known_ < known_->size() && (*known_)[next_known_].line == row_.line &&
             (*known_)[next_known_].field == field) {
    first_line = (*known_)[next_known_++].first_line;
  }
  if (first_line == row_.line) return;
  Report(field,
         CellDefect{RowReason::kDuplicateInFile, absl::StrCat("first on line ", first_line)});
}

absl::string_view RosterReader::Rows::Lasting(absl::string_view cell) {
  const bool in_text = std::less_equal<>()(text_.data(), cell.data()) &&
                       std::less_equal<>()(cell.data() + cell.size(), text_.data() + text_.size());
  if (in_text && cell == row_.external_id) return cell;
  return external_ids_.emplace_back(row_.external_id);
}

void RosterReader::Rows::TakeExternalId() {
  const absl::string_view cell = Trimmed(RosterField::kExternalId, true);
  row_.external_id = Folded(cell);
  if (row_.external_id.empty()) return;
  if (MaybeDefect defect = CheckExternalId(row_.external_id)) {
    Report(RosterField::kExternalId, std::move(defect));
    return;
  }
  ReportDuplicate(RosterField::kExternalId, external_id_lines_,
                  known_ == nullptr ? Lasting(cell) : cell);
}

void RosterReader::Rows::TakeTexts() {
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

void RosterReader::Rows::TakeIdNumber() {
  row_.id_number = Folded(Trimmed(RosterField::kIdNumber, true));
  if (row_.id_number.empty()) return;
  if (MaybeDefect defect = CheckIdNumberCell(row_.id_number, options_.today)) {
    Report(RosterField::kIdNumber, std::move(defect));
    return;
  }
  row_.id_number.back() = absl::ascii_toupper(static_cast<unsigned char>(row_.id_number.back()));
  ReportDuplicate(RosterField::kIdNumber, id_number_lines_, IdNumberKey(row_.id_number));
}

void RosterReader::Rows::TakeMobile() {
  row_.mobile = Folded(Trimmed(RosterField::kMobile, true));
  if (row_.mobile.empty()) return;
  if (MaybeDefect defect = CheckMobile(row_.mobile)) {
    Report(RosterField::kMobile, std::move(defect));
  }
}

void RosterReader::Rows::TakePoints() {
  const std::string cell = Folded(Trimmed(RosterField::kPoints, options_.points_required));
  if (cell.empty()) return;
  std::int64_t points = 0;
  if (MaybeDefect defect = ReadPoints(cell, &points)) {
    Report(RosterField::kPoints, std::move(defect));
    return;
  }
  row_.points = points;
}

namespace {

absl::Status RefuseLimit(absl::string_view what, std::uint64_t limit) {
  return absl::OutOfRangeError(absl::StrCat("the roster has more than ", limit, " ", what));
}

}  // namespace

absl::StatusOr<RosterText> DecodeRoster(std::string file_bytes) {
  if (file_bytes.size() > kImportFileBytesMax) return RefuseLimit("bytes", kImportFileBytesMax);
  RosterText text;
  PUHUI_ASSIGN_OR_RETURN(text.encoding, DetectEncoding(file_bytes));
  if (text.encoding == TextEncoding::kGb18030) {
    PUHUI_ASSIGN_OR_RETURN(text.utf8, DecodeToUtf8(file_bytes));
  } else {
    file_bytes.erase(0, file_bytes.size() - WithoutBom(file_bytes).size());
    text.utf8 = std::move(file_bytes);
  }
  return text;
}

RosterReader::RosterReader(absl::string_view text) : RosterReader(text, nullptr) {}

RosterReader::RosterReader(absl::string_view text, const std::vector<Duplicate>* duplicates)
    : text_(text), csv_(text), known_(duplicates) {}

RosterReader::~RosterReader() = default;

absl::Status RosterReader::ReadHeader(const RosterOptions& options) {
  PUHUI_ASSIGN_OR_RETURN(const bool more, csv_.Next());
  if (!more) return absl::InvalidArgumentError("line 1: the file is empty, a header is wanted");
  PUHUI_ASSIGN_OR_RETURN(const RosterColumns columns,
                         ReadRosterHeader(csv_.cells(), csv_.line(),
                                          ColumnRules{.points_required = options.points_required,
                                                      .ignore_unknown = options.ignore_unknown}));
  rows_ = std::make_unique<Rows>(text_, options, columns, known_);
  return absl::OkStatus();
}

absl::StatusOr<RosterReader::Found> RosterReader::Next() {
  PUHUI_CHECK(rows_ != nullptr);
  PUHUI_ASSIGN_OR_RETURN(const bool more, csv_.Next());
  if (!more) return Found::kEnd;
  if (rows_read_ == kPlanRowsMax) return RefuseLimit("rows", kPlanRowsMax);
  ++rows_read_;
  if (rows_->Take(csv_.cells(), csv_.line())) return Found::kRow;
  problems_read_ += rows_->problems().size();
  if (problems_read_ > kRosterProblemsMax) return RefuseLimit("problems", kRosterProblemsMax);
  return Found::kProblems;
}

std::vector<RosterReader::Duplicate> RosterReader::TakeDuplicates() {
  return std::move(rows_->duplicates());
}

RosterRow& RosterReader::row() { return rows_->row(); }

std::vector<RowProblem>& RosterReader::problems() { return rows_->problems(); }

absl::StatusOr<Roster> ParseRoster(absl::string_view file_bytes, const RosterOptions& options) {
  if (file_bytes.size() > kImportFileBytesMax) return RefuseLimit("bytes", kImportFileBytesMax);
  PUHUI_ASSIGN_OR_RETURN(const RosterText text, DecodeRoster(std::string(file_bytes)));
  Roster roster;
  roster.encoding = text.encoding;
  RosterReader reader(text.utf8);
  PUHUI_RETURN_IF_ERROR(reader.ReadHeader(options));
  while (true) {
    PUHUI_ASSIGN_OR_RETURN(const RosterReader::Found found, reader.Next());
    if (found == RosterReader::Found::kEnd) return roster;
    if (found == RosterReader::Found::kRow) {
      roster.rows.push_back(std::move(reader.row()));
      continue;
    }
    ++roster.refused_rows;
    for (RowProblem& problem : reader.problems()) roster.problems.push_back(std::move(problem));
  }
}

}  // namespace puhui::issuing
